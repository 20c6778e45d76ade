import { expect, test } from "vitest";
import { keepSecrets, plainProperties } from "../../src/protocol/secrets.ts";
import { secret } from "../../src/protocol/values.ts";

test("a secret is kept at its place", () => {
  const source = { a: secret(1), list: ["x", secret("y")], plain: { b: 2 } };
  expect(keepSecrets({ a: 5, list: ["p", "q"], plain: { b: 3 }, more: 1 }, source)).toEqual({
    a: secret(5),
    list: ["p", secret("q")],
    plain: { b: 3 },
    more: 1,
  });
});

test("where a secret's place cannot be told, all becomes secret", () => {
  expect(keepSecrets(["a", "b"], ["a", secret("b"), "c"])).toEqual(secret(["a", "b"]));
  expect(keepSecrets("a text", { key: secret(1) })).toEqual(secret("a text"));
  expect(keepSecrets({ key: 1 }, [secret(1)])).toEqual(secret({ key: 1 }));
});

test("a secret is never wrapped twice, nor holds another", () => {
  expect(keepSecrets({ a: secret(1) }, { a: secret(2) })).toEqual({ a: secret(1) });
  expect(keepSecrets({ a: { b: secret(1) } }, { a: secret({}) })).toEqual({ a: secret({ b: 1 }) });
});

test("plain values lose every mark", () => {
  expect(plainProperties({ a: secret({ b: secret(1) }), c: [secret("d")] })).toEqual({
    a: { b: 1 },
    c: ["d"],
  });
});
