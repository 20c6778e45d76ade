import { connect } from "node:net";

/** How often a plugin looks whether its engine lives. */
const PARENT_INTERVAL_MS = 500;
/** How often it looks whether the engine's address answers; twice without an answer means that it is gone. */
const ADDRESS_INTERVAL_MS = 1_000;

/**
 * Calls `end` once when the plugin's work is over: at SIGINT, SIGTERM or SIGHUP (an engine sends SIGINT at every
 * normal end), and when the engine died without a word: another parent, or its address no longer answers. A
 * second signal ends the process at once.
 *
 * @param engineAddress `host:port`, the plugin's first argument; undefined when started by hand
 * @returns stops looking
 */
export function onEngineEnd(engineAddress: string | undefined, end: () => void): () => void {
  const parent = process.ppid;
  let unanswered = 0;
  const timers = [
    setInterval(() => {
      if (process.ppid !== parent) finish();
    }, PARENT_INTERVAL_MS),
  ];
  if (engineAddress !== undefined)
    timers.push(
      setInterval(() => {
        answers(engineAddress, (alive) => {
          unanswered = alive ? 0 : unanswered + 1;
          if (unanswered === 2) finish();
        });
      }, ADDRESS_INTERVAL_MS),
    );
  for (const timer of timers) timer.unref();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, finish);
  const stop = (): void => {
    for (const timer of timers) clearInterval(timer);
    for (const signal of signals) process.off(signal, finish);
  };
  function finish(): void {
    stop();
    end();
  }
  return stop;
}

function answers(address: string, report: (alive: boolean) => void): void {
  const colon = address.lastIndexOf(":");
  const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon));
  socket.unref();
  socket.once("connect", () => {
    socket.destroy();
    report(true);
  });
  socket.once("error", () => {
    report(false);
  });
}
