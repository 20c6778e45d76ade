import { Server, ServerCredentials } from "@grpc/grpc-js";
import grpcPb from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { GRPC_OPTIONS } from "./call.ts";
import type { PluginDefinition } from "./plugin-definition.ts";
import { pluginMethods } from "./plugin-methods.ts";
import { onEngineEnd } from "./plugin-process.ts";
import { resourceMethods } from "./resource-methods.ts";

/** The port alone, as the first line of stdout: what an engine waits for. Nothing else may be written there. */
const announce = (port: number): void => {
  process.stdout.write(`${port}\n`);
};

/**
 * Serves a Pulumi plugin to the engine that started this process, whose address is the first argument, until that
 * engine is done with it or gone. Operations in flight finish first.
 *
 * @throws {Error} when no port can be had on 127.0.0.1
 */
export async function servePlugin(definition: PluginDefinition): Promise<void> {
  const cancellation = new AbortController();
  const server = new Server(GRPC_OPTIONS);
  // What is missing here is answered with UNIMPLEMENTED.
  server.addService(grpcPb.ResourceProviderService, {
    ...pluginMethods(definition, cancellation),
    ...resourceMethods(definition, cancellation.signal),
  });
  const ended = new Promise<void>((resolve) => {
    onEngineEnd(process.argv[2], resolve);
  });
  announce(await bind(server));
  await ended;
  cancellation.abort();
  await shutDown(server);
  await definition.close?.();
}

async function bind(server: Server): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

async function shutDown(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.tryShutdown(() => {
      resolve();
    });
  });
}
