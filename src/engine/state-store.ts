import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { createFile, syncDirectory } from "../system/write-file.ts";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { integrityProblem } from "./integrity.ts";
import { Journal, readJournal } from "./journal.ts";
import { StateLog } from "./state-log.ts";
import type { StateChange } from "./state-log.ts";
import { ifMissing, makePrivateDirectory, replaceFile } from "./files.ts";

/** Where a stack's state is: a directory in the layout of the Pulumi CLI's `file://` backend. */
export interface StateLocation {
  readonly backend: string;
  readonly project: string;
  readonly stack: string;
}

/** The journal's first entry: which checkpoint its changes start from. */
interface JournalHeader {
  readonly journal: 1;
  readonly base: string;
  /** Of the secrets in the changes: a new stack's is nowhere else yet. */
  readonly salt: string;
}

/** The journal's last entry: the checkpoint that holds all of it. */
interface JournalFold {
  readonly folded: string;
}

const NEW_STACK: Checkpoint = { resources: [], pending: [], salt: undefined, metadata: {} };

const checkpointFile = ({ backend, project, stack }: StateLocation): string =>
  join(backend, ".pulumi", "stacks", project, `${stack}.json`);

export const journalFile = (location: StateLocation): string =>
  `${checkpointFile(location)}.journal`;

export const lockDirectory = ({ backend, project, stack }: StateLocation): string =>
  join(backend, ".pulumi", "locks", "organization", project, stack);

export interface LoadedState {
  readonly checkpoint: Checkpoint;
  /** Names the file's text; empty for a stack without one. */
  readonly digest: string;
  /** Bytes of a crashed run's journal, whose changes `checkpoint` holds but the file does not; usually 0. */
  readonly journalSize: number;
  /** Whether the journal goes on, with damage, after what was taken from it. */
  readonly isDamaged: boolean;
}

/**
 * The state, with what a crashed run left in its journal. Changes nothing.
 *
 * @param options acceptLoss: takes a damaged journal up to its first damaged line. Default: it is refused
 * @throws TNT-302, TNT-303, TNT-304 as {@link parseCheckpoint}, TNT-307 when the journal belongs to another state,
 *   TNT-320 when it is damaged
 */
export async function loadState(
  location: StateLocation,
  { acceptLoss = false }: { readonly acceptLoss?: boolean } = {},
): Promise<LoadedState> {
  const file = checkpointFile(location);
  const compressed = [`${file}.gz`, `${file}.zst`].find((name) => existsSync(name));
  if (compressed !== undefined)
    throw new TenantryError("TNT-303", { file: compressed, feature: "a compressed state" });
  const text = await readFile(file, "utf8").catch(ifMissing(undefined));
  const checkpoint = text === undefined ? NEW_STACK : parseCheckpoint(text, file);
  const digest = text === undefined ? "" : digestOf(text);
  const journal = journalFile(location);
  const { entries, size, damagedLine: line } = await readJournal(journal);
  if (line !== undefined && !acceptLoss)
    throw new TenantryError("TNT-320", { journal, line, stack: location.stack });
  const [header, ...changes] = entries;
  const fold = changes.at(-1) as Partial<JournalFold> | undefined;
  const isDamaged = line !== undefined;
  if (header === undefined || fold?.folded === digest)
    return { checkpoint, digest, journalSize: 0, isDamaged };
  if ((header as Partial<JournalHeader>).base !== digest)
    throw new TenantryError("TNT-307", { file, journal });
  const log = new StateLog(checkpoint);
  for (const change of changes) log.apply(change as StateChange);
  const { salt } = header as JournalHeader;
  const whole = { ...checkpoint, salt, ...log.contents() };
  return { checkpoint: whole, digest, journalSize: size, isDamaged };
}

/** Keeps the state while it changes. Only for who holds the stack's lock. */
export class StateWriter {
  readonly #location: StateLocation;
  readonly #checkpoint: Checkpoint & { salt: string };
  readonly #log: StateLog;
  readonly #journal: Journal;

  private constructor(
    location: StateLocation,
    checkpoint: Checkpoint & { salt: string },
    digest: string,
  ) {
    this.#location = location;
    this.#checkpoint = checkpoint;
    this.#log = new StateLog(checkpoint);
    const header: JournalHeader = { journal: 1, base: digest, salt: checkpoint.salt };
    this.#journal = new Journal(journalFile(location), header);
  }

