import { detailedDiff } from "../protocol/detailed-diff.ts";
import { NO_DIFFERENCE } from "../protocol/diff-answer.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { Properties } from "../protocol/values.ts";
import { ignoreChanges, parsePropertyPath, pathContains } from "./property-path.ts";

/** What a replaceOnChanges path names to mean "when it could not be completed". */
const INIT_ERROR_KEY = "#initerror";

/** The difference of a plugin that left it to the engine: of the inputs, whether secret or not. */
export function resolveUnknownDiff(
  answer: DiffAnswer,
  inputs: { olds: Properties; news: Properties; ignored: readonly string[] },
): DiffAnswer {
  if (answer.changes !== "unknown") return answer;
  const news = ignoreChanges(inputs.news, inputs.olds, inputs.ignored);
  const found = detailedDiff(inputs.olds, news);
  const paths = Object.keys(found);
  if (paths.length === 0) return { ...answer, changes: "none" };
  const diffs = [...new Set(paths.map((path) => parsePropertyPath(path)[0] ?? path))];
  return { ...answer, changes: "some", diffs, detailedDiff: found };
}

/** Makes a replacement of changes that the program wants to be one. */
export function applyReplaceOnChanges(
  diff: DiffAnswer,
  replaceOnChanges: readonly string[],
  hasInitErrors: boolean,
): DiffAnswer {
  if (replaceOnChanges.length === 0 || (diff.changes !== "some" && !hasInitErrors)) return diff;
  const patterns = replaceOnChanges.map(parsePropertyPath);
  const replaces = (path: string): boolean =>
    patterns.some((pattern) => pathContains(pattern, parsePropertyPath(path)));
  const changed = [...diff.diffs, ...Object.keys(diff.detailedDiff ?? {})].filter(replaces);
  const incomplete = hasInitErrors && replaces(INIT_ERROR_KEY) ? [INIT_ERROR_KEY] : [];
  return {
    ...diff,
    changes: incomplete.length > 0 ? "some" : diff.changes,
    replaces: [...new Set([...diff.replaces, ...changed, ...incomplete])],
    ...(diff.detailedDiff && {
      detailedDiff: Object.fromEntries(
        Object.entries(diff.detailedDiff).map(([path, difference]) => [
          path,
          replaces(path) ? { ...difference, diffKind: replacing(difference.diffKind) } : difference,
        ]),
      ),
    }),
  };
}

/** The difference between what a component declared before and declares now. */
export function componentDiff(olds: Properties, news: Properties): DiffAnswer {
  return resolveUnknownDiff({ ...NO_DIFFERENCE, changes: "unknown" }, { olds, news, ignored: [] });
}

/** A difference seen from the other side: what a refresh found, from what the next `up` would undo. */
export function invertDiff(diff: DiffAnswer): DiffAnswer {
  const inverse = { add: "delete", delete: "add", update: "update" } as const;
  return {
    ...diff,
    ...(diff.detailedDiff && {
      detailedDiff: Object.fromEntries(
        Object.entries(diff.detailedDiff).map(([path, { diffKind, inputDiff }]) => {
          const kind = diffKind.replace("-replace", "") as keyof typeof inverse;
          return [path, { diffKind: inverse[kind], inputDiff }];
        }),
      ),
    }),
  };
}

type Kind = NonNullable<DiffAnswer["detailedDiff"]>[string]["diffKind"];

function replacing(kind: Kind): Kind {
  return kind.endsWith("-replace") ? kind : (`${kind}-replace` as Kind);
}
