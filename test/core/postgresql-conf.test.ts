import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePostgresqlConf, renderPostgresqlConf } from "../../src/core/postgresql-conf.ts";

test("PostgreSQL's own syntax is read, in all its forms", () => {
  const { settings, problems } = parsePostgresqlConf(`
# a comment
shared_buffers = 2GB           # 25 %
Log_Statement 'ddl'
log_line_prefix='it''s \\'%m\\' \\101 # no comment '
pg_stat_statements.max=10000
random_page_cost = 1.1# close
search_path = '"$user", public'
archive_mode = off\r
`);
  expect(problems).toEqual([]);
  expect(settings).toEqual([
    { name: "shared_buffers", value: "2GB", line: 3 },
    { name: "log_statement", value: "ddl", line: 4 },
    { name: "log_line_prefix", value: "it's '%m' A # no comment ", line: 5 },
    { name: "pg_stat_statements.max", value: "10000", line: 6 },
    { name: "random_page_cost", value: "1.1", line: 7 },
    { name: "search_path", value: '"$user", public', line: 8 },
    { name: "archive_mode", value: "off", line: 9 },
  ]);
});

test.each([
  ["= 3", /needs a setting's name/],
  ["work_mem", /needs a value/],
  ["work_mem = 'open", /needs a value/],
  ["search_path = a, b", /has more than one value/],
  ["include 'other.conf'", /includes another file/],
  ["include_if_exists = 'other.conf'", /includes another file/],
])("%s is refused", (line, rule) => {
  const { settings, problems } = parsePostgresqlConf(`\n${line}\n`);
  expect(settings).toEqual([]);
  expect(problems).toEqual([{ line: 2, rule: expect.stringMatching(rule) }]);
});

test("a setting that is there twice is refused, since the second would win silently", () => {
  expect(parsePostgresqlConf("jit = on\nJIT = off").problems).toEqual([
    { line: 2, rule: "sets jit again, after line 1" },
  ]);
});

test("what is rendered is read back as it was", () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}(\.[a-z_][a-z0-9_]{0,10})?$/);
  const notInclude = name.filter((text) => !text.startsWith("include"));
  fc.assert(
    fc.property(fc.dictionary(notInclude, fc.string({ unit: "grapheme" })), (parameters) => {
      const { settings, problems } = parsePostgresqlConf(renderPostgresqlConf(parameters));
      expect(problems).toEqual([]);
      expect(settings.map(({ name: key, value }) => [key, value])).toEqual(
        Object.entries(parameters),
      );
    }),
  );
});
