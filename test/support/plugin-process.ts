import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import type { MethodDefinition } from "@grpc/grpc-js";
import type pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import grpcPb from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { GRPC_OPTIONS, call } from "../../src/protocol/call.ts";
import { plainProperties } from "../../src/protocol/secrets.ts";
import { fromStruct, toStruct } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";

/** How a plugin said two states differ. */
export interface Difference {
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: readonly string[];
  readonly diffs: readonly string[];
  /** Path -> kind, `UPDATE`, with ` of outputs` when it is not one of inputs. */
  readonly detailed: Readonly<Record<string, string>>;
  readonly deleteBeforeReplace: boolean;
}

interface OldState {
  readonly oldInputs: Properties;
  readonly olds: Properties;
}

const service = grpcPb.ResourceProviderService;

/** A plugin running as a process of its own, spoken to over gRPC as an engine does; its answers are left raw. */
export class PluginProcess {
  readonly process: ChildProcess;
  readonly address: string;
  readonly client: grpcPb.ResourceProviderClient;
  /** Resolves with `[code, signal]`. */
  readonly exited: Promise<unknown[]>;
  stderr = "";
  #acceptsSecrets = true;

  private constructor(process: ChildProcess, port: number) {
    this.process = process;
    this.address = `127.0.0.1:${port}`;
    this.client = new grpcPb.ResourceProviderClient(
      this.address,
      credentials.createInsecure(),
      GRPC_OPTIONS,
    );
    this.exited = once(process, "exit");
    process.stderr?.on("data", (data: Buffer) => (this.stderr += data.toString()));
  }

  static async start(
    command: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    cwd?: string,
  ): Promise<PluginProcess> {
    const child = spawn(command, [...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      cwd,
    });
    for await (const line of createInterface(child.stdout))
      return new PluginProcess(child, Number(line));
    throw new Error(`${command} ended without telling its port`);
  }

  /** Ends it as an engine does: Cancel, then SIGINT. */
  async stop(): Promise<unknown[]> {
    await this.cancel();
    return this.interrupt();
  }

  async interrupt(): Promise<unknown[]> {
    this.process.kill("SIGINT");
    const ended = await this.exited;
    this.client.close();
    return ended;
  }

  async cancel(): Promise<void> {
    await this.#call(service.cancel, new emptyPb.Empty());
  }

  async handshake(): Promise<providerPb.ProviderHandshakeResponse.AsObject> {
    const request = new providerPb.ProviderHandshakeRequest();
    return (await this.#call(service.handshake, request)).toObject();
  }

  async info(): Promise<pluginPb.PluginInfo.AsObject> {
    return (await this.#call(service.getPluginInfo, new emptyPb.Empty())).toObject();
  }

  async checkConfig(
    urn: string,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: providerPb.CheckFailure.AsObject[] }> {
    return this.#check(service.checkConfig, urn, news, {});
  }

  async configure(args: Properties): Promise<providerPb.ConfigureResponse.AsObject> {
    const request = new providerPb.ConfigureRequest();
    request.setArgs(toStruct(args));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    const response = (await this.#call(service.configure, request)).toObject();
    this.#acceptsSecrets = response.acceptsecrets;
    return response;
  }

  async check(
    urn: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; failures: providerPb.CheckFailure.AsObject[] }> {
    return this.#check(service.check, urn, news, olds);
  }

  async diff(
    urn: string,
    id: string,
    { oldInputs, olds, news }: OldState & { news: Properties },
  ): Promise<Difference> {
    const request = new providerPb.DiffRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(this.#encode(oldInputs));
    request.setOlds(this.#encode(olds));
    request.setNews(this.#encode(news));
    const response = await this.#call(service.diff, request);
    const { Kind } = providerPb.PropertyDiff;
    const kinds = Object.keys(Kind) as (keyof typeof Kind)[];
    const detailed: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((difference, path) => {
      const kind = kinds.find((name) => Kind[name] === difference.getKind()) ?? "?";
      detailed[path] = difference.getInputdiff() ? kind : `${kind} of outputs`;
    });
    return {
      changes: (["unknown", "none", "some"] as const)[response.getChanges()],
      replaces: response.getReplacesList(),
      diffs: response.getDiffsList(),
      detailed,
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(
    urn: string,
    inputs: Properties,
    preview = false,
  ): Promise<{ id: string; outputs: Properties }> {
    const request = new providerPb.CreateRequest();
    request.setUrn(urn);
    request.setProperties(this.#encode(inputs));
    request.setPreview(preview);
    const response = await this.#call(service.create, request);
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async read(
    urn: string,
    id: string,
    state: { inputs: Properties; outputs: Properties },
  ): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
    const request = new providerPb.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setInputs(this.#encode(state.inputs));
    request.setProperties(this.#encode(state.outputs));
    const response = await this.#call(service.read, request);
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async update(
    urn: string,
    id: string,
    { oldInputs, olds, news, preview }: OldState & { news: Properties; preview?: boolean },
  ): Promise<Properties> {
    const request = new providerPb.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(this.#encode(oldInputs));
    request.setOlds(this.#encode(olds));
    request.setNews(this.#encode(news));
    request.setPreview(preview ?? false);
    return fromStruct((await this.#call(service.update, request)).getProperties());
  }

  async delete(urn: string, id: string, { oldInputs, olds }: OldState): Promise<void> {
    const request = new providerPb.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(this.#encode(oldInputs));
    request.setProperties(this.#encode(olds));
    await this.#call(service.delete, request);
  }

  async #check(
    method: MethodDefinition<providerPb.CheckRequest, providerPb.CheckResponse>,
    urn: string,
    news: Properties,
    olds: Properties,
  ): Promise<{ inputs: Properties; failures: providerPb.CheckFailure.AsObject[] }> {
    const request = new providerPb.CheckRequest();
    request.setUrn(urn);
    request.setNews(this.#encode(news));
    request.setOlds(this.#encode(olds));
    request.setRandomseed(new Uint8Array(32));
    const response = await this.#call(method, request);
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  #encode(properties: Properties): Struct {
    return toStruct(this.#acceptsSecrets ? properties : plainProperties(properties));
  }

  async #call<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return call(this.client, method, request);
  }
}
