import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import type { HistogramMetricData } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { createTenantPool } from "../../src/runtime/index.ts";
import type { TenantPool } from "../../src/runtime/index.ts";
import { observeScopes } from "../../src/runtime/opentelemetry.ts";
import type { TelemetryOptions } from "../../src/runtime/opentelemetry.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let pool: TenantPool;
let stop: (() => void) | undefined;

/** A real SDK that keeps what it is told. */
function sdk() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: exported });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    providers: { tracerProvider, meterProvider },
    spans: () => spans.getFinishedSpans(),
    metrics: async () => {
      await meterProvider.forceFlush();
      return exported
        .getMetrics()
        .at(-1)!
        .scopeMetrics.flatMap(({ metrics }) => metrics) as HistogramMetricData[];
    },
  };
}

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory: smallSqlDirectory() });
  await provisionTenant(platform.ctx, spec("observed"));
  pool = createTenantPool(platform.login(platform.roles.user));
});
afterEach(() => {
  stop?.();
});
afterAll(async () => {
  context.disable();
  await pool.end();
  await platform.close();
});

test("a scope becomes a span below the active one, with its statements and without its tenant", async () => {
  const { spans, providers } = sdk();
  stop = observeScopes(providers);
  const before = Date.now();
  const request = providers.tracerProvider.getTracer("application").startSpan("request");
  await context.with(trace.setSpan(context.active(), request), async () => {
    await pool.withTenant("observed", async (tx) => {
      await tx.query("select 1");
      await tx.query("select 2");
    });
    await pool.tenantQuery("observed", "select 3");
  });
  await pool.withCentral((tx) => tx.query("select 4"));
  expect(
    spans().map(({ name, attributes, parentSpanContext }) => [
      name,
      parentSpanContext?.spanId,
      attributes,
    ]),
  ).toEqual(
    [
      [request.spanContext().spanId, "tenant", 2],
      [request.spanContext().spanId, "tenant", 1],
      [undefined, "central", 1],
    ].map(([parent, side, statements]) => [
      "tenantry.scope",
      parent,
      {
        "tenantry.scope.side": side,
        "tenantry.scope.statements": statements,
        "tenantry.scope.attempt": 1,
      },
    ]),
  );
  for (const { startTime, endTime, duration, status } of spans()) {
    expect(startTime[0] * 1000 + startTime[1] / 1e6).toBeGreaterThan(before - 1000);
    expect(endTime[0] * 1000 + endTime[1] / 1e6).toBeLessThan(Date.now() + 1000);
    expect(duration[0] + duration[1]).toBeGreaterThan(0);
    expect(status.code).toBe(0);
  }
});

test("durations are a histogram in seconds that no tenant multiplies", async () => {
  const { metrics, spans, providers } = sdk();
  stop = observeScopes({ ...providers, tenantId: true });
  await pool.tenantQuery("observed", "select 1");
  await pool.tenantQuery("nobody", "select 1").catch(() => undefined);
  await pool.tenantQuery("none", "select 1").catch(() => undefined);
  const [durations, ...others] = await metrics();
  expect(others).toEqual([]);
  expect(durations!.descriptor).toMatchObject({ name: "tenantry.scope.duration", unit: "s" });
  expect(durations!.dataPoints.map(({ attributes, value }) => [attributes, value.count])).toEqual([
    [{ "tenantry.scope.side": "tenant" }, 1],
    [{ "tenantry.scope.side": "tenant", "error.type": "TNT-803" }, 2],
  ]);
  const total = spans().reduce((sum, { duration: [s, ns] }) => sum + s + ns / 1e9, 0);
  const measured = durations!.dataPoints.reduce((sum, { value }) => sum + (value.sum ?? 0), 0);
  expect(measured).toBeCloseTo(total, 4);
  expect(spans().map(({ attributes }) => attributes["tenantry.tenant.id"])).toEqual([
    "observed",
    "nobody",
    "none",
  ]);
});

class OrderError extends Error {
  override readonly name = "OrderError";
  readonly code = "ORDER-4711";
}

test.each([
  [
    "a code of the library",
    "TNT-812",
    () => pool.withTenant("observed", (tx) => tx.query("commit")),
  ],
  ["an SQLSTATE", "22012", () => pool.tenantQuery("observed", "select 1/0")],
  ["the name of an application's error", "OrderError", () => fail(new OrderError("4711"))],
  ["what is no error", "_OTHER", () => fail("4711")],
] as const)("a failure has the type of %s, and no text", async (_, type, work) => {
  const { spans, providers } = sdk();
  stop = observeScopes(providers);
  await expect(work()).rejects.toBeDefined();
  const [span] = spans();
  expect(span!.attributes["error.type"]).toBe(type);
  expect(span!.status).toEqual({ code: 2 });
  expect(span!.events).toEqual([]);
});

const fail = (reason: unknown): Promise<never> =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what an application may do
  pool.withTenant("observed", () => Promise.reject(reason));

test("nothing is told after its end", async () => {
  const { spans, providers } = sdk();
  observeScopes(providers)();
  await pool.tenantQuery("observed", "select 1");
  expect(spans()).toEqual([]);
});

test("every mistake in the options is told at once", () => {
  const wrong = { tracerProvider: {}, tenantId: "yes", spans: true } as unknown as TelemetryOptions;
  expect(() => observeScopes(wrong)).toThrow(
    expect.objectContaining({
      code: "TNT-832",
      message: expect.stringMatching(
        /spans is no option.*\n.*tracerProvider has no getTracer\(\).*\n.*tenantId is "yes"/,
      ) as unknown,
    }),
  );
});
