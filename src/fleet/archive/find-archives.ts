import { parseArchiveName } from "../../core/archive-location.ts";
import type { FleetContext } from "../context.ts";
import { listArchives } from "./list-archives.ts";
import type { BookedArchive } from "./list-archives.ts";

/** An archive that lies where new ones go, and that no book names. */
export interface UnbookedArchive {
  /** Whose it is by its name; the books may not know such a tenant. */
  readonly id: string;
  readonly location: string;
  /** By its name. */
  readonly createdAt: Date;
}

/** All archives that can be found. */
export interface FoundArchives {
  readonly booked: readonly BookedArchive[];
  /** The newest first. */
  readonly unbooked: readonly UnbookedArchive[];
}

/**
 * The archives in the books, and whole ones beside them, which a program left that was killed after it had written one
 * and before it noted it. Another stack's, in the same place, are among them.
 *
 * @throws {TenantryError} TNT-703 when the place does not tell, TNT-415 when the database has no books
 */
export async function findArchives(ctx: FleetContext): Promise<FoundArchives> {
  // In this order: an archive that is written meanwhile is in the books by then.
  const locations = await ctx.archives.list();
  const booked = await listArchives(ctx);
  const known = new Set(booked.map(({ location }) => location));
  const unbooked = locations.flatMap((location): UnbookedArchive[] => {
    const name = parseArchiveName(location);
    return name === undefined || known.has(location) ? [] : [{ ...name, location }];
  });
  return {
    booked,
    unbooked: unbooked.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()),
  };
}
