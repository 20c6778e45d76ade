import { describe, expect, test } from "vitest";
import { admits, endsInReject, parsePgHba, renderPgHba } from "../../src/core/pg-hba.ts";

const rulesOf = (text: string) => parsePgHba(text).rules;

test("PostgreSQL's own syntax is read, in all its forms", () => {
  const { rules, problems } = parsePgHba(`# a comment
local all postgres peer map=admins # who
host "my db",other +group 10.0.0.0 255.255.255.0 ldap ldapserver=x ldapprefix="cn=#"
hostssl all all \\
  ::1/128 scram-sha-256
`);
  expect(problems).toEqual([]);
  expect(rules).toEqual([
    {
      type: "local",
      database: "all",
      user: "postgres",
      method: "peer",
      options: ["map=admins"],
      line: 2,
    },
    {
      type: "host",
      database: '"my db",other',
      user: "+group",
      address: "10.0.0.0 255.255.255.0",
      method: "ldap",
      options: ["ldapserver=x", 'ldapprefix="cn=#"'],
      line: 3,
    },
    {
      type: "hostssl",
      database: "all",
      user: "all",
      address: "::1/128",
      method: "scram-sha-256",
      options: [],
      line: 5,
    },
  ]);
});

test.each([
  ["hots all all all reject", /begins with "hots"/],
  ["host all all reject", /too short/],
  ["local all all", /too short/],
  ["host all all all trust", /trust, which is not safe/],
  ["host all all all md5", /md5, which is not safe/],
  ["host all all all scram", /has the method "scram"/],
  ["include other.conf", /begins with "include"/],
])("%s is refused", (line, rule) => {
  expect(parsePgHba(`\n${line}`).problems).toEqual([
    { line: 2, rule: expect.stringMatching(rule) },
  ]);
});

test("what is rendered is read back as it was, but for the lines", () => {
  const text =
    'local all postgres peer\nhost a,b "x y" 10.0.0.0 255.0.0.0 ldap a=1 b=2\nhost all all all reject';
  const rules = rulesOf(text);
  expect(rulesOf(renderPgHba(rules).join("\n"))).toEqual(rules);
});

describe("who is let in", () => {
  test("is decided by role and database, keywords and lists included", () => {
    expect(admits(rulesOf("host all app all scram-sha-256"), "app", "nostromo")).toBe(true);
    expect(admits(rulesOf('host x,nostromo "app",y all scram-sha-256'), "app", "nostromo")).toBe(
      true,
    );
    expect(admits(rulesOf('host all x,+"app" all scram-sha-256'), "app", "nostromo")).toBe(true);
    expect(admits(rulesOf("host all +app all scram-sha-256"), "app_a", "nostromo", "app")).toBe(
      true,
    );
    expect(admits(rulesOf("host all app all scram-sha-256"), "app_a", "nostromo", "app")).toBe(
      false,
    );
    expect(admits(rulesOf("host other app all scram-sha-256"), "app", "nostromo")).toBe(false);
    expect(admits(rulesOf("host all app all reject"), "app", "nostromo")).toBe(false);
    expect(admits(rulesOf('host "all" app all scram-sha-256'), "app", "nostromo")).toBe(false);
  });
});

test.each([
  ["host all all all reject", true],
  ["host all all 0.0.0.0/0 reject", false],
  ["host all all all reject\nhost all all ::1/128 scram-sha-256", false],
  ["", false],
])("%j refuses everybody else: %s", (text, complete) => {
  expect(endsInReject(rulesOf(text))).toBe(complete);
});
