import { z } from "zod";
import { parseIpv4Network } from "../core/ipv4-network.ts";
import { MEMORY_SIZE, parseMemorySize } from "../core/memory-size.ts";
import { columnNameProblem, objectNameProblem } from "../core/name-rules.ts";
import {
  choice,
  fileBelowStacks,
  hostRule,
  mapping,
  name,
  powerOfTwo,
  retention,
  whole,
  yesOrNo,
} from "./definition-rules.ts";
import { existingServer } from "./existing-definition.ts";
import { archiveSettings } from "./archive-definition.ts";
import { migrationSettings } from "./migration-settings.ts";
import { LOGIN_ROLES } from "./settings.ts";
import { tenantList } from "./tenant-definition.ts";

// Every rule completes the sentence "<value> ...". Descriptions are what an editor shows.

/** The keys that may be secrets. Programs read them as such; settings only know that they are there. */
export const SECRET_KEYS: readonly string[] = [
  "adminPassword",
  "tlsKey",
  "archivePassphrase",
  "formerArchivePassphrases",
  "archiveSecretKey",
];

const TARGETS = ["embedded", "docker", "existing"] as const;
const SETTING_NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

const roleName = name(objectNameProblem);
const limitRule = { error: "must be -1 (no limit) or 1 to 10000", abort: true };
const roleObject = z.strictObject(
  {
    name: roleName.optional(),
    connectionLimit: z
      .int(limitRule)
      .min(-1, limitRule)
      .max(10_000, limitRule)
      .refine((limit) => limit !== 0, limitRule)
      .optional()
      .meta({ description: "Connections the role may have at once; -1 is no limit." }),
    generation: whole(1, 1_000_000)
      .optional()
      .meta({ description: "Raise it by one and the role gets a new password." }),
    overlap: yesOrNo.optional().meta({
      description:
        "Whether the password before works on until `confirmed`. The role then has two logins, <name>_a and <name>_b. Default: false.",
    }),
    confirmed: whole(1, 1_000_000).optional().meta({
      description:
        "With overlap: the newest generation that all applications use. Closes the one before.",
    }),
  },
  { error: mapping },
);
const role = z.union([roleName, roleObject], { error: "must be a role's name or a mapping" });
const namedRole = z.union([roleName, z.strictObject({ name: roleName }, { error: mapping })], {
  error: "must be a role's name or a mapping with a name",
});

/** The roles, in config/roles.yaml and, to differ from it, in a stack. */
export const roleSettings = z
  .strictObject(
    {
      owner: namedRole.optional(),
      user: role.optional(),
      app: role.optional(),
      readonly: role.optional(),
      monitor: role.optional(),
      backup: role.optional(),
      replicator: namedRole.optional(),
    },
    { error: mapping },
  )
  .meta({ description: "Where this stack's roles differ from config/roles.yaml." });

const memory = z
  .string({ error: 'must be a size such as "1 GB"' })
  .regex(MEMORY_SIZE, { error: 'must be a size such as "1 GB", in MB, GB or TB' })
  .transform((text) => parseMemorySize(text) ?? 0)
  .meta({ description: "What PostgreSQL may use of the machine's memory.", examples: ["1 GB"] });

const cidrRule = { error: 'must be a network in CIDR notation, such as "10.1.0.0/16"' };
const cidr = z.union([z.cidrv4(cidrRule), z.cidrv6(cidrRule)], cidrRule);

const client = z.strictObject(
  {
    cidr,
    role: choice(LOGIN_ROLES).meta({ description: "Which role, by its key in `roles`." }),
    database: name(objectNameProblem)
      .optional()
      .meta({ description: "Default: the stack's database." }),
    tls: yesOrNo
      .optional()
      .meta({ description: "Whether it must use TLS. Default: when the server has it." }),
  },
  { error: mapping },
);

const tls = z
  .strictObject(
    {
      certificate: fileBelowStacks("(pem|crt)", "certificate", "certificates/prod.pem")
        .optional()
        .meta({
          description:
            "The server's certificate, PEM, below stacks/; its key is the secret tlsKey.",
        }),
      names: z
        .array(z.union([z.ipv4(hostRule), z.ipv6(hostRule), z.hostname(hostRule)], hostRule), {
          error: "must be a list of names",
        })
        .min(1, { error: "must have a name" })
        .max(50, { error: "must have 50 names at most" })
        .optional()
        .meta({ description: "Host names that the stack's own authority certifies." }),
      generation: whole(1, 1_000_000)
        .default(1)
        .meta({ description: "Raise it by one and the server gets another certificate." }),
    },
    { error: mapping },
  )
  .meta({ description: "TLS, by a certificate of your own or one of the stack's own authority." });

const subnetRule = 'must be an IPv4 network such as "172.30.77.0/24"';

