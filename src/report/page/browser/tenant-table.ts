/** What a row shows in a column: a text, by which it is sorted too; or what it is sorted by, the text, and whether somebody should look. */
export type Cell = string | readonly [order: number, text: string, attention?: boolean];

/** The tenants as the page's script gets them. */
export interface TenantTable {
  /** Which columns hold numbers. */
  readonly numbers: readonly boolean[];
  readonly rows: readonly (readonly Cell[])[];
}
