import { Server, ServerCredentials } from "@grpc/grpc-js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { promisify } from "node:util";
import { unary } from "../../src/protocol/unary.ts";
import { pulumi } from "./pulumi-cli.ts";
import { inProcess } from "./test-program.ts";
import type { TestProgram } from "./test-program.ts";
import type { TestStack } from "./test-stack.ts";

/** Runs an operation of the real CLI, whose program runs in this process. @returns what it printed @throws when it fails */
export async function realEngine(
  stack: TestStack,
  operation: "up" | "preview" | "refresh" | "destroy",
  program: TestProgram,
  ...options: string[]
): Promise<string> {
  const server = new Server();
  server.addService(languageGrpc.LanguageRuntimeService, {
    getPluginInfo: unary(() => {
      const info = new pluginPb.PluginInfo();
      info.setVersion("1.0.0");
      return info;
    }),
    getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new languagePb.GetRequiredPluginsResponse()),
    installDependencies: unary(() => new emptyPb.Empty()),
    run: unary(async (request: languagePb.RunRequest) => {
      const running = inProcess(program)({
        address: request.getMonitorAddress(),
        project: { name: request.getProject() },
        stack: request.getStack(),
      });
      const { code, error } = await running.ended;
      const response = new languagePb.RunResponse();
      if (error) response.setError(error.message);
      else if (code !== 0) response.setBail(true);
      return response;
    }),
  });
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
  const sure = operation === "preview" ? [] : ["--yes", "--skip-preview"];
  try {
    return await pulumi(
      stack,
      operation,
      `--client=127.0.0.1:${String(port)}`,
      ...sure,
      ...options,
    );
  } finally {
    server.forceShutdown();
  }
}
