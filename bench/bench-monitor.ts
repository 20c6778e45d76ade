import { asAdministrator } from "../src/cli/administrator.ts";
import { asMonitor } from "../src/cli/monitor.ts";
import { readSizes } from "../src/fleet/monitor/read-sizes.ts";
import { readStatus } from "../src/fleet/monitor/read-status.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { connectBare } from "./record-statements.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** How many tables each tenant has when it is looked at. */
const TABLES = 20;

/** Gives each tenant more tables; nothing but its end may follow for the stack. */
const FILL = `do $$
declare
  tenant record;
  missing integer;
begin
  for tenant in select schema_name, schema_oid from tenantry.registry loop
    select ${TABLES} - count(*) into missing
    from pg_class where relnamespace = tenant.schema_oid and relkind = 'r';
    for number in 1 .. missing loop
      execute format('create table %I.%I (id bigint primary key, note text)', tenant.schema_name, 'bench_' || number);
    end loop;
    commit;
  end loop;
end $$`;

/**
 * The first look of a new connection at a fleet, against adding up
 * `pg_total_relation_size` by bare `pg`.
 */
export async function benchMonitor({ root }: ScratchStack): Promise<Figure[]> {
  const place = { stack: "dev", root };
  const bare = await asAdministrator(place, async (context) => {
    const filling = await connectBare(context);
    await filling.query(FILL);
    await filling.query("vacuum analyze pg_class, pg_index, pg_namespace");
    await filling.end();
    const plain = await connectBare(context);
    const seconds = await timed(() =>
      plain.query(
        "select relnamespace, sum(pg_total_relation_size(oid)) from pg_class where relkind in ('r', 'm') group by 1",
      ),
    );
    await plain.end();
    return seconds;
  });
  const status = await asMonitor(place, (monitor) =>
    timed(() => readStatus(monitor, monitor.sqlDirectory)),
  );
  const sizes = await asMonitor(place, (monitor) => timed(() => readSizes(monitor)));
  const against = "the sizes of all tables by bare pg";
  return [
    { name: against, seconds: bare },
    {
      name: `status, ${TABLES} tables a tenant`,
      seconds: status,
      against,
      ratio: status / bare,
      goal: 1,
    },
    {
      name: `sizes, ${TABLES} tables a tenant`,
      seconds: sizes,
      against,
      ratio: sizes / bare,
      goal: 1,
    },
  ];
}
