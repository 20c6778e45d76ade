import * as local from "../../engine/local-engine.ts";
import { parseUrn } from "../../protocol/urn.ts";
import type { UrnParts } from "../../protocol/urn.ts";
import type { StackFile } from "../../settings/stack-file.ts";
import type { Engine, Operation, RunOptions } from "./engine.ts";

export interface LocalEngineOptions {
  readonly root: string;
  readonly stackFile: StackFile;
  /** The directory of the `file://` backend. */
  readonly backend: string;
  readonly passphrase: string;
  /** Settings for want of any other. */
  readonly placeholders: Readonly<Record<string, string>>;
}

/** The project's own engine. */
export class LocalEngine implements Engine {
  readonly kind = "local";
  readonly #options: LocalEngineOptions;

  constructor(options: LocalEngineOptions) {
    this.#options = options;
  }

  async run(operation: Operation, run: RunOptions): Promise<void> {
    const { preview, targets, onEvent, signal } = run;
    const options = { ...this.#stack, onEvent, signal };
    if (operation === "refresh")
      await local.refresh({ ...options, previewOnly: preview, ...(targets && { targets }) });
    else if (operation === "destroy") await local.destroy({ ...options, previewOnly: preview });
    else if (preview) await local.preview(options);
    else await local.up(options);
  }

  async unprotect(isMeant: (resource: UrnParts) => boolean): Promise<readonly string[]> {
    const options = { ...this.#stack, onEvent: () => undefined };
    return await local.unprotect(options, (urn) => isMeant(parseUrn(urn)));
  }

  get #stack(): Omit<local.EngineOptions, "onEvent"> {
    const { stackFile, placeholders, ...place } = this.#options;
    const { stack, config, encryptionSalt } = stackFile;
    return {
      ...place,
      stack,
      config: { ...config, ...placeholders },
      ...(encryptionSalt !== undefined && { encryptionSalt }),
    };
  }

  async outputs(): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { stackFile, root, backend, passphrase } = this.#options;
    const place = { root, backend, passphrase };
    return await local.readStackOutputs({ ...place, stack: stackFile.stack, showSecrets: true });
  }
}
