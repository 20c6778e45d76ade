import { expect, it } from "vitest";
import { partitionedTableSql, readPartitionedTable } from "../../src/core/partitioned-table.ts";

const read = (name: string, ...columns: string[]) => readPartitionedTable(name, columns, "isp_id");

it("writes the table, its keys and its DEFAULT partition", () => {
  expect(
    partitionedTableSql(
      read("conversations", "topic:TEXT", "fee:numeric(12,2):null", "closed_at:timestamptz:null"),
      "tenants",
    ),
  )
    .toBe(`-- Partitioned by tenant. Rows that come before their partition wait in DEFAULT. No foreign keys to other
-- partitioned tables: moving a row out of DEFAULT would break them. Add indexes here, on the table itself.

create table shared.conversations (
  id uuid not null default gen_random_uuid(),
  :"partition_key" text not null,
  topic text not null,
  fee numeric(12,2),
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, :"partition_key")
) partition by list (:"partition_key");
comment on table shared.conversations is 'Partitioned by tenant';

create table shared.conversations_default partition of shared.conversations default;
comment on table shared.conversations_default is 'Rows that have no partition yet';
`);
});

it.each([
  [["Chats"], /the table "Chats" must begin with a letter a-z .*: write chats/],
  [["pg_chats"], /the table "pg_chats" must not begin with pg_/],
  [["x".repeat(49)], /the table "x+" has 49 characters, at most 48/],
  [["chats", "topic"], /the column "topic" has no type: write name:type, such as topic:text/],
  [["chats", "topic:string"], /the column "topic:string" has an unknown type: there are text, /],
  [["chats", "topic:text; drop table x"], /has an unknown type/],
  [["chats", "topic:numeric(1,2);x"], /has an unknown type/],
  [["chats", "topic:text:maybe"], /ends with "maybe": only null may follow the type/],
  [["chats", "topic:text:null:x"], /ends with "x"/],
  [["chats", "id:uuid"], /the column "id:uuid" is there already: the table has id, /],
  [["chats", "isp_id:text"], /is there already/],
  [["chats", "updated_at:date"], /is there already/],
  [["chats", "a:text", "a:date"], /the column "a:date" is there already/],
  [["chats", "Topic:text"], /the column "Topic:text" must begin with a letter a-z .*: write topic/],
  [["chats", "xmin:text"], /the column "xmin:text" is a column that tables have already/],
])("%j is refused", ([name = "", ...columns], message) => {
  expect(() => read(name, ...columns)).toThrow(message);
  expect(() => read(name, ...columns)).toThrow(/nothing was written.*TNT-850/s);
});

it("tells everything that is wrong at once", () => {
  expect(() => read("Chats", "a:b", "c")).toThrow(/the table.*"a:b".*"c"/s);
});
