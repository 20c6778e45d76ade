import { z } from "zod";
import { DEFAULT_POLICY } from "../core/fleet-plan.ts";
import { SHARE } from "../core/share.ts";
import type { Share } from "../core/share.ts";

const canaryRule = 'must be a list of tenant ids, or a share of the tenants such as "5%"';
const failuresRule = 'must be a whole number from 0, or a share of the tenants such as "1%"';
const waveRule = "must be a whole number from 1 to 10000";

const share = (error: string) =>
  z
    .string({ error })
    .regex(SHARE, { error })
    .transform((text) => text as Share);

/** How migrations reach the tenants. */
export const migrationSettings = z
  .strictObject(
    {
      canary: z
        .union([z.array(z.string({ error: "must be a tenant's id" })), share(canaryRule)], {
          error: canaryRule,
        })
        .default([])
        .meta({ description: "Tenants that get a migration first; if one fails, no other does." }),
      maxFailures: z
        .union([z.int(failuresRule).min(0, failuresRule), share(failuresRule)], {
          error: failuresRule,
        })
        .optional()
        .meta({ description: "The most tenants that may fail; then the rest is left as it is." }),
      wave: z
        .int(waveRule)
        .min(1, waveRule)
        .max(10_000, waveRule)
        .default(DEFAULT_POLICY.wave)
        .meta({ description: "Tenants a wave, after the canaries." }),
    },
    { error: "must be a mapping of keys to values" },
  )
  .prefault({})
  .meta({ description: "How tenants get new migrations." });
