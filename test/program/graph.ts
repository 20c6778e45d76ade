import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { vi } from "vitest";

/** One registration of the program, as the engine would get it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly protect: boolean;
  readonly deletedWith: string;
  readonly dependencies: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

const lastName = (urn: string): string => urn.split("::").at(-1) ?? "";

/** Runs the program under Pulumi's mocks: what it registers, in order, and its outputs. */
export async function runProgram(
  config: Readonly<Record<string, string>>,
  stack = "dev",
): Promise<{ registrations: Registration[]; outputs: Record<string, unknown> }> {
  vi.resetModules();
  const registrations: Registration[] = [];
  const inputsOf = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        inputsOf.set(`${type} ${name}`, inputs as Record<string, unknown>);
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
    },
    "tenantry",
    stack,
    false,
  );
  // The mocks hide a registration's options, which are half of what is declared: look at the request itself.
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (request, callback) => {
    await register(request, callback);
    const [type, name] = [request.getType(), request.getName()];
    registrations.push({
      type,
      name,
      parent: lastName(request.getParent()),
      protect: request.getProtect() ?? false,
      deletedWith: lastName(request.getDeletedwith()),
      dependencies: request.getDependenciesList().map(lastName).sort(),
      inputs: inputsOf.get(`${type} ${name}`) ?? {},
    });
  };
  pulumi.runtime.setAllConfig({ "tenantry:adminPassword": "graph-test-only", ...config }, [
    "tenantry:adminPassword",
  ]);
  const outputs = (await import("../../index.ts")) as Record<string, unknown>;
  // Waits until every registration has been answered.
  await pulumi.runtime.disconnect();
  return { registrations, outputs };
}
