import { createRequire } from "node:module";
import { join } from "node:path";
import { childEnvironment } from "./child-environment.ts";
import { ChildGroup, onLines } from "./child-group.ts";
import type { Ending } from "./child-group.ts";
import type { Events } from "./events.ts";
import type { Project } from "./project.ts";
import type { StackConfig } from "./stack-config.ts";

/** What a program is started with. */
export interface ProgramOptions {
  readonly project: Project;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;
  /** Of the monitor, which is the engine's other service too. */
  readonly address: string;
  readonly config: StackConfig;
  readonly events: Events;
}

/** A running program. */
export interface Program {
  readonly ended: Promise<Ending>;
  /** Ends it, if it still runs. */
  stop(): Promise<void>;
}

/** Starts a program. Tests start theirs without a process. */
export type StartProgram = (options: ProgramOptions) => Program;

/** How long a program may take to end when it is no longer needed. */
const END_PATIENCE_MS = 1_000;

const GUARD = import.meta.resolve("./program-guard.ts");

/** Runs the project's program with the Pulumi SDK's own runner, in this very Node. */
export const startNodeProgram: StartProgram = (options) => {
  const { project, config, events } = options;
  const require = createRequire(join(project.root, "package.json"));
  const runner = require.resolve("@pulumi/pulumi/cmd/run");
  const child = new ChildGroup(
    process.execPath,
    [
      `--import=${GUARD}`,
      ...project.nodeArguments,
      runner,
      ...programArguments(options),
      project.main,
    ],
    {
      cwd: project.root,
      env: {
        ...childEnvironment(project.root),
        PULUMI_CONFIG: JSON.stringify(config.values),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify([...config.secretKeys]),
      },
    },
  );
  onLines(child.process.stdout, (line) => {
    events.diagnostic("info", line);
  });
  onLines(child.process.stderr, (line) => {
    events.diagnostic("info#err", line);
  });
  return { ended: child.ended, stop: () => child.end(END_PATIENCE_MS) };
};

function programArguments(options: ProgramOptions): string[] {
  const { project, stack, preview, parallel, address } = options;
  return [
    `--monitor=${address}`,
    `--engine=${address}`,
    "--organization=organization",
    `--project=${project.name}`,
    `--root-directory=${project.root}`,
    `--stack=${stack}`,
    `--pwd=${project.root}`,
    `--parallel=${parallel}`,
    ...(preview ? ["--dry-run"] : []),
  ];
}

/** What went wrong with a program that has ended; undefined when it declared all there is. */
export function programProblem(ending: Ending, hasFinished: boolean): string | undefined {
  const { code, signal, error } = ending;
  if (error) return `could not be started: ${error.message}`;
  if (signal !== null) return `was ended by ${signal}`;
  if (code !== 0) return code === 32 ? "failed" : `ended with exit code ${code ?? "unknown"}`;
  return hasFinished ? undefined : "ended before it had declared everything";
}
