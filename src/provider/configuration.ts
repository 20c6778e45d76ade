import type { RoleNames } from "../core/roles.ts";
import type { CheckFailure } from "../protocol/resource-handler.ts";
import type { Properties } from "../protocol/values.ts";
import { boolean, integer, object, problemsOf, secretText, text } from "./check-properties.ts";

/** What the program gives to the provider: where the database is, and how this stack names things in it. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  /** The administrator. */
  readonly user: string;
  readonly password: string;
  /** The application's database. */
  readonly database: string;
  /** `<project>/<stack>`, as the registry holds it. */
  readonly stack: string;
  readonly roles: RoleNames;
  readonly partitionKey: string;
  /** Lifts every protection against the loss of data. */
  readonly disposable: boolean;
}

const ROLES = ["owner", "user", "app", "readonly", "monitor", "backup"];

/** Every problem of the provider's arguments. */
export function checkConfiguration(args: Properties): CheckFailure[] {
  return problemsOf(args, {
    host: text,
    port: integer(1, 65_535),
    user: text,
    password: secretText,
    database: text,
    stack: text,
    roles: object(Object.fromEntries(ROLES.map((role) => [role, text]))),
    partitionKey: text,
    disposable: boolean,
  });
}
