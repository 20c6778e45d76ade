/** What a refused request is answered with (RFC 9457), as `application/problem+json`. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: 400 | 403 | 410;
  readonly detail: string;
}

export const PROBLEM_TYPE = "application/problem+json";

const problem = (status: Problem["status"], title: string, detail: string): Problem =>
  Object.freeze({ type: "about:blank", title, status, detail });

/** One answer for missing, repeated, malformed and unknown: none tells which tenants there are. */
export const NO_TENANT = problem(400, "Bad Request", "The request does not name a tenant.");
export const NOT_ALLOWED = problem(403, "Forbidden", "The request may not act for this tenant.");
export const SUSPENDED = problem(403, "Forbidden", "The tenant is suspended.");
export const GONE = problem(410, "Gone", "The tenant is not here any more.");
