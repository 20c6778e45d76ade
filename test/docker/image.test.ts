import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { scratchDirectory } from "../support/cluster.ts";
import { Containers, logIn } from "../support/docker/containers.ts";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { containerLog, docker } from "../support/docker/docker.ts";

const PASSWORD = "a test's password";
/** What the program lets its container do, and nothing else. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
const RESTRICTIONS = ["--cap-drop=ALL", "--security-opt=no-new-privileges"].concat(
  CAPABILITIES.map((name) => `--cap-add=${name}`),
);

const found = await dockerTestImage();
const image = "image" in found ? found.image : "";
const containers = new Containers();

beforeEach((ctx) => {
  if ("skip" in found) ctx.skip(found.skip);
});
afterAll(() => ("skip" in found ? undefined : containers.removeAll()));

/** A folder that a container gets, with files that everybody can read. */
function directoryOf(files: Record<string, string>, mode = 0o644): string {
  const directory = join(scratchDirectory("mounted"), "files");
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), mode);
  }
  return directory;
}

/** What is in a folder, or true of an account: the answer of a shell in the container. */
const inside = (container: string, script: string): Promise<string> =>
  docker("exec", container, "bash", "-c", script);

test("its settings are the official image's", async () => {
  const { Config } = JSON.parse(await docker("inspect", "--format", "{{json .}}", image)) as {
    Config: Record<string, unknown> & { Env: string[] };
  };
  expect(Config).toMatchObject({
    Cmd: ["postgres"],
    Entrypoint: ["docker-entrypoint.sh"],
    ExposedPorts: { "5432/tcp": {} },
    StopSignal: "SIGINT",
    Volumes: { "/var/lib/postgresql/data": {} },
  });
  expect(Config.Env).toEqual(
    expect.arrayContaining(["PGDATA=/var/lib/postgresql/data", "PG_MAJOR=16"]),
  );
});

test("another program than postgres runs as it is, and as root", async () => {
  expect(await containers.run(image, "id", "--user")).toEqual({ status: 0, output: "0\n" });
});

test("a question about the program needs no data", async () => {
  const { status, output } = await containers.run(image, "--version");
  expect(status).toBe(0);
  expect(output).toMatch(/^postgres \(PostgreSQL\) 16\./);
});

test.each(["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"])(
  "%s and its file are not given at once",
  async (name) => {
    const env = [`--env=${name}=x`, `--env=${name}_FILE=/etc/hostname`];
    const { status, output } = await containers.run(...env, image);
    expect(status).toBe(1);
    expect(output).toMatch(new RegExp(`both.*${name}|${name}.*both`));
  },
);

test("a server without a password is refused", async () => {
  const { status, output } = await containers.run("--env=POSTGRES_PASSWORD=", image);
  expect(status).toBe(1);
  expect(output).toContain("POSTGRES_PASSWORD");
});

