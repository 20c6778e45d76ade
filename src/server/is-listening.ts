import { connect } from "node:net";

/** How long a host may take to answer. */
const PATIENCE_MS = 3_000;

/** Whether anything takes connections on a TCP port. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const finish = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", finish(true));
    socket.once("error", finish(false));
    socket.once("timeout", finish(false));
  });
}
