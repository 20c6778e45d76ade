/**
 * Google's own message types, from the very copy of google-protobuf that Pulumi's stubs use: a message of another
 * copy cannot be put into theirs.
 */
import { createRequire } from "node:module";
import type anyPb from "google-protobuf/google/protobuf/any_pb.js";
import type emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type structPb from "google-protobuf/google/protobuf/struct_pb.js";

const pulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const load = (file: string): unknown => pulumi(`google-protobuf/google/protobuf/${file}`);

export const { Struct } = load("struct_pb.js") as typeof structPb;
export const { Empty } = load("empty_pb.js") as typeof emptyPb;
export const { Any } = load("any_pb.js") as typeof anyPb;
