import { createHash, timingSafeEqual } from "node:crypto";

/** What a request says of itself, as far as it matters. */
export interface RequestFacts {
  readonly method: string | undefined;
  /** Path and query as they were sent. */
  readonly target: string | undefined;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** Who is let in. */
export interface Door {
  readonly port: number;
  /** Random, of this start. */
  readonly token: string;
}

/** A request is for a path; or brought the token in its address, which is to go from there; or is refused. */
export type Verdict =
  | { readonly is: "admitted"; readonly path: string }
  | { readonly is: "entering" }
  | { readonly is: "refused"; readonly status: 401 | 405 | 421 };

/** Needs no token: it tells nothing but that somebody serves. */
export const HEALTH = "/healthz";

/** Cookies do not know ports: one for each, so that two servers of one machine do not disturb each other. */
export const cookieName = (port: number): string => `tenantry-${port}`;

/**
 * Decides about a request, by its headers and address alone. The order tells those outside nothing: whoever has no
 * token learns of no path.
 */
export function judgeRequest(request: RequestFacts, door: Door): Verdict {
  // A page from elsewhere whose name was made to lead here (DNS rebinding) still says its own name.
  if (![`127.0.0.1:${door.port}`, `localhost:${door.port}`].includes(request.host ?? ""))
    return { is: "refused", status: 421 };
  if (request.method !== "GET" && request.method !== "HEAD") return { is: "refused", status: 405 };
  const [path = "", query] = (request.target ?? "").split(/\?(.*)/s, 2);
  if (path === HEALTH) return { is: "admitted", path };
  const brought = path === "/" ? new URLSearchParams(query).get("token") : null;
  if (brought !== null)
    return isSame(brought, door.token) ? { is: "entering" } : { is: "refused", status: 401 };
  const shown = [bearerOf(request), cookieOf(request, cookieName(door.port))];
  return shown.some((one) => one !== undefined && isSame(one, door.token))
    ? { is: "admitted", path }
    : { is: "refused", status: 401 };
}

function bearerOf({ authorization = "" }: RequestFacts): string | undefined {
  return /^Bearer +([\w-]+)$/i.exec(authorization)?.[1];
}

function cookieOf({ cookie = "" }: RequestFacts, name: string): string | undefined {
  return cookie
    .split(";")
    .map((pair) => pair.trim().split("="))
    .find(([key]) => key === name)?.[1];
}

/** In a time that tells nothing of where they differ, nor of their lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
