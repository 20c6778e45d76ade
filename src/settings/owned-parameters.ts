/** Settings that follow from others of the stack, and where to change them. */
const OWNED: Readonly<Record<string, string>> = {
  listen_addresses: "the target",
  port: "server.port",
  max_connections: "server.connections",
};
/** Files and sockets have their place in the target; TLS comes with its files. */
const OWNED_BY_TARGET =
  /^(config_file|hba_file|ident_file|data_directory|external_pid_file|unix_socket_\w+|ssl(_\w+)?)$/;

/** Why a stack or config/postgresql.conf may not give this value to this PostgreSQL setting. */
export function parameterProblem(name: string, value: string): string | undefined {
  const owner = OWNED[name] ?? (OWNED_BY_TARGET.test(name) ? "the target" : undefined);
  if (owner !== undefined) return `is set by tenantry, from ${owner}: leave it out`;
  if (name === "password_encryption" && value !== "scram-sha-256") return "must be scram-sha-256";
  if (name === "shared_preload_libraries" && !/\bpg_stat_statements\b/.test(value))
    return "must hold pg_stat_statements, which the monitoring queries read";
  return undefined;
}
