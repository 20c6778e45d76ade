import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { secret, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { certificateProblems, expiryOf, fingerprintOf } from "../server/certificate.ts";
import { containerPlace } from "../server/container-files.ts";
import { explainFileErrors } from "../server/file-error.ts";
import { makeAuthority, makeServerCertificate } from "../server/private-certificate.ts";
import type { KeyPair } from "../server/private-certificate.ts";
import { removeTlsFiles, tlsFilesFingerprint, writeTlsFiles } from "../server/tls-files.ts";
import {
  integer,
  listOf,
  object,
  optional,
  problemsOf,
  secretText,
  text,
} from "./check-properties.ts";
import type { Session } from "./session.ts";

interface TlsFilesInputs {
  readonly directory: string;
  readonly image: string;
  /** A certificate that people have, and its key. */
  readonly given?: KeyPair;
  /** Without one: what the stack's own authority certifies. */
  readonly made?: { readonly stack: string; readonly names: string[]; readonly generation: number };
}

interface TlsFilesOutputs extends TlsFilesInputs {
  readonly fingerprint: string;
  readonly certificate: string;
  readonly key: string;
  readonly authority?: KeyPair;
}

const asInputs = (properties: Properties): TlsFilesInputs =>
  properties as unknown as TlsFilesInputs;
const asOutputs = (properties: Properties): TlsFilesOutputs =>
  properties as unknown as TlsFilesOutputs;

/** A certificate is made anew by the first `up` in its last 30 days, as ACME clients do. */
const RENEWAL_MS = 30 * 86_400_000;

const expiresSoon = (certificate: string): boolean =>
  expiryOf(certificate).getTime() < Date.now() + RENEWAL_MS;

/** The certificate of a server in a container, given or made, and its files on this machine. */
export function tlsFilesHandler(session: Session): ResourceHandler {
  return {
    check: ({ news }) => checkInputs(news),
    diff: ({ oldInputs, olds, news }) => {
      const old = asOutputs(olds);
      const found = { diffKind: "update", inputDiff: false } as const;
      return {
        detailedDiff: {
          ...detailedDiff(oldInputs, news),
          ...(old.made && expiresSoon(old.certificate) && { expiry: found }),
          ...(old.fingerprint !== fingerprintOf(old.certificate) && { fingerprint: found }),
        },
      };
    },
    create: async ({ inputs, preview }) => ({
      id: asInputs(inputs).directory,
      outputs: await write(inputs, undefined, preview),
    }),
    update: ({ olds, news, preview }) => write(news, asOutputs(olds), preview),
    read: ({ id, inputs, outputs }) => {
      const { tls } = containerPlace(asInputs(outputs).directory);
      const fingerprint = tlsFilesFingerprint(tls) ?? "";
      return Promise.resolve({ id, inputs, outputs: { ...outputs, fingerprint } });
    },
    delete: ({ olds }) => {
      // Elsewhere the server goes on, and needs them.
      if (session.configuration.disposable)
        removeTlsFiles(containerPlace(asInputs(olds).directory).tls);
      return Promise.resolve();
    },
  };
}

async function write(
  inputs: Properties,
  old: TlsFilesOutputs | undefined,
  preview: boolean,
): Promise<Properties> {
  const declared = asInputs(inputs);
  const { tls } = containerPlace(declared.directory);
  const common = { ...inputs, tlsDirectory: tls };
  const known = declared.given ?? stillDeclared(declared, old);
  if (preview && known === undefined)
    return {
      ...common,
      fingerprint: UNKNOWN,
      certificate: UNKNOWN,
      key: secret(UNKNOWN),
      authorityCertificate: UNKNOWN,
      authority: secret(UNKNOWN),
    };
  const files: Certified = known ?? (await certify(declared, old));
  if (!preview) await explainFileErrors(() => writeTlsFiles(tls, declared.image, files));
  const { certificate, key, authority } = files;
  return {
    ...common,
    fingerprint: fingerprintOf(certificate),
    certificate,
    key: secret(key),
    ...(authority && {
      authorityCertificate: authority.certificate,
      authority: secret({ ...authority }),
    }),
  };
}

/** A certificate, and the authority of the stack that made it. */
interface Certified extends KeyPair {
  readonly authority?: KeyPair;
}

/** The certificate that was made before, where nothing asks for another. */
function stillDeclared(
  { made }: TlsFilesInputs,
  old: TlsFilesOutputs | undefined,
): Certified | undefined {
  if (made === undefined || old?.authority === undefined) return undefined;
  const isAsked = JSON.stringify(old.made) !== JSON.stringify(made);
  return isAsked || expiresSoon(old.certificate) ? undefined : old;
}

/** A new certificate, of the authority that clients know already if it lasts. */
async function certify(
  { made }: TlsFilesInputs,
  old: TlsFilesOutputs | undefined,
): Promise<Certified> {
  const { stack = "", names = [] } = made ?? {};
  const kept = old?.authority;
  const lasts = kept !== undefined && !expiresSoon(kept.certificate);
  const authority = lasts ? kept : await makeAuthority(stack);
  return { ...(await makeServerCertificate(authority, names)), authority };
}

function checkInputs(news: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    directory: text,
    image: text,
    given: optional(object({ certificate: text, key: secretText })),
    made: optional(object({ stack: text, names: listOf(text), generation: integer(1, 1_000_000) })),
  });
  if (failures.length > 0) return failures;
  const { given, made } = asInputs(news);
  if ((given === undefined) === (made === undefined))
    return [{ property: "given", reason: "One of given and made has to be there, not both." }];
  if (given === undefined || given.key === UNKNOWN) return [];
  const { certificate, key } = certificateProblems(given);
  return [
    ...(certificate === undefined
      ? []
      : [{ property: "given.certificate", reason: `The certificate ${certificate}.` }]),
    ...(key === undefined
      ? []
      : [{ property: "given.key", reason: `The secret tenantry:tlsKey ${key}.` }]),
  ];
}
