import { resolve } from "node:path";
import { expect, test } from "vitest";
import { resolveBackend } from "../../../src/cli/engine/backend.ts";

test("the state is in the project unless the environment names another place", () => {
  expect(resolveBackend({}, "/a b")).toEqual({
    url: "file:///a%20b/.tenantry/state",
    directory: "/a b/.tenantry/state",
  });
  expect(resolveBackend({ PULUMI_BACKEND_URL: "" }, "/p").directory).toBe("/p/.tenantry/state");
});

test("file URLs are directories in Pulumi's own forms, anything else is not ours", () => {
  const directoryOf = (url: string) =>
    resolveBackend({ PULUMI_BACKEND_URL: url, HOME: "/home/ana" }, "/p").directory;
  expect(directoryOf("file:///srv/state%201")).toBe("/srv/state 1");
  expect(directoryOf("file:///srv/state?metadata=skip")).toBe("/srv/state");
  expect(directoryOf("file://~")).toBe("/home/ana");
  expect(directoryOf("file://~/x")).toBe("/home/ana/x");
  expect(directoryOf("file://./x")).toBe(resolve("x"));
  expect(directoryOf("s3://bucket")).toBeUndefined();
  expect(() => directoryOf("file:///%zz")).toThrow("TNT-603");
});
