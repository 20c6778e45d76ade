import { dirname } from "node:path";
import { dockerTestImage } from "../test/support/docker/docker-test-image.ts";
import { docker, imageLike } from "../test/support/docker/docker.ts";
import { writingDuring } from "../test/support/docker/writing-during.ts";
import { officialPlugin } from "../test/support/postgresql-plugin.ts";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { withScratchStack } from "./scratch-stack.ts";

const TIMES = 3;
const NAME = `tenantry-bench-${process.pid}`;
const SUBNET = "10.209.77.0/24";
const PASSWORD = "bench only";
/** How much longer the target docker may take than the embedded one, when there is nothing to do. */
const MORE_SECONDS = 1;

/**
 * Measures the target docker beside the embedded one.
 *
 * @param embedded an `up` with no change there, in seconds
 * @returns one line on why nothing was measured, where a part of it is not on this machine
 */
export async function benchDocker(tenants: number, embedded: number): Promise<Figure[] | string> {
  const found = await dockerTestImage();
  if ("skip" in found) return found.skip;
  const plugin = officialPlugin("docker");
  if (plugin === undefined) return "THE OFFICIAL DOCKER PLUGIN IS NOT ON $PATH: not measured";
  const first = await docker("image", "inspect", "--format", "{{.Id}}", found.image);
  const second = await imageLike(first, NAME);
  const env = { PATH: `${dirname(plugin)}:${process.env.PATH ?? ""}` };
  try {
    return await withScratchStack(
      tenants,
      async ({ tenantry, edit, port, writePassword }) => {
        writePassword(PASSWORD);
        edit(/target: embedded/, "target: docker");
        edit(
          /tenantry:server:\n/,
          `$&    docker: { image: "${first}", name: ${NAME}, subnet: ${SUBNET} }\n`,
        );
        const up = (): void => {
          tenantry("up", "--yes", "--engine", "local");
        };
        up();
        const nothing = await median(TIMES, () => timed(up));
        edit(first, second);
        const login = { host: "127.0.0.1", port, user: "postgres", password: PASSWORD };
        const { longestGap } = await writingDuring({ ...login, database: "nostromo" }, up);
        return [
          {
            name: "docker: up with no change",
            seconds: nothing,
            against: "the same on the target embedded",
            ratio: nothing / embedded,
            limit: (embedded + MORE_SECONDS) / embedded,
          },
          { name: "docker: away for another image", seconds: longestGap / 1000, goal: 5 },
        ];
      },
      env,
    );
  } finally {
    await docker("rmi", second);
  }
}
