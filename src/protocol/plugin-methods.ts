import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import { detailedDiff } from "./detailed-diff.ts";
import type { PluginDefinition } from "./plugin-definition.ts";
import { checkResponse, diffResponse } from "./plugin-responses.ts";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { plainProperties } from "./secrets.ts";
import { unary } from "./unary.ts";
import { fromStruct } from "./values.ts";

type PluginMethods = Pick<
  IResourceProviderServer,
  "handshake" | "getPluginInfo" | "checkConfig" | "diffConfig" | "configure" | "cancel"
>;

/** The RPCs about the plugin itself. */
export function pluginMethods(
  definition: PluginDefinition,
  cancellation: AbortController,
): PluginMethods {
  return {
    handshake: unary(() => {
      const response = new providerPb.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    getPluginInfo: unary(() => {
      const response = new pluginPb.PluginInfo();
      response.setVersion(definition.version);
      return response;
    }),
    checkConfig: unary((request) => {
      const news = fromStruct(request.getNews());
      const olds = plainProperties(fromStruct(request.getOlds()));
      return checkResponse(definition.checkConfig?.(plainProperties(news), olds) ?? [], news);
    }),
    diffConfig: unary((request) => {
      const olds = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
      const news = plainProperties(fromStruct(request.getNews()));
      const found = definition.diffConfig?.(olds, news);
      return diffResponse(found ?? { detailedDiff: detailedDiff(olds, news) });
    }),
    configure: unary(async (request) => {
      await definition.configure(plainProperties(fromStruct(request.getArgs())));
      // An engine that shook hands assumes preview; the flags must not contradict it.
      const response = new providerPb.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    // In-flight operations see the signal and finish; a cancel also comes at every normal end.
    cancel: unary(() => {
      cancellation.abort();
      return new emptyPb.Empty();
    }),
  };
}
