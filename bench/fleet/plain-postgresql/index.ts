// A fleet as one writes it with @pulumi/postgresql alone: five resources a tenant, and no tables yet.
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";

const database = "nostromo";
const config = new pulumi.Config();
const tenants = config.requireNumber("tenants");
const provider = new postgresql.Provider("server", {
  host: "127.0.0.1",
  port: config.requireNumber("port"),
  username: "postgres",
  password: config.requireSecret("password"),
  database,
  sslmode: "disable",
});

for (let number = 1; number <= tenants; number += 1) {
  const name = `plain_${number}`;
  const role = new postgresql.Role(name, { name }, { provider });
  const schema = new postgresql.Schema(name, { name, database }, { provider });
  const rights = { database, schema: schema.name, role: role.name };
  new postgresql.Grant(
    `${name}-usage`,
    { ...rights, objectType: "schema", privileges: ["USAGE"] },
    { provider },
  );
  new postgresql.Grant(
    `${name}-tables`,
    { ...rights, objectType: "table", privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"] },
    { provider },
  );
  new postgresql.DefaultPrivileges(
    `${name}-future`,
    {
      ...rights,
      owner: "postgres",
      objectType: "table",
      privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"],
    },
    { provider },
  );
}
