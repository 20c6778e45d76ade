import { z } from "zod";
import { mapping } from "./definition-rules.ts";

const bucketRule = {
  error: "must be s3://<bucket> or s3://<bucket>/<folder>, such as s3://backups/prod",
};
const endpointRule = { error: "must be a server's address, such as https://s3.example.com:9000" };
const nameRule = (what: string) => ({ error: `must be ${what}, without spaces` });

const text = (pattern: RegExp, rule: { error: string }) => z.string(rule).regex(pattern, rule);

/** `tenantry:archives`. Its secrets are keys of their own. */
export const archiveSettings = z
  .strictObject(
    {
      directory: z
        .string({ error: "must be a path" })
        .regex(/^\/[^\0]+$/, { error: "must be an absolute path" })
        .optional()
        .meta({ description: "A folder. Default: .tenantry/<stack>/archives." }),
      bucket: text(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.-]+)*\/?$/, bucketRule)
        .optional()
        .meta({
          description: "A bucket in place of a folder, and the folder in it.",
          examples: ["s3://backups/prod"],
        }),
      endpoint: text(/^https?:\/\/[^\s/]+\/?$/, endpointRule)
        .optional()
        .meta({ description: "A server of the S3 protocol. Default: Amazon's." }),
      region: text(/^\S+$/, nameRule("a region's name"))
        .optional()
        .meta({ description: "Default: where the AWS SDK looks; with endpoint, us-east-1." }),
      accessKeyId: text(/^\S+$/, nameRule("an access key's id")).optional().meta({
        description:
          "With the secret archiveSecretKey. Default: credentials where the AWS SDK looks.",
      }),
    },
    { error: mapping },
  )
  .prefault({})
  .meta({ description: "Where the tenants' archives are kept." });
