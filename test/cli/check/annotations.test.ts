import { expect, test } from "vitest";
import { annotations } from "../../../src/cli/check/annotations.ts";

test("each problem is shown at its line, and no text becomes a command of its own", () => {
  expect(
    annotations([
      'stacks/Pulumi.prod.yaml:4: tenant acme: is active in main, 100% of it\r::set-env name=X::"y"',
      'The settings of stack "dev" have 2 mistakes:\n  - stacks/Pulumi.dev.yaml:3: one\n  - config/roles.yaml: two\nCorrect them.',
    ]),
  ).toEqual([
    '::error file=stacks/Pulumi.prod.yaml,line=4::tenant acme: is active in main, 100%25 of it%0D::set-env name=X::"y"',
    "::error file=stacks/Pulumi.dev.yaml,line=3::one",
    "::error file=config/roles.yaml::two",
  ]);
});
