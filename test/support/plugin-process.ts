import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import grpcPb from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, toStruct } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";

type Callback<T> = (error: ServiceError | null, response: T) => void;

const rpc = async <T>(call: (callback: Callback<T>) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });

/** How a plugin said two states differ. */
export interface Difference {
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: readonly string[];
  readonly diffs: readonly string[];
  readonly detailed: Readonly<Record<string, string>>;
  readonly deleteBeforeReplace: boolean;
}

/** A plugin running as a process of its own, spoken to over gRPC as an engine does, values raw. */
export class PluginProcess {
  readonly process: ChildProcess;
  readonly client: grpcPb.ResourceProviderClient;
  /** Resolves with `[code, signal]`. */
  readonly exited: Promise<unknown[]>;
  stderr = "";

  private constructor(process: ChildProcess, port: number) {
    this.process = process;
    this.client = new grpcPb.ResourceProviderClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 },
    );
    this.exited = once(process, "exit");
    process.stderr?.on("data", (data: Buffer) => (this.stderr += data.toString()));
  }

  static async start(
    command: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<PluginProcess> {
    const child = spawn(command, [...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    for await (const line of createInterface(child.stdout))
      return new PluginProcess(child, Number(line));
    throw new Error(`${command} ended without telling its port`);
  }

  /** Ends it as an engine does: Cancel, then SIGINT. */
  async stop(): Promise<unknown[]> {
    await this.cancel();
    this.client.close();
    this.process.kill("SIGINT");
    return this.exited;
  }

  async cancel(): Promise<void> {
    await rpc<Empty>((callback) => this.client.cancel(new emptyPb.Empty(), callback));
  }

  async configure(args: Properties): Promise<void> {
    const request = new providerPb.ConfigureRequest();
    request.setArgs(toStruct(args));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    for (const [key, value] of Object.entries(args))
      request.getVariablesMap().set(`postgresql:config:${key}`, String(value));
    await rpc<providerPb.ConfigureResponse>((callback) => this.client.configure(request, callback));
  }

  async check(
    urn: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
    const request = new providerPb.CheckRequest();
    request.setUrn(urn);
    request.setNews(toStruct(news));
    request.setOlds(toStruct(olds));
    request.setRandomseed(new Uint8Array(32));
    const response = await rpc<providerPb.CheckResponse>((callback) =>
      this.client.check(request, callback),
    );
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async diff(
    urn: string,
    id: string,
    states: { oldInputs: Properties; olds: Properties; news: Properties },
  ): Promise<Difference> {
    const request = new providerPb.DiffRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(toStruct(states.oldInputs));
    request.setOlds(toStruct(states.olds));
    request.setNews(toStruct(states.news));
    const response = await rpc<providerPb.DiffResponse>((callback) =>
      this.client.diff(request, callback),
    );
    const { Kind } = providerPb.PropertyDiff;
    const kinds = Object.keys(Kind) as (keyof typeof Kind)[];
    const detailed = response.getDetaileddiffMap().toArray() as unknown as [
      string,
      providerPb.PropertyDiff.AsObject,
    ][];
    return {
      changes: (["unknown", "none", "some"] as const)[response.getChanges()],
      replaces: response.getReplacesList(),
      diffs: response.getDiffsList(),
      detailed: Object.fromEntries(
        detailed.map(([path, { kind, inputdiff }]) => [
          path,
          `${kinds.find((name) => Kind[name] === kind) ?? "?"}${inputdiff ? "" : " of outputs"}`,
        ]),
      ),
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
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await rpc<providerPb.CreateResponse>((callback) =>
      this.client.create(request, callback),
    );
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
    request.setInputs(toStruct(state.inputs));
    request.setProperties(toStruct(state.outputs));
    const response = await rpc<providerPb.ReadResponse>((callback) =>
      this.client.read(request, callback),
    );
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async update(
    urn: string,
    id: string,
    states: { oldInputs: Properties; olds: Properties; news: Properties; preview?: boolean },
  ): Promise<Properties> {
    const request = new providerPb.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(toStruct(states.oldInputs));
    request.setOlds(toStruct(states.olds));
    request.setNews(toStruct(states.news));
    request.setPreview(states.preview ?? false);
    const response = await rpc<providerPb.UpdateResponse>((callback) =>
      this.client.update(request, callback),
    );
    return fromStruct(response.getProperties());
  }

  async delete(
    urn: string,
    id: string,
    state: { oldInputs: Properties; olds: Properties },
  ): Promise<void> {
    const request = new providerPb.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(toStruct(state.oldInputs));
    request.setProperties(toStruct(state.olds));
    await rpc<Empty>((callback) => this.client.delete(request, callback));
  }
}
