import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { osUser } from "../../src/server/os-user.ts";
import { scratchDirectory } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import type { Login } from "./platform.ts";

const PROGRAM = "/usr/sbin/pgbouncer";

/** Why no PgBouncer can be started here; undefined when one can. */
export const pgbouncerMissing = existsSync(PROGRAM)
  ? undefined
  : `no ${PROGRAM} (apt-get install pgbouncer)`;

/** A real PgBouncer in front of a server, with one server connection a database and user. */
export interface PgBouncer {
  /** The same login, through the pooler. */
  through: (login: Login) => Login;
  stop: () => Promise<void>;
}

/** Starts a PgBouncer that lets one role in. */
export async function startPgBouncer(
  login: Login,
  mode: "session" | "transaction" | "statement",
): Promise<PgBouncer> {
  const directory = scratchDirectory("pgbouncer");
  const port = await freePort();
  const account = osUser();
  const users = join(directory, "users.txt");
  const ini = join(directory, "pgbouncer.ini");
  writeFileSync(users, `"${login.user}" "${login.password}"\n`);
  writeFileSync(
    ini,
    `[databases]
* = host=${login.host} port=${login.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = 1
server_reset_query =
`,
  );
  if (account !== undefined)
    for (const path of [directory, users, ini]) chownSync(path, account.uid, account.gid);
  const child = spawn(PROGRAM, [ini], {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = once(child, "close");
  const through = (to: Login): Login => ({ ...to, host: "127.0.0.1", port });
  for (;;) {
    const client = new pg.Client(through(login));
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      break;
    } catch (error) {
      if (child.exitCode !== null || (error as NodeJS.ErrnoException).code !== "ECONNREFUSED")
        throw new Error(`PgBouncer did not start:\n${log}`, { cause: error });
    }
  }
  return {
    through,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
