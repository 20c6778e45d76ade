import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { tenantGuard } from "../src/runtime/guard/tenant-guard.ts";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";

const REQUESTS = 1000;

/** A guard's own work for requests whose tenants it remembers: what each request pays. */
export async function benchGuard(): Promise<Figure[]> {
  const guard = tenantGuard({
    standing: (id) => Promise.resolve({ state: "active", key: id }),
    remember: 60_000,
  });
  const request = new IncomingMessage(new Socket());
  request.headers["x-tenant-id"] = "bench_1";
  const response = new ServerResponse(request);
  const pass = async (): Promise<void> => {
    for (let count = 0; count < REQUESTS; count += 1)
      await new Promise((resolve) => {
        guard(request, response, resolve);
      });
  };
  await pass();
  const seconds = await median(11, () => timed(pass));
  return [{ name: "1,000 requests through the guard", seconds, goal: 0.02 }];
}
