/** An IPv4 network such as 172.30.77.0/24. */
export interface Ipv4Network {
  /** Its first address, as a number of 32 bits. */
  readonly first: number;
  /** How many addresses it has. */
  readonly size: number;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ADDRESS = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** An address as a number; undefined when it is none. */
export function parseIpv4(text: string): number | undefined {
  if (!ADDRESS.test(text)) return undefined;
  return text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export function renderIpv4(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

/** A network in CIDR notation; undefined when it is none, or when its address has bits beyond the prefix. */
export function parseIpv4Network(text: string): Ipv4Network | undefined {
  const [, address = "", prefix] = /^([\d.]+)\/(\d\d?)$/.exec(text) ?? [];
  const first = parseIpv4(address);
  const length = Number(prefix);
  if (first === undefined || !(length <= 32)) return undefined;
  const size = 2 ** (32 - length);
  return first % size === 0 ? { first, size } : undefined;
}

/** Whether a host of the network may have the address: the first and the last one are not for hosts. */
export function isHostOf({ first, size }: Ipv4Network, address: number): boolean {
  return address > first && address < first + size - 1;
}

/** Whether a network lies within another one. */
export function isWithin(inner: Ipv4Network, outer: Ipv4Network): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}
