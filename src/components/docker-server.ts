import * as docker from "@pulumi/docker";
import { CONTAINER } from "../core/container-paths.ts";
import { MEGABYTE } from "../core/memory-size.ts";
import { sharedMemoryMegabytes } from "../core/shared-memory.ts";
import type { DockerSettings, TlsSettings } from "../settings/settings.ts";
import { ConfigFiles } from "./resources/config-files.ts";
import { READY_DEADLINE_SECONDS, ServerReady } from "./resources/server-ready.ts";
import { TlsFiles } from "./resources/tls-files.ts";
import type { TargetArgs, TargetServer } from "./server.ts";
import { lockedEntrypoint } from "./volume-lock.ts";

const { config: CONFIG, password: PASSWORD, data: DATA, tls: TLS } = CONTAINER;
/** Docker kills a container that takes longer to stop: a checkpoint of a large shared_buffers needs its time. */
const STOP_SECONDS = 120;
/** What the image's script needs to hand its folders to PostgreSQL's account, and to become that account. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

interface DockerArgs extends TargetArgs {
  readonly docker: DockerSettings;
}

/** The target `docker`: a container on this machine, its data in a volume. */
export function dockerServer(args: DockerArgs): TargetServer {
  const { settings, adminPassword, own, parameters, hba, docker: declared } = args;
  const { name } = declared;
  const { disposable } = settings;
  const { parent } = own;
  const common = { parent, provider: new docker.Provider("docker", {}, { parent }) };

  const network = new docker.Network(
    "network",
    {
      name: `${name}-network`,
      driver: "bridge",
      ipamConfigs: [{ subnet: declared.subnet, gateway: declared.gateway }],
    },
    common,
  );
  const data = new docker.Volume(
    "data",
    { name: `${name}-data`, driver: "local" },
    { ...common, protect: !disposable, retainOnDelete: !disposable },
  );
  const image = new docker.RemoteImage(
    "image",
    { name: declared.image, keepLocally: true },
    common,
  );
  const configuration = new ConfigFiles(
    "configuration",
    {
      directory: declared.directory,
      parameters,
      hba,
      container: {
        image: declared.image,
        password: adminPassword,
        name,
        port: settings.server.port,
        address: declared.address,
      },
    },
    { ...own, dependsOn: image },
  );
  const tls = declared.tls && tlsFiles(declared, declared.tls, args, image);
  const container = new docker.Container(
    "postgresql",
    {
      ...containerArgs(args),
      image: image.imageId,
      // Another hash makes another container: the restart that these settings need.
      labels: [{ label: "tenantry.start-settings", value: configuration.startDigest }],
      mounts: [
        { type: "volume", source: data.name, target: DATA },
        { type: "bind", source: configuration.configDirectory, target: CONFIG, readOnly: true },
        { type: "bind", source: configuration.passwordFile, target: PASSWORD, readOnly: true },
        ...(tls ? [{ type: "bind", source: tls.tlsDirectory, target: TLS, readOnly: true }] : []),
      ],
      networksAdvanced: [{ name: network.name, aliases: ["postgres"] }],
    },
    {
      ...common,
      // Two servers on one volume would destroy its data.
      deleteBeforeReplace: true,
      // Protection would also forbid a replacement, which costs no data: they are in the volume.
      ignoreChanges: settings.server.restartPolicy === "deny" ? ["labels"] : [],
    },
  );
  const ready = new ServerReady(
    "ready",
    {
      configuration: configuration.digest,
      deadlineSeconds: READY_DEADLINE_SECONDS,
      container: container.id,
      password: adminPassword,
      ...(tls && { certificate: tls.fingerprint }),
    },
    { ...own, ...(disposable && { deletedWith: data }), dependsOn: container },
  );
  return { ready, data, ...(tls && { authorityCertificate: tls.authorityCertificate }) };
}

function tlsFiles(
  { image, directory }: DockerSettings,
  tls: TlsSettings,
  { settings, own, tlsKey }: DockerArgs,
  dependsOn: docker.RemoteImage,
): TlsFiles {
  const source =
    "certificate" in tls
      ? { given: { certificate: tls.certificate, key: tlsKey ?? "" } }
      : { made: { stack: `${settings.project}/${settings.stack}`, ...tls } };
  return new TlsFiles("tls", { directory, image, ...source }, { ...own, dependsOn });
}

/**
 * What a container is made of beside its resources. The forms (durations, CAP_, memorySwap) are those in which Docker
 * gives them back; others would be a difference at every preview.
 */
function containerArgs({ settings, administrator, parameters, docker: declared }: DockerArgs) {
  const { name } = declared;
  const memory = Math.floor(settings.server.memoryBytes / MEGABYTE);
  return {
    name,
    hostname: name,
    entrypoints: lockedEntrypoint(DATA),
    command: [
      "postgres",
      ...["-c", `config_file=${CONFIG}/postgresql.conf`],
      ...["-c", `hba_file=${CONFIG}/pg_hba.conf`],
    ],
    envs: [
      `POSTGRES_PASSWORD_FILE=${PASSWORD}`,
      `POSTGRES_USER=${administrator}`,
      "POSTGRES_DB=postgres",
      "POSTGRES_INITDB_ARGS=--data-checksums --auth-local=peer --auth-host=scram-sha-256",
      `PGDATA=${DATA}/pgdata`,
    ],
    // One only: Docker gives back several in an order of its own.
    ports: [
      { internal: 5432, external: settings.server.port, ip: declared.address, protocol: "tcp" },
    ],
    networkMode: "bridge",
    healthcheck: {
      // Over TCP: the server that the image starts to initialise itself listens on its socket only.
      tests: [
        ...["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-p", "5432"],
        ...["-U", administrator, "-d", "postgres"],
      ],
      interval: "5s",
      timeout: "3s",
      retries: 12,
      startPeriod: "1m0s",
    },
    // ServerReady waits, for a login, and tells what the container wrote if there is none.
    wait: false,
    mustRun: true,
    restart: "always",
    shmSize: sharedMemoryMegabytes(parameters),
    memory,
    memorySwap: memory,
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "5" },
    capabilities: { drops: ["ALL"], adds: CAPABILITIES.map((capability) => `CAP_${capability}`) },
    securityOpts: ["no-new-privileges:true"],
    stopTimeout: STOP_SECONDS,
    stopSignal: "SIGINT",
    destroyGraceSeconds: STOP_SECONDS,
    ipcMode: "private",
    init: false,
    rm: false,
    readOnly: false,
    privileged: false,
  };
}
