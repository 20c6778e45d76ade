import stringWidth from "string-width";

/** A column of a table: its title and which side its values stand on. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

const pad = (text: string, width: number, align: Column["align"]): string => {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? space + text : text + space;
};

/**
 * A table as plain lines: a title line, then one line a row, columns two spaces apart. No boxes and no cut values, so
 * that `grep` and `awk` work on it.
 */
export function columns(titles: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const table = [titles.map(({ title }) => title), ...rows];
  const widths = titles.map((_, index) =>
    Math.max(...table.map((row) => stringWidth(row[index] ?? ""))),
  );
  return table.map((row) =>
    titles
      .map(({ align }, index) => pad(row[index] ?? "", widths[index] ?? 0, align))
      .join("  ")
      .trimEnd(),
  );
}
