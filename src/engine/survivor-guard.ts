import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";

/**
 * Reads which process groups there are, `+ 123` and `- 123`, until the pipe ends: that is when the engine does. A group
 * that is still there then is asked to end, and made to after three seconds.
 */
const SCRIPT = `
trap '' INT HUP TERM
groups=' '
while read -r sign group; do
  case "$sign" in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
alive() { for group in $groups; do kill -0 "-$group" 2>/dev/null && return; done; return 1; }
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
for second in 1 2 3; do alive && sleep 1; done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
`;

let guard: ChildProcess | undefined;

/**
 * Takes care that a process group does not outlive this process, even when that is killed with SIGKILL or crashes: a
 * shell of its own session waits for its end. Not on Windows.
 *
 * @returns for when the group has ended
 */
export function guardGroup(pid: number): () => void {
  if (process.platform === "win32") return () => undefined;
  guard ??= startGuard();
  const { stdin } = guard;
  stdin?.write(`+ ${pid}\n`);
  return () => stdin?.write(`- ${pid}\n`);
}

function startGuard(): ChildProcess {
  const started = spawn("/bin/sh", ["-c", SCRIPT], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A guard that somebody ends is replaced with the next group; what it guarded ends by its own care.
  const forget = (): void => {
    if (guard === started) guard = undefined;
  };
  started.once("error", forget);
  started.once("exit", forget);
  started.stdin.on("error", forget);
  // It must not keep this process from ending.
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
}
