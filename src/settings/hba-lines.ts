import { containerHba } from "../core/container-hba.ts";
import { renderPgHba } from "../core/pg-hba.ts";
import type { Settings } from "./settings.ts";

/** pg_hba.conf of a stack's server, line by line: config/pg_hba.conf with the stack's names, and the target's own. */
export function hbaLines({ server }: Pick<Settings, "server">): string[] {
  const { hba, docker, host } = server;
  if (docker === undefined) return renderPgHba(hba);
  const published = host === docker.address ? [host] : [];
  return renderPgHba(containerHba(hba, [docker.gateway, ...published], docker.clients));
}
