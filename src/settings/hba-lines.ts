import { renderPgHba } from "../core/pg-hba.ts";
import type { Settings } from "./settings.ts";

/** pg_hba.conf of a stack's server, line by line: config/pg_hba.conf with the stack's names. */
export function hbaLines({ server }: Pick<Settings, "server">): string[] {
  return renderPgHba(server.hba);
}
