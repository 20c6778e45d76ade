/** How two lists of lines differ. */
export interface Differences {
  readonly missing: readonly string[];
  readonly undeclared: readonly string[];
  /** Lines about the same thing that say something else. */
  readonly changed: readonly Change[];
}

/** What is said about a thing, and what should be. */
export interface Change {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/** Compares lists of lines that say all they say in one piece, such as rights. */
export function compareLines(expected: readonly string[], actual: readonly string[]): Differences {
  const [wanted, found] = [new Set(expected), new Set(actual)];
  return {
    missing: [...wanted].filter((line) => !found.has(line)),
    undeclared: [...found].filter((line) => !wanted.has(line)),
    changed: [],
  };
}

/**
 * What should be there after a change: what should have been before, with what the change took away and added. What
 * somebody else had changed earlier stays a difference.
 */
export function withChanges(
  expected: readonly string[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  const { missing, undeclared } = compareLines(before, after);
  const gone = new Set(missing);
  const kept = expected.filter((line) => !gone.has(line));
  return [...new Set([...kept, ...undeclared])].toSorted();
}

/** A name with what is quoted in it, and its definition. */
const OBJECT = /^((?:"(?:[^"]|"")*"|[^":])*)(?:: (.*))?$/s;

/** The name of an object, `column payroll.year`, and what it is, `integer not null`. */
export function objectOf(line: string): { readonly name: string; readonly definition: string } {
  const [, name = line, definition = ""] = OBJECT.exec(line) ?? [];
  return { name, definition };
}

/** Compares lists of objects, `<kind> <name>: <definition>`: one whose definition differs was changed. */
export function compareObjects(
  expected: readonly string[],
  actual: readonly string[],
): Differences {
  const { missing, undeclared } = compareLines(expected, actual);
  const found = new Map(undeclared.map((line) => [objectOf(line).name, line]));
  const isChanged = (line: string): boolean => found.has(objectOf(line).name);
  const changed = missing.filter(isChanged).map((line): Change => {
    const { name, definition } = objectOf(line);
    const actualDefinition = objectOf(found.get(name) ?? "").definition;
    return { name, expected: definition, actual: actualDefinition };
  });
  const names = new Set(changed.map(({ name }) => name));
  return {
    missing: missing.filter((line) => !isChanged(line)),
    undeclared: undeclared.filter((line) => !names.has(objectOf(line).name)),
    changed,
  };
}

/** The differences, one a line. `word` is what they are about: `right`, `object`. */
export function differenceLines(
  word: string,
  { missing, undeclared, changed }: Differences,
): string[] {
  return [
    ...missing.map((line) => `missing ${word}: ${line}`),
    ...undeclared.map((line) => `undeclared ${word}: ${line}`),
    ...changed.map(
      ({ name, expected, actual }) => `changed ${word}: ${name}: ${expected} => ${actual}`,
    ),
  ];
}
