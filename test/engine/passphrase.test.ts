import { expect, test } from "vitest";
import { Passphrase } from "../../src/engine/passphrase.ts";

/** Made by the Pulumi CLI 3.260 for the passphrase `pw`. */
const FROM_CLI = "v1:uba+Vj1y5n4=:v1:6gIjtBnA1RSnAFo0:EMV6fYUiVb+g0q51L9S/WwNLrbnG9Q==";

test("it opens what the Pulumi CLI made, and nothing else", async () => {
  const passphrase = await Passphrase.open("pw", FROM_CLI);
  expect(passphrase.decrypt(passphrase.encrypt("añ €"))).toBe("añ €");
  await expect(Passphrase.open("pW", FROM_CLI)).rejects.toMatchObject({ code: "TNT-301" });
  await expect(Passphrase.open("pw", "v2:x:y")).rejects.toMatchObject({ code: "TNT-301" });
  await expect(Passphrase.open("pw", "v1:x")).rejects.toMatchObject({ code: "TNT-301" });
});

test("the same text never looks the same, and a changed one is not read", async () => {
  const passphrase = await Passphrase.open("pw", FROM_CLI);
  const sealed = passphrase.encrypt("hush");
  expect(passphrase.encrypt("hush")).not.toBe(sealed);
  expect(() => passphrase.decrypt(sealed.replace(/.{6}$/, "AAAAA="))).toThrow();
  expect(() => passphrase.decrypt("hush")).toThrow();
});
