import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { lockedEntrypoint } from "../../src/components/volume-lock.ts";
import { Containers, logIn } from "../support/docker/containers.ts";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { docker } from "../support/docker/docker.ts";

const DATA = "/var/lib/postgresql/data";
const found = await dockerTestImage();
const image = "image" in found ? found.image : "";
const containers = new Containers();
const volume = `tenantry-lock-${randomUUID()}`;
const as = { user: "postgres", password: "a test's", database: "postgres" };

beforeEach((ctx) => {
  if ("skip" in found) ctx.skip(found.skip);
});
afterAll(async () => {
  if ("skip" in found) return;
  await containers.removeAll();
  await docker("volume", "rm", "--force", volume);
});

const [shell = "", ...script] = lockedEntrypoint(DATA);
/** The arguments of `docker run` for a server on the volume, up to what the image runs. */
const options = [
  "--publish=127.0.0.1::5432",
  `--volume=${volume}:${DATA}`,
  `--env=POSTGRES_PASSWORD=${as.password}`,
  `--env=PGDATA=${DATA}/pgdata`,
];
const locked = [...options, `--entrypoint=${shell}`, image, ...script, "postgres"];

test("a second server on the same volume does not start, however the first one ends", async () => {
  const first = await containers.start(...locked);
  const client = await logIn(first, as);
  await client.query("create table kept as select 1 as one");

  const { status, output } = await containers.run(...locked);
  expect(status).toBe(75);
  expect(output).toContain("another container runs a server on this volume");
  expect((await client.query("select one from kept")).rows).toEqual([{ one: 1 }]);
  await client.end();

  // Killed, it leaves its pid file; the lock is gone with its processes.
  await docker("kill", first);
  const second = await logIn(await containers.start(...locked), as);
  expect((await second.query("select one from kept")).rows).toEqual([{ one: 1 }]);

  // PostgreSQL alone does not notice: this is what the lock is for.
  const rival = await logIn(await containers.start(...options, image, "postgres"), as);
  expect((await rival.query("select one from kept")).rows).toEqual([{ one: 1 }]);
  await rival.end();
  await second.end();
});
