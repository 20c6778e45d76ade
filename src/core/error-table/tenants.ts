import { suggest } from "../suggest.ts";
import { error, nameSome, show } from "./entry.ts";

/** 4xx: tenants and the database. */
export const TENANT_ERRORS = {
  "TNT-401": error<{ host: string; port: number; database: string; user: string; reason: string }>({
    title: "PostgreSQL cannot be reached",
    text: ({ host, port, database, user, reason }) =>
      `Cannot connect to database ${show(database)} at ${host}:${port} as ${show(user)}: ${reason}. Check that the server runs and that pg_hba.conf lets this role in.`,
    remedy:
      "The server is down, at another address, or refuses the role. `npx tenantry up` starts the embedded server; for an existing one check host, port, password and pg_hba.conf.",
  }),
  "TNT-402": error<{ doing: string; reason: string }>({
    title: "The connection broke",
    text: ({ doing, reason }) =>
      `The connection to PostgreSQL was lost at ${doing}: ${reason}. What was under way is done whole or not at all; run the command again, which finds out.`,
    remedy:
      "The server was stopped, or the network failed, while a statement ran. What one transaction does is done whole or not at all: run the command again.",
  }),
  "TNT-403": error<{ what: string; attempts: number }>({
    title: "Others hold a lock",
    text: ({ what, attempts }) =>
      `${what}: other sessions kept the locks it needs in ${attempts} attempts. Nothing was changed. Look for long transactions in pg_stat_activity and run the command again.`,
    remedy:
      "A transaction of an application, or a report, holds tables that this change must lock for a moment. It gives up after a few seconds, since everyone else would queue behind it. End the long transaction, or run the command again at a quieter time.",
  }),
  "TNT-404": error<{ name: string; seconds: number }>({
    title: "Another run is at work",
    text: ({ name, seconds }) =>
      `Another run has been working on ${show(name)} for ${seconds} s. Wait until it has ended and run the command again.`,
    remedy:
      "Each tenant, and each area of migrations, is changed by one session at a time (an advisory lock). The lock ends with the session that holds it.",
  }),
  "TNT-405": error<{ database: string; known: string; found: string }>({
    title: "A copied database",
    text: ({ database, known, found }) =>
      `Database ${show(database)} is a copy: its books were written in database ${known}, and this is ${found}. Nothing was changed. If the copy is to be managed on its own, run "npx tenantry adopt".`,
    remedy:
      "The books hold the cluster's system identifier and the database's oid. They differ after a dump and restore, a copy within the cluster, or pg_upgrade. `adopt` makes this database the one that the stack manages; before, make sure that the stack's settings do not point at the wrong one.",
  }),
  "TNT-406": error<{ schema: string; reason: string }>({
    title: "A schema without our mark",
    text: ({ schema, reason }) =>
      `The schema ${show(schema)} is there but is not this stack's: ${reason}. Nothing was changed. Choose another tenant id, or move that schema away (alter schema ... rename to ...).`,
    remedy:
      "A tenant's schema is ours when its row in tenantry.registry, its oid and its comment agree. Anything else of that name belongs to someone and is never touched.",
  }),
  "TNT-407": error<{ id: string; stack: string; owner: string }>({
    title: "A tenant of another stack",
    text: ({ id, stack, owner }) =>
      `The tenant ${show(id)} belongs to stack ${show(owner)}, not to ${show(stack)}. Nothing was changed. Choose another id, or manage it from its own stack.`,
    remedy:
      "The registry says which stack declares a tenant; two stacks of one database cannot both manage it.",
  }),
  "TNT-408": error<{ id: string }>({
    title: "A tenant that is gone",
    text: ({ id }) =>
      `The tenant ${show(id)} cannot be changed: its schema or its row in tenantry.registry is gone. Run "npx tenantry refresh" and then "npx tenantry up", which creates it anew, empty; or restore it from a backup first.`,
    remedy:
      "Someone dropped the schema outside of tenantry. `refresh` brings that to the state; the next preview shows it as one to create.",
  }),
  "TNT-409": error<{ id: string; pin: number; version: number }>({
    title: "A pin below the tenant's version",
    text: ({ id, pin, version }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}, but ${version} ran already, and migrations are not undone. Pin it at ${version} or higher, or remove the pin.`,
    remedy: "A pin holds a tenant back; it cannot bring it back to an earlier version.",
  }),
  "TNT-410": error<{ id: string; pin: number; newest: number }>({
    title: "A pin at no migration",
    text: ({ id, pin, newest }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}; sql/tenant has 1 to ${newest}. Use one of these, or remove the pin.`,
    remedy: "A pin is the number of a file in sql/tenant.",
  }),
  "TNT-411": error<{ id: string; state: string }>({
    title: "A tenant that is not retired",
    text: ({ id, state }) =>
      `The tenant ${show(id)} is ${state} and may not be removed. Put it back on the list, with "state: retired" if it is to go, and run "npx tenantry up"; a retired one may then be taken from the list.`,
    remedy:
      "Only retired tenants are removed, so that a line lost from the list never drops a customer's data. A stack with `disposable: true` has no such protection.",
  }),
  "TNT-412": error<{ id: string }>({
    title: "A retired tenant without a proven archive",
    text: ({ id }) =>
      `The tenant ${show(id)} has no archive that was proven. Nothing was dropped. Run "npx tenantry backup ${id} --verify", and remove it then.`,
    remedy:
      "A tenant is dropped only when an archive of it was restored and compared. Retiring writes one; here it was made by an older version, or its entry in the books is gone.",
  }),
  "TNT-413": error<{ schema: string; dependents: readonly string[] }>({
    title: "Others depend on the schema",
    text: ({ schema, dependents }) =>
      `The schema ${show(schema)} cannot be dropped: ${dependents.length === 1 ? "an object" : `${dependents.length} objects`} outside of it would go with it: ${dependents.join(", ")}. Nothing was dropped. Remove these first.`,
    remedy:
      "DROP SCHEMA ... CASCADE would drop views, functions and foreign keys of other schemas without a word. Drop or change them first.",
  }),
  "TNT-414": error<{ role: string }>({
    title: "A role without our mark",
    text: ({ role }) =>
      `The role ${show(role)} is there but was not made for this tenant. Nothing was changed. Rename or drop that role, or choose another tenant id.`,
    remedy:
      "A strict tenant has a role of its schema's name. Roles belong to the whole cluster: another database, or another stack, may have made it.",
  }),
  "TNT-415": error<{ database: string }>({
    title: "A database without books",
    text: ({ database }) =>
      `The database ${show(database)} has no books (schema tenantry) or no schema central. Run "npx tenantry up", which creates the platform before its tenants.`,
    remedy:
      "Tenants are registered in schema tenantry and audited in central; the migrations of sql/books and sql/central come first.",
  }),
  "TNT-416": error<{ host: string; port: number; user: string; reason: string }>({
    title: "A password that PostgreSQL refuses",
    text: ({ host, port, user, reason }) =>
      `PostgreSQL at ${host}:${port} refuses the password of ${show(user)}: ${reason}. Nothing was changed. For a server that tenantry made, bring back the password it was made with; for an existing one, set the right one: pulumi config set --secret adminPassword.`,
    remedy:
      "The administrator's password is the secret `tenantry:adminPassword` of the stack, else what `.tenantry/<stack>/admin-password` holds. PostgreSQL says the same of a role that is not there. On an existing server a person changes the password there first, and then here.",
  }),
  "TNT-417": error<{ host: string; port: number; reason: string }>({
    title: "A server's certificate that is not trusted",
    text: ({ host, port, reason }) =>
      `The certificate of ${host}:${port} is not trusted: ${reason}. No password was sent. Name the file with the certificate of the authority that signed it in tenantry:server.tls.ca, and get that file from whoever runs the server.`,
    remedy:
      "With `verify-ca` and `verify-full` the server must show a certificate that one of the authorities in `server.tls.ca` signed, or, without that setting, one that browsers would trust. The authority is another one, the certificate is over, or somebody stands between. Managed services publish the file of their authority.",
  }),
  "TNT-418": error<{ host: string; port: number; reason: string }>({
    title: "A certificate for another host",
    text: ({ host, port, reason }) =>
      `The certificate of ${host}:${port} is trusted, and is for another host: ${reason}. No password was sent. Write the name that the certificate has into tenantry:server.host; or, where ca is an authority of your own, set tenantry:server.tls.mode to verify-ca.`,
    remedy:
      "With `verify-full` the certificate must be for the very host that `server.host` names. `verify-ca` leaves that out, and is right only for an authority that signs nobody else's servers.",
  }),
  "TNT-419": error<{ host: string; port: number }>({
    title: "A server without TLS",
    text: ({ host, port }) =>
      `PostgreSQL at ${host}:${port} does not speak TLS, and the stack asks for it. No password was sent. Turn it on there (ssl = on, with a certificate); only where nobody else can read the network, set tenantry:server.tls.mode to disable.`,
    remedy:
      "There is no silent way back to plain text: whoever stands between could ask for it. Turn TLS on in the server, or say `disable`, for a server behind a tunnel for instance.",
  }),
  "TNT-420": error<{ file: string; reason: string }>({
    title: "No certificates in the authorities' file",
    text: ({ file, reason }) =>
      `The file ${show(file)}, which tenantry:server.tls.ca names, cannot be used: ${reason}. Put the authority's certificate there in PEM form; the path is relative to the project.`,
    remedy:
      "The file holds one or more certificates, each between BEGIN CERTIFICATE and END CERTIFICATE. It is no secret and belongs into the repository.",
  }),
  "TNT-421": error<{ host: string; port: number; reason: string }>({
    title: "A server that demands TLS",
    text: ({ host, port, reason }) =>
      `PostgreSQL at ${host}:${port} lets nobody in without TLS: ${reason}. Set tenantry:server.tls.mode to verify-full, and tenantry:server.tls.ca to the file of its authority.`,
    remedy:
      "The server's pg_hba.conf has `hostssl` records only, or a managed service enforces encryption. PostgreSQL says the same when no record at all fits the role, the database and the address from which it connects.",
  }),
  "TNT-422": error<{ id: string; sessions: readonly string[]; reason: string | undefined }>({
    title: "Users that could not be shut out",
    text: ({ id, sessions, reason }) =>
      `The tenant ${show(id)} may not be used any more, but these sessions still hold something of it: ${sessions.join(", ")}${reason === undefined ? "" : ` (${reason})`}. End them (pg_terminate_backend) and run "npx tenantry up" again.`,
    remedy:
      "Rights that are taken away do not end a transaction that began before. It gets ten seconds, and then its session is ended, which takes a superuser, pg_signal_backend or the same role.",
  }),
  "TNT-423": error<{ id: string; owner: string }>({
    title: "An id that is another tenant's key",
    text: ({ id, owner }) =>
      `The id ${show(id)} cannot be given to a new tenant: it is the key under which the rows of tenant ${show(owner)} stand in the shared tables. Choose another id.`,
    remedy:
      "A tenant keeps the key of its first id when it is renamed, since each of its rows in the shared tables has it.",
  }),
  "TNT-424": error<{ from: string; to: string }>({
    title: "No tenant to rename",
    text: ({ from, to }) =>
      `There is no tenant ${show(from)} that could become ${show(to)}. Nothing was changed. Correct "renamedFrom"; or leave it out, if ${show(to)} is to be a new, empty tenant.`,
    remedy: "`renamedFrom` names the id that a tenant has in the database now.",
  }),
  "TNT-425": error<{ from: string; to: string }>({
    title: "Both ids are taken",
    text: ({ from, to }) =>
      `The tenant ${show(from)} cannot become ${show(to)}: both are in the database. Nothing was changed. Choose another id.`,
    remedy: "A rename gives a tenant an id that no other one has.",
  }),
  "TNT-426": error<{ from: string }>({
    title: "No tenant to clone",
    text: ({ from }) =>
      `There is no tenant ${show(from)} in this database that could be cloned. Nothing was changed. Correct "clone.from" ("npx tenantry list" shows the tenants).`,
    remedy:
      "The source of a clone is a tenant of the same stack. It may come into being in the same `up`, from an entry of its own; its schema must not have been dropped by hand.",
  }),
  "TNT-427": error<{ from: string }>({
    title: "A clone of a retired tenant",
    text: ({ from }) =>
      `The tenant ${show(from)} is retired, or about to be, and is not cloned. Nothing was changed. Make the new tenant from its archive ("npx tenantry archives ${from}", then "restore:"), or bring ${show(from)} back first.`,
    remedy:
      "What a retired tenant holds is in its archive, proven; that is what a copy is made from.",
  }),
  "TNT-428": error<{ from: string; problems: readonly string[] }>({
    title: "Masking rules that are missing or do not fit",
    text: ({ from, problems }) =>
      `The tenant ${show(from)} cannot be cloned with masked data: ${problems.join("; ")}. Nothing was written. Give each of these columns a rule in config/masking.yaml, "keep" for a value that may be seen.`,
    remedy:
      "Every column of every table needs a rule, so that a new column is never copied because nobody thought of it. A rule must fit its column: no null where the column does not allow it, no `{hash}` in what is no text, not the same text for every row of a unique column, a SQL expression that PostgreSQL understands.",
  }),
  "TNT-429": error<{ place: string; reason: string }>({
    title: "A masking rule that fails, or masks nothing",
    text: ({ place, reason }) =>
      `The rows of ${place} could not be taken for the clone: ${reason}. Nothing was written. Mend the rule in config/masking.yaml; a column that may be seen has the rule "keep".`,
    remedy:
      "A SQL expression must do with every row there is. One for a text must never give back the text that it is to mask. PostgreSQL's own message is not shown, since it would quote the row.",
  }),
  "TNT-430": error<{ id: string; table: string; state: string; constraint: string | undefined }>({
    title: "A row that a clone's table does not take",
    text: ({ id, table, state, constraint }) =>
      `The table ${table} of the new tenant ${show(id)} does not take a row (SQLSTATE ${state}${constraint === undefined ? "" : `, constraint ${constraint}`}). Nothing was written. With masked data, mend the rules of ${table} in config/masking.yaml so that they fit its types and constraints.`,
    remedy:
      "Masked values must keep to the same types, lengths and constraints as those they replace. PostgreSQL's own message is not shown, since it would quote the row.",
  }),
  "TNT-431": error<{
    id: string;
    from: string;
    data: string;
    began: { readonly from: string; readonly data: string } | undefined;
  }>({
    title: "A tenant that did not begin as this clone",
    text: ({ id, from, data, began }) =>
      `The tenant ${show(id)} is there already, and ${began === undefined ? "did not begin as a clone" : `began as a clone of ${show(began.from)} with the data ${began.data}`}, not as one of ${show(from)} with the data ${data}. Nothing was changed. ${began === undefined ? 'Leave "clone" out' : 'Put "clone" back as it was, or leave it out'} to keep the tenant as it is; or choose another id for the new one.`,
    remedy:
      "A tenant is cloned once, when it is made. An `up` that was interrupted finds it half declared; it goes on only with the same clone, so that nobody takes full data for masked ones.",
  }),
  "TNT-432": error<{ id: string; days: number; from: string }>({
    title: "A tenant that was retired too short a time ago",
    text: ({ id, days, from }) =>
      `The tenant ${show(id)} stays retired for ${days} day${days === 1 ? "" : "s"} before it may be removed: from ${from} on. Nothing was dropped. Put its line back until then; or, if it has to go now, lower "retention" in a change of its own.`,
    remedy:
      "`tenantry:retention`, or the tenant's own `retention`, is the time to notice that a retired tenant is missed. The database's clock decides, and the books' note of when the tenant was retired.",
  }),
  "TNT-440": error<{ database: string }>({
    title: "Books of an older form",
    text: ({ database }) =>
      `The books of the database ${show(database)} are older than this tenantry, and do not say yet what its schemas should hold. Run "npx tenantry up", which brings them up to date.`,
    remedy:
      "The books (schema tenantry) have migrations of their own, in sql/books. After tenantry itself was updated, the next `up` runs them before anything else.",
  }),
  "TNT-441": error<{ id: string; stack: string; known: readonly string[] }>({
    title: "No such tenant",
    text: ({ id, stack, known }) => {
      const meant = suggest(id, known);
      const list = known.length > 12 ? [...known.slice(0, 12), "..."] : known;
      const help =
        meant !== undefined
          ? `Did you mean ${show(meant)}?`
          : known.length > 0
            ? `It has ${list.join(", ")}.`
            : "It has none yet.";
      return `The stack ${show(stack)} has no tenant ${show(id)}. ${help}`;
    },
    remedy:
      "`npx tenantry list` shows the tenants that are there, `npx tenantry add` declares one.",
  }),
  "TNT-442": error<{ role: string }>({
    title: "No owner role",
    text: ({ role }) =>
      `There is no role ${show(role)}, which owns the schemas and runs the migrations. Nothing was changed. Run "npx tenantry up", which makes it.`,
    remedy:
      "Roles belong to the whole server: those of a database that was restored elsewhere do not come with it. `up` makes the roles before anything else.",
  }),
  "TNT-450": error<{ plugin: string; type: string; known: readonly string[] }>({
    title: "A resource type the plugin does not have",
    text: ({ plugin, type, known }) =>
      `The plugin ${plugin} has no resource type ${show(type)}; it has ${known.join(", ")}. Use one of these.`,
    remedy:
      "The built-in stand-in for the postgresql plugin knows only the types this project's program uses. For others install Pulumi's own plugin and run with `--engine pulumi`.",
  }),
  "TNT-451": error<{ object: string; token: string; id: string }>({
    title: "An object of that name exists already",
    text: ({ object, token, id }) =>
      `There is already ${object}, which this stack does not know. Declare another name, or take it over with Pulumi's own CLI: pulumi import ${token} NAME ${show(id)}.`,
    remedy:
      "Objects of the cluster that somebody else made are never adopted silently: removing them from the program later would drop them. Only what an interrupted run of this very stack was creating is taken up again.",
  }),
  "TNT-452": error<{
    doing: string;
    message: string;
    sqlstate: string | undefined;
    detail: string | undefined;
    hint: string | undefined;
  }>({
    title: "An object of the cluster could not be changed",
    text: ({ doing, message, sqlstate, detail, hint }) =>
      `${doing} failed: ${message}${sqlstate === undefined ? "" : ` (SQLSTATE ${sqlstate})`}.` +
      `${detail === undefined ? "" : ` ${detail}`}${hint === undefined ? "" : ` Hint: ${hint}`} Mend the cause and run again.`,
    remedy:
      "PostgreSQL refused to create, read, change or remove a role, database, schema, extension or right. Its message, detail, hint and SQLSTATE say why; see appendix A of PostgreSQL's manual for the codes.",
  }),
  "TNT-453": error<{ object: string }>({
    title: "An object vanished while it was being made",
    text: ({ object }) =>
      `PostgreSQL no longer knows ${object} right after it was created or changed. Find out who removes it, then run again.`,
    remedy:
      "Another session dropped the object between this run's change and its look at the catalog.",
  }),
  "TNT-461": error<{ tenants: readonly string[]; layout: string; stack: string }>({
    title: "Another layout that is not prepared",
    text: ({ tenants, layout, stack }) =>
      `The stack ${show(stack)} says layout: ${layout}, and the resources that declare ${nameSome(tenants)} until now are protected. Nothing was changed. Run "npx tenantry layout ${layout} --stack ${stack}", which lifts the protection of exactly these resources, then "npx tenantry up --stack ${stack}"; or bring the layout back.`,
    remedy:
      "In another layout, other resources declare the tenants; those from before are only forgotten, and no data moves. They are protected in the state, though, and an engine removes nothing that is. `tenantry layout` writes the setting into the stack file and lifts that protection.",
  }),
  "TNT-462": error<{ tenants: readonly string[] }>({
    title: "Tenants that left their shard without being retired",
    text: ({ tenants }) =>
      `${nameSome(tenants)} ${tenants.length === 1 ? "is" : "are"} no longer on the list but not retired, and removing drops the data. Nothing of the shard was changed. Put the line back with "state: retired" ({ id: ${tenants[0] ?? ""}, state: retired }), run up, and then remove it and run up again.`,
    remedy:
      "With `layout: shards` an engine does not know of single tenants, so that the plugin itself refuses to drop one because a line went missing. Retire it first (`state: retired`), which takes its rights away and keeps its data. If the line went by mistake, put it back as it was.",
  }),
  "TNT-463": error<{ shard: string; reasons: readonly string[] }>({
    title: "Tenants of a shard that cannot be as declared",
    text: ({ shard, reasons }) =>
      `Shard ${shard} has ${reasons.length === 1 ? "a problem" : `${reasons.length} problems`}:\n${reasons.map((reason) => `  - ${reason}\n`).join("")}Mend what is named and run the command again.`,
    remedy:
      "Each tenant of a shard is looked at on its own; the message names all those that a run would fail at, or that a shard could not be removed for, with their reasons.",
  }),
  "TNT-470": error<{ resource: string }>({
    title: "A removal that loses data",
    text: ({ resource }) =>
      `${resource} is not removed: this stack's data would be lost with it. Keep it in the program; only a stack with tenantry:disposable: true can be destroyed.`,
    remedy:
      "Server, schemas and books stay unless the stack says that its data is worth nothing (`tenantry:disposable: true`, set with an `up` of its own before). Take other stacks down by the runbook.",
  }),
  "TNT-471": error<{ plugin: string }>({
    title: "A plugin without configuration",
    text: ({ plugin }) =>
      `The plugin ${plugin} was asked to work before it was configured: an argument of its provider is not known yet. Give it static arguments (host, port, user, password).`,
    remedy:
      "The provider's arguments have to be known before anything runs; an argument computed from another resource would blank every preview.",
  }),
} as const;
