import { randomBytes, randomInt } from "node:crypto";
import { rotationProblem } from "../core/rotation.ts";
import type { Rotation } from "../core/rotation.ts";
import { scramVerifier } from "../core/scram.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { secret, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { integer, object, optional, problemsOf, text } from "./check-properties.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 32 of 62 characters are 190 bits. */
const LENGTH = 32;

/** A password that needs no quoting anywhere: in URLs, shells, .env and .pgpass files. */
function randomPassword(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
}

/**
 * A role's random password and its SCRAM verifier, both secret. A new generation brings a new password. With `overlap`
 * the role keeps the one it has: new ones are for its members, which have resources of their own.
 */
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
        isPresent(news.overlap) || oldInputs.generation === news.generation
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
  const generation = integer(1, 1_000_000);
  const overlap = object({ generation, confirmed: optional(generation) });
  const failures = problemsOf(
    news,
    isPresent(news.overlap) ? { role: text, overlap } : { role: text, generation },
  );
  const before = rotationOf(olds);
  if (failures.length > 0 || before === undefined) return failures;
  const reason = rotationProblem(news.role as string, before, rotationOf(news) ?? before);
  return reason === undefined ? [] : [{ property: "generation", reason }];
}

/** What the inputs declare; nothing for a resource that is new. */
function rotationOf({ generation, overlap }: Properties): Rotation | undefined {
  if (isPresent(overlap)) {
    const { confirmed, ...rest } = overlap as unknown as Omit<Rotation, "overlap">;
    return { ...rest, overlap: true, ...(isPresent(confirmed) && { confirmed }) };
  }
  return isPresent(generation) ? { generation: Number(generation), overlap: false } : undefined;
}

const isPresent = <V>(value: V | null | undefined): value is V =>
  value !== null && value !== undefined;
