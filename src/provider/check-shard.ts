import { tenantIdProblem } from "../core/name-rules.ts";
import { shardOf, SHARDS } from "../core/shard.ts";
import type { CheckFailure } from "../protocol/resource-handler.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { integer, mapOf, optional, problemsOf, text } from "./check-properties.ts";
import { shardTenant } from "./check-tenant.ts";

/** Every problem of a shard's inputs. */
export function checkShard(news: Properties): CheckFailure[] {
  return [
    ...problemsOf(news, {
      number: integer(0, SHARDS - 1),
      tenants: mapOf(shardTenant),
      sources: optional(mapOf(shardTenant)),
      renamed: optional(mapOf(text)),
    }),
    ...idsOf(news.tenants).flatMap((id) => {
      const problem = idProblem(id, news.number);
      const property = `tenants.${id}`;
      return problem === undefined ? [] : [{ property, reason: `The tenant id ${problem}.` }];
    }),
  ];
}

const idsOf = (tenants: Value | undefined): string[] =>
  isObject(tenants) ? Object.keys(tenants) : [];

function idProblem(id: string, shard: Value | undefined): string | undefined {
  const name = JSON.stringify(id);
  const problem = tenantIdProblem(id);
  if (problem !== undefined) return `${name} ${problem}`;
  const own = shardOf(id);
  return shard === own ? undefined : `${name} belongs to shard ${own}, not to this one`;
}
