import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import pg from "pg";
import { expect } from "vitest";
import { readStackOutputs } from "../../src/engine/stack-outputs.ts";
import type { Ran } from "../story/fresh-clone.ts";
import { isPrivate, secretsBelow, secretsIn } from "./secret-search.ts";

export interface WatchedPlace {
  /** The clone. */
  readonly root: string;
  readonly port: number;
  readonly run: (...args: string[]) => Ran;
}

interface Login {
  readonly user: string;
  readonly password: string;
}

/** A stack `dev` with every secret it ever had, and all that its commands wrote. */
export class WatchedStack {
  readonly secrets = new Map<string, string>();
  readonly #place: WatchedPlace;
  readonly #written = new Map<string, string>();

  constructor(place: WatchedPlace) {
    this.#place = place;
  }

  /** Takes down what something wrote, to be searched at the end. */
  wrote(name: string, text: string): void {
    this.#written.set(`${this.#written.size + 1}: ${name}`, text);
  }

  run(...args: string[]): Ran {
    const ran = this.#place.run(...args);
    this.wrote(args.join(" "), ran.stdout + ran.stderr);
    return ran;
  }

  /** Runs a command that must work. */
  done(...args: string[]): void {
    expect(this.run(...args)).toMatchObject({ code: 0 });
  }

  /** Runs a command that must fail, and tells why it did. */
  failed(...args: string[]): string {
    const { code, stdout, stderr } = this.run(...args);
    expect({ code, stdout }).toMatchObject({ code: 1 });
    return stderr.replaceAll(/\s+/g, " ");
  }

  get admin(): Login {
    return { user: "postgres", password: readFileSync(this.#adminFile, "utf8").trim() };
  }

  changeAdminPassword(password: string): void {
    writeFileSync(this.#adminFile, password);
    this.#note("postgres", password);
  }

  get #adminFile(): string {
    return join(this.#place.root, ".tenantry/dev/admin-password");
  }

  /** Takes down the passwords that are in use, and the passphrase. */
  async note(): Promise<readonly Login[]> {
    const { root } = this.#place;
    const passphrase = readFileSync(join(root, ".tenantry/dev/passphrase"), "utf8").trim();
    const backend = join(root, ".tenantry/state");
    const place = { root, stack: "dev", backend, passphrase };
    const outputs = await readStackOutputs({ ...place, showSecrets: true });
    const logins = Object.values(outputs?.logins as unknown as Record<string, Login>);
    for (const { user, password } of [...logins, this.admin]) this.#note(user, password);
    this.#note("the state", passphrase);
    return logins;
  }

  #note(of: string, secret: string): void {
    expect(secret.length).toBeGreaterThan(12);
    if (![...this.secrets.values()].includes(secret))
      this.secrets.set(`secret ${this.secrets.size + 1} of ${of}`, secret);
  }

  /** What a statement gives, run as the administrator. */
  async ask(sql: string, { user, password } = this.admin): Promise<unknown[]> {
    const { port } = this.#place;
    const login = { host: "127.0.0.1", port, database: "nostromo", user, password };
    const client = new pg.Client(login);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** The secrets in what was written, and in files that others than their owner may read. */
  leaks(): string[] {
    const { root } = this.#place;
    // The home directory of the clone's commands is around it.
    const files = secretsBelow(this.secrets, dirname(root))
      .filter(({ file }) => !isPrivate(file, root))
      .map(({ name, file }) => `${name} in ${relative(root, file)}`);
    const written = [...this.#written].flatMap(([place, text]) =>
      secretsIn(this.secrets, text).map((name) => `${name} in the output of ${place}`),
    );
    return [...written, ...files];
  }

  /** The files in which secrets stand. */
  holders(): string[] {
    const { root } = this.#place;
    const files = secretsBelow(this.secrets, dirname(root)).map(({ file }) => relative(root, file));
    return [...new Set(files)].sort();
  }

  /** Who wrote a text. */
  writersOf(text: string): string[] {
    return [...this.#written].filter(([, written]) => written.includes(text)).map(([name]) => name);
  }
}
