import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { expect } from "vitest";
import { findPulumi } from "../../src/cli/engine/find-pulumi.ts";
import { Passphrase } from "../../src/engine/passphrase.ts";
import { freshClone } from "../story/fresh-clone.ts";
import type { FreshClone, Ran } from "../story/fresh-clone.ts";
import type { TlsCluster } from "./tls-cluster.ts";

/** A clone whose stacks are on a cluster that the test made, reached as a server that somebody else runs. */
export class ExistingStack {
  readonly #clone: FreshClone;
  readonly #cluster: TlsCluster;
  /** Where the Pulumi CLI and official plugins are; undefined runs without them. */
  #pulumi: string | undefined;
  #secret: { readonly secure: string; readonly salt: string } | undefined;

  private constructor(clone: FreshClone, cluster: TlsCluster) {
    this.#clone = clone;
    this.#cluster = cluster;
  }

  static async create(cluster: TlsCluster): Promise<ExistingStack> {
    const clone = await freshClone();
    const stack = new ExistingStack(clone, cluster);
    stack.trust(cluster.certificates.ca);
    stack.setPassword(cluster.password);
    return stack;
  }

  /** From now on with the installed Pulumi CLI. @returns whether there is one */
  async takePulumi(): Promise<boolean> {
    const pulumi = await findPulumi(process.env);
    this.#pulumi = pulumi && dirname(pulumi.path);
    return pulumi !== undefined;
  }

  /** The project's folder. */
  get root(): string {
    return this.#clone.root;
  }

  /** The authority that the stacks name. */
  trust(ca: string): void {
    mkdirSync(join(this.root, "stacks/certificates"), { recursive: true });
    copyFileSync(ca, join(this.root, "stacks/certificates/authority.pem"));
  }

  /** Writes the administrator's password into its file. */
  setPassword(password: string): void {
    mkdirSync(join(this.root, ".tenantry/dev"), { recursive: true });
    writeFileSync(join(this.root, ".tenantry/dev/admin-password"), password, { mode: 0o600 });
  }

  /** Gives the password as a secret of the stacks that are declared from now on, and takes its file away. */
  async keepSecret(password: string): Promise<void> {
    const passphrase = "correct horse";
    writeFileSync(join(this.root, ".tenantry/dev/passphrase"), passphrase, { mode: 0o600 });
    rmSync(join(this.root, ".tenantry/dev/admin-password"));
    const cipher = await Passphrase.create(passphrase);
    this.#secret = { secure: cipher.encrypt(password), salt: cipher.salt };
  }

  /** Writes a stack file; `server` is more of `tenantry:server`. */
  declare(server: object = {}, more: object = {}): void {
    const config = {
      "tenantry:target": "existing",
      "tenantry:disposable": true,
      "tenantry:server": {
        ...{ host: "localhost", port: this.#cluster.port, administrator: "postgres" },
        tls: { mode: "verify-full", ca: "certificates/authority.pem" },
        ...server,
      },
      "tenantry:tenants": ["empresa_1"],
      ...(this.#secret && { "tenantry:adminPassword": { secure: this.#secret.secure } }),
      ...more,
    };
    const content = { config, ...(this.#secret && { encryptionsalt: this.#secret.salt }) };
    writeFileSync(join(this.root, "stacks/Pulumi.dev.yaml"), JSON.stringify(content));
  }

  run(...args: string[]): Ran {
    return this.#clone.run("node", [join("bin", "tenantry.js"), ...args], this.#environment);
  }

  /** Runs a command line of the Pulumi CLI by hand. */
  pulumi(line: string): void {
    const script = `eval "$(node bin/tenantry.js env --pulumi)" && ${line} --non-interactive`;
    const { code, stdout, stderr } = this.#clone.run("sh", ["-c", script], this.#environment);
    expect({ code, output: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, output: "" });
  }

  get #environment(): NodeJS.ProcessEnv {
    const path = [...(this.#pulumi === undefined ? [] : [this.#pulumi]), this.#clone.env.PATH];
    return {
      PATH: path.join(delimiter),
      PULUMI_HOME: join(this.root, ".tenantry", "pulumi-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  /** What a command printed that must have worked. */
  done(...args: string[]): string {
    const { code, stdout, stderr } = this.run(...args);
    expect({ code, output: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, output: "" });
    return stdout;
  }

  /** What a command said that must have failed, in one line. */
  refused(...args: string[]): string {
    const { code, stderr } = this.run(...args);
    expect(code).toBe(1);
    return stderr.replaceAll(/\s+/g, " ");
  }
}
