/** A setting of postgresql.conf and where it stands. */
export interface ConfSetting {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** A line that PostgreSQL, or tenantry, would not take. */
export interface ConfProblem {
  readonly line: number;
  readonly rule: string;
}

// The grammar of PostgreSQL's guc-file.l.
const NAME = /^[A-Za-z_][A-Za-z0-9_$]*(?:\.[A-Za-z_][A-Za-z0-9_$]*)?/;
const VALUE = /^(?:'(?<quoted>(?:[^'\\]|\\.|'')*)'|(?<bare>[-+A-Za-z0-9_.:/$]+))/;
const INCLUDES = ["include", "include_if_exists", "include_dir"];

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

const unquote = (text: string): string =>
  text.replace(/''|\\([0-7]{1,3}|.)/g, (match, escaped: string | undefined) => {
    if (escaped === undefined) return match.slice(1);
    return /^[0-7]/.test(escaped)
      ? String.fromCharCode(parseInt(escaped, 8))
      : (ESCAPES[escaped] ?? escaped);
  });

function parseLine(text: string, line: number): ConfSetting | ConfProblem | undefined {
  const content = text.trim();
  if (content === "" || content.startsWith("#")) return undefined;
  const name = NAME.exec(content)?.[0];
  if (name === undefined) return { line, rule: "needs a setting's name at its start" };
  if (INCLUDES.includes(name.toLowerCase()))
    return { line, rule: "includes another file: write its settings here instead" };
  const rest = content.slice(name.length).replace(/^\s*=?\s*/, "");
  const value = VALUE.exec(rest);
  if (value === null)
    return { line, rule: `needs a value after ${name}, quoted unless it is one word` };
  const { quoted, bare } = value.groups ?? {};
  const after = rest.slice(value[0].length).trim();
  if (after !== "" && !after.startsWith("#"))
    return { line, rule: `has more than one value after ${name}: put the value in single quotes` };
  return {
    name: name.toLowerCase(),
    value: quoted === undefined ? (bare ?? "") : unquote(quoted),
    line,
  };
}

/** Reads PostgreSQL's own syntax: `name = value # comment`, quotes and escapes included. Names come in lower case. */
export function parsePostgresqlConf(text: string): {
  settings: ConfSetting[];
  problems: ConfProblem[];
} {
  const settings: ConfSetting[] = [];
  const problems: ConfProblem[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const parsed = parseLine(lineText, index + 1);
    if (parsed === undefined) continue;
    if ("rule" in parsed) problems.push(parsed);
    else {
      const first = settings.find(({ name }) => name === parsed.name);
      if (first === undefined) settings.push(parsed);
      else
        problems.push({
          line: parsed.line,
          rule: `sets ${parsed.name} again, after line ${first.line}`,
        });
    }
  }
  return { settings, problems };
}

const quote = (value: string): string =>
  `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`;

/** Writes settings in PostgreSQL's syntax, one a line, every value quoted. */
export function renderPostgresqlConf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${quote(value)}\n`)
    .join("");
}
