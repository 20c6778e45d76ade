/** libpq's `sslmode`, less those that fall back to plain text when TLS fails. */
export const TLS_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** How connections to a server are encrypted, and what its certificate must prove. */
export interface Tls {
  readonly mode: TlsMode;
  /** PEM file of the authorities to trust, relative to the project. Without it, those that the programs know. */
  readonly ca?: string;
}

/** Whether connections to a host never leave this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3})$/i.test(host);
}
