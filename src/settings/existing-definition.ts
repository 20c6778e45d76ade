import { z } from "zod";
import { WAIVABLE } from "../core/capabilities.ts";
import { TLS_MODES } from "../core/tls.ts";
import { choice, fileBelowStacks, hostRule, mapping } from "./definition-rules.ts";

const tls = z.strictObject(
  {
    mode: choice(TLS_MODES)
      .optional()
      .meta({ description: "As libpq's sslmode. Default: verify-full; on this machine, disable." }),
    ca: fileBelowStacks("(pem|crt)", "certificate", "certificates/authority.pem")
      .optional()
      .meta({ description: "PEM, below stacks/: the authority that signed its certificate." }),
  },
  { error: mapping },
);

/** What only a server has that was there before. */
export const existingServer = {
  host: z
    .union([z.ipv4(hostRule), z.hostname(hostRule)], hostRule)
    .optional()
    .meta({ description: "For the target existing: where the server is." }),
  administrator: z
    .string({ error: "must be a role's name" })
    .regex(/^[^\p{Cc}]{1,63}$/u, { error: "must be 1 to 63 characters on one line" })
    .optional()
    .meta({ description: "For the target existing: the role that makes everything else." }),
  maintenanceDatabase: z
    .string({ error: "must be a database's name" })
    .regex(/^[^\p{Cc}]{1,63}$/u, { error: "must be 1 to 63 characters on one line" })
    .optional()
    .meta({ description: "Where the administrator logs in first. Default: postgres." }),
  tls: tls.optional(),
  without: z
    .array(choice(WAIVABLE), { error: "must be a list" })
    .optional()
    .meta({ description: "What this stack does without, since its administrator may not." }),
};
