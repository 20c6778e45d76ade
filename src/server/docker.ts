import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TenantryError } from "../core/errors.ts";

const execute = promisify(execFile);
const LAST_LINES = 20;

/** How a command of Docker ended: what it wrote, both streams one after the other. */
interface DockerEnded {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs Docker's command line, with the environment that also leads the docker plugin to its engine.
 *
 * @throws {TenantryError} TNT-238 when there is none
 */
async function docker(...args: readonly string[]): Promise<DockerEnded> {
  try {
    const { stdout, stderr } = await execute("docker", args);
    return { ok: true, output: stdout + stderr };
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code?: unknown; stdout: string; stderr: string };
    if (code === "ENOENT") throw new TenantryError("TNT-238", {}, { cause });
    return { ok: false, output: stdout + stderr };
  }
}

/**
 * Runs a shell script in a new container without network, a folder of this machine mounted as /mounted.
 *
 * @param options.writable whether the script may change the folder. Default: no.
 */
export async function runInImage(
  image: string,
  directory: string,
  script: string,
  { writable = false } = {},
): Promise<DockerEnded> {
  const isolation = ["--rm", "--pull=never", "--network=none", "--entrypoint=sh"];
  const mount = ["--volume", `${directory}:/mounted:${writable ? "rw" : "ro"}`];
  return docker("run", ...isolation, ...mount, image, "-c", script);
}

/** Whether Docker has the image already. */
export async function hasImage(image: string): Promise<boolean> {
  const { ok } = await docker("image", "inspect", "--format", "{{.Id}}", image);
  return ok;
}

/** What a container does, "running" or "restarting" for instance; undefined when there is none. */
export async function containerStatus(container: string): Promise<string | undefined> {
  const { ok, output } = await docker("inspect", "--format", "{{.State.Status}}", container);
  return ok ? output.trim() : undefined;
}

/** The addresses of this machine on which a container that runs has this port. */
export async function publishedAddresses(container: string, port: number): Promise<string[]> {
  const format =
    "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{.HostPort}}\n{{end}}{{end}}";
  const { ok, output } = await docker("inspect", "--type=container", "--format", format, container);
  if (!ok) return [];
  const published = output.split("\n").map((line) => line.split(" "));
  return published.flatMap(([address = "", at]) => (at === String(port) ? [address] : []));
}

/** The last lines that the server in a container wrote. */
export async function containerLog(container: string): Promise<string> {
  const { output } = await docker("logs", "--tail", String(LAST_LINES), container);
  return output.trim();
}