const docker = z
  .strictObject(
    {
      image: z
        .string({ error: "must be an image" })
        .regex(/^(?:[\w.\-/:]+@)?sha256:[0-9a-f]{64}$/, {
          error: 'must name its digest, "postgres:16.14@sha256:...": a tag alone may move',
        })
        .meta({ description: "PostgreSQL 16, by digest.", examples: ["postgres:16@sha256:..."] }),
      name: z
        .string({ error: "must be a text" })
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}$/, {
          error: "must be 2 to 63 letters, digits, _, . and -, a letter or digit first",
        })
        .optional()
        .meta({ description: "The container's name. Default: <project>-<stack>." }),
      subnet: z
        .string({ error: subnetRule })
        .regex(/^[\d.]+\/\d\d?$/, { error: subnetRule, abort: true })
        .refine((text) => (parseIpv4Network(text)?.size ?? 0) >= 8, {
          error: "must be a network of at least 8 addresses that begins where it says (a.b.c.0/24)",
        })
        .meta({ description: "The container's own network.", examples: ["172.30.77.0/24"] }),
      gateway: z
        .ipv4({ error: "must be an IPv4 address" })
        .optional()
        .meta({ description: "Default: the first address of the subnet." }),
      directory: z
        .string({ error: "must be a path" })
        .regex(/^\/[^\0:]+$/, { error: "must be an absolute path without a colon" })
        .optional()
        .meta({
          description: "Where the container's files lie. Default: .tenantry/<stack>/server.",
        }),
      address: z
        .ipv4({ error: "must be an IPv4 address of this machine, or 0.0.0.0 for all of them" })
        .default("127.0.0.1")
        .meta({ description: "Where the port is published, with TLS. Default: 127.0.0.1." }),
      tls: tls.optional(),
      clients: z
        .array(client, { error: "must be a list of clients" })
        .default([])
        .meta({ description: "Who may connect from elsewhere than this machine." }),
    },
    { error: mapping },
  )
  .meta({ description: "The container, for the target docker." });

const server = z
  .strictObject(
    {
      port: whole(1024, 65_535).default(5432).meta({ description: "Default: 5432." }),
      memory: memory.prefault("1 GB"),
      connections: whole(10, 10_000)
        .optional()
        .meta({ description: "max_connections. Default: 100, or 50 below 4 GB of memory." }),
      capacity: z
        .strictObject(
          {
            tenants: powerOfTwo(16, 16_384)
              .default(64)
              .meta({ description: "Tenants to make room for; a change needs a restart." }),
          },
          { error: mapping },
        )
        .prefault({}),
      restartPolicy: choice(["allow", "deny"])
        .default("allow")
        .meta({ description: "Whether `up` may restart the server when a setting needs it." }),
      parameters: z
        .record(
          z.string().regex(SETTING_NAME, { error: "is not a setting's name" }),
          z.union([z.string(), z.number(), z.boolean()], {
            error: "must be a text, a number, true or false",
          }),
          { error: mapping },
        )
        .default({})
        .meta({
          description: "PostgreSQL settings of this stack; they win over config/postgresql.conf.",
        }),
      docker: docker.optional(),
      ...existingServer,
    },
    { error: mapping },
  )
  .prefault({});

const secretValue = z
  .strictObject({ secure: z.string() }, { error: "must be a secret: pulumi config set --secret" })
  .optional();

/** Everything a stack may say under `tenantry:`, and its defaults. */
export const settingsDefinition = z.strictObject({
  target: choice(TARGETS).default("embedded").meta({
    description:
      "embedded: PostgreSQL 16 from npm, on this machine. docker: in a container. existing: one that is there, reached over the network.",
  }),
  disposable: yesOrNo
    .default(false)
    .meta({ description: "Whether the stack may be destroyed, its data included." }),
  database: name(objectNameProblem).default("nostromo"),
  roles: roleSettings.default({}),
  server,
  isolation: choice(["shared", "strict"])
    .default("shared")
    .meta({ description: "How tenants that do not say so are kept apart." }),
  partitionKey: name(columnNameProblem)
    .default("tenant_id")
    .meta({ description: "The column of the shared, partitioned tables that names the tenant." }),
  partitions: choice(["tenants", "values"]).default("tenants").meta({
    description:
      "Where partitions lie. tenants: in each tenant's schema. values: there are no tenant schemas; in schema partitions.",
  }),
  rowLevelSecurity: yesOrNo
    .default(false)
    .meta({ description: "Row level security on central.users." }),
  layout: choice(["tenants", "shards"]).default("tenants").meta({
    description:
      "tenants: one resource for each tenant, up to some 1,500. shards: 128 resources, whatever the number of tenants. Changed by `tenantry layout`.",
  }),
  migrations: migrationSettings,
  tenants: tenantList.default([]),
  archives: archiveSettings,
  retention: retention.prefault("0d").meta({
    description:
      "How long a tenant stays retired before it may be removed, such as 30d. Default: 0d. A disposable stack has none.",
    examples: ["30d"],
  }),
  archivePassphrase: secretValue.meta({
    description: "What new archives are encrypted with. Default: they are not encrypted.",
  }),
  formerArchivePassphrases: secretValue.meta({
    description: "One a line: they open archives that were encrypted with them.",
  }),
  archiveSecretKey: secretValue.meta({
    description: "Belongs to archives.accessKeyId. Default: where the AWS SDK looks.",
  }),
  tenantsFile: fileBelowStacks("ya?ml", "YAML file", "tenants/dev.yaml")
    .optional()
    .meta({ description: "A YAML list of more tenants, below stacks/. For more than some 1,000." }),
  adminPassword: secretValue.meta({
    description:
      "The administrator's password. Default: one is made at the first `up`; not for the target existing.",
  }),
  tlsKey: secretValue.meta({
    description: "The private key of server.docker.tls.certificate, PEM, without a passphrase.",
  }),
});
