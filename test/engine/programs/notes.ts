import * as pulumi from "@pulumi/pulumi";

// A program that has nothing to do with tenants; settings say where its notes are and what the first one says.
class Note extends pulumi.CustomResource {
  declare readonly key: pulumi.Output<string>;
  declare readonly length: pulumi.Output<number>;

  constructor(name: string, inputs: { folder: string; text: pulumi.Input<string> }) {
    super("notes:index:Note", name, { key: undefined, length: undefined, ...inputs });
  }
}

const config = new pulumi.Config("proj");
const folder = config.require("folder");
const first = new Note("first", { folder, text: config.require("text") });
const second = new Note("second", {
  folder: config.require("archive"),
  text: pulumi.interpolate`the first one has ${first.length} characters`,
});
const third = new Note("third", { folder, text: pulumi.interpolate`its key is ${second.key}` });
export const key = third.key;
export const length = first.length;
