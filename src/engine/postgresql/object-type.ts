import type { CheckFailure } from "../../protocol/resource-handler.ts";
import type { Properties } from "../../protocol/values.ts";
import type { PropertyTable } from "./property.ts";
import type { Databases } from "./databases.ts";

/**
 * One kind of object of a cluster: its properties, and the SQL that creates, reads, changes and removes it. States
 * are outputs, complete with every property of the table.
 */
export interface ObjectType {
  readonly token: string;
  readonly properties: PropertyTable;
  /** On replacement the old one goes first, since the new one has the same name. */
  readonly deleteBeforeReplace: boolean;
  /** What else must hold among the inputs. */
  readonly check?: (inputs: Properties) => readonly CheckFailure[];
  /** For messages: `role "nostromo_user"`. */
  readonly describe: (state: Properties) => string;
  /** @param database the one the provider is configured with */
  readonly id: (state: Properties, database: string) => string;
  /** Whether an object of that name is there; undefined for what has no existence of its own, such as rights. */
  readonly exists?: (databases: Databases, planned: Properties) => Promise<boolean>;
  readonly create: (databases: Databases, planned: Properties) => Promise<void>;
  /**
   * What the catalog says about the properties; undefined when the object is gone.
   *
   * @param known the last known or the planned state, which names the object
   */
  readonly read: (databases: Databases, known: Properties) => Promise<Properties | undefined>;
  readonly update: (databases: Databases, olds: Properties, planned: Properties) => Promise<void>;
  /** Succeeds when the object is gone already. */
  readonly remove: (databases: Databases, olds: Properties) => Promise<void>;
}
