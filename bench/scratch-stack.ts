import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFile } from "../src/system/write-file.ts";
import { cloneProject } from "../test/support/clone-project.ts";

/** A stack of the bench's own, in a clone of the last commit. */
export interface ScratchStack {
  readonly root: string;
  readonly port: number;
  /** Replaces a text of the stack file, which must be there. */
  readonly edit: (from: string | RegExp, to: string) => void;
  /** Says what the administrator's password will be. */
  readonly writePassword: (password: string) => void;
  /** Runs a command of the clone with the local engine; throws when it fails. */
  readonly tenantry: (...args: string[]) => void;
  /** Starts a command of the clone. */
  readonly start: (...args: string[]) => ChildProcess;
  readonly addTenant: (id: string) => void;
  /** Replaces the list of tenants. */
  readonly setTenants: (ids: readonly string[]) => void;
}

/** The ids that a scratch stack's tenants have. */
export const benchIds = (tenants: number): string[] =>
  Array.from({ length: tenants }, (_, index) => `bench_${index + 1}`);

const TENANTS = /tenantry:tenants:\n(?: {4}- .*\n?)+/;
/** Those for whom one resource each is meant. */
const MOST_SINGLE_TENANTS = 1500;

/**
 * Does work with a stack of so many tenants, and takes the stack away again.
 *
 * @param env more of the environment of its commands
 */
export async function withScratchStack<T>(
  tenants: number,
  work: (stack: ScratchStack) => Promise<T>,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
  // PostgreSQL's own account must get in.
  chmodSync(directory, 0o755);
  const { root, port, edit } = await cloneProject(join(directory, "clone"));
  const options = { cwd: root, env: { ...process.env, TENANTRY_STACK: "dev", ...env } };
  const command = join("bin", "tenantry.js");
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [command, ...args], { ...options, encoding: "utf8" });
  // A stack file has no room for ten thousand.
  edit(TENANTS, "tenantry:tenantsFile: tenants/dev.yaml\n");
  if (tenants > MOST_SINGLE_TENANTS) edit(/tenantry:target:.*\n/, "$&  tenantry:layout: shards\n");
  let ids = benchIds(tenants);
  const setTenants: ScratchStack["setTenants"] = (wanted) => {
    ids = [...wanted];
    const list = ids.map((id) => `- ${id}\n`).join("");
    writeFile(join(root, "stacks", "tenants", "dev.yaml"), list);
  };
  setTenants(ids);
  const capacity = Math.max(64, 2 ** Math.ceil(Math.log2(tenants + 64)));
  edit(/tenants: 64/, `tenants: ${capacity}`);
  const tenantry: ScratchStack["tenantry"] = (...args) => {
    const { status, stdout, stderr } = run(...args);
    if (status !== 0) throw new Error(`tenantry ${args.join(" ")} failed:\n${stdout}${stderr}`);
  };
  try {
    return await work({
      root,
      port,
      edit,
      writePassword: (password) => {
        writeFile(join(root, ".tenantry", "dev", "admin-password"), password, 0o600);
      },
      tenantry,
      start: (...args) => spawn(process.execPath, [command, ...args], options),
      setTenants,
      addTenant: (id) => {
        setTenants([...ids, id]);
      },
    });
  } finally {
    run("destroy", "--yes");
    rmSync(directory, { recursive: true, force: true });
  }
}