describe("started as the program does", () => {
  let id: string;
  beforeAll(async () => {
    if ("skip" in found) return;
    const config = directoryOf({
      "postgresql.conf": "listen_addresses = '*'\nfsync = off\n",
      "pg_hba.conf": "local all postgres peer\nhost all all all scram-sha-256\n",
    });
    const secrets = directoryOf({ password: PASSWORD, user: "postgres\n", db: "shop\n" }, 0o400);
    const scripts = directoryOf({
      "1.sql": "create table seen (script text);\ninsert into seen values ('sql');\n",
      "2.sh": `answer=$(psql -h 127.0.0.1 -U postgres -d shop -c 'select 1' >/dev/null 2>&1 && echo open || echo closed)
        psql -U postgres -d shop -c "insert into seen values ('$answer')"\n`,
      "3.txt": "no script",
    });
    id = await containers.start(
      ...RESTRICTIONS,
      "--publish=127.0.0.1::5432",
      `--volume=${config}:/etc/postgresql:ro`,
      `--volume=${secrets}:/run/secrets:ro`,
      `--volume=${scripts}:/docker-entrypoint-initdb.d:ro`,
      ...["PASSWORD", "USER", "DB"].map(
        (name) => `--env=POSTGRES_${name}_FILE=/run/secrets/${name.toLowerCase()}`,
      ),
      "--env=POSTGRES_INITDB_ARGS=--data-checksums --auth-local=peer --auth-host=scram-sha-256",
      "--env=PGDATA=/var/lib/postgresql/data/pgdata",
      image,
      "postgres",
      "--config_file=/etc/postgresql/postgresql.conf",
      "--hba_file=/etc/postgresql/pg_hba.conf",
    );
  });
  const as = { user: "postgres", password: PASSWORD, database: "shop" };

  test("it lets in who knows the password, and nobody else", async () => {
    const client = await logIn(id, as);
    const { rows } = await client.query(
      "select current_setting('server_version_num')::int / 10000 as version, current_setting('data_checksums') as checksums",
    );
    expect(rows).toEqual([{ version: 16, checksums: "on" }]);
    await client.end();
    await expect(logIn(id, { ...as, password: "another" })).rejects.toMatchObject({
      code: "28P01",
    });
  });

  test("the scripts ran once, in order, while nobody could connect over the network", async () => {
    const client = await logIn(id, as);
    const { rows } = await client.query("select script from seen");
    expect(rows).toEqual([{ script: "sql" }, { script: "closed" }]);
    await client.end();
  });

  test("the server runs as 999:999 and owns its data", async () => {
    await (await logIn(id, as)).end();
    expect(await inside(id, "stat --format '%u:%g' /proc/1")).toBe("999:999");
    expect(await inside(id, "head -1 /proc/1/comm")).toBe("postgres");
    expect(await inside(id, "stat --format '%u %a' $PGDATA")).toBe("999 700");
    expect(await inside(id, "find $PGDATA ! -user 999")).toBe("");
  });

  test("its own pg_hba.conf gets a line for every address", async () => {
    expect(await inside(id, "tail -1 $PGDATA/pg_hba.conf")).toBe("host all all all scram-sha-256");
  });

  test("its client reaches it over TCP and over the socket", async () => {
    await (await logIn(id, as)).end();
    const tcp = "PGPASSWORD=$(cat /run/secrets/password) psql -h 127.0.0.1 -U postgres -d shop";
    expect(await inside(id, `${tcp} -tAc 'select 1' && pg_isready -q -h 127.0.0.1`)).toBe("1");
    const socket = ["exec", "--user", "postgres", id, "psql", "-tAc", "select current_user"];
    expect(await docker(...socket)).toBe("postgres");
  });

  test("a restart ends sessions, keeps the data and initialises nothing", async () => {
    const before = await logIn(id, as);
    await before.query("insert into seen values ('kept')");
    await docker("stop", "--time=60", id);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", id)).toBe("0");
    expect(await containerLog(id)).toContain("received fast shutdown request");
    await docker("start", id);
    const after = await logIn(id, as);
    const { rows } = await after.query("select count(*)::int as rows from seen");
    expect(rows).toEqual([{ rows: 3 }]);
    await after.end();
  });
});

test("without root and a password it trusts everybody, when told so, on all addresses", async () => {
  const id = await containers.start(
    ...["--cap-drop=ALL", "--user=999:999", "--publish=127.0.0.1::5432"],
    ...["--env=POSTGRES_HOST_AUTH_METHOD=trust", "--env=POSTGRES_USER=chief"],
    ...[image, "-c", "max_connections=7"],
  );
  const client = await logIn(id, { user: "chief", database: "chief" });
  const { rows } = await client.query(
    "select current_setting('listen_addresses') as addresses, current_setting('max_connections') as connections, usesuper from pg_user where usename = current_user",
  );
  expect(rows).toEqual([{ addresses: "*", connections: "7", usesuper: true }]);
  await client.end();
});

test("a script that fails leaves a directory that the next start takes for initialised", async () => {
  const scripts = directoryOf({ "1.sql": "select 1/0;" });
  const id = await containers.start(
    `--volume=${scripts}:/docker-entrypoint-initdb.d:ro`,
    "--publish=127.0.0.1::5432",
    ...["--env=POSTGRES_PASSWORD=x", image, "-c", "fsync=off"],
  );
  expect(await docker("wait", id)).not.toBe("0");
  await docker("start", id);
  const client = await logIn(id, { user: "postgres", password: "x" });
  await client.end();
});
