import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { handleUnaryCall } from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { GRPC_OPTIONS } from "../protocol/call.ts";
import { fromStruct, toStruct } from "../protocol/values.ts";
import type { Events } from "./events.ts";
import { readGoal, readInputs } from "./goal.ts";
import type { Registrar } from "./registrar.ts";
import { isProviderType } from "./urn.ts";

const { ResourceMonitorFeature: Feature } = resourcePb;

/** What the SDK may use; it refuses the rest by itself. */
const FEATURES: ReadonlyMap<string, resourcePb.ResourceMonitorFeature> = new Map([
  ["secrets", Feature.RESOURCE_MONITOR_FEATURE_SECRETS],
  ["resourceReferences", Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES],
  ["outputValues", Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES],
  ["aliasSpecs", Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS],
  ["deletedWith", Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH],
]);

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly events: Events;
  /** There as soon as the state is open; the program may start before. */
  readonly registrar: Promise<Registrar>;
  /** The program, or a plugin, logged an error. */
  readonly onError: (message: string, urn: string) => void;
}

/** The server to which the program declares its resources, and to which plugins log. */
export class Monitor {
  readonly #server = new Server(GRPC_OPTIONS);
  readonly #options: MonitorOptions;
  #hasFinished = false;
  #rootUrn = "";

  private constructor(options: MonitorOptions) {
    this.#options = options;
    this.#serveResources();
    this.#serveEngine();
  }

  /** @returns the monitor and its address, on this host only */
  static async listen(options: MonitorOptions): Promise<{ monitor: Monitor; address: string }> {
    const monitor = new Monitor(options);
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      monitor.#server.bindAsync("127.0.0.1:0", credentials, (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return { monitor, address: `127.0.0.1:${port}` };
  }

  /** Whether the program said that it has declared everything. */
  get hasFinished(): boolean {
    return this.#hasFinished;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #serveResources(): void {
    const { project, stack, preview, parallel, registrar } = this.#options;
    const refuse = (feature: string) => answer(async () => (await registrar).refuse(feature));
    this.#server.addService(resourceGrpc.ResourceMonitorService, {
      getDeploymentInfo: answer(() => {
        const info = new resourcePb.DeploymentInfo();
        info.setProject(project);
        info.setStack(stack);
        info.setOrganization("organization");
        info.setDryrun(preview);
        info.setParallel(parallel);
        info.setSupportedfeaturesList([...FEATURES.values()]);
        return info;
      }),
      supportsFeature: answer((request: resourcePb.SupportsFeatureRequest) => {
        const response = new resourcePb.SupportsFeatureResponse();
        response.setHassupport(FEATURES.has(request.getId()));
        return response;
      }),
      registerResource: answer(async (request: resourcePb.RegisterResourceRequest) => {
        const resources = await registrar;
        const {
          urn,
          type,
          id = "",
          custom,
          outputs,
        } = await resources.register(() => readGoal(request));
        const response = new resourcePb.RegisterResourceResponse();
        response.setUrn(urn);
        response.setId(id);
        response.setObject(toStruct(custom || isProviderType(type) ? outputs : {}));
        return response;
      }),
      registerResourceOutputs: answer(
        async (request: resourcePb.RegisterResourceOutputsRequest) => {
          const outputs = () => readInputs(fromStruct(request.getOutputs()));
          await (await registrar).registerOutputs(request.getUrn(), outputs);
          return new emptyPb.Empty();
        },
      ),
      invoke: answer(async (request: resourcePb.ResourceInvokeRequest) => {
        const provider = { reference: request.getProvider(), version: request.getVersion() };
        const args = readInputs(fromStruct(request.getArgs()));
        const found = await (await registrar).invoke(request.getTok(), args, provider);
        const response = new resourcePb.ResourceInvokeResponse();
        response.setReturn(toStruct(found.inputs));
        for (const { property, reason } of found.failures) {
          const failure = new providerPb.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          response.addFailures(failure);
        }
        return response;
      }),
      signalAndWaitForShutdown: answer(() => {
        this.#hasFinished = true;
        return new emptyPb.Empty();
      }),
      readResource: refuse("reading resources (.get(), StackReference)"),
      call: refuse("method calls on components"),
      registerPackage: refuse("parameterised packages"),
      registerStackTransform: refuse("transforms"),
      registerStackInvokeTransform: refuse("transforms"),
      registerResourceHook: refuse("resource hooks"),
      registerErrorHook: refuse("resource hooks"),
    });
  }

  #serveEngine(): void {
    const { events, onError } = this.#options;
    this.#server.addService(engineGrpc.EngineService, {
      log: answer((request: enginePb.LogRequest) => {
        const severity = SEVERITIES[request.getSeverity()];
        if (severity === "error") onError(request.getMessage(), request.getUrn());
        else if (severity !== "debug" && !request.getEphemeral())
          events.diagnostic(severity, request.getMessage(), request.getUrn());
        return new emptyPb.Empty();
      }),
      getRootResource: answer(() => {
        const response = new enginePb.GetRootResourceResponse();
        response.setUrn(this.#rootUrn);
        return response;
      }),
      setRootResource: answer((request: enginePb.SetRootResourceRequest) => {
        this.#rootUrn = request.getUrn();
        return new enginePb.SetRootResourceResponse();
      }),
      requirePulumiVersion: answer(() => new enginePb.RequirePulumiVersionResponse()),
    });
  }
}

/** A method that answers, or ends the program: the SDK takes UNAVAILABLE for "the engine has ended the run". */
function answer<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => {
          callback(null, response);
        },
        () => {
          callback({ code: status.UNAVAILABLE, details: "the run has ended" });
        },
      );
  };
}
