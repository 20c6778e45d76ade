import type { ClientBase } from "pg";
import { TenantryError } from "../../core/errors.ts";
import type { RegistryRow } from "../../core/tenant-snapshot.ts";
import { bookedArchives } from "./list-archives.ts";
import type { BookedArchive } from "./list-archives.ts";
import type { ArchiveStore } from "./store/archive-store.ts";

/**
 * The proven archive of a tenant that is to be dropped, once it is sure that the file is there and is that one.
 *
 * @throws {TenantryError} TNT-412 when there is none, TNT-703 when its file cannot be read, TNT-707 when it is another
 *   file
 */
export async function requireArchive(
  client: ClientBase,
  store: ArchiveStore,
  { id, key }: Pick<RegistryRow, "id" | "key">,
): Promise<BookedArchive> {
  const archive = (await bookedArchives(client, key)).find(({ provenAt }) => provenAt !== null);
  if (archive === undefined) throw new TenantryError("TNT-412", { id });
  const { location, checksum } = archive;
  const found = await store.checksum(location);
  if (found !== checksum) throw new TenantryError("TNT-707", { file: location, checksum, found });
  return archive;
}
