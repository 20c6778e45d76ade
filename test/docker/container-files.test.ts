import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { containerPlace, writePasswordFile } from "../../src/server/container-files.ts";
import { checkConfigFiles } from "../../src/server/config-files.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { docker } from "../support/docker/docker.ts";

const found = await dockerTestImage();
const image = "image" in found ? found.image : "";
const hba = ["host all all all reject"];

beforeEach((ctx) => {
  if ("skip" in found) ctx.skip(found.skip);
});

test("the image's own program takes what is right", async () => {
  const parameters = { work_mem: "8MB", shared_preload_libraries: "pg_stat_statements" };
  await expect(checkConfigFiles({ parameters, hba }, image)).resolves.toBeUndefined();
});

test("it refuses every mistake, a missing library among them", async () => {
  const parameters = { work_mem: "much", shared_preload_libraries: "no_such_library" };
  const check = checkConfigFiles({ parameters, hba }, image);
  await expect(check).rejects.toThrow(/invalid value for parameter "work_mem": "much"/);
  await expect(check).rejects.toThrow(/there is no library "no_such_library".*\n.*\[TNT-230\]/s);
});

test("the password is for the container's account, and for nobody else on this machine", async () => {
  const { password } = containerPlace(scratchDirectory("container"));
  writePasswordFile(password, "a test's");
  expect(statSync(dirname(password)).mode & 0o777).toBe(0o700);
  expect(readFileSync(password, "utf8")).toBe("a test's");
  const mount = `${password}:/run/secrets/password:ro`;
  const read = ["--entrypoint=cat", image, "/run/secrets/password"];
  const user = ["--rm", "--network=none", "--user=999", "--volume", mount];
  expect(await docker("run", ...user, ...read)).toBe("a test's");
});
