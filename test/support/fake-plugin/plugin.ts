import { Server, ServerCredentials } from "@grpc/grpc-js";
import grpcPb from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PartialFailure } from "../../../src/protocol/plugin-failure.ts";
import { onEngineEnd } from "../../../src/protocol/plugin-process.ts";
import { plainProperties } from "../../../src/protocol/secrets.ts";
import { unary } from "../../../src/protocol/unary.ts";
import { parseUrn } from "../../../src/protocol/urn.ts";
import { UNKNOWN, fromStruct, sameValue, toStruct } from "../../../src/protocol/values.ts";
import type { Properties, Value } from "../../../src/protocol/values.ts";
import { World } from "./world.ts";

/**
 * A plugin for tests of the engine. Inputs say what shall happen: `r` replaces, `d` replaces after deleting, `bad`
 * fails Check, `failCreate`, `failUpdate`, `failDelete` fail, `init` is a partial failure, `slow` takes so many
 * milliseconds, `crash` ends the plugin. Resources of type `fake:index:Unknown` leave Diff to the engine. With
 * `plain` in its configuration the plugin knows nothing of secrets. While the world is held, what was done is not
 * answered. With FAKE_STUBBORN it heeds neither signals nor its engine's end.
 */
const world = new World(process.cwd());
const pendingCreates = JSON.parse(process.env.TENANTRY_PENDING_CREATES ?? "[]") as string[];

/** Takes over what it made when the engine was killed; with FAKE_MARKS it knows its own objects at any time. */
const mayAdopt = (urn: string): boolean =>
  process.env.FAKE_MARKS !== undefined || pendingCreates.includes(urn);

const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;

interface Named {
  getUrn(): string | undefined;
}

const note = (call: string, request: Named, payload?: unknown): void => {
  world.note(call, parseUrn(request.getUrn() ?? "").name, payload);
};

/** Outputs: the inputs, a value that changes with `r` and `d` only, and one that changes with everything. */
function outputsOf(inputs: Properties): Properties {
  const hash = (value: unknown): string =>
    createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);
  const plain = plainProperties(inputs);
  return {
    ...inputs,
    stable: hash([plain.r, plain.d]),
    volatile: Object.values(plain).includes(UNKNOWN) ? UNKNOWN : hash(plain),
    nothing: null,
  };
}

async function act(inputs: Properties): Promise<void> {
  if (typeof inputs.slow === "number") await sleep(inputs.slow);
  while (world.isHeld) await sleep(10);
  if (inputs.crash === true) {
    process.stderr.write("crashing on purpose\n");
    process.kill(process.pid, "SIGKILL");
    await sleep(10_000);
  }
}

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== null;

