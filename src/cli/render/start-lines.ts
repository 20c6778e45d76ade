import { currentLogin } from "../../core/rotation.ts";
import type { Settings } from "../../settings/settings.ts";
import { counted } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { hang } from "./wrap.ts";

/** How many tenants are named. */
const NAMED = 12;

/** What a newcomer needs after the first start: where the database is, how to get in, what to try next. */
export function startLines(settings: Settings, width: number): Line[] {
  const { stack, database, server, tenants, roles, logins } = settings;
  const user = currentLogin(roles.user, logins.user).name;
  const option = stack === "dev" ? "" : ` --stack ${stack}`;
  const ids = tenants.map(({ id }) => id);
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  const facts = [
    ["database", `${database} on ${server.host}:${server.port}; it keeps running`],
    ["connect", `npx tenantry env${option}   (DB_HOST ... DB_PASSWORD, as ${user})`],
    [counted(ids.length, "tenant"), `${ids.slice(0, NAMED).join(", ")}${more}`],
    ["next", `npx tenantry add empresa_900 --company "Empresa 900 SpA"${option}`],
    ["", `npx tenantry up${option}`],
  ] as const;
  return [
    line(""),
    ...facts.flatMap(([title, text]) =>
      hang(`  ${title}`, text, 14, width).map((row) => line(row)),
    ),
  ];
}
