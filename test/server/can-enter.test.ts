import { expect, test } from "vitest";
import { canPass } from "../../src/server/can-enter.ts";

const user = { name: "postgres", uid: 101, gid: 104 };
const folder = (uid: number, gid: number, mode: number) => ({ uid, gid, mode: 0o40000 | mode });

test.each([
  ["another's, closed", folder(0, 0, 0o700), false],
  ["another's, open to pass", folder(0, 0, 0o711), true],
  ["another's, readable only", folder(0, 0, 0o744), false],
  ["its group's", folder(0, 104, 0o710), true],
  ["its group's, closed to the group", folder(0, 104, 0o701), false],
  ["its own", folder(101, 0, 0o700), true],
  ["its own, closed to itself", folder(101, 0, 0o677), false],
])("%s", (_, rights, expected) => {
  expect(canPass(rights, user)).toBe(expected);
});
