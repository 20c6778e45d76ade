import { resolve } from "node:path";
import { isInBucket } from "../core/archive-location.ts";
import { archiveSecrets } from "../fleet/archive/store/archive-secrets.ts";
import { ArchiveStore } from "../fleet/archive/store/archive-store.ts";
import type { Settings } from "../settings/settings.ts";
import { stackSecret } from "./stack-secrets.ts";
import type { StackSecretsPlace } from "./stack-secrets.ts";

/** The store of a stack's archives. Its secrets are decrypted when the first archive needs them. */
export function archiveStore(
  place: StackSecretsPlace,
  { archives, bucketAccess }: Pick<Settings, "archives" | "bucketAccess">,
): ArchiveStore {
  let secrets: ReturnType<typeof readSecrets> | undefined;
  return new ArchiveStore({
    place: isInBucket(archives) ? archives : resolve(place.root, archives),
    bucketAccess,
    secrets: () => (secrets ??= readSecrets(place)),
  });
}

async function readSecrets(place: StackSecretsPlace) {
  const found = {
    archivePassphrase: await stackSecret("archivePassphrase", place),
    formerArchivePassphrases: await stackSecret("formerArchivePassphrases", place),
    archiveSecretKey: await stackSecret("archiveSecretKey", place),
  };
  return archiveSecrets(found, place.env);
}
