/** Refuses a command that names neither a tenant nor all, or both. */
export function oneOrAll(
  command: { error(message: string): unknown },
  id: string | undefined,
  all: true | undefined,
): void {
  if ((id === undefined) === (all === undefined))
    command.error("error: name a tenant, or say --all");
}
