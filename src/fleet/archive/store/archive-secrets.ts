/** What opens the archives of a stack, and the bucket that they are in. */
export interface ArchiveSecrets {
  /** New archives are encrypted with it. Default: they are not encrypted. */
  readonly passphrase?: string | undefined;
  /** Others that open archives. */
  readonly otherPassphrases?: readonly string[];
  /** Of the bucket's access key. */
  readonly secretKey?: string | undefined;
}

/** The secrets as a stack has them. */
interface StackSecrets {
  readonly archivePassphrase?: string | undefined;
  readonly formerArchivePassphrases?: string | undefined;
  readonly archiveSecretKey?: string | undefined;
}

/**
 * The secrets as the store takes them. `TENANTRY_ARCHIVE_PASSPHRASE` opens an archive of another stack; nothing is
 * encrypted with it.
 */
export function archiveSecrets(
  { archivePassphrase, formerArchivePassphrases = "", archiveSecretKey }: StackSecrets,
  { TENANTRY_ARCHIVE_PASSPHRASE: foreign = "" }: NodeJS.ProcessEnv,
): ArchiveSecrets {
  const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== "");
  return {
    // A file that a secret was set from may end with a line's end.
    passphrase: archivePassphrase?.replace(/\r?\n$/, ""),
    otherPassphrases: [...lines(formerArchivePassphrases), ...lines(foreign)],
    secretKey: archiveSecretKey?.trim(),
  };
}
