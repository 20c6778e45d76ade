import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findBinaries } from "../../../src/server/binaries.ts";
import { docker, whyNoDocker } from "./docker.ts";

const run = promisify(execFile);
const here = import.meta.dirname;
/** The status with which build.sh tells that the host's distribution could not be had. */
const BASE_UNAVAILABLE = 75;

/** The image of PostgreSQL 16 that tests use, or one line on why this machine has none. */
type DockerTestImage = { readonly image: string } | { readonly skip: string };

/**
 * An image of PostgreSQL 16 that keeps the official one's contract, without a registry: the host's distribution from
 * its package source, PostgreSQL's programs from npm, and the pg_dump that `TENANTRY_PG_DUMP` names. It is built once a
 * machine (half a minute), and again when what it is made of changes. `TENANTRY_TEST_IMAGE` names another one, such as
 * the official `postgres:16`.
 *
 * @throws when PostgreSQL's programs do not become an image, with all that the build wrote.
 */
export async function dockerTestImage(): Promise<DockerTestImage> {
  const reason = await whyNoDocker();
  if (reason !== undefined) return { skip: reason };
  const chosen = process.env.TENANTRY_TEST_IMAGE;
  if (chosen !== undefined) return { image: chosen };
  if (process.platform !== "linux") return { skip: without("Linux") };
  const { directory, packageVersion } = findBinaries();
  const osRelease = readFileSync("/etc/os-release", "utf8");
  const base = `tenantry-test-base:${digest(part("make-base.sh"), osRelease, process.arch)}`;
  const parts = ["build.sh", "Dockerfile", "docker-entrypoint.sh"].map(part);
  const pgDump = process.env.TENANTRY_PG_DUMP;
  const dump = pgDump === undefined ? [] : [digest(readFileSync(pgDump, "base64"))];
  const image = `tenantry-test-postgres:${digest(base, packageVersion, ...parts, ...dump)}`;
  if (await exists(image)) return { image };
  if (!(await exists(base))) {
    if (process.getuid?.() !== 0) return { skip: without("root's rights") };
    if (!(await canRun("debootstrap"))) return { skip: without("debootstrap") };
  }
  // Several test files may ask at once. (A name like tenantry-test-* is a test run's directory.)
  const lock = join(tmpdir(), "tenantry-image.lock");
  try {
    await run("flock", [
      lock,
      "bash",
      join(here, "build.sh"),
      image,
      base,
      directory,
      pgDump ?? "",
    ]);
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    if (code !== BASE_UNAVAILABLE) throw error;
    const lastLine = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
    return { skip: without(`a package source that answers (${lastLine})`) };
  }
  return { image };
}

const without = (what: string): string =>
  `THE IMAGE OF POSTGRESQL CANNOT BE BUILT WITHOUT ${what}: nothing proves here what happens in a container`;

const part = (name: string): string => readFileSync(join(here, name), "utf8");

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

async function exists(image: string): Promise<boolean> {
  return (await docker("image", "ls", "--quiet", image)) !== "";
}

async function canRun(program: string): Promise<boolean> {
  try {
    await run(program, ["--version"]);
    return true;
  } catch {
    return false;
  }
}
