/** The names of the roles of one stack. */
export interface RoleNames {
  /** NOLOGIN; owns every object and runs migrations. */
  readonly owner: string;
  /** The application: login, and the group that holds the rights on tenant schemas. */
  readonly user: string;
  /** Login with least privilege on `central`. */
  readonly app: string;
  /** Login that reads `central` and `parametros`. */
  readonly readonly: string;
  readonly monitor: string;
  readonly backup: string;
  /** Login for physical replication, only where it is wanted. */
  readonly replicator?: string;
}
