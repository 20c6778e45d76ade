import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { scratchDirectory } from "./cluster.ts";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);
/** https://github.com/versity/versitygw: keeps the objects of a bucket as files of a folder. */
const PROGRAM = "versitygw";

/** Why no bucket can take part; undefined where the server's program is there. */
export const noS3Server: string | undefined = await run(PROGRAM, ["--version"]).then(
  () => undefined,
  () =>
    `VERSITYGW IS NOT ON $PATH: nothing proves here that archives go to a bucket and come back (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0)`,
);

/** A key of the server. */
export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A server of the S3 protocol, of this test alone. */
export class S3Server {
  readonly endpoint: string;
  readonly port: number;
  /** May do everything. */
  readonly root: S3Key = newKey("root");
  readonly client: S3Client;
  readonly #process: ReturnType<typeof spawn>;

  private constructor(directory: string, port: number) {
    this.port = port;
    this.endpoint = `http://127.0.0.1:${port}`;
    const folders = ["objects", "accounts", "metadata"].map((name) => join(directory, name));
    for (const folder of folders) mkdirSync(folder);
    const [objects = "", accounts = "", metadata = ""] = folders;
    this.#process = spawn(
      PROGRAM,
      [
        ...["--port", `127.0.0.1:${port}`, "--iam-dir", accounts, "--quiet"],
        ...["posix", "--sidecar", metadata, objects],
      ],
      {
        env: {
          PATH: process.env.PATH,
          ROOT_ACCESS_KEY: this.root.accessKeyId,
          ROOT_SECRET_KEY: this.root.secretAccessKey,
        },
        stdio: "ignore",
      },
    );
    this.client = new S3Client(this.#clientConfig);
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server(scratchDirectory("s3"), await freePort());
    await server.#answers();
    return server;
  }

  get #clientConfig(): S3ClientConfig {
    const { endpoint, root } = this;
    return { endpoint, region: "us-east-1", forcePathStyle: true, credentials: root };
  }

  /** A key that may do nothing until a bucket's owner says so. */
  async addKey(): Promise<S3Key> {
    const key = newKey("user");
    const { accessKeyId: access, secretAccessKey: secret } = this.root;
    await run(PROGRAM, [
      ...["admin", "--endpoint-url", this.endpoint, "--access", access, "--secret", secret],
      ...["create-user", "--access", key.accessKeyId, "--secret", key.secretAccessKey],
      ...["--role", "user"],
    ]);
    return key;
  }

  stop(): void {
    this.client.destroy();
    this.#process.kill();
  }

  async #answers(): Promise<void> {
    for (;;) {
      const { exitCode } = this.#process;
      if (exitCode !== null) throw new Error(`${PROGRAM} ended with ${exitCode}`);
      const open = await new Promise<boolean>((resolve) => {
        const socket = connect(this.port, "127.0.0.1");
        socket.on("connect", () => {
          socket.destroy();
          resolve(true);
        });
        socket.on("error", () => {
          resolve(false);
        });
      });
      if (open) return;
      await setTimeout(50);
    }
  }
}

const newKey = (name: string): S3Key => ({
  accessKeyId: `${name}${randomBytes(4).toString("hex")}`,
  secretAccessKey: randomBytes(20).toString("hex"),
});
