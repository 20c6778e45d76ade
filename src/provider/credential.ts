import { randomBytes, randomInt } from "node:crypto";
import { scramVerifier } from "../core/scram.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { secret, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { integer, problemsOf, text } from "./check-properties.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 32 of 62 characters are 190 bits. */
const LENGTH = 32;

/** A password that needs no quoting anywhere: in URLs, shells, .env and .pgpass files. */
function randomPassword(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
}

/** A role's random password and its SCRAM verifier, both secret. A new generation brings a new password. */
export function credentialHandler(): ResourceHandler {
  const make = (inputs: Properties, preview: boolean): Properties => {
    const password = preview ? UNKNOWN : randomPassword();
    const verifier = preview ? UNKNOWN : scramVerifier(password, randomBytes(16));
    return { ...inputs, password: secret(password), verifier: secret(verifier) };
  };
  return {
    check: ({ olds, news }) => checkInputs(olds, news),
    diff: ({ oldInputs, news }) => ({ detailedDiff: detailedDiff(oldInputs, news) }),
    create: ({ inputs, preview }) =>
      Promise.resolve({ id: inputs.role as string, outputs: make(inputs, preview) }),
    update: ({ oldInputs, olds, news, preview }) =>
      Promise.resolve(
        oldInputs.generation === news.generation
          ? {
              ...news,
              password: secret(olds.password ?? UNKNOWN),
              verifier: secret(olds.verifier ?? UNKNOWN),
            }
          : make(news, preview),
      ),
    read: ({ id, inputs, outputs }) => Promise.resolve({ id, inputs, outputs }),
    delete: () => Promise.resolve(),
  };
}

function checkInputs(olds: Properties, news: Properties): CheckFailure[] {
  const failures = problemsOf(news, { role: text, generation: integer(1, 1_000_000) });
  if (failures.length > 0 || Number(olds.generation ?? 0) <= Number(news.generation))
    return failures;
  return [
    {
      property: "generation",
      reason: `generation of ${news.role as string} cannot go back from ${Number(olds.generation)} to ${Number(news.generation)}: old passwords do not come back. Raise it for a new one.`,
    },
  ];
}
