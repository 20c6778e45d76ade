import { error, show } from "./entry.ts";
import type { NoParameters } from "./entry.ts";

/** 80x to 83x: the runtime library. */
export const RUNTIME_ERRORS = {
  "TNT-801": error<{ problems: readonly string[] }>({
    title: "Mistakes in a pool's options",
    text: ({ problems }) =>
      `The options of createTenantPool have ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}; no connection was opened:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} in the call, or in DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD.`,
    remedy:
      "Options are checked when the pool is made, all of them at once. `npx tenantry env` prints the variables. The options and their defaults are in [runtime](runtime.md).",
  }),
  "TNT-802": error<{ id: unknown }>({
    title: "Not a tenant's id",
    text: ({ id }) =>
      `${typeof id === "string" ? show(id) : `A value of type ${typeof id}`} is not a tenant's id: it begins with a letter a-z, and has at most 48 letters a-z, digits and "_". Nothing was sent to the database.`,
    remedy:
      "An id becomes part of the name of a schema. Whatever does not look like one is refused before anything is sent. Check where the value comes from.",
  }),
  "TNT-803": error<{ schema: string; id: string }>({
    title: "No such tenant",
    text: ({ schema, id }) =>
      `Tenant schema not found: ${schema}. There is no tenant ${show(id)}. Check the id; "npx tenantry list" shows those that are there.`,
    remedy: "No tenant of this id is in the registry: it is mistyped, not made yet, or removed.",
  }),
  "TNT-804": error<{ id: string }>({
    title: "A tenant that is suspended",
    text: ({ id }) =>
      `The tenant ${show(id)} is suspended: its data is kept, and nobody may use it. Set it active in the stack file and run "npx tenantry up" to open it.`,
    remedy:
      "Suspending takes the rights on the schema away, at once and for open scopes too. The database refuses, not the library.",
  }),
  "TNT-805": error<{ id: string }>({
    title: "A tenant that is retired",
    text: ({ id }) =>
      `The tenant ${show(id)} is retired: it is shut, and archived. Set it active in the stack file and run "npx tenantry up" to open it while it is still there.`,
    remedy: "A retired tenant is about to be removed. No application can use it any more.",
  }),
  "TNT-806": error<{ id: string; newId: string }>({
    title: "A tenant that was renamed",
    text: ({ id, newId }) =>
      `The tenant ${show(id)} has another id now: ${show(newId)}. Use that one.`,
    remedy: "A rename changes the schema's name. The old id leads nowhere; the data is unchanged.",
  }),
  "TNT-807": error<{ id: string; declared: string; pool: string }>({
    title: "A tenant of the other isolation",
    text: ({ id, declared, pool }) =>
      `The tenant ${show(id)} has ${declared} isolation, and the pool was made for ${pool} isolation. Make one with createTenantPool({ isolation: ${show(declared)} }), or declare the tenant otherwise.`,
    remedy:
      "In strict isolation a scope takes the tenant's own role, in shared isolation there is none. A pool does one or the other, so that a strict application never reads without a role.",
  }),
  "TNT-808": error<NoParameters>({
    title: "No scope is open",
    text: () =>
      "No tenant's scope is open here, so that no tenant's data can be reached. Open one around this call: pool.withTenant(id, async (tx) => { ... }).",
    remedy:
      "`tenantQuery` uses the scope that surrounds it, also through awaits. A callback of an event emitter, or work that was queued before, runs outside of it: hand over the id and open a scope there.",
  }),
  "TNT-809": error<{ open: string; asked: string }>({
    title: "A scope inside another one",
    text: ({ open, asked }) =>
      `A scope of ${open} is open here, and one of ${asked} was asked for. End the first one before. Nothing was sent to the database.`,
    remedy:
      "Inside a scope, another one of the same tenant and pool joins it. One of anything else would mix two tenants' work, and take a second connection while the first one waits.",
  }),
  "TNT-810": error<{ target: string }>({
    title: "Use of a scope that ended",
    text: ({ target }) =>
      `The scope of ${target} has ended, and its transaction with it. A query was made after the function given to it had returned: await every query inside of it.`,
    remedy:
      "A transaction was kept, or a promise was not awaited. Its connection may serve another tenant by now, so that the query is refused.",
  }),
  "TNT-811": error<{ target: string; reason: string }>({
    title: "A failure that was not passed on",
    text: ({ target, reason }) =>
      `A statement in the scope of ${target} failed, and the error went no further: ${reason}. Nothing of the scope was saved. Let the error through, or set a savepoint before the statement and roll back to it.`,
    remedy:
      "PostgreSQL saves nothing of a transaction in which a statement failed. A scope that ended well would pretend that it did.",
  }),
  "TNT-812": error<{ word: string }>({
    title: "A transaction inside a scope",
    text: ({ word }) =>
      `A scope is one transaction, and ${word} would begin or end one. The statement was not sent. Leave it out: returning saves, throwing takes back. SAVEPOINT and ROLLBACK TO may be used.`,
    remedy:
      "With its transaction a scope loses its tenant: what comes after would run without one. An ORM's own transactions do the same; use the scope in their place.",
  }),
  "TNT-813": error<{ target: string }>({
    title: "A scope that was turned to something else",
    text: ({ target }) =>
      `Work in the scope of ${target} changed the role, search_path, app.current_tenant or the transaction itself. Nothing more of it was saved, and its connection was closed. Leave out SET ROLE, RESET, SET search_path and set_config of these.`,
    remedy:
      "At its end a scope must be the tenant's that it began with. One that is not may have touched another tenant. Only what was saved before, by a COMMIT that was hidden, is there.",
  }),
  "TNT-814": error<{ problems: readonly string[] }>({
    title: "A connection on which tenants are not apart",
    text: ({ problems }) =>
      `Tenants are not kept apart on this connection:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} before serving anyone.`,
    remedy:
      "`pool.check()` looks at the login's rights and settings, and at the pooler in between. Call it when the application starts.",
  }),
  "TNT-815": error<{ database: string }>({
    title: "A database without the scope's function",
    text: ({ database }) =>
      `The database ${show(database)} has no function central.tenant_standing that this role may use. Connect as the application's role (npx tenantry env), and run "npx tenantry up" if the database was made by an older version.`,
    remedy: "The function is made by the migrations of `sql/central`, and granted to one role.",
  }),
  "TNT-816": error<{ problems: readonly string[] }>({
    title: "Mistakes in a scope's options",
    text: ({ problems }) =>
      `The options of the scope are wrong: ${problems.join("; ")}. Nothing was sent to the database.`,
    remedy: "The options of a scope are in [runtime](runtime.md).",
  }),
  "TNT-817": error<{ id: string }>({
    title: "A tenant whose rights are broken",
    text: ({ id }) =>
      `The tenant ${show(id)} is active, but this role cannot enter its schema. Run "npx tenantry doctor --fix".`,
    remedy:
      "The registry says that the tenant may be used, and the schema's rights say otherwise: somebody changed them, or the application logs in as another role than the stack's.",
  }),
  "TNT-818": error<{ what: string }>({
    title: "Not possible in a scope",
    text: ({ what }) =>
      `${what} cannot be used in a scope, which sends one statement at a time and reads its result whole. For many rows, DECLARE a cursor and FETCH from it; for many to write, insert from unnest().`,
    remedy:
      "Query objects that talk to the server on their own, such as pg-cursor and pg-copy-streams, would pass by the scope's checks.",
  }),
  "TNT-830": error<NoParameters>({
    title: "Outside of a request",
    text: () =>
      "There is no tenant here: this code does not run within a request that tenantGuard let in. Put the guard before the routes that need a tenant, or hand the tenant's id on by hand.",
    remedy:
      "The guard carries the tenant along everything that a request starts. Work that starts on its own, such as a timer or a queue, has no request.",
  }),
  "TNT-831": error<{ problems: readonly string[] }>({
    title: "Options of a guard that are not sound",
    text: ({ problems }) =>
      `tenantGuard cannot be made:\n${problems.map((problem) => `  - ${problem}.\n`).join("")}`,
    remedy: "Options are checked when the guard is made, so that no request meets a wrong one.",
  }),
  "TNT-832": error<{ problems: readonly string[] }>({
    title: "Mistakes in the options of telemetry",
    text: ({ problems }) =>
      `observeScopes was given wrong options; nothing is observed:\n${problems.map((problem) => `  - ${problem}.\n`).join("")}`,
    remedy:
      "Without options, it uses the providers that are registered with `@opentelemetry/api`. The options are in the [reference](api.md).",
  }),
} as const;
