import type { EngineEvent, Step, StepOperation, StepState } from "../../src/core/engine-event.ts";

interface StepOptions {
  readonly name?: string;
  readonly old?: Partial<StepState>;
  readonly new?: Partial<StepState>;
  readonly detailedDiff?: Step["detailedDiff"];
  readonly diffs?: readonly string[];
}

const state = (type: string, urn: string, given: Partial<StepState>): StepState => ({
  type,
  urn,
  custom: true,
  id: "id",
  parent: "",
  inputs: {},
  outputs: {},
  provider: "",
  ...given,
});

/** A step of a plan, as an engine reports it. */
export function stepOf(op: StepOperation, type: string, options: StepOptions = {}): Step {
  const { name = "thing", old, new: next, detailedDiff, diffs } = options;
  const urn = `urn:pulumi:dev::tenantry::${type}::${name}`;
  return {
    op,
    urn,
    type,
    provider: "",
    ...(old && { old: state(type, urn, old) }),
    ...(next && { new: state(type, urn, next) }),
    ...(detailedDiff && { detailedDiff }),
    ...(diffs && { diffs }),
  };
}

type Payload = Omit<EngineEvent, "sequence" | "timestamp">;

let sequence = 0;
export const eventOf = (payload: Payload): EngineEvent => ({
  sequence: sequence++,
  timestamp: 0,
  ...payload,
});

/** That a step begins. */
export const begins = (metadata: Step): EngineEvent => eventOf({ resourcePreEvent: { metadata } });

/** That a step is done. */
export const ends = (metadata: Step): EngineEvent => eventOf({ resOutputsEvent: { metadata } });

export const says = (
  severity: "info" | "warning" | "error" | "debug",
  message: string,
  urn?: string,
): EngineEvent =>
  eventOf({
    diagnosticEvent: { severity, message, color: "never", ...(urn !== undefined && { urn }) },
  });

const TENANT = "tenantry:index:Tenant";

const spec = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  inputs: { spec: { id, company: id, state: "active", isolation: "shared", ...more } },
});

/** Steps of one tenant. */
export const tenantSteps = {
  create: (id: string, more?: Readonly<Record<string, unknown>>): Step =>
    stepOf("create", TENANT, { name: id, new: spec(id, more) }),
  same: (id: string): Step => stepOf("same", TENANT, { name: id, old: spec(id), new: spec(id) }),
  remove: (id: string, options: { protect?: boolean } = {}): Step =>
    stepOf("delete", TENANT, { name: id, old: { ...spec(id), ...options } }),
  /** @param values property of the specification -> old and new */
  change: (id: string, values: Readonly<Record<string, readonly [unknown, unknown]>>): Step => {
    const side = (index: 0 | 1) =>
      Object.fromEntries(Object.entries(values).map(([key, pair]) => [key, pair[index]]));
    const update = { diffKind: "update", inputDiff: true } as const;
    return stepOf("update", TENANT, {
      name: id,
      old: spec(id, side(0)),
      new: spec(id, side(1)),
      detailedDiff: Object.fromEntries(Object.keys(values).map((key) => [`spec.${key}`, update])),
    });
  },
  rename: (id: string, from: string, to: string): Step =>
    stepOf("update", TENANT, {
      name: id,
      old: spec(id, { company: from }),
      new: spec(id, { company: to }),
      detailedDiff: { "spec.company": { diffKind: "update", inputDiff: true } },
    }),
};
