import { ARCHIVE_ERRORS } from "./error-table/archives.ts";
import { COMMAND_ERRORS } from "./error-table/commands.ts";
import { ENGINE_ERRORS } from "./error-table/engine.ts";
import { MIGRATION_ERRORS } from "./error-table/migrations.ts";
import { MONITOR_ERRORS } from "./error-table/monitor.ts";
import { PARTITION_ERRORS } from "./error-table/partitions.ts";
import { RUNTIME_ERRORS } from "./error-table/runtime.ts";
import { SERVER_ERRORS } from "./error-table/server.ts";
import { SETTINGS_ERRORS } from "./error-table/settings.ts";
import { TENANT_ERRORS } from "./error-table/tenants.ts";

/** Every error of tenantry. Codes are never reused; each file says which hundred is its own. */
export const ERRORS = {
  ...SETTINGS_ERRORS,
  ...SERVER_ERRORS,
  ...ENGINE_ERRORS,
  ...TENANT_ERRORS,
  ...MIGRATION_ERRORS,
  ...COMMAND_ERRORS,
  ...ARCHIVE_ERRORS,
  ...RUNTIME_ERRORS,
  ...PARTITION_ERRORS,
  ...MONITOR_ERRORS,
} as const;
