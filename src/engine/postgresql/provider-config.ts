import { TLS_MODES } from "../../core/tls.ts";
import type { Tls, TlsMode } from "../../core/tls.ts";
import type { CheckFailure, CheckResult } from "../../protocol/resource-handler.ts";
import { mapProperties } from "../../protocol/values.ts";
import type { Properties } from "../../protocol/values.ts";

/** Where the cluster is and who logs in: the provider's arguments. */
export interface ProviderConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** For what belongs to the whole cluster, and for resources that name no database. */
  readonly database: string;
  /** Whether the catalog of passwords may be read. */
  readonly superuser: boolean;
  readonly tls: Tls;
}

/** What the stand-in understands; `version` and `pluginDownloadURL` are the engine's. */
const KNOWN = [
  ...["host", "port", "username", "password", "database", "sslmode", "sslrootcert", "superuser"],
  ...["connectTimeout", "maxConnections", "expectedVersion", "version", "pluginDownloadURL"],
];

const isTlsMode = (mode: unknown): mode is TlsMode => TLS_MODES.some((known) => known === mode);

/** Validates the provider's arguments and, as the official plugin does, keeps them all as texts. */
export function checkProviderConfig(news: Properties): CheckResult {
  const failures: CheckFailure[] = Object.keys(news)
    .filter((property) => !KNOWN.includes(property))
    .map((property) => ({
      property,
      reason: `The built-in stand-in for the postgresql plugin has no argument "${property}". Leave it out, or install Pulumi's own plugin.`,
    }));
  const { sslmode, port } = news;
  if (typeof sslmode === "string" && !isTlsMode(sslmode))
    failures.push({
      property: "sslmode",
      reason: `The built-in stand-in for the postgresql plugin cannot do sslmode "${sslmode}". Use one of ${TLS_MODES.join(", ")}, or install Pulumi's own plugin.`,
    });
  if (port !== undefined && !/^"?\d+"?$/.test(JSON.stringify(port)))
    failures.push({ property: "port", reason: `${JSON.stringify(port)} is not a port number.` });
  const inputs = mapProperties(news, (value) =>
    typeof value === "string" ? value : JSON.stringify(value),
  );
  return { inputs, failures };
}

/** Reads the arguments, texts or not. Left out: localhost, 5432, postgres, no password. */
export function providerConfig(args: Properties): ProviderConfig {
  const text = (name: string, otherwise: string): string => {
    const value = args[name];
    return typeof value === "string"
      ? value
      : JSON.stringify(value ?? otherwise).replace(/^"|"$/g, "");
  };
  return {
    host: text("host", "localhost"),
    port: Number(text("port", "5432")),
    user: text("username", "postgres"),
    password: text("password", ""),
    database: text("database", "postgres"),
    superuser: text("superuser", "true") === "true",
    tls: tlsOf(args),
  };
}

/** Left out: plain text. */
function tlsOf({ sslmode, sslrootcert }: Properties): Tls {
  const mode = isTlsMode(sslmode) ? sslmode : "disable";
  return typeof sslrootcert === "string" ? { mode, ca: sslrootcert } : { mode };
}
