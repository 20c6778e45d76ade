import { ERRORS } from "./error-table.ts";

const SECTIONS: Readonly<Record<string, string>> = {
  "1": "Names and settings",
  "2": "The server and its configuration",
  "3": "The engine and its state",
  "4": "Tenants and the database",
  "5": "Migrations and SQL files",
  "6": "The command line",
  "7": "Archives",
  "8": "The runtime library, partitions, and operations",
};

/** docs/errors.md: every error of the table, in the order of its code. */
export function errorReference(): string {
  const entries = Object.entries(ERRORS).sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = Object.entries(SECTIONS).map(([digit, title]) => {
    const errors = entries
      .filter(([code]) => code.startsWith(`TNT-${digit}`))
      .map(([code, entry]) => `### ${code}\n\n**${entry.title}.** ${entry.remedy}\n`);
    return [`## ${title}\n`, ...errors].join("\n");
  });
  const introduction =
    "# Errors\n\nEvery error ends in a code. Its message says what failed, with which value, and what to do; here is why it happens.\n";
  return [introduction, ...sections].join("\n");
}
