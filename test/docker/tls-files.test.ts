import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { UNKNOWN } from "../../src/protocol/values.ts";
import { fingerprintOf } from "../../src/server/certificate.ts";
import { makeAuthority, makeServerCertificate } from "../../src/server/private-certificate.ts";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { docker } from "../support/docker/docker.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";
import type { TestResource } from "../support/tenantry-plugin.ts";

const found = await dockerTestImage();
const image = "image" in found ? found.image : "";
const made = { stack: "tenantry/test", names: ["db.example.com"], generation: 1 };
const inputs = { directory: ".tenantry/dev/server", image, made };

let directory: string;
let plugin: TenantryPlugin;
let files: TestResource;

beforeAll(async () => {
  const root = projectDirectory();
  directory = join(root, ".tenantry/dev/server/tls");
  plugin = await TenantryPlugin.start(root, { port: 1, disposable: true });
  files = plugin.resource("TlsFiles");
});
beforeEach((ctx) => {
  if ("skip" in found) ctx.skip(found.skip);
});
afterAll(() => plugin.stop());

const read = (file: string): string => readFileSync(join(directory, file), "utf8");

test("a preview makes nothing", async () => {
  expect(await files.preview(inputs)).toMatchObject({
    fingerprint: UNKNOWN,
    tlsDirectory: directory,
  });
  expect(existsSync(directory)).toBe(false);
});

test("the key is PostgreSQL's alone, the certificates are for everybody", async () => {
  const { fingerprint } = await files.apply(inputs);
  expect(fingerprintOf(read("server.crt"))).toBe(fingerprint);
  expect(read("ca.crt")).toContain("BEGIN CERTIFICATE");
  const script = "stat -c '%U %a %n' /tls/server.key /tls/ca.crt /tls/server.crt";
  const mount = ["--volume", `${directory}:/tls:ro`, "--entrypoint=sh", image, "-c", script];
  expect((await docker("run", "--rm", "--network=none", ...mount)).split("\n")).toEqual([
    "postgres 600 /tls/server.key",
    expect.stringMatching(/^\S+ 644 \/tls\/ca.crt$/),
    expect.stringMatching(/^\S+ 644 \/tls\/server.crt$/),
  ]);
  expect((await files.diff(inputs)).detailed).toEqual({});
  expect(await files.preview(inputs)).toMatchObject({ fingerprint });
});

test("files that are gone are drift, and the same certificate is put back", async () => {
  const { fingerprint } = files.outputs;
  rmSync(join(directory, "server.key"));
  await files.refresh();
  expect((await files.diff(inputs)).detailed).toEqual({ fingerprint: "UPDATE of outputs" });
  expect((await files.apply(inputs)).fingerprint).toBe(fingerprint);
  expect(statSync(join(directory, "server.key")).size).toBeGreaterThan(0);
});

test("another generation is another certificate, of the same authority", async () => {
  const { fingerprint } = files.outputs;
  const authority = read("ca.crt");
  const next = { ...inputs, made: { ...made, generation: 2 } };
  expect((await files.diff(next)).detailed).toEqual({ "made.generation": "UPDATE" });
  expect((await files.apply(next)).fingerprint).not.toBe(fingerprint);
  expect(read("ca.crt")).toBe(authority);
});

test("a certificate in its last month is made anew", async () => {
  const { made } = files.state!.inputs as { made: object };
  const outputs = files.outputs as unknown as {
    authority: { value: { certificate: string; key: string } };
  };
  const early = new Date(Date.now() - 370 * 86_400_000);
  const old = await makeServerCertificate(outputs.authority.value, ["db.example.com"], early);
  const fingerprint = fingerprintOf(old.certificate);
  files.state = {
    ...files.state!,
    outputs: { ...files.outputs, certificate: old.certificate, fingerprint },
  };
  const same = { ...inputs, made: made as typeof inputs.made };
  expect((await files.diff(same)).detailed).toEqual({ expiry: "UPDATE of outputs" });
  expect((await files.apply(same)).fingerprint).not.toBe(fingerprint);
});

test("a certificate of your own is taken, with its key or not at all", async () => {
  const authority = await makeAuthority("elsewhere");
  const own = await makeServerCertificate(authority, ["db.example.com"]);
  const given = { directory: inputs.directory, image, given: { ...own } };
  expect(await files.check(given)).toEqual([]);
  expect(await files.check({ ...given, given: { ...own, key: authority.key } })).toEqual([
    "given.key: The secret tenantry:tlsKey is not the key of the certificate.",
  ]);
  expect(await files.preview(given)).toMatchObject({ fingerprint: fingerprintOf(own.certificate) });
  await files.apply(given);
  expect(read("server.crt")).toBe(own.certificate);
  expect(existsSync(join(directory, "ca.crt"))).toBe(false);
});

test("without a way to hand the key over, nothing readable is left", async () => {
  const other = plugin.resource("TlsFiles", "other");
  const broken = { ...inputs, directory: ".tenantry/other/server", image: "tenantry-none:none" };
  await expect(other.apply(broken)).rejects.toThrow(/TNT-242/);
  const keys = join(directory, "../../../other/server/tls");
  expect(existsSync(join(keys, "server.key.new"))).toBe(false);
});
