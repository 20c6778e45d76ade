/** The image's own way to start PostgreSQL. */
const ENTRYPOINT = "docker-entrypoint.sh";

/**
 * A container's entrypoint that starts the server only while no other container runs one on the same volume. Two would
 * destroy its data, and PostgreSQL itself does not see the other one: each is process 1 of its own container.
 *
 * The lock belongs to an open file, which the server and all its processes inherit, so that it ends with the last of
 * them, however they end. File descriptors and `flock` are as in Debian's and Alpine's images.
 *
 * @param volume where the volume is mounted; the lock's file lies there, beside the data
 */
export function lockedEntrypoint(volume: string): string[] {
  const file = `${volume}/tenantry.lock`;
  const refusal = `tenantry: another container runs a server on this volume (${file} is locked)`;
  const script = [
    `exec 9>>${file}`,
    `flock -n 9 || { echo "${refusal}" >&2; exit 75; }`,
    `exec ${ENTRYPOINT} "$@"`,
  ];
  return ["sh", "-c", script.join("; "), "sh"];
}
