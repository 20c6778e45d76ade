import type { Capability } from "../../core/capabilities.ts";
import { alterSystem } from "../../core/setting-differences.ts";
import type { SettingDifference } from "../../core/setting-differences.ts";
import type { ExistingFacts } from "../../server/existing-server.ts";
import { counted } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line, Tone } from "./line.ts";
import { hang } from "./wrap.ts";

const TONES: Readonly<Record<Capability["verdict"], Tone>> = {
  there: "plain",
  "left out": "warning",
  missing: "error",
  optional: "quiet",
};

/** How far the columns of a table reach. */
const VERDICT = 12;
const CAPABILITY = 36;

/** What the administrator of an existing server may do, and which settings are not what was declared. */
export function probeLines(facts: ExistingFacts, width: number): Line[] {
  const { capabilities, differences, fileProblems, pendingRestart } = facts;
  return [
    ...capabilities.flatMap((capability) => capabilityLines(capability, width)),
    ...settingLines(differences, isSuperuser(capabilities)),
    ...(pendingRestart.length > 0
      ? [line(`Changed there, and waiting for a restart: ${pendingRestart.join(", ")}`, "warning")]
      : []),
    ...(fileProblems.length > 0
      ? [
          line("Lines of its configuration files that it does not take:", "warning"),
          ...fileProblems.map((problem) => line(`  ${problem}`)),
        ]
      : []),
  ];
}

/** What `up` says of an existing server: what the stack goes without, and that settings differ. */
export function noticeLines({ capabilities, differences }: ExistingFacts): Line[] {
  const seen = differences.filter(({ found }) => found !== null).length;
  return [
    ...capabilities
      .filter(({ verdict }) => verdict === "left out")
      .map(({ capability, lost }) => line(`Without ${capability}: ${lost}.`, "warning")),
    ...(seen > 0 ? [line(`${notDeclared(seen)}: npx tenantry probe shows them.`)] : []),
  ];
}

const notDeclared = (number: number): string =>
  `${counted(number, "setting")} of the server ${number === 1 ? "is" : "are"} not what the stack declares`;

function capabilityLines({ capability, verdict, lost, remedy }: Capability, width: number): Line[] {
  const shown = verdict === "there" ? "yes" : verdict === "optional" ? "no" : verdict;
  const head = `  ${shown.padEnd(VERDICT - 2)}${capability}`;
  if (verdict === "there") return [line(head)];
  const lines = [...hang(head, lost, CAPABILITY, width), ...hang("", remedy, CAPABILITY, width)];
  return lines.map((text) => line(text, TONES[verdict]));
}

const isSuperuser = (capabilities: readonly Capability[]): boolean =>
  capabilities.some(({ capability, verdict }) => capability === "superuser" && verdict === "there");

/** Statements for who may run them; else lines as a managed service's parameters have them. */
function settingLines(differences: readonly SettingDifference[], superuser: boolean): Line[] {
  const [hidden, seen] = [true, false].map((isHidden) =>
    differences.filter(({ found }) => (found === null) === isHidden),
  ) as [SettingDifference[], SettingDifference[]];
  const statement = (difference: SettingDifference): string =>
    superuser ? alterSystem(difference) : `${difference.name} = ${difference.declared}`;
  const note = ({ found, needsRestart }: SettingDifference): string =>
    `it is ${found === "" ? "empty" : found}${needsRestart ? "; needs a restart" : ""}`;
  const comment = superuser ? "--" : "#";
  const hiddenNames = hidden.map(({ name }) => name).join(", ");
  return [
    ...(seen.length > 0
      ? [
          line(
            `${notDeclared(seen.length)}. Nothing here changes them; whoever runs the server can:`,
            "strong",
          ),
          ...seen.map((one) => line(`  ${statement(one)}  ${comment} ${note(one)}`)),
          ...(superuser ? [line("  SELECT pg_reload_conf();")] : []),
        ]
      : []),
    ...(hidden.length > 0
      ? [line(`Not known, or not to be seen by this role: ${hiddenNames}`, "quiet")]
      : []),
    ...(differences.length === 0 ? [line("All its settings are what the stack declares.")] : []),
  ];
}
