/** A shared table with its partitions; see sql/doctor/partitions.sql. */
export interface SharedTablePartitions {
  readonly name: string;
  /** Quoted, with its schema; null when there is none. */
  readonly defaultPartition: string | null;
  readonly mayHaveOrphans: boolean | null;
  readonly partitions: readonly {
    readonly schema: string;
    readonly name: string;
    readonly bound: string;
    /** Of the tenant whose schema it lies in; null when that is no tenant's. */
    readonly key: string | null;
  }[];
}

/** Rows of a DEFAULT partition. */
export interface Orphans {
  readonly partition: string;
  readonly key: string;
  readonly rows: number;
}