  /**
   * @param salt of the passphrase that seals the secrets
   * @throws TNT-306 when the folder cannot be written
   */
  static async open(
    location: StateLocation,
    { checkpoint, digest }: LoadedState,
    salt: string,
  ): Promise<StateWriter> {
    await writing(location, () => prepare(location));
    // One that was folded, or that was cut off before its first entry.
    await removeJournal(location);
    return new StateWriter(location, { ...checkpoint, salt }, digest);
  }

  /** Resolves when the change is on the disk. @throws TNT-306 */
  async record(change: StateChange): Promise<void> {
    this.#log.apply(change);
    await writing(this.#location, () => this.#journal.append(change));
  }

  /** For a change that matters only together with a later one: what was registered and is as it was. */
  note(change: StateChange): void {
    this.#log.apply(change);
    this.#journal.defer(change);
  }

  /**
   * Writes the checkpoint, if anything changed.
   *
   * @param isClean every operation came to its end
   * @throws TNT-321, TNT-306; then the journal stays, and holds all of it
   */
  async close(isClean: boolean): Promise<void> {
    await writing(this.#location, async () => {
      try {
        if (this.#journal.isEmpty) return;
        const [open] = isClean ? this.#log.openOperations : [];
        if (open) throw brokenState(this.#location, `${open.resource.urn} is still ${open.type}`);
        const checkpoint = { ...this.#checkpoint, ...this.#log.contents() };
        await fold(this.#location, checkpoint, (entry) => this.#journal.append(entry));
        await rm(journalFile(this.#location), { force: true });
      } finally {
        await this.#journal.close();
      }
    });
  }
}

/**
 * Writes a checkpoint that holds the journal's changes; the journal says so first, in case its removal fails.
 *
 * @throws TNT-321
 */
async function fold(
  location: StateLocation,
  checkpoint: Checkpoint & { salt: string },
  append: (entry: JournalFold) => Promise<void>,
): Promise<string> {
  const problem = integrityProblem(checkpoint.resources);
  if (problem !== undefined) throw brokenState(location, problem);
  const text = formatCheckpoint(checkpoint, location);
  const digest = digestOf(text);
  await append({ folded: digest });
  await replaceFile(checkpointFile(location), text);
  return digest;
}

/**
 * Writes the checkpoint that a crashed run could not write. Only for who holds the stack's lock.
 *
 * @throws TNT-321, TNT-306; then the journal stays
 */
export async function foldLeftover(
  location: StateLocation,
  state: LoadedState,
): Promise<LoadedState> {
  const { checkpoint, journalSize } = state;
  const { salt } = checkpoint;
  if (journalSize === 0 || salt === undefined) return state;
  const journal = new Journal(journalFile(location), undefined, journalSize);
  return await writing(location, async () => {
    try {
      const whole = { ...checkpoint, salt };
      const digest = await fold(location, whole, (entry) => journal.append(entry));
      await rm(journalFile(location));
      return { checkpoint, digest, journalSize: 0, isDamaged: false };
    } finally {
      await journal.close();
    }
  });
}

/**
 * Keeps a journal whose end will not be read as `.damaged`, beside it.
 *
 * @returns the file @throws TNT-306
 */
export async function keepDamagedJournal(location: StateLocation): Promise<string> {
  const kept = `${journalFile(location)}.damaged`;
  await writing(location, async () => {
    await copyFile(journalFile(location), kept);
    syncDirectory(dirname(kept));
  });
  return kept;
}

/** Removes a journal of which nothing is left to fold. Only for who holds the stack's lock. @throws TNT-306 */
export async function removeJournal(location: StateLocation): Promise<void> {
  await writing(location, () => rm(journalFile(location), { force: true }));
}

/** Whether changes wait that no other engine would see: as long as they do, the stack stays locked. */
export const hasJournal = (location: StateLocation): boolean => existsSync(journalFile(location));

async function prepare(location: StateLocation): Promise<void> {
  await makePrivateDirectory(dirname(checkpointFile(location)));
  const meta = join(location.backend, ".pulumi", "meta.yaml");
  if (!existsSync(meta)) createFile(meta, "version: 1\n", 0o600);
  syncDirectory(dirname(checkpointFile(location)));
}

const brokenState = (location: StateLocation, reason: string): TenantryError =>
  new TenantryError("TNT-321", {
    file: checkpointFile(location),
    journal: journalFile(location),
    reason,
  });

/** Runs what writes into the backend's directory. @throws TNT-306 */
export async function writing<T>(location: StateLocation, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof TenantryError) throw cause;
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new TenantryError("TNT-306", { file: checkpointFile(location), code }, { cause });
  }
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");