const server = new Server();
server.addService(grpcPb.ResourceProviderService, {
  handshake: unary(() => {
    const response = new providerPb.ProviderHandshakeResponse();
    response.setAcceptSecrets(process.env.FAKE_PLAIN === undefined);
    return response;
  }),
  getPluginInfo: unary(() => {
    const response = new pluginPb.PluginInfo();
    response.setVersion("1.0.0");
    return response;
  }),
  checkConfig: unary((request: providerPb.CheckRequest) => {
    const response = new providerPb.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: unary((request: providerPb.DiffRequest) => {
    const olds = fromStruct(request.getOldInputs());
    const news = fromStruct(request.getNews());
    const response = new providerPb.DiffResponse();
    response.setChanges(sameValue(olds, news) ? DIFF_NONE : DIFF_SOME);
    if (!sameValue(olds.region, news.region)) response.setReplacesList(["region"]);
    return response;
  }),
  configure: unary((request: providerPb.ConfigureRequest) => {
    note("configure", request, fromStruct(request.getArgs()));
    return new providerPb.ConfigureResponse();
  }),
  check: unary((request: providerPb.CheckRequest) => {
    const news = fromStruct(request.getNews());
    note("check", request, [fromStruct(request.getOlds()), news]);
    const response = new providerPb.CheckResponse();
    for (const reason of Array.isArray(news.bad) ? (news.bad as string[]) : []) {
      const failure = new providerPb.CheckFailure();
      failure.setProperty("bad");
      failure.setReason(reason);
      response.addFailures(failure);
    }
    response.setInputs(toStruct({ def: "x", ...news }));
    return response;
  }),
  diff: unary((request: providerPb.DiffRequest) => {
    const olds = plainProperties(fromStruct(request.getOldInputs()));
    const news = plainProperties(fromStruct(request.getNews()));
    note("diff", request, [olds, news, request.getIgnorechangesList()]);
    const response = new providerPb.DiffResponse();
    if (parseUrn(request.getUrn()).type === "fake:index:Unknown") return response;
    const changed = Object.keys({ ...olds, ...news }).filter(
      (key) => !sameValue(olds[key], news[key]),
    );
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed);
    response.setReplacesList(changed.filter((key) => key === "r" || key === "d"));
    response.setDeletebeforereplace(changed.includes("d"));
    return response;
  }),
  create: unary(async (request: providerPb.CreateRequest) => {
    const inputs = fromStruct(request.getProperties());
    const plain = plainProperties(inputs);
    const response = new providerPb.CreateResponse();
    if (request.getPreview()) {
      note("previewCreate", request, inputs);
      response.setProperties(
        toStruct({ ...outputsOf(inputs), stable: UNKNOWN, volatile: UNKNOWN }),
      );
      return response;
    }
    note("create", request, inputs);
    const urn = request.getUrn();
    const adopted = mayAdopt(urn)
      ? world.objects.find((it) => it.urn === urn && sameValue(it.inputs, plain))
      : undefined;
    if (isSet(plain.failCreate)) throw new Error("create failed on purpose");
    const id = adopted?.id ?? world.newId(parseUrn(urn).name);
    world.put({ id, urn, inputs: plain });
    await act(plain);
    const outputs = outputsOf(inputs);
    if (typeof plain.init === "string")
      throw new PartialFailure({ id, outputs, reasons: [plain.init] });
    response.setId(id);
    response.setProperties(toStruct(outputs));
    return response;
  }),
  update: unary(async (request: providerPb.UpdateRequest) => {
    const inputs = fromStruct(request.getNews());
    const plain = plainProperties(inputs);
    const preview = request.getPreview();
    note(preview ? "previewUpdate" : "update", request, inputs);
    const outputs = outputsOf(inputs);
    if (!preview) {
      if (isSet(plain.failUpdate)) throw new Error("update failed on purpose");
      world.put({ id: request.getId(), urn: request.getUrn(), inputs: plain });
      await act(plain);
      if (typeof plain.init === "string")
        throw new PartialFailure({
          id: request.getId(),
          outputs,
          reasons: [plain.init],
        });
    }
    const response = new providerPb.UpdateResponse();
    response.setProperties(toStruct(outputs));
    return response;
  }),
  delete: unary(async (request: providerPb.DeleteRequest) => {
    const inputs = plainProperties(fromStruct(request.getOldInputs()));
    note("delete", request, request.getId());
    if (isSet(inputs.failDelete)) throw new Error("delete failed on purpose");
    await act(inputs);
    world.remove(request.getId());
    return new emptyPb.Empty();
  }),
  read: unary((request: providerPb.ReadRequest) => {
    note("read", request);
    const response = new providerPb.ReadResponse();
    const found = world.find(request.getId());
    if (!found) return response;
    response.setId(found.id);
    response.setInputs(toStruct(found.inputs));
    response.setProperties(toStruct(outputsOf(found.inputs)));
    return response;
  }),
  invoke: unary((request: providerPb.InvokeRequest) => {
    const response = new providerPb.InvokeResponse();
    response.setReturn(toStruct({ echo: fromStruct(request.getArgs()) }));
    return response;
  }),
  cancel: unary(() => {
    world.note("cancel", "");
    return new emptyPb.Empty();
  }),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
if (process.env.FAKE_STUBBORN !== undefined)
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => undefined);
else
  onEngineEnd(process.argv[2], () => {
    server.forceShutdown();
  });
