import type { ClientBase } from "pg";
import type { Stranger } from "../core/tenant-drift.ts";
import type { Membership } from "../core/tenant-statements.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { olderBooks } from "./tenant-session.ts";

/** What a tenant's schema holds, what it should hold, and who has rights there beside its owner. */
export interface TenantCatalog {
  /** An object a line: `table payroll`, `column payroll.year: integer not null`. Empty when all is as it should be. */
  readonly objects: readonly string[];
  /** The same as it was after the last migration; null when that was never written down. */
  readonly expected: readonly string[] | null;
  /** A right a line: `select on table payroll to nostromo_user`. */
  readonly rights: readonly string[];
  readonly grantees: readonly string[];
  /** Who may take the tenant's role, and what roles that one is in. */
  readonly memberships: readonly Membership[];
  /** The schema's tables, views and sequences: `table payroll`. */
  readonly relations: readonly string[];
  /** Relations of another owner. */
  readonly strangers: readonly Stranger[];
}

/**
 * Reads any number of tenants, in a number of statements that does not depend on how many.
 *
 * @param oids of the tenants' schemas
 * @returns by oid; a schema that is gone is left out
 * @throws {TenantryError} TNT-440 when the books wait for their own migrations
 */
export async function readCatalogs(
  client: ClientBase,
  ctx: FleetContext,
  oids: readonly string[],
): Promise<ReadonlyMap<string, TenantCatalog>> {
  const [rights, changed] = await runStatements(client, [
    fleetQuery("fleet/tenant-rights", [oids, ctx.roles.owner]),
    fleetQuery("fleet/changed-tenants", [oids]),
  ]).catch((cause: unknown) => {
    throw olderBooks(ctx, cause);
  });
  const objects = new Map(changed?.rows.map((row) => [row.oid, row]));
  return new Map(
    rights?.rows.map((row) => {
      const held = objects.get(row.oid) ?? { objects: [], expected: [] };
      return [
        String(row.oid),
        { ...toRights(row as unknown as RightsRow), ...(held as unknown as Held) },
      ];
    }),
  );
}

type Held = Pick<TenantCatalog, "objects" | "expected">;

/** A row of sql/fleet/tenant-rights.sql: lists of rights, each with all places that have it. */
interface RightsRow extends Pick<TenantCatalog, "relations" | "strangers"> {
  readonly given: readonly {
    readonly places: readonly string[];
    /** Privilege and grantee. */
    readonly rights: readonly (readonly [string, string])[];
  }[];
  readonly memberships: readonly (Membership & {
    readonly inherit: boolean;
    readonly set: boolean;
  })[];
}

function toRights({ given, memberships, relations, strangers }: RightsRow) {
  const granted = given.flatMap(({ places, rights }) =>
    places.flatMap((place) =>
      rights.map(([privilege, grantee]) => `${privilege} on ${place} to ${grantee}`),
    ),
  );
  const taken = memberships.flatMap(({ role, member, inherit, set }) => [
    ...(inherit ? [`inherit on role ${role} to ${member}`] : []),
    ...(set ? [`set on role ${role} to ${member}`] : []),
  ]);
  const grantees = given.flatMap(({ rights }) => rights.map(([, grantee]) => grantee));
  return {
    rights: [...granted, ...taken],
    grantees: [...new Set(grantees)],
    memberships: memberships.map(({ role, member }) => ({ role, member })),
    relations,
    strangers,
  };
}
