import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { TenantryError } from "../core/errors.ts";
import { detailedDiff } from "./detailed-diff.ts";
import type { PluginDefinition } from "./plugin-definition.ts";
import { checkResponse, diffResponse } from "./plugin-responses.ts";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { ResourceHandler } from "./resource-handler.ts";
import { keepSecretProperties, plainProperties } from "./secrets.ts";
import { unary } from "./unary.ts";
import { parseUrn } from "./urn.ts";
import { fromStruct, toStruct } from "./values.ts";
import type { Properties } from "./values.ts";

type ResourceMethods = Pick<
  IResourceProviderServer,
  "check" | "diff" | "create" | "read" | "update" | "delete"
>;

/** The RPCs about resources: each finds the handler of the URN's type and speaks to it in plain values. */
export function resourceMethods(
  { name: plugin, resources }: Pick<PluginDefinition, "name" | "resources">,
  signal: AbortSignal,
): ResourceMethods {
  const target = (request: { getUrn(): string }) => {
    const urn = request.getUrn();
    const { type, name } = parseUrn(urn);
    const handler: ResourceHandler | undefined = resources[type];
    if (!handler)
      throw new TenantryError("TNT-450", { plugin, type, known: Object.keys(resources) });
    return { handler, urn, name };
  };
  return {
    check: unary(async (request) => {
      const { handler, ...resource } = target(request);
      const news = fromStruct(request.getNews());
      const checked = await handler.check?.({
        ...resource,
        olds: plain(request.getOlds()),
        news: plainProperties(news),
      });
      return checkResponse(checked ?? [], news);
    }),

    diff: unary(async (request) => {
      const { handler, urn } = target(request);
      const oldInputs = plain(request.getOldInputs() ?? request.getOlds());
      const news = plain(request.getNews());
      const found = await handler.diff?.({
        id: request.getId(),
        urn,
        oldInputs,
        olds: plain(request.getOlds()),
        news,
        ignoreChanges: request.getIgnorechangesList(),
      });
      return diffResponse(found ?? { detailedDiff: detailedDiff(oldInputs, news) });
    }),

    create: unary(
      async (request) => {
        const { handler, ...resource } = target(request);
        const inputs = fromStruct(request.getProperties());
        const preview = request.getPreview();
        const { id, outputs } = await handler.create({
          ...resource,
          inputs: plainProperties(inputs),
          preview,
          timeout: request.getTimeout(),
          signal,
        });
        const response = new providerPb.CreateResponse();
        if (!preview) response.setId(id);
        response.setProperties(marked(outputs, inputs));
        return response;
      },
      (request) => fromStruct(request.getProperties()),
    ),

    read: unary(async (request) => {
      const { handler, ...resource } = target(request);
      const inputs = fromStruct(request.getInputs());
      const outputs = fromStruct(request.getProperties());
      const found = await handler.read({
        ...resource,
        id: request.getId(),
        inputs: plainProperties(inputs),
        outputs: plainProperties(outputs),
        signal,
      });
      // An answer without an id says that the resource is gone.
      const response = new providerPb.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setInputs(marked(found.inputs, inputs));
      response.setProperties(marked(keepSecretProperties(found.outputs, outputs), inputs));
      return response;
    }),

    update: unary(
      async (request) => {
        const { handler, ...resource } = target(request);
        const news = fromStruct(request.getNews());
        const outputs = await handler.update({
          ...resource,
          id: request.getId(),
          oldInputs: plain(request.getOldInputs()),
          olds: plain(request.getOlds()),
          news: plainProperties(news),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
          signal,
        });
        const response = new providerPb.UpdateResponse();
        response.setProperties(marked(outputs, news));
        return response;
      },
      (request) => fromStruct(request.getNews()),
    ),

    delete: unary(async (request) => {
      const { handler, ...resource } = target(request);
      await handler.delete({
        ...resource,
        id: request.getId(),
        oldInputs: plain(request.getOldInputs()),
        olds: plain(request.getProperties()),
        timeout: request.getTimeout(),
        signal,
      });
      return new emptyPb.Empty();
    }),
  };
}

const plain = (struct: Struct | undefined): Properties => plainProperties(fromStruct(struct));

const marked = (outputs: Properties, source: Properties): Struct =>
  toStruct(keepSecretProperties(outputs, source));
