/**
 * What all of a stack's configuration may be together, in bytes. Pulumi hands it to programs in one variable of the
 * environment, and Linux takes no longer one than 128 KiB; the rest is for its name and other keys.
 */
const MOST_BYTES = 124 * 1024;

/** Why a stack's configuration is too long to reach a program, or undefined when it is not. */
export function sizeProblem(config: Readonly<Record<string, unknown>>): string | undefined {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
  if (bytes <= MOST_BYTES) return undefined;
  const kilobytes = Math.ceil(bytes / 1024);
  return `is ${kilobytes} KiB long, and Pulumi can pass on ${MOST_BYTES / 1024} KiB: move the tenants to a file below stacks/ and name it in tenantsFile`;
}
