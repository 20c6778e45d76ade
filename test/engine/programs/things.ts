import * as pulumi from "@pulumi/pulumi";

// A program for the tests of program.ts and takeover.test.ts; settings say what it does.
const config = new pulumi.Config("proj");

class Thing extends pulumi.CustomResource {
  declare readonly volatile: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
    super("fake:index:Thing", name, { volatile: undefined, ...inputs }, options);
  }
}

class Provider extends pulumi.ProviderResource {}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Group", name);
    this.registerOutputs({ kind: "group" });
  }
}

const behaviour = config.get("behaviour");
const provider = new Provider("fake", "p", { region: "x", token: pulumi.secret("geheim") });
const parent = new Group("group");
const first = new Thing("first", { x: 1, password: pulumi.secret("hush") }, { provider, parent });
export const value = first.volatile;
export const hidden = pulumi.secret("out of sight");
export const setting = config.get("setting");
new Thing(
  "second",
  { of: first.volatile, list: [1, null, "<&>"] },
  { provider, parent, protect: false },
);
new Thing("third", { deep: { x: config.getNumber("x") ?? 1 } });

console.log("hello from the program");
console.error("a word of warning");
if (behaviour === "throw") throw new Error("the program had enough");
if (behaviour === "wait") await new Promise((resolve) => setTimeout(resolve, 6_000));
if (behaviour === "spin")
  first.id.apply(() => {
    for (;;);
  });
if (behaviour === "exit") process.exitCode = 7;
if (behaviour === "leave") process.reallyExit(0);
if (behaviour === "refused") {
  const refused = new Thing("refused", { bad: ["it is too big"], of: first.volatile }, { parent });
  new Thing("after", { of: refused.volatile }, { dependsOn: refused });
}
if (behaviour === "get") new Thing("fourth", {}, { id: "some-id" });

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Node's own types have it so
  namespace NodeJS {
    interface Process {
      /** Ends the process before anybody can do anything about it. */
      reallyExit(code: number): never;
    }
  }
}
