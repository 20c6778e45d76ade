import { containerHba } from "../core/container-hba.ts";
import { renderPgHba } from "../core/pg-hba.ts";
import type { Settings } from "./settings.ts";

/** pg_hba.conf of a stack's server, line by line: config/pg_hba.conf with the stack's names, and the target's own. */
export function hbaLines({ server }: Pick<Settings, "server">): string[] {
  const { hba, docker } = server;
  return renderPgHba(docker ? containerHba(hba, docker.gateway, docker.clients) : hba);
}
