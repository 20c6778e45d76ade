/** Something that was changed: by name, from, to; undefined where there was, or is, nothing. */
export interface AuditChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an entry is about, where that is no tenant. */
const SUBJECTS: readonly string[] = ["area", "role"];

/**
 * What an entry of the audit log says: of two records what differs between them and what they are about, of one record
 * all of it. A value that is not told afterwards is no change: the registry's record has more fields than a declaration.
 */
export function auditChanges(before: unknown, after: unknown): AuditChange[] {
  if (isRecord(before) && isRecord(after))
    return Object.entries(after)
      .filter(([name, value]) => SUBJECTS.includes(name) || !isSame(before[name], value))
      .map(([name, value]) => {
        const old = isSame(before[name], value) ? undefined : (before[name] ?? undefined);
        return { name, before: old, after: value };
      });
  const told = before ?? after;
  if (told === null || told === undefined) return [];
  const gone = after === null || after === undefined;
  const one = (name: string, value: unknown): AuditChange =>
    gone ? { name, before: value, after: undefined } : { name, before: undefined, after: value };
  return isRecord(told)
    ? Object.entries(told).map(([name, value]) => one(name, value))
    : [one("", told)];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is null was not declared, which is the same. */
const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
