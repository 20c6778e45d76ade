import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeAuthority, makeServerCertificate } from "../../src/server/private-certificate.ts";

/** Files in PEM form. */
export interface Certificates {
  /** The authority's certificate. */
  readonly ca: string;
  /** A server's certificate that this authority signed, and its key. */
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority, and a server's certificate for a host. */
export async function makeCertificates(directory: string, host: string): Promise<Certificates> {
  const authority = await makeAuthority("of a test");
  const server = await makeServerCertificate(authority, [host]);
  const write = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text, { mode: 0o644 });
    return join(directory, name);
  };
  return {
    ca: write("ca.pem", authority.certificate),
    certificate: write("server.pem", server.certificate),
    key: write("server.key", server.key),
  };
}
