import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, statfsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { scratchDirectory } from "../cluster.ts";
import { docker } from "./docker.ts";

/** Room for the image, one database and little more. */
const DISK = "700M";

/** Its own, under a name that fits the kernel's 15 characters. */
const BRIDGE = `tnt-${process.pid}`;

/** Why this machine cannot have a Docker engine of the test's own; undefined where it can. */
export function whyNoOwnEngine(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "A DOCKER ENGINE OF THE TEST'S OWN NEEDS LINUX AND ROOT: nothing proves here what its restart and a full disk do";
  return existsSync("/usr/sbin/dockerd") || existsSync("/usr/bin/dockerd")
    ? undefined
    : "THERE IS NO DOCKERD: nothing proves here what its restart and a full disk do";
}

/** A Docker engine on a small disk, which a test may restart and fill. The machine's own one goes on beside it. */
export class OwnEngine {
  readonly #directory = scratchDirectory("engine");
  #process: ChildProcess | undefined;

  get #disk(): string {
    return join(this.#directory, "disk");
  }

  get host(): string {
    return `unix://${join(this.#directory, "docker.sock")}`;
  }

  /** Makes the disk and starts the engine; from then on this process's commands of Docker go to it. */
  async start(): Promise<void> {
    mkdirSync(this.#disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", this.#disk]);
    execFileSync("ip", ["link", "add", "name", BRIDGE, "type", "bridge"]);
    execFileSync("ip", ["address", "add", "10.208.77.1/24", "dev", BRIDGE]);
    process.env.DOCKER_HOST = this.host;
    await this.restart();
  }

  /** Stops the engine, if it runs, and starts it. */
  async restart(): Promise<void> {
    await this.#stopProcess();
    const log = openSync(join(this.#directory, "log"), "a");
    const files = {
      "--data-root": join(this.#disk, "data"),
      "--exec-root": join(this.#directory, "exec"),
      "--pidfile": join(this.#directory, "pid"),
      "--host": this.host,
      // The kernel's rules belong to the machine's own engine, and so does docker0, which "none" would take away.
      "--bridge": BRIDGE,
      "--iptables": "false",
    };
    const args = Object.entries(files).map(([name, value]) => `${name}=${value}`);
    this.#process = spawn("dockerd", args, { stdio: ["ignore", log, log] });
    const deadline = Date.now() + 60_000;
    while (!(await answers())) {
      if (Date.now() > deadline || this.#process.exitCode !== null)
        throw new Error(readFileSync(join(this.#directory, "log"), "utf8").slice(-2000));
      await sleep(100);
    }
  }

  /** Takes an image from the machine's own engine. */
  load(image: string): void {
    const machine = { ...process.env, DOCKER_HOST: undefined };
    const file = join(this.#directory, "image.tar");
    execFileSync("docker", ["save", "--output", file, image], { env: machine });
    execFileSync("docker", ["load", "--input", file]);
  }

  get #filler(): string {
    return join(this.#disk, "filler");
  }

  /** Leaves no room on the disk. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.#disk);
    execFileSync("fallocate", ["--length", String(bavail * bsize), this.#filler]);
  }

  async makeRoom(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  async end(): Promise<void> {
    await this.#stopProcess();
    delete process.env.DOCKER_HOST;
    execFileSync("umount", [this.#disk]);
    execFileSync("ip", ["link", "delete", BRIDGE]);
  }

  async #stopProcess(): Promise<void> {
    const running = this.#process;
    if (running?.exitCode !== null) return;
    running.kill("SIGTERM");
    await once(running, "exit");
  }
}

async function answers(): Promise<boolean> {
  try {
    await docker("version");
    return true;
  } catch {
    return false;
  }
}
