/** The paths of Pulumi's encrypted values (`secure: v1:...`) inside a value. */
export function findSecrets(value: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== "object" || value === null) return [];
  if ("secure" in value && Object.keys(value).length === 1) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) =>
    findSecrets(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
