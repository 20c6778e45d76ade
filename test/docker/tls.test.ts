import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { findPulumi } from "../../src/cli/engine/find-pulumi.ts";
import { servedFingerprint } from "../../src/server/served-certificate.ts";
import { docker } from "../support/docker/docker.ts";
import {
  DockerStack,
  done,
  noDockerStack,
  pluginDirectory,
} from "../support/docker/docker-stack.ts";

const TIMEOUT = 600_000;

/** An address of this machine that is not the loopback one. */
const address = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** What a client in a container of the server's network gets, by libpq. */
async function fromNetwork(stack: DockerStack, image: string, uri: string): Promise<string> {
  const run = ["run", "--rm", `--network=${stack.name}-network`, "--entrypoint=psql", image];
  return docker(
    ...run,
    uri,
    "--tuples-only",
    "--no-align",
    "--command=select ssl from pg_stat_ssl where pid = pg_backend_pid()",
  );
}

test(
  "a server with TLS, reached from elsewhere, whose certificate is changed while it runs",
  { timeout: TIMEOUT },
  async (ctx) => {
    if (noDockerStack !== undefined) return ctx.skip(noDockerStack);
    if (address === undefined) return ctx.skip("THIS MACHINE HAS NO ADDRESS BUT THE LOOPBACK ONE");
    const stack = await DockerStack.create(5);
    const clients = [{ cidr: stack.subnet, role: "user" }];
    const tls = { names: ["db.example.com"] };
    stack.declare();
    expect(stack.up()).toContain("up done");
    stack.declare({}, {}, { tls, address, clients });
    const elsewhere = stack.up();
    expect(elsewhere).toContain("nothing is dropped");
    stack.expectNoChanges();
    done(stack.run("refresh", "--yes"));
    stack.expectNoChanges();
    if (await findPulumi({ PATH: pluginDirectory })) stack.expectNoChanges("pulumi");
    const container = await stack.container();
    const ca = stack.authorityCertificate;
    const first = await servedFingerprint(address, stack.port);

    // From this machine, on the other address: the certificate is checked, by name.
    const login = { ...stack.login, host: address, ssl: { ca, servername: "db.example.com" } };
    const query = async (config: pg.ClientConfig): Promise<unknown> => {
      const client = new pg.Client(config);
      await client.connect();
      const { rows } = await client.query<{ ssl: boolean }>(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
      );
      await client.end();
      return rows[0]?.ssl;
    };
    expect(await query(login)).toBe(true);
    await expect(query({ ...login, ssl: { ca, servername: "evil.example.com" } })).rejects.toThrow(
      /altnames/,
    );

    // From the container's network, only with TLS.
    const { user, password } = stack.application;
    const uri = (sslmode: string): string =>
      `postgresql://${user}:${password}@postgres/nostromo?sslmode=${sslmode}`;
    expect(await fromNetwork(stack, stack.image, uri("require"))).toBe("t");
    await expect(fromNetwork(stack, stack.image, uri("disable"))).rejects.toThrow(
      /rejects connection.*no encryption/,
    );

    // Another certificate comes by a reload; connections that are open stay.
    const open = new pg.Client(login);
    await open.connect();
    stack.declare({}, {}, { tls: { ...tls, generation: 2 }, address, clients });
    expect(stack.up()).toContain("certificate");
    expect(await servedFingerprint(address, stack.port)).not.toBe(first);
    expect(await query(login)).toBe(true);
    expect((await open.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await open.end();
    expect(await stack.container()).toBe(container);
    stack.expectNoChanges();

    // What this machine does not have, or somebody else uses, is refused before the container goes.
    stack.declare({}, {}, { tls, address: "203.0.113.1", clients });
    expect(stack.run("preview").stderr).toMatch(/203.0.113.1: this machine does\s+not\s+have/);
    const taken = createServer().listen(0, address);
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    stack.declare({ port }, {}, { tls, address, clients });
    expect(stack.run("up", "--yes").stderr).toMatch(new RegExp(`Port ${port} is in use`));
    expect(await stack.container()).toBe(container);

    stack.declare({}, {}, { tls: { ...tls, generation: 2 }, address, clients });
    done(stack.run("destroy", "--yes"));
    expect(await stack.remains()).toEqual([]);
  },
);
