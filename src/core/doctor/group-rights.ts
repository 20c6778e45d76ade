/** Puts rights on the same place for the same role into one line: `insert, select on table payroll to public`. */
export function groupRights(lines: readonly string[]): string[] {
  const places = Map.groupBy(lines, (line) => line.slice(line.indexOf(" on ")));
  return [...places].map(([place, rights]) => {
    const privileges = rights.map((line) => line.slice(0, line.length - place.length));
    return `${privileges.toSorted().join(", ")}${place}`;
  });
}
