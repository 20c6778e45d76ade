import { Client, credentials, status } from "@grpc/grpc-js";
import type { MethodDefinition, ServiceError } from "@grpc/grpc-js";
import grpcPb from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { CheckResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { GRPC_OPTIONS, call } from "./call.ts";
import { readDiff } from "./diff-answer.ts";
import type { DiffAnswer } from "./diff-answer.ts";
import { readPartialFailure } from "./partial-failure.ts";
import type { CheckFailure } from "./resource-handler.ts";
import { keepSecretProperties, plainProperties } from "./secrets.ts";
import { parseUrn } from "./urn.ts";
import { fromStruct, toStruct } from "./values.ts";
import type { Properties } from "./values.ts";

const service = grpcPb.ResourceProviderService;

export interface CheckAnswer {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** What a plugin made of a resource. `initErrors`: it exists, but is not complete. */
export interface OperationAnswer {
  readonly id: string;
  readonly outputs: Properties;
  readonly initErrors?: readonly string[];
}

interface OldState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/**
 * A running plugin. Secrets go in and come out marked, whether or not the plugin knows of marks. Every method
 * throws the `ServiceError` with which the plugin answered.
 */
export class PluginClient {
  readonly #client: Client;
  #acceptsSecrets = false;
  #previews = false;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), GRPC_OPTIONS);
  }

  /** Whether Create and Update may be called in a preview. */
  get previews(): boolean {
    return this.#previews;
  }

  /** Introduces the engine. An old plugin does not know the call, and says in Configure what it can. */
  async handshake(engineAddress: string, directory: string): Promise<void> {
    const request = new providerPb.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    request.setRootDirectory(directory);
    request.setProgramDirectory(directory);
    request.setConfigureWithUrn(true);
    request.setInvokeWithPreview(true);
    const answer = await this.#unlessUnimplemented(service.handshake, request);
    if (!answer) return;
    this.#acceptsSecrets = answer.getAcceptSecrets();
    this.#previews = true;
  }

  async checkConfig(urn: string, olds: Properties, news: Properties): Promise<CheckAnswer> {
    const request = this.#checkRequest(urn, olds, news);
    const answer = await this.#unlessUnimplemented(service.checkConfig, request);
    return answer ? this.#checked(answer, news) : { inputs: news, failures: [] };
  }

  async diffConfig(
    urn: string,
    olds: Pick<OldState, "inputs" | "outputs">,
    news: Properties,
  ): Promise<DiffAnswer | undefined> {
    const request = named(new providerPb.DiffRequest(), urn);
    request.setOldInputs(this.#encode(olds.inputs));
    request.setOlds(this.#encode(olds.outputs));
    request.setNews(this.#encode(news));
    const answer = await this.#unlessUnimplemented(service.diffConfig, request);
    return answer && readDiff(answer);
  }

  async configure(urn: string, id: string, inputs: Properties): Promise<void> {
    const request = named(new providerPb.ConfigureRequest(), urn);
    const { type } = parseUrn(urn);
    const plugin = type.slice(type.lastIndexOf(":") + 1);
    for (const [key, value] of Object.entries(plainProperties(inputs)))
      if (key !== "version")
        request
          .getVariablesMap()
          .set(
            `${plugin}:config:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
          );
    request.setArgs(toStruct(inputs));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setId(id);
    const answer = await call(this.#client, service.configure, request);
    this.#acceptsSecrets ||= answer.getAcceptsecrets();
    this.#previews ||= answer.getSupportspreview();
  }

  async check(
    urn: string,
    olds: Properties,
    news: Properties,
    randomSeed: Uint8Array,
  ): Promise<CheckAnswer> {
    const request = this.#checkRequest(urn, olds, news);
    request.setRandomseed(randomSeed);
    return this.#checked(await call(this.#client, service.check, request), news);
  }

  async diff(
    urn: string,
    old: OldState,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<DiffAnswer> {
    const request = named(new providerPb.DiffRequest(), urn);
    request.setId(old.id);
    request.setOldInputs(this.#encode(old.inputs));
    request.setOlds(this.#encode(old.outputs));
    request.setNews(this.#encode(news));
    request.setIgnorechangesList([...ignoreChanges]);
    return readDiff(await call(this.#client, service.diff, request));
  }

  /** @param timeout seconds; 0 for the plugin's own */
  async create(
    urn: string,
    inputs: Properties,
    { preview, timeout = 0 }: { preview: boolean; timeout?: number | undefined },
  ): Promise<OperationAnswer> {
    const request = named(new providerPb.CreateRequest(), urn);
    request.setProperties(this.#encode(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    return await this.#operation(inputs, async () => {
      const answer = await call(this.#client, service.create, request);
      return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
    });
  }

  async update(
    urn: string,
    old: OldState,
    news: Properties,
    options: {
      preview: boolean;
      timeout?: number | undefined;
      ignoreChanges: readonly string[];
    },
  ): Promise<OperationAnswer> {
    const request = named(new providerPb.UpdateRequest(), urn);
    request.setId(old.id);
    request.setOldInputs(this.#encode(old.inputs));
    request.setOlds(this.#encode(old.outputs));
    request.setNews(this.#encode(news));
    request.setPreview(options.preview);
    request.setTimeout(options.timeout ?? 0);
    request.setIgnorechangesList([...options.ignoreChanges]);
    return await this.#operation(news, async () => {
      const answer = await call(this.#client, service.update, request);
      return { id: old.id, outputs: fromStruct(answer.getProperties()) };
    });
  }

  async delete(urn: string, old: OldState, timeout = 0): Promise<void> {
    const request = named(new providerPb.DeleteRequest(), urn);
    request.setId(old.id);
    request.setOldInputs(this.#encode(old.inputs));
    request.setProperties(this.#encode(old.outputs));
    request.setTimeout(timeout);
    await call(this.#client, service.delete, request);
  }

  /** The resource as it is; an empty id says that it is gone. */
  async read(urn: string, old: OldState): Promise<OperationAnswer & { inputs: Properties }> {
    const request = named(new providerPb.ReadRequest(), urn);
    request.setId(old.id);
    request.setInputs(this.#encode(old.inputs));
    request.setProperties(this.#encode(old.outputs));
    let inputs = old.inputs;
    const found = await this.#operation(old.outputs, async () => {
      const answer = await call(this.#client, service.read, request);
      if (answer.hasInputs()) inputs = this.#decode(answer.getInputs(), old.inputs);
      return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
    });
    return { ...found, inputs };
  }

  /** Calls a function of the plugin. */
  async invoke(token: string, args: Properties, preview: boolean): Promise<CheckAnswer> {
    const request = new providerPb.InvokeRequest();
    request.setTok(token);
    request.setArgs(this.#encode(args));
    request.setPreview(preview);
    const answer = await call(this.#client, service.invoke, request);
    const failures = answer.getFailuresList().map(readFailure);
    return { inputs: fromStruct(answer.getReturn()), failures };
  }

  /** Asks the plugin to come to an end; it finishes what is under way. */
  async cancel(deadlineMs: number): Promise<void> {
    await call(this.#client, service.cancel, new emptyPb.Empty(), deadlineMs);
  }

  close(): void {
    this.#client.close();
  }

  #checkRequest(urn: string, olds: Properties, news: Properties): providerPb.CheckRequest {
    const request = named(new providerPb.CheckRequest(), urn);
    request.setOlds(this.#encode(olds));
    request.setNews(this.#encode(news));
    return request;
  }

  #checked(answer: CheckResponse, news: Properties): CheckAnswer {
    const inputs = answer.hasInputs() ? this.#decode(answer.getInputs(), news) : news;
    return { inputs, failures: answer.getFailuresList().map(readFailure) };
  }

  async #operation(
    source: Properties,
    run: () => Promise<OperationAnswer>,
  ): Promise<OperationAnswer> {
    try {
      const answer = await run();
      return { ...answer, outputs: this.#marked(answer.outputs, source) };
    } catch (error) {
      const partial = readPartialFailure(error);
      if (!partial) throw error;
      const { id, outputs, reasons } = partial;
      return { id, outputs: this.#marked(outputs, source), initErrors: reasons };
    }
  }

  #encode(properties: Properties): Struct {
    return toStruct(this.#acceptsSecrets ? properties : plainProperties(properties));
  }

  #decode(struct: Struct | undefined, source: Properties): Properties {
    return this.#marked(fromStruct(struct), source);
  }

  #marked(properties: Properties, source: Properties): Properties {
    return this.#acceptsSecrets ? properties : keepSecretProperties(properties, source);
  }

  async #unlessUnimplemented<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
  ): Promise<Response | undefined> {
    try {
      return await call(this.#client, method, request);
    } catch (error) {
      if ((error as Partial<ServiceError>).code === status.UNIMPLEMENTED) return undefined;
      throw error;
    }
  }
}

interface Named {
  setUrn(urn: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
}

/** Fills in what every request says about its resource. */
function named<Request extends Named>(request: Request, urn: string): Request {
  const { type, name } = parseUrn(urn);
  request.setUrn(urn);
  request.setName(name);
  request.setType(type);
  return request;
}

const readFailure = (failure: { getProperty(): string; getReason(): string }): CheckFailure => ({
  property: failure.getProperty(),
  reason: failure.getReason(),
});
