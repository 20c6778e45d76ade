import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRepository } from "./pull-request.ts";

const PROD = `config:
  tenantry:server: { port: 54999 }
  tenantry:tenants:
    - acme
    - { id: leaving, state: retired }
    - { id: asleep, state: suspended }
`;

test("what a pull request must not do is refused at its line, and what runs asks first", async () => {
  const { author, runner, base, push, checkOut, script } = await makeRepository(({ root }) => {
    writeFileSync(join(root, "stacks", "Pulumi.prod.yaml"), PROD);
  });
  const prod = join(author, "stacks", "Pulumi.prod.yaml");
  const take = (head: string, ...paths: string[]) => {
    checkOut(base);
    return script("take-pull-request.sh", base, head, ...paths);
  };
  const touched = (head: string): string => {
    const { stdout } = take(head, "stacks", "sql", "config");
    return script("touched.sh", base, stdout.trim()).stdout;
  };

  // A retired tenant may go; the others, and a migration that ran, may not.
  writeFileSync(prod, PROD.replace("    - acme\n", "").replace(/ {4}- \{ id: leaving.*\n/, ""));
  const migration = join(author, "sql", "tenant", "001_employees.sql");
  const lines = readFileSync(migration, "utf8").split("\n").length;
  appendFileSync(migration, "select 1;\n");
  expect(touched(push("removed"))).toBe(
    'all=["dev","prod","staging"]\ntenants=[]\napproval=["dev","prod","staging"]\n',
  );
  const { code, stderr } = runner.tenantry("check", "--base", base);
  expect(code).toBe(1);
  expect(stderr).toContain("The check found 2 problems:");
  expect(stderr).toContain(`stacks/Pulumi.prod.yaml:4: tenant acme: is active in ${base}`);
  expect(stderr).toContain(`sql/tenant/001_employees.sql:${lines}: differs from ${base}`);
  const json = runner.tenantry("check", "--base", base, "--stack", "dev", "--json").stdout;
  expect((JSON.parse(json) as { problems: string[] }).problems).toHaveLength(1);

  // Wrong settings are told with their line.
  checkOut(base);
  writeFileSync(migration, readFileSync(join(runner.root, "sql/tenant/001_employees.sql")));
  writeFileSync(prod, PROD.replace("    - acme", "    - Acme"));
  touched(push("wrong"));
  expect(runner.tenantry("check").stderr).toContain("stacks/Pulumi.prod.yaml:4");
  const inActions = runner.run("node", [join("bin", "tenantry.js"), "check"], {
    GITHUB_ACTIONS: "true",
  });
  expect(inActions.stdout).toMatch(/^::error file=stacks\/Pulumi\.prod\.yaml,line=4::.*"Acme"/);

  // The comment tells them as well: the preview fails, and is no plan that could be deployed.
  const comment = join(runner.root, "..", "comment.md");
  writeFileSync(comment, "");
  expect(script("preview.sh", "prod", '["prod"]', comment).code).toBe(1);
  expect(readFileSync(comment, "utf8")).toContain("1 problem, no plan");
  expect(script("deploy.sh", "prod", comment).stderr).toContain("TNT-633");

  // A setting may send the password elsewhere: it asks first. A list of tenants does not.
  writeFileSync(prod, PROD.replace("54999", "54998"));
  expect(touched(push("setting"))).toBe('all=["prod"]\ntenants=[]\napproval=["prod"]\n');
  writeFileSync(prod, `${PROD}    - newcomer\n`);
  expect(touched(push("tenant"))).toBe('all=["prod"]\ntenants=["prod"]\napproval=[]\n');

  // Nothing but stacks/ is taken, and of it only plain files.
  appendFileSync(join(author, "index.ts"), "throw new Error('code of a pull request');\n");
  const program = push("program");
  expect(take(program, "stacks").code).toBe(0);
  expect(readFileSync(join(runner.root, "index.ts"), "utf8")).not.toContain("code of a pull");
  expect(readFileSync(join(runner.root, "stacks/Pulumi.prod.yaml"), "utf8")).toContain("newcomer");
  rmSync(prod);
  symlinkSync("/etc/passwd", prod);
  const link = take(push("link"), "stacks");
  expect(link.code).toBe(1);
  expect(link.stderr).toContain("Only plain files are taken");

  expect(runner.tenantry("check", "--base", "nothing").stderr).toContain("TNT-632");
});
