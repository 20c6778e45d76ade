import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const LIMITS = { maxBuffer: 64 * 1024 * 1024 };

/** Runs Docker's command line and gives what it wrote to stdout, trimmed. @throws with all that it wrote */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", args, LIMITS);
  return stdout.trim();
}

/** Makes another image with the same content, and gives its id. */
export async function imageLike(image: string, label: string): Promise<string> {
  const template = await docker("create", image);
  try {
    return await docker("commit", "--change", `LABEL tenantry.test=${label}`, template);
  } finally {
    await docker("rm", template);
  }
}

/** What a container wrote: its stdout, then its stderr, where PostgreSQL logs. */
export async function containerLog(container: string): Promise<string> {
  const { stdout, stderr } = await run("docker", ["logs", container], LIMITS);
  return `${stdout}${stderr}`;
}

/** Why containers cannot take part; undefined when an engine answers. */
export async function whyNoDocker(): Promise<string | undefined> {
  try {
    await docker("version", "--format", "{{.Server.Version}}");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? "DOCKER IS NOT ON $PATH: nothing proves here what happens in a container"
      : "NO DOCKER ENGINE ANSWERS: nothing proves here what happens in a container";
  }
}
