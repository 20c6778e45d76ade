import { TenantryError } from "../core/errors.ts";
import type { CheckAnswer } from "../protocol/plugin-client.ts";
import type { Properties } from "../protocol/values.ts";

/** The checked inputs. @throws TNT-319 with every problem at once */
export function acceptChecked(urn: string, { inputs, failures }: CheckAnswer): Properties {
  const problems = failures.map(({ property, reason }) =>
    property === "" ? reason : `${property}: ${reason}`,
  );
  if (problems.length > 0) throw new TenantryError("TNT-319", { urn, problems });
  return inputs;
}
