/** Where a server in a container has what it is given. */
export const CONTAINER = {
  config: "/etc/postgresql",
  tls: "/etc/tenantry-tls",
  password: "/run/secrets/pg_password",
  data: "/var/lib/postgresql/data",
} as const;

/** The files of its TLS folder. */
export const TLS_FILES = {
  certificate: "server.crt",
  key: "server.key",
  /** The stack's own authority; the server does not read it, clients do. */
  authority: "ca.crt",
} as const;

/** The settings that make a server in a container offer TLS; both files are read again at a reload. */
export const TLS_PARAMETERS = {
  ssl: "on",
  ssl_cert_file: `${CONTAINER.tls}/${TLS_FILES.certificate}`,
  ssl_key_file: `${CONTAINER.tls}/${TLS_FILES.key}`,
  // PostgreSQL's own default, written down: nothing older is safe (RFC 8996).
  ssl_min_protocol_version: "TLSv1.2",
} as const;
