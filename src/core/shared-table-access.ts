/** Who reaches the rows of a shared table, and what holds them back; see sql/partitions/access.sql. */
export interface SharedTableAccess {
  readonly name: string;
  readonly hasSecurity: boolean;
  readonly isForced: boolean;
  /** Whether the key is the transaction's value unless a row says another. */
  readonly hasDefault: boolean;
  /** Whether the application may read and write. */
  readonly isOpen: boolean;
  readonly policies: readonly {
    readonly name: string;
    /** Whether it is the one that shows everybody the rows of the transaction's value. */
    readonly isOwn: boolean;
    /** Whether it only takes away, or is for the owner and the backup role alone. */
    readonly isHarmless: boolean;
  }[];
  /** Rights that no policy holds back. */
  readonly passes: readonly string[];
}

/** Whether the application reaches a shared table as it must in a stack without tenant schemas. */
export const isShared = (access: SharedTableAccess): boolean =>
  access.hasDefault && access.isOpen && accessProblems(access).length === 0;

/** Whether it was once opened to the application; see sql/shared/row-level-security/enable.sql. */
export const wasShared = ({ policies }: SharedTableAccess): boolean =>
  policies.some(({ isOwn }) => isOwn);

/**
 * By what somebody who uses a shared table would get at rows of another value than the transaction's: everything at
 * once, each with the table's name.
 */
export function accessProblems(access: SharedTableAccess): string[] {
  const { name, hasSecurity, isForced, policies, passes } = access;
  return [
    ...(hasSecurity ? [] : ["it has no row level security"]),
    ...(isForced ? [] : ["its row level security is not forced"]),
    ...(policies.some(({ isOwn }) => isOwn) ? [] : ["it has no policy partition_isolation"]),
    ...policies
      .filter(({ isOwn, isHarmless }) => !isOwn && !isHarmless)
      .map((policy) => `its policy ${policy.name} shows more rows: a policy adds to the others`),
    ...passes.map((pass) => `${pass}, past its policies`),
  ].map((problem) => `shared.${name}: ${problem}`);
}
