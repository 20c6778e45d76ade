import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { Passphrase } from "../../src/engine/passphrase.ts";
import { CommandLineWatch } from "../support/command-line-watch.ts";
import { noPgDump, pgDump } from "../support/pg-dump.ts";
import { noS3Server, S3Server } from "../support/s3-server.ts";
import { WatchedStack } from "../support/watched-stack.ts";
import { freshClone } from "./fresh-clone.ts";
import { ENGINES, environmentOn, whyNotOn } from "./on-engine.ts";

const secret = (): string => randomBytes(24).toString("base64url");

test.for(ENGINES)(
  "archives are locked in a bucket, and what opens both is nowhere in clear, on the engine %s",
  { timeout: 600_000 },
  async (engine, { skip }) => {
    if (noS3Server !== undefined) return skip(noS3Server);
    const missing = whyNotOn(engine);
    if (missing !== undefined) return skip(missing);
    const server = await S3Server.start();
    onTestFinished(() => {
      server.stop();
    });
    await server.client.send(new CreateBucketCommand({ Bucket: "archives" }));
    const clone = await freshClone();
    const { root, port, stackFile, run } = clone;
    const stackPassphrase = secret();
    const cipher = await Passphrase.create(stackPassphrase);
    const [passphrase, later] = [secret(), secret()];
    const stack = new WatchedStack({
      root,
      port,
      run: (...args) =>
        run("node", ["bin/tenantry.js", ...args], {
          ...environmentOn(engine, clone),
          PULUMI_CONFIG_PASSPHRASE: stackPassphrase,
          ...(pgDump && { TENANTRY_PG_DUMP: pgDump.command[0] }),
        }),
    });
    stack.secrets.set("the archives' passphrase", passphrase);
    stack.secrets.set("the later passphrase", later);
    stack.secrets.set("the bucket's key", server.root.secretAccessKey);
    const declare = (
      tenants: readonly unknown[],
      { disposable = false, passphrases = { archivePassphrase: passphrase } } = {},
    ): void => {
      const secrets = { ...passphrases, archiveSecretKey: server.root.secretAccessKey };
      const config = {
        "tenantry:disposable": disposable,
        "tenantry:server": { port, capacity: { tenants: 16 } },
        "tenantry:archives": {
          ...{ bucket: "s3://archives/dev", endpoint: server.endpoint },
          accessKeyId: server.root.accessKeyId,
        },
        "tenantry:tenants": tenants,
        ...Object.fromEntries(
          Object.entries(secrets).map(([key, text]) => [
            `tenantry:${key}`,
            { secure: cipher.encrypt(text) },
          ]),
        ),
      };
      writeFileSync(stackFile, JSON.stringify({ config, encryptionsalt: cipher.salt }));
    };
    const up = (): void => {
      stack.done("up", "--yes", "--engine", engine);
    };
    const watch = await CommandLineWatch.start();

    declare(["empresa_1", "empresa_2"]);
    stack.done("preview", "--engine", engine, "--json");
    up();
    await stack.ask("insert into tenant_empresa_2.conversations (topic) values ('a'), ('b')");
    stack.done("backup", "empresa_1", "--verify");
    if (noPgDump === undefined) stack.done("backup", "empresa_1", "--format", "pg_dump");
    declare(["empresa_1", { id: "empresa_2", state: "retired" }]);
    up();
    declare(["empresa_1"]);
    up();
    const archives = stack.run("archives", "--json").stdout;
    const locations = (JSON.parse(archives) as { id: string; location: string }[])
      .filter(({ id }) => id === "empresa_2")
      .map(({ location }) => location);
    expect(locations).toEqual([
      expect.stringMatching(/^s3:\/\/archives\/dev\/empresa_2-\w+\.tar\.zst\.pgp$/),
    ]);
    expect(stack.run("archives").stdout).not.toContain("not in the bucket");

    // Another passphrase alone does not open it; beside it the former one does.
    const [archive = ""] = locations;
    declare(["empresa_1"], { passphrases: { archivePassphrase: later } });
    expect(stack.failed("restore", archive)).toContain("TNT-721");
    const both = { archivePassphrase: later, formerArchivePassphrases: passphrase };
    declare(["empresa_1"], { passphrases: both });
    stack.done("restore", archive);
    expect(readFileSync(stackFile, "utf8")).toContain(archive);
    stack.done("preview", "--engine", engine);
    up();
    expect(await stack.ask("select topic from tenant_empresa_2.conversations order by 1")).toEqual([
      { topic: "a" },
      { topic: "b" },
    ]);

    // A bucket that is away is told without what would open it.
    server.stop();
    expect(stack.failed("backup", "empresa_1")).toMatch(/ECONNREFUSED.*TNT-712/);
    declare(["empresa_1", "empresa_2"], { disposable: true, passphrases: both });
    up();
    for (const line of await watch.stop()) stack.wrote("process arguments", line);
    expect([stack.leaks(), stack.holders()]).toEqual([[], []]);
    stack.done("destroy", "--yes", "--engine", engine);
    expect([stack.leaks(), stack.holders()]).toEqual([[], []]);
  },
);
