import fc from "fast-check";
import { expect, test } from "vitest";
import { isPlainPassword, scramVerifier } from "../../src/core/scram.ts";

test("the example of RFC 7677", () => {
  expect(scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"))).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});

test("another password or another salt is another verifier", () => {
  const salts = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(fc.string(), fc.string(), salts, (one, other, salt) => {
      fc.pre(one !== other);
      expect(scramVerifier(one, salt)).not.toBe(scramVerifier(other, salt));
    }),
    { numRuns: 20 },
  );
});

test("only printable ASCII is the same for every client", () => {
  expect(isPlainPassword("aZ09 ~!")).toBe(true);
  for (const password of ["", "ñ", "tab\t", "nul\0", "\u00a0"])
    expect(isPlainPassword(password)).toBe(false);
});
