import { FINDINGS } from "./finding-table.ts";

const SECTIONS: Readonly<Record<string, string>> = {
  "1": "The registry",
  "2": "What a tenant's schema holds",
  "3": "Who may do what in a tenant's schema",
  "4": "Partitions",
  "5": "Migrations",
  "6": "The shared schemas",
  "7": "Roles",
  "8": "Isolation",
};

/** docs/findings.md: everything the doctor can find, in the order of its code. */
export function findingReference(): string {
  const sections = Object.entries(SECTIONS).map(([digit, title]) => {
    const findings = Object.entries(FINDINGS)
      .filter(([code]) => code.startsWith(`DOC-${digit}`))
      .map(
        ([code, found]) => `### ${code}\n\n**${found.title}.** ${found.meaning} ${found.remedy}\n`,
      );
    return [`## ${title}\n`, ...findings].join("\n");
  });
  const introduction =
    "# Findings\n\nWhat `npx tenantry doctor` can find: what it means, and what mends it. How to work with it: [drift](runbooks/drift.md).\n";
  return [introduction, ...sections].join("\n");
}
