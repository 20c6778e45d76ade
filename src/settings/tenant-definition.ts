import { z } from "zod";
import { tenantIdProblem } from "../core/name-rules.ts";
import { choice, mapping, name, retention, whole } from "./definition-rules.ts";

const id = name(tenantIdProblem).meta({
  description: "Names the tenant's schema, tenant_<id>. Another id takes renamedFrom.",
  examples: ["empresa_900"],
});

const companyRule = { error: "must be 1 to 200 characters on one line", abort: true };

const tenantObject = z.strictObject(
  {
    id,
    company: z
      .string({ error: "must be a text" })
      .min(1, companyRule)
      .max(200, companyRule)
      .regex(/\S/, companyRule)
      .refine((text) => !/\p{Cc}/u.test(text), companyRule)
      .optional()
      .meta({ description: "The company's name, for people. Default: the id." }),
    state: choice(["active", "suspended", "retired"])
      .default("active")
      .meta({ description: "A retired tenant's line may be removed, which drops its schema." }),
    isolation: choice(["shared", "strict"])
      .optional()
      .meta({ description: "Default: the stack's isolation." }),
    pin: whole(1, 999_999)
      .optional()
      .meta({ description: "The last migration this tenant gets. Default: all." }),
    renamedFrom: id.optional().meta({
      description: "The id that the tenant had before. It may be left out once it has the new one.",
    }),
    restore: z
      .string({ error: "must be a file's path" })
      .regex(/^[^\0]+\.tar\.(zst|gz)(\.pgp)?$/, {
        error:
          "must be the path of an archive, which ends in .tar.zst or .tar.gz, with .pgp after it when it is encrypted",
      })
      .optional()
      .meta({
        description:
          "An archive that a new tenant begins with: a path, absolute or relative to the project, or s3://...",
      }),
    clone: z
      .strictObject(
        {
          from: id.meta({ description: "The tenant that a new one is a copy of." }),
          data: choice(["none", "masked", "full"]).meta({
            description:
              "none: its tables, empty. masked: its rows, with the values that config/masking.yaml replaces. full: its rows.",
          }),
        },
        { error: mapping },
      )
      .optional()
      .meta({ description: "Another tenant that a new one begins as a copy of." }),
    retention: retention.optional().meta({
      description: "How long it stays retired before it may be removed. Default: the stack's.",
    }),
  },
  { error: mapping },
);

export const tenantList = z
  .array(z.union([id, tenantObject], { error: "must be an id or a mapping with an id" }), {
    error: "must be a list of tenants",
  })
  .meta({ description: "The tenants, one line each: an id, or an id with more." });
