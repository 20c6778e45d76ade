/** The errors of PostgreSQL that a scope tells apart. */
export const SQLSTATE = {
  serializationFailure: "40001",
  deadlock: "40P01",
  unknownSetting: "42704",
  missingRole: "22023",
  noPrivilege: "42501",
  cancelled: "57014",
  noSchema: "3F000",
  noFunction: "42883",
} as const;

/** The SQLSTATE of an error, where it has one. */
export function sqlstateOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Whether the same work may succeed when it is done again. */
export function mayBeRepeated(error: unknown): boolean {
  const code = sqlstateOf(error);
  if (code === SQLSTATE.serializationFailure || code === SQLSTATE.deadlock) return true;
  return error instanceof Error && error.cause !== undefined && mayBeRepeated(error.cause);
}
