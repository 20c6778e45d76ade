/** One record of pg_hba.conf; names are bare, quotes are put in when it is rendered. */
export interface HbaRule {
  readonly type: string;
  readonly databases: readonly string[];
  readonly users: readonly string[];
  /** None for `local`. */
  readonly address?: string;
  readonly method: string;
  readonly options: readonly string[];
}
