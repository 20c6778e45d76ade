import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TenantryError, messageOf } from "../../core/errors.ts";

/** Where the state of the stacks is kept. */
export interface Backend {
  /** As Pulumi takes it in PULUMI_BACKEND_URL. */
  readonly url: string;
  /** The directory of a `file://` backend; nothing for any other. */
  readonly directory: string | undefined;
}

/**
 * The state's place: PULUMI_BACKEND_URL, else `.tenantry/state` in the project. `file://~` and `file://./x` are Pulumi's
 * own forms, for the home directory and the working directory.
 */
export function resolveBackend(env: NodeJS.ProcessEnv, root: string): Backend {
  const url = env.PULUMI_BACKEND_URL ?? "";
  if (url === "") {
    const directory = join(root, ".tenantry", "state");
    return { url: pathToFileURL(directory).href, directory };
  }
  return { url, directory: url.startsWith("file://") ? fileDirectory(url, env) : undefined };
}

function fileDirectory(url: string, env: NodeJS.ProcessEnv): string {
  const rest = url.slice("file://".length).replace(/\?.*$/, "");
  if (rest.startsWith("~")) return join(env.HOME ?? "", rest.slice(1));
  if (!rest.startsWith("/")) return resolve(rest);
  try {
    return fileURLToPath(url.replace(/\?.*$/, ""));
  } catch (error) {
    throw new TenantryError("TNT-603", { url, reason: messageOf(error) }, { cause: error });
  }
}
