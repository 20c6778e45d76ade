import { execFileSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

const github = join(import.meta.dirname, "..", "..", ".github");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { steps: readonly Step[]; env?: Step["env"] }>>;
}

describe.each(globSync("workflows/*.yml", { cwd: github }))("%s", (file) => {
  const workflow = parse(readFileSync(join(github, file), "utf8")) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test("uses GitHub's own actions only, and leaves no token in the checkout", () => {
    const uses = steps.flatMap((step) => (step.uses === undefined ? [] : [step]));
    for (const step of uses)
      expect(["actions/checkout@v4", "actions/setup-node@v4"]).toContain(step.uses);
    for (const step of uses.filter((step) => step.uses?.includes("checkout")))
      expect(step.with).toMatchObject({ "persist-credentials": false });
  });

  test("puts nothing of an event into a shell's text, and may only read by default", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  test("gives secrets and tokens to single steps, which run scripts that are there", () => {
    for (const job of jobs) expect(JSON.stringify(job.env ?? {})).not.toMatch(/secrets\.|token/);
    for (const { run = "" } of steps)
      for (const [script] of run.matchAll(/\.github\/scripts\/[\w-]+\.sh/g))
        expect(() => readFileSync(join(github, "..", script))).not.toThrow();
  });
});

test("a preview at once takes nothing but stacks/ and starts no code of the pull request", () => {
  const file = join(github, "workflows", "preview.yml");
  const { on, jobs } = parse(readFileSync(file, "utf8")) as Workflow;
  expect(Object.keys(on)).toEqual(["pull_request_target"]);
  const runs = (job: string): string => jobs[job]!.steps.map(({ run = "" }) => run).join("\n");
  expect(runs("tenants")).toContain('take-pull-request.sh "$BASE" "$HEAD" stacks\n');
  expect(JSON.stringify(jobs.check)).not.toContain("secrets.");
  for (const job of ["check", "tenants", "approved"])
    expect(jobs[job]!.steps[0]!.with).toMatchObject({ ref: "${{ env.BASE }}" });
});

test("the comment is found again by its author and mark, and written over", () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-gh-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const log = join(directory, "log");
  // Stands for GitHub: it finds comment 7 when the question asks for the bot's own one, and keeps what it is told.
  writeFileSync(
    join(directory, "gh"),
    `#!/bin/sh
printf '%s\\n' "$*" >>"${log}"
case "$*" in
  *'github-actions[bot]'*'tenantry:preview'*.id) [ -e "${directory}/none" ] || echo 7 ;;
  *comments/7*.body) echo 'the comment' ;;
esac
`,
  );
  chmodSync(join(directory, "gh"), 0o755);
  const comment = join(directory, "comment.md");
  const run = (action: string): string => {
    writeFileSync(log, "");
    execFileSync(join(github, "scripts", "comment.sh"), [action, "12", comment], {
      env: {
        PATH: `${directory}${delimiter}${process.env.PATH ?? ""}`,
        GITHUB_REPOSITORY: "example/nostromo",
      },
    });
    return readFileSync(log, "utf8");
  };
  expect(run("read")).toContain("repos/example/nostromo/issues/12/comments");
  expect(readFileSync(comment, "utf8")).toBe("the comment\n");
  expect(run("write")).toContain("--method PATCH repos/example/nostromo/issues/comments/7");
  writeFileSync(join(directory, "none"), "");
  expect(run("write")).toContain("--method POST repos/example/nostromo/issues/12/comments");
  run("read");
  expect(readFileSync(comment, "utf8")).toBe("");
});
