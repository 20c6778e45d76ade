import { expect, it } from "vitest";
import { judgeRequest } from "../../../src/report/live/judge-request.ts";
import type { RequestFacts } from "../../../src/report/live/judge-request.ts";

const door = { port: 14320, token: "a-Token_of-this_start" };
const judge = (more: Partial<RequestFacts>) =>
  judgeRequest(
    {
      method: "GET",
      target: "/metrics",
      host: "127.0.0.1:14320",
      authorization: undefined,
      cookie: undefined,
      ...more,
    },
    door,
  );
const refused = (status: number) => ({ is: "refused", status });
const bearer = { authorization: `Bearer ${door.token}` };

it.each([
  ["localhost:14320", { is: "admitted", path: "/metrics" }],
  ["127.0.0.1:14320", { is: "admitted", path: "/metrics" }],
  ["127.0.0.1", refused(421)],
  ["127.0.0.1:14321", refused(421)],
  ["evil.example:14320", refused(421)],
  ["localhost:14320.evil.example", refused(421)],
  ["", refused(421)],
  [undefined, refused(421)],
])("takes nobody in who calls it %s", (host, verdict) => {
  expect(judge({ ...bearer, host })).toEqual(verdict);
});

it.each(["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", undefined])(
  "refuses %s, token or not",
  (method) => {
    expect(judge({ ...bearer, method })).toEqual(refused(405));
    expect(judge({ method })).toEqual(refused(405));
  },
);

it("takes HEAD like GET", () => {
  expect(judge({ ...bearer, method: "HEAD" })).toEqual({ is: "admitted", path: "/metrics" });
});

it.each([
  [{}],
  [{ authorization: "Bearer wrong" }],
  [{ authorization: `Bearer ${door.token}x` }],
  [{ authorization: `Bearer ${door.token} x` }],
  [{ authorization: `Basic ${door.token}` }],
  [{ authorization: door.token }],
  [{ cookie: `tenantry-14320=wrong` }],
  // Of the server at another port of this machine.
  [{ cookie: `tenantry-14321=${door.token}` }],
  [{ cookie: `xtenantry-14320=${door.token}` }],
  [{ target: `/metrics?token=${door.token}` }],
  [{ target: `/?token=` }],
  [{ target: `/?token=${door.token}x` }],
  [{ target: `/?TOKEN=${door.token}` }],
  [{ target: "/%2e%2e/%2e%2e/etc/passwd" }],
  [{ target: "/../../etc/passwd" }],
  [{ target: undefined }],
])("lets nobody in with %j", (more) => {
  expect(judge(more)).toEqual(refused(401));
});

it("lets in by the header, by the cookie among others, and sends the address with the token away", () => {
  expect(judge(bearer)).toEqual({ is: "admitted", path: "/metrics" });
  expect(judge({ authorization: `bearer  ${door.token}` })).toMatchObject({ is: "admitted" });
  const cookie = `a=b; tenantry-14321=other; tenantry-14320=${door.token}; c=d`;
  expect(judge({ cookie, target: "/?x=1" })).toEqual({ is: "admitted", path: "/" });
  expect(judge({ target: `/?token=${door.token}` })).toEqual({ is: "entering" });
  expect(judge({ target: `/?a=b&token=${door.token}` })).toEqual({ is: "entering" });
  // A wrong one in the address is told, whatever else is right.
  expect(judge({ ...bearer, target: "/?token=wrong" })).toEqual(refused(401));
});

it("tells that it is there without a token", () => {
  expect(judge({ target: "/healthz" })).toEqual({ is: "admitted", path: "/healthz" });
  expect(judge({ target: "/healthz/" })).toEqual(refused(401));
});

it("keeps paths as they were sent: nothing is decoded or resolved", () => {
  for (const target of ["/../metrics", "//metrics", "/%6detrics", "http://127.0.0.1:14320/metrics"])
    expect(judge({ ...bearer, target })).toEqual({ is: "admitted", path: target });
});
