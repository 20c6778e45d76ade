import { Client, credentials, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import aliasPb from "@pulumi/pulumi/proto/alias_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { setTimeout as sleep } from "node:timers/promises";
import type { Program } from "../../src/engine/program.ts";
import { GRPC_OPTIONS, call } from "../../src/protocol/call.ts";
import { fromStruct, toStruct } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";

const service = resourceGrpc.ResourceMonitorService;

/** What a registration gave back. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Properties;
}

export interface ResourceOptions {
  readonly parent?: Registered;
  readonly provider?: Registered;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly dependsOn?: readonly Registered[];
  /** Property -> what its value comes from; also dependencies of the resource. */
  readonly from?: Readonly<Record<string, Registered>>;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly secretOutputs?: readonly string[];
  readonly deletedWith?: Registered;
  readonly aliases?: readonly { name?: string; urn?: string; noParent?: boolean }[];
  /** Sends aliases as SDKs did that did not yet say whether they have a parent. */
  readonly oldAliases?: boolean;
  readonly createTimeout?: string;
  readonly version?: string;
  readonly importId?: string;
}

/** Declares resources as a Pulumi SDK does, without the second it takes to start one. */
export class Declare {
  readonly #client: Client;
  stack: Registered | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  async resource(
    name: string,
    inputs: Properties = {},
    options: ResourceOptions & { type?: string } = {},
  ): Promise<Registered> {
    return await this.#register(options.type ?? "fake:index:Thing", name, true, inputs, options);
  }

  async provider(name: string, inputs: Properties = {}, options: ResourceOptions = {}) {
    return await this.#register("pulumi:providers:fake", name, true, inputs, options);
  }

  async component(name: string, inputs: Properties = {}, options: ResourceOptions = {}) {
    return await this.#register("test:index:Group", name, false, inputs, options);
  }

  async outputs(of: Registered, outputs: Properties): Promise<void> {
    const request = new resourcePb.RegisterResourceOutputsRequest();
    request.setUrn(of.urn);
    request.setOutputs(toStruct(outputs));
    await call(this.#client, service.registerResourceOutputs, request);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new resourcePb.ResourceInvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    const response = await call(this.#client, service.invoke, request);
    return fromStruct(response.getReturn());
  }

  async register(type: string, name: string, custom: boolean): Promise<Registered> {
    return await this.#register(type, name, custom, {}, {});
  }

  async read(type: string, name: string, id: string): Promise<void> {
    const request = new resourcePb.ReadResourceRequest();
    request.setType(type);
    request.setName(name);
    request.setId(id);
    await call(this.#client, service.readResource, request);
  }

  async #register(
    type: string,
    name: string,
    custom: boolean,
    inputs: Properties,
    options: ResourceOptions,
  ): Promise<Registered> {
    const request = new resourcePb.RegisterResourceRequest();
    request.setType(type);
    request.setName(name);
    request.setCustom(custom);
    request.setParent((options.parent ?? this.stack)?.urn ?? "");
    request.setObject(toStruct(inputs));
    setOptions(request, inputs, options);
    const response = await call(this.#client, service.registerResource, request);
    return {
      urn: response.getUrn(),
      id: response.getId(),
      outputs: fromStruct(response.getObject()),
    };
  }
}

function setOptions(
  request: resourcePb.RegisterResourceRequest,
  inputs: Properties,
  options: ResourceOptions,
): void {
  const { provider, from = {}, dependsOn = [] } = options;
  if (options.protect !== undefined) request.setProtect(options.protect);
  if (options.retainOnDelete !== undefined) request.setRetainondelete(options.retainOnDelete);
  if (provider) request.setProvider(`${provider.urn}::${provider.id}`);
  const needed = [...dependsOn, ...Object.values(from)].map(({ urn }) => urn);
  request.setDependenciesList([...new Set(needed)]);
  for (const key of Object.keys(inputs)) {
    const dependencies = new resourcePb.RegisterResourceRequest.PropertyDependencies();
    dependencies.setUrnsList(from[key] ? [from[key].urn] : []);
    request.getPropertydependenciesMap().set(key, dependencies);
  }
  if (options.deleteBeforeReplace !== undefined) {
    request.setDeletebeforereplace(options.deleteBeforeReplace);
    request.setDeletebeforereplacedefined(true);
  }
  request.setIgnorechangesList([...(options.ignoreChanges ?? [])]);
  request.setReplaceonchangesList([...(options.replaceOnChanges ?? [])]);
  request.setAdditionalsecretoutputsList([...(options.secretOutputs ?? [])]);
  request.setDeletedwith(options.deletedWith?.urn ?? "");
  request.setVersion(options.version ?? "");
  request.setImportid(options.importId ?? "");
  if (options.createTimeout !== undefined) {
    const timeouts = new resourcePb.RegisterResourceRequest.CustomTimeouts();
    timeouts.setCreate(options.createTimeout);
    request.setCustomtimeouts(timeouts);
  }
  request.setAliasspecs(options.oldAliases !== true);
  request.setAliasesList((options.aliases ?? []).map(aliasMessage));
}

function aliasMessage({
  urn,
  name,
  noParent,
}: {
  name?: string;
  urn?: string;
  noParent?: boolean;
}) {
  const message = new aliasPb.Alias();
  if (urn !== undefined) {
    message.setUrn(urn);
    return message;
  }
  const spec = new aliasPb.Alias.Spec();
  spec.setName(name ?? "");
  if (noParent) spec.setNoparent(true);
  message.setSpec(spec);
  return message;
}

// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a program may export nothing
export type TestProgram = (declare: Declare) => Promise<Properties | void>;

/** Ends a program without its last word, and without an error: a process does so when a promise never settles. */
export class EarlyEnd extends Error {}

/** Where a program runs: what either engine tells it. */
interface Surroundings {
  readonly address: string;
  readonly project: { readonly name: string };
  readonly stack: string;
}

/** Runs a program in this process: first the stack, then what it declares, then its outputs. */
export function inProcess(program: TestProgram): (surroundings: Surroundings) => Program {
  return ({ address, project, stack }) => {
    const client = new Client(address, credentials.createInsecure(), GRPC_OPTIONS);
    const declare = new Declare(client);
    const run = async (): Promise<number> => {
      try {
        declare.stack = await declare.register(
          "pulumi:pulumi:Stack",
          `${project.name}-${stack}`,
          false,
        );
        const outputs = await program(declare);
        await declare.outputs(declare.stack, outputs ?? {});
        await call(client, service.signalAndWaitForShutdown, new emptyPb.Empty());
        return 0;
      } catch (error) {
        if (error instanceof EarlyEnd) return 0;
        // As the SDK does: the engine has ended the run, and knows why.
        if ((error as Partial<ServiceError>).code !== status.UNAVAILABLE) throw error;
        return 1;
      } finally {
        // Answers that are on their way get the time to arrive.
        await sleep(0);
        client.close();
      }
    };
    return {
      ended: run().then(
        (code) => ({ code, signal: null }),
        (error: unknown) => ({ code: 1, signal: null, error: error as Error }),
      ),
      stop: () => Promise.resolve(),
    };
  };
}
