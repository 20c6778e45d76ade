import { randomBytes } from "node:crypto";
import { quoteIdentifier, quoteLiteral } from "../core/identifier.ts";
import { scramVerifier } from "../core/scram.ts";
import type { Connection } from "../postgres/pool.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withLogin } from "./login.ts";

/**
 * Makes sure that a login works with its password; when only the old one does, changes it. The server sees no more
 * than the verifier, neither in the statement nor in its log.
 */
export async function ensurePassword(connection: Connection, oldPassword: string): Promise<void> {
  try {
    await withLogin(connection, () => Promise.resolve());
  } catch (error) {
    if (sqlstateOf(error) !== SQLSTATE.invalidPassword) throw error;
    const verifier = scramVerifier(connection.password, randomBytes(16));
    await withLogin({ ...connection, password: oldPassword }, (client) =>
      client.query(
        `alter role ${quoteIdentifier(connection.user)} password ${quoteLiteral(verifier)}`,
      ),
    );
  }
}
