import fc from "fast-check";
import { expect, test } from "vitest";
import { isHostOf, parseIpv4, parseIpv4Network, renderIpv4 } from "../../src/core/ipv4-network.ts";

test("an address reads back as it was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (address) => {
      expect(parseIpv4(renderIpv4(address))).toBe(address);
    }),
  );
});

test.each(["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04x", "a.b.c.d", "::1"])(
  "%j is no address",
  (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  },
);

test.each(["172.30.77.1/24", "10.0.0.0/33", "10.0.0.0", "10.0.0/8", "x/8"])(
  "%j is no network",
  (text) => {
    expect(parseIpv4Network(text)).toBeUndefined();
  },
);

test("a network's first and last address are not for hosts", () => {
  const network = parseIpv4Network("172.30.77.0/24");
  if (network === undefined) throw new Error("it is a network");
  const isHost = (text: string): boolean => isHostOf(network, parseIpv4(text) ?? 0);
  expect(["172.30.77.1", "172.30.77.254"].map(isHost)).toEqual([true, true]);
  expect(["172.30.77.0", "172.30.77.255", "172.30.76.9"].map(isHost)).toEqual([
    false,
    false,
    false,
  ]);
});
