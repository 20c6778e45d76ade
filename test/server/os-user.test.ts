import { expect, test } from "vitest";
import { chooseOsUser, parsePasswd } from "../../src/server/os-user.ts";

const passwd = `root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
broken line
+::::::
`;
const accounts = parsePasswd(passwd);

test("accounts are read as the system writes them", () => {
  expect(accounts.map(({ name, uid, gid }) => [name, uid, gid])).toEqual([
    ["root", 0, 0],
    ["nobody", 65534, 65534],
    ["postgres", 101, 104],
  ]);
});

test("postgres comes before nobody, and what was asked for before both", () => {
  const without = accounts.filter(({ name }) => name !== "postgres");
  expect(chooseOsUser(accounts).name).toBe("postgres");
  expect(chooseOsUser(without).name).toBe("nobody");
  expect(chooseOsUser(accounts, "nobody").name).toBe("nobody");
});

test.each([["root"], ["absent"]])("%s is refused by name", (wanted) => {
  expect(() => chooseOsUser(accounts, wanted)).toThrow(
    expect.objectContaining({ code: "TNT-221", message: expect.stringContaining(wanted) }),
  );
});

test("without any account the message names those that were looked for", () => {
  expect(() => chooseOsUser([])).toThrow(/looked for: postgres, nobody/);
});
