import { z } from "zod";
import { settingsDefinition } from "./definition.ts";
import { PROJECT } from "./stack-file.ts";

/** The JSON Schema of a stack file, by which editors complete and check it. */
export function stackFileSchema(): object {
  const { properties, $defs } = z.toJSONSchema(settingsDefinition, { io: "input" });
  const settings = Object.entries(properties ?? {}).map(([key, schema]) => [
    `${PROJECT}:${key}`,
    schema,
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `A stack of ${PROJECT}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(settings) as object,
        // Other namespaces are other programs' business, providers' for instance.
        propertyNames: { pattern: ":" },
        patternProperties: { [`^(?!${PROJECT}:)`]: true },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string" },
    },
    required: ["config"],
    ...($defs && { $defs }),
  };
}
