import { createServer, STATUS_CODES } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from "node:http";
import { TenantryError } from "../../core/errors.ts";
import { cookieName, HEALTH, judgeRequest } from "./judge-request.ts";
import type { Door } from "./judge-request.ts";

/** What is served under a path. */
export interface LiveView {
  readonly type: string;
  /** More of its headers. */
  readonly headers?: OutgoingHttpHeaders;
  readonly text: () => Promise<string>;
}

export interface LiveOptions {
  readonly token: string;
  /** By their paths. */
  readonly views: Readonly<Record<string, LiveView>>;
  /** Told of what went wrong while somebody asked. */
  readonly onError: (error: unknown) => void;
}

/** Seconds after which it makes sense to ask again when PostgreSQL did not answer. */
const RETRY_SECONDS = 5;

/** A request of a few hundred bytes from this machine needs no longer. */
const REQUEST_MS = 10_000;

const TEXT = "text/plain; charset=utf-8";

/** Nothing that is served may be kept, framed, embedded or guessed at. A view may allow itself what it needs. */
const GUARDS: OutgoingHttpHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  /** Default: the status in words, and nothing else. */
  readonly text?: string;
}

/** An HTTP server, to listen on 127.0.0.1, that shows views to whoever has the token, and changes nothing. */
export function createLiveServer(options: LiveOptions): Server {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS });
  server.on("request", (request, response) => {
    const door = { port: request.socket.localPort ?? 0, token: options.token };
    void answer(request, door, options).then((answered) => {
      // A server that is closing lets its connections go with their last answer.
      if (!server.listening) response.setHeader("Connection", "close");
      send(response, answered);
    });
  });
  return server;
}

async function answer(
  { method, url, headers }: IncomingMessage,
  door: Door,
  { views, onError }: LiveOptions,
): Promise<Answer> {
  const { host, authorization, cookie } = headers;
  const verdict = judgeRequest({ method, target: url, host, authorization, cookie }, door);
  switch (verdict.is) {
    case "refused":
      return { status: verdict.status, headers: REFUSALS[verdict.status] };
    case "entering": {
      const value = `${cookieName(door.port)}=${door.token}; Path=/; HttpOnly; SameSite=Strict`;
      return { status: 303, headers: { Location: "/", "Set-Cookie": value } };
    }
    case "admitted":
      if (verdict.path === HEALTH) return { status: 200, text: "ok\n" };
      return await show(
        Object.hasOwn(views, verdict.path) ? views[verdict.path] : undefined,
        onError,
      );
  }
}

const REFUSALS: Readonly<Record<401 | 405 | 421, OutgoingHttpHeaders>> = {
  401: { "WWW-Authenticate": "Bearer" },
  405: { Allow: "GET, HEAD" },
  421: {},
};

async function show(view: LiveView | undefined, onError: LiveOptions["onError"]): Promise<Answer> {
  if (view === undefined) return { status: 404 };
  try {
    const text = await view.text();
    return { status: 200, headers: { "Content-Type": view.type, ...view.headers }, text };
  } catch (error) {
    onError(error);
    // Ours are made to be read; what nobody foresaw stays with whoever runs this.
    if (!(error instanceof TenantryError)) return { status: 500 };
    const headers = { "Retry-After": String(RETRY_SECONDS) };
    return { status: 503, headers, text: `${error.message}\n` };
  }
}

function send(response: ServerResponse, { status, headers, text }: Answer): void {
  const body = text ?? `${STATUS_CODES[status] ?? ""}\n`;
  response.writeHead(status, {
    ...GUARDS,
    "Content-Type": TEXT,
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  // Node leaves the body of an answer to HEAD away.
  response.end(body);
}
