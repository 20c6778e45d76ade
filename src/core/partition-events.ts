/**
 * What is told of partitions over `node:diagnostics_channel`, once it is committed: a message for each table, on the
 * channel of that name. The values of rows are never told.
 */
export interface PartitionEvents {
  /** A partition was made and attached. `count`: the rows it began with. */
  readonly "tenantry:partition.create": PartitionEvent;
  /** Orphans were moved out of the DEFAULT partition. `count`: how many. */
  readonly "tenantry:partition.populate": PartitionEvent;
  /** A partition was detached and dropped. `count`: the rows that went with it. */
  readonly "tenantry:partition.destroy": PartitionEvent;
}

export interface PartitionEvent {
  /** The shared table, without its schema. */
  readonly table: string;
  /** The value of the partition key. */
  readonly value: string;
  readonly count: number;
  /** In milliseconds: of the statements for this table. */
  readonly duration: number;
}
