import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestStack } from "./test-stack.ts";

const run = promisify(execFile);

/** Why the real engine cannot take part; undefined when an installed `pulumi` runs. */
export function whyNoPulumi(): string | undefined {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore", env: environment("") });
    return undefined;
  } catch {
    return "THE REAL PULUMI CLI IS NOT ON $PATH: nothing proves here that it takes over this state";
  }
}

/** Runs the real CLI on a test's stack, with a home of its own. @throws with all that it wrote */
export async function pulumi(stack: TestStack, ...args: string[]): Promise<string> {
  const env = {
    ...environment(join(stack.root, "pulumi-home")),
    PULUMI_BACKEND_URL: `file://${stack.backend}`,
    PULUMI_CONFIG_PASSPHRASE: stack.options().passphrase,
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
  };
  const { stdout } = await run(
    "pulumi",
    [...args, "--stack", "dev", "--non-interactive", "--color", "never"],
    { cwd: stack.root, env },
  );
  return stdout;
}

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
}
