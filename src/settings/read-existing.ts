import type { z } from "zod";
import { platformRoles } from "../core/roles.ts";
import type { RoleNames } from "../core/roles.ts";
import { isLoopback } from "../core/tls.ts";
import type { Tls } from "../core/tls.ts";
import type { settingsDefinition } from "./definition.ts";
import type { Problem } from "./problem.ts";
import { ADMINISTRATOR } from "./settings.ts";
import type { ExistingSettings, ServerLogin } from "./settings.ts";
import type { YamlSource } from "./settings-source.ts";
import { problemAt } from "./sound-part.ts";

type Written = Pick<z.output<typeof settingsDefinition>, "target" | "server">;
type WrittenTls = Written["server"]["tls"];

/** What only an existing server has, and what only one of our making has. */
const ITS_OWN = ["host", "administrator", "maintenanceDatabase", "tls", "without"];
const OF_OUR_MAKING = ["memory", "connections", "capacity", "restartPolicy"];

const MAINTENANCE_DATABASE = "postgres";

/** Into a server of our making: this machine reaches it without a network, and the administrator is the superuser. */
export const OUR_LOGIN: ServerLogin = {
  user: ADMINISTRATOR,
  database: MAINTENANCE_DATABASE,
  tls: { mode: "disable" },
};

interface ReadExisting {
  readonly host: string;
  readonly login: ServerLogin;
  readonly existing: ExistingSettings;
}

/** How a server of the target existing is reached, and what the stack does without; another target has none. */
export function readExisting(
  { target, server }: Written,
  stackFile: YamlSource,
  roles: RoleNames,
): { settings?: ReadExisting; problems: Problem[] } {
  const isExisting = target === "existing";
  const written = Object.keys((stackFile.value as { server?: object }).server ?? {});
  const strangers = (isExisting ? OF_OUR_MAKING : ITS_OWN)
    .filter((key) => written.includes(key))
    .map((key) => {
      const rule = isExisting
        ? "is for a server that tenantry makes, and the target is existing: leave it out"
        : `is for the target existing, and the target is ${target}: leave it out`;
      return problemAt(stackFile, ["server", key], { rule });
    });
  if (!isExisting) return { problems: strangers };

  const { host, administrator, maintenanceDatabase, tls, without = [] } = server;
  const missing = [
    ["host", "must be the host that the server is on, for the target existing"],
    ["administrator", "must be the role that makes everything else, for the target existing"],
  ]
    .filter(([key = ""]) => !written.includes(key))
    .map(([key = "", rule = ""]) =>
      problemAt(stackFile, ["server", key], { rule, value: undefined }),
    );
  const login = {
    user: administrator ?? ADMINISTRATOR,
    database: maintenanceDatabase ?? MAINTENANCE_DATABASE,
    tls: tlsOf(tls, host),
  };
  const clash = platformRoles(roles).some(({ name }) => name === administrator)
    ? [{ value: administrator, rule: "is also one of the stack's roles: it must be another one" }]
    : [];
  return {
    settings: { host: host ?? "", login, existing: { without } },
    problems: [
      ...strangers,
      ...missing,
      ...clash.map((problem) => problemAt(stackFile, ["server", "administrator"], problem)),
      ...tlsRules(login.tls).map((problem) => problemAt(stackFile, ["server", "tls"], problem)),
    ],
  };
}

/** Without a word, the whole proof; on this machine nobody stands between. */
function tlsOf({ mode, ca }: NonNullable<WrittenTls> = {}, host = ""): Tls {
  const usual = ca === undefined && isLoopback(host) ? "disable" : "verify-full";
  return { mode: mode ?? usual, ...(ca !== undefined && { ca: `stacks/${ca}` }) };
}

function tlsRules({ mode, ca }: Tls): { rule: string }[] {
  if (mode === "verify-ca" && ca === undefined)
    return [
      {
        rule: "has the mode verify-ca and no ca: any authority's certificate would do. Add ca, or use verify-full",
      },
    ];
  if ((mode === "disable" || mode === "require") && ca !== undefined)
    return [
      {
        rule: `has a ca, which the mode ${mode} does not look at: use verify-full, or leave it out`,
      },
    ];
  return [];
}
