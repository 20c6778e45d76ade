import { execFileSync, spawnSync } from "node:child_process";

/** Where pip put the package, when it is not where Python looks by itself. */
const PATH = process.env.TENANTRY_PROMETHEUS_CLIENT;
const env = { ...process.env, ...(PATH !== undefined && { PYTHONPATH: PATH }) };

/** Why Prometheus' own parser cannot be asked; undefined when it can. */
export const noPrometheusParser: string | undefined =
  spawnSync("python3", ["-c", "import prometheus_client.parser"], { env }).status === 0
    ? undefined
    : "NO prometheus_client IN PYTHON OR IN TENANTRY_PROMETHEUS_CLIENT: nothing proves here that Prometheus reads the metrics (the PyPI package prometheus_client)";

/** A sample as the reference parser read it. */
export interface ParsedSample {
  readonly name: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const PROGRAM = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as parse
print(json.dumps([
  {"name": s.name, "type": family.type, "labels": s.labels, "value": s.value}
  for family in parse(sys.stdin.read()) for s in family.samples
]))`;

/** Reads Prometheus' text format with the parser of Prometheus' own Python library. */
export function parsePrometheus(text: string): ParsedSample[] {
  const answer = execFileSync("python3", ["-c", PROGRAM], { env, input: text, encoding: "utf8" });
  return JSON.parse(answer) as ParsedSample[];
}
