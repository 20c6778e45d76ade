// What applications with OpenTelemetry import: tenantry/runtime/opentelemetry.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { SpanStatusCode, metrics, trace } from "@opentelemetry/api";
import type { Attributes, MeterProvider, TracerProvider } from "@opentelemetry/api";
import { TenantryError } from "../core/errors.ts";
import { SCOPE_CHANNEL } from "./events.ts";
import type { TenantScopeEvent } from "./events.ts";
import { sqlstateOf } from "./sqlstate.ts";

/** What is told of scopes, and to whom. */
export interface TelemetryOptions {
  /** Who gets the spans. Default: the provider that is registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider;
  /** Who gets the durations. Default: the provider that is registered with `@opentelemetry/api`. */
  readonly meterProvider?: MeterProvider;
  /**
   * Whether a span names the tenant, as `tenantry.tenant.id`. The histogram never does: it would be one for each
   * tenant. Default: false.
   */
  readonly tenantId?: boolean;
}

const NAME = "tenantry";

/** Seconds; those that OpenTelemetry's conventions give to the duration of an operation of a database. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Makes a span and a duration of each scope that ends, retries included. Call it once, when the application starts and
 * its providers are registered.
 *
 * The span `tenantry.scope` is a child of the one that was active around the scope. Its attributes are
 * `tenantry.scope.side` (`tenant` or `central`), `tenantry.scope.statements`, `tenantry.scope.attempt`, and where the
 * scope failed `error.type`: the code of a TenantryError, the SQLSTATE, the code of a system error, else the error's
 * name. The histogram `tenantry.scope.duration`, in seconds, has `tenantry.scope.side` and `error.type` alone. No text
 * of an error is told, since one of PostgreSQL's may quote data.
 *
 * @returns ends it
 * @throws {TenantryError} TNT-832 with every mistake in the options at once.
 */
export function observeScopes(options: TelemetryOptions = {}): () => void {
  const { tracerProvider, meterProvider, tenantId } = checkOptions(options);
  const tracer = tracerProvider.getTracer(NAME);
  const durations = meterProvider.getMeter(NAME).createHistogram("tenantry.scope.duration", {
    description: "Duration of scopes, with the wait for a connection",
    unit: "s",
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  const observe = (message: unknown): void => {
    const { value, count, duration, attempt, error } = message as TenantScopeEvent;
    const common: Attributes = {
      "tenantry.scope.side": value === null ? "central" : "tenant",
      ...(error === undefined ? {} : { "error.type": errorType(error) }),
    };
    const end = performance.timeOrigin + performance.now();
    const span = tracer.startSpan("tenantry.scope", {
      startTime: end - duration,
      attributes: {
        ...common,
        "tenantry.scope.statements": count,
        "tenantry.scope.attempt": attempt,
        ...(tenantId && value !== null ? { "tenantry.tenant.id": value } : {}),
      },
    });
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(end);
    durations.record(duration / 1000, common);
  };
  subscribe(SCOPE_CHANNEL, observe);
  return () => {
    unsubscribe(SCOPE_CHANNEL, observe);
  };
}

/** SQLSTATE, or the code of a system error. Others, such as an application's own, may have any number of values. */
const KNOWN_CODE = /^(?:[0-9A-Z]{5}|E[A-Z]+)$/;

function errorType(error: unknown): string {
  if (error instanceof TenantryError) return String(error.code);
  const code = sqlstateOf(error);
  if (code !== undefined && KNOWN_CODE.test(code)) return code;
  return error instanceof Error ? error.name : "_OTHER";
}

const PROVIDERS = { tracerProvider: "getTracer", meterProvider: "getMeter" } as const;
const KNOWN = [...Object.keys(PROVIDERS), "tenantId"];

function checkOptions(options: TelemetryOptions): Required<TelemetryOptions> {
  const {
    tracerProvider = trace.getTracerProvider(),
    meterProvider = metrics.getMeterProvider(),
    tenantId = false,
  } = options;
  const given: Record<string, unknown> = { tracerProvider, meterProvider };
  const problems = [
    ...Object.keys(options)
      .filter((name) => !KNOWN.includes(name))
      .map((name) => `${name} is no option; there are ${KNOWN.join(", ")}`),
    ...Object.entries(PROVIDERS)
      .filter(([name, method]) => !hasMethod(given[name], method))
      .map(([name, method]) => `${name} has no ${method}(): give a provider of OpenTelemetry`),
    ...(typeof tenantId === "boolean"
      ? []
      : [`tenantId is ${JSON.stringify(tenantId)}; it must be true or false`]),
  ];
  if (problems.length > 0) throw new TenantryError("TNT-832", { problems });
  return { tracerProvider, meterProvider, tenantId };
}

const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Record<string, unknown>)[name] === "function";
