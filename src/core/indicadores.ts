/** The indicators of `parametros.indicadores`. UF has a value for each day, the others one for each month. */
export const INDICADORES = ["UF", "UTM", "IPC"] as const;

/** One value of an indicator: a row of `parametros.indicadores`. */
export interface Indicador {
  readonly indicador: (typeof INDICADORES)[number];
  /** `YYYY-MM-DD`; for UTM and IPC the first day of their month. */
  readonly fecha: string;
  /** A decimal as text, so that no digit is lost: pesos for UF and UTM, percent for IPC. */
  readonly valor: string;
}

/** What is wrong with one line of a file; lines count from 1. */
export interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

/** The rows of a CSV, or everything that is wrong with it: never both. */
export interface ParsedIndicadores {
  readonly rows: readonly Indicador[];
  readonly problems: readonly LineProblem[];
}

const HEADER = ["indicador", "fecha", "valor"] as const;

/** What numeric(12, 4) of the table holds. */
const DECIMAL = /^-?\d{1,8}(\.\d{1,4})?$/;

/**
 * Reads a CSV with the header `indicador,fecha,valor`, for example `UF,2026-01-31,39485.65`. Spreadsheets set up for
 * Chile write semicolons, and then a decimal comma: both forms are taken. Blank lines are skipped.
 */
export function parseIndicadores(text: string): ParsedIndicadores {
  const [header = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const separator = header.includes(";") ? ";" : ",";
  if (fieldsOf(header, separator).join().toLowerCase() !== HEADER.join())
    return failed(1, `the header must be ${HEADER.join()} (or with semicolons)`);

  const rows: Indicador[] = [];
  const problems: LineProblem[] = [];
  const firstLines = new Map<string, number>();
  for (const [index, content] of lines.entries()) {
    if (content.trim() === "") continue;
    const line = index + 2;
    const fields = fieldsOf(content, separator);
    if (fields.length !== HEADER.length) {
      problems.push({ line, problem: `has ${fields.length} fields instead of ${HEADER.length}` });
      continue;
    }
    const [indicador = "", fecha = "", written = ""] = fields;
    const valor = separator === ";" ? written.replace(",", ".") : written;
    const key = `${indicador} ${fecha}`;
    const first = firstLines.get(key);
    if (first === undefined) firstLines.set(key, line);
    else problems.push({ line, problem: `gives ${key} again, after line ${first}` });
    problems.push(
      ...problemsOf(indicador, fecha, valor, written).map((problem) => ({ line, problem })),
    );
    rows.push({ indicador: indicador as Indicador["indicador"], fecha, valor });
  }
  if (problems.length > 0) return { rows: [], problems };
  return rows.length === 0 ? failed(1, "no line follows the header") : { rows, problems };
}

const failed = (line: number, problem: string): ParsedIndicadores => ({
  rows: [],
  problems: [{ line, problem }],
});

/** No field needs quotes, but some spreadsheets write them around every one. */
const fieldsOf = (line: string, separator: string): string[] =>
  line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));

function problemsOf(indicador: string, fecha: string, valor: string, written: string): string[] {
  const problems: string[] = [];
  if (!INDICADORES.some((known) => known === indicador))
    problems.push(
      `indicador is ${JSON.stringify(indicador)}: allowed are ${INDICADORES.join(", ")}`,
    );
  if (!isDate(fecha))
    problems.push(`fecha is ${JSON.stringify(fecha)}: a date as YYYY-MM-DD is needed`);
  else if ((indicador === "UTM" || indicador === "IPC") && !fecha.endsWith("-01"))
    problems.push(`fecha is ${fecha}: a monthly indicator is dated the first day of its month`);
  if (!DECIMAL.test(valor))
    problems.push(
      `valor is ${JSON.stringify(written)}: a number without thousands separators is needed, with up to 8 digits and 4 decimals`,
    );
  else if ((indicador === "UF" || indicador === "UTM") && Number(valor) <= 0)
    problems.push(`valor is ${written}: it must be above zero`);
  return problems;
}

function isDate(text: string): boolean {
  if (!/^(19|20)\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
