import { TenantryError } from "../core/errors.ts";

/** One mistake in the settings. */
export interface Problem {
  /** Relative to the project, as the reader knows it. */
  readonly file: string;
  readonly line?: number | undefined;
  /** `tenantry:tenants[3].id`; none for a mistake in a native file. */
  readonly path?: string;
  /** What was written there; left out when it may be a secret. */
  readonly value?: unknown;
  readonly rule: string;
}

const MOST_CHARACTERS = 80;

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}...`;
}

/** `stacks/Pulumi.dev.yaml:12: tenantry:tenants[3].id: "Acme" must begin with ...` */
export function describeProblem({ file, line, path, rule, ...rest }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const missing = "value" in rest && rest.value === undefined;
  const sentence = rest.value === undefined ? rule : `${show(rest.value)} ${rule}`;
  return [place, path, missing ? `is missing: it ${rule}` : sentence]
    .filter((part) => part !== undefined)
    .join(": ");
}

/** @throws {TenantryError} TNT-110 with every problem on a line of its own, if there is one. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new TenantryError("TNT-110", { problems: problems.map(describeProblem) });
}
