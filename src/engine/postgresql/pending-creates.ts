/** The environment variable in which the local engine tells which creates an interrupted run had begun. */
const VARIABLE = "TENANTRY_PENDING_CREATES";

/** The URNs whose objects may be there already. */
export function pendingCreates(environment: NodeJS.ProcessEnv): ReadonlySet<string> {
  const urns: unknown = JSON.parse(environment[VARIABLE] ?? "[]");
  return new Set(Array.isArray(urns) ? urns.filter((urn) => typeof urn === "string") : []);
}
