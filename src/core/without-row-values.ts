/** PostgreSQL's words about a statement that failed. */
export interface ServerWords {
  readonly code: string | undefined;
  readonly message: string;
  readonly detail: string | undefined;
}

/** Classes of SQLSTATE whose details name objects and definitions, and never a row: appendix A of the manual. */
const ABOUT_DEFINITIONS = ["0A", "2B", "3D", "3F", "42", "55"];

/** A class whose messages quote the value itself: `invalid input syntax for type integer: "..."`. */
const DATA_EXCEPTION = "22";

/**
 * What PostgreSQL said, without what stands in rows: names of tables, columns and constraints stay, and so do the
 * columns of a key whose values collide. What a migration says by RAISE stays as its author wrote it, less its detail.
 */
export function withoutRowValues({
  code = "",
  message,
  detail,
}: ServerWords): Omit<ServerWords, "code"> {
  const kind = code.slice(0, 2);
  return {
    message: kind === DATA_EXCEPTION ? withoutValue(message) : message,
    detail: ABOUT_DEFINITIONS.includes(kind) ? detail : keyOf(detail),
  };
}

/** From the first quote to the last one, since a value may hold quotes; and bytes that are no text. */
const withoutValue = (message: string): string =>
  message.replace(/".*"/s, '"[value]"').replaceAll(/0x[0-9a-f]{2}(?: 0x[0-9a-f]{2})*/gi, "[value]");

/** The columns stand before the values, in `Key (rut)=(12345678-5) already exists.` */
function keyOf(detail: string | undefined): string | undefined {
  const columns = /^Key \((.*?)\)=\(/s.exec(detail ?? "")?.[1];
  return columns === undefined ? undefined : `Key (${columns}).`;
}
