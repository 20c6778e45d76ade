import { error, show } from "./entry.ts";

/** 1xx: names and settings. */
export const SETTINGS_ERRORS = {
  "TNT-101": error<{ name: string }>({
    title: "A name PostgreSQL cannot keep",
    text: ({ name }) =>
      `The name ${show(name)} has ${Buffer.byteLength(name)} bytes: an identifier needs 1 to 63 bytes and no NUL. Choose another.`,
    remedy:
      "PostgreSQL cuts longer identifiers without an error, so that two names could become one. Choose a name of at most 63 bytes.",
  }),
  "TNT-102": error<{ text: string }>({
    title: "A text PostgreSQL cannot hold",
    text: ({ text }) =>
      `The text ${show(text)} holds a NUL character, which PostgreSQL cannot store. Remove it.`,
    remedy: "PostgreSQL's text types hold every character but NUL.",
  }),
  "TNT-110": error<{ problems: readonly string[] }>({
    title: "Mistakes in the settings",
    text: ({ problems }) =>
      `The settings have ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} and run the command again.`,
    remedy:
      "Settings are read as a whole before anything is done, and every mistake is listed: the file and line, the key, the value and the rule it breaks. The settings and their rules are in `stacks/schema.json`, which editors with a YAML language server show while you type.",
  }),
  "TNT-111": error<{ file: string; stack: string; known: readonly string[] }>({
    title: "No such stack",
    text: ({ file, stack, known }) =>
      `There is no stack ${show(stack)}: the file ${file} does not exist. ${known.length === 0 ? "No stack is there yet" : `The stacks are ${known.join(", ")}`}: choose one with --stack, or make the file, from stacks/Pulumi.dev.yaml for instance.`,
    remedy:
      "Each stack is one file, `stacks/Pulumi.<stack>.yaml`; `--stack` names it. Copy the file of another stack to make a new one.",
  }),
  "TNT-112": error<{ stack: string; known: readonly string[] }>({
    title: "Not a stack's name",
    text: ({ stack, known }) =>
      `${show(stack)} cannot be a stack's name: it takes 1 to 100 letters, digits, "-", "_" and ".", and begins with a letter or digit. The stacks are: ${known.join(", ") || "none yet"}.`,
    remedy: "A stack's name is part of the name of its file, `stacks/Pulumi.<stack>.yaml`.",
  }),
  "TNT-113": error<{ file: string; problems: readonly string[] }>({
    title: "A YAML file that cannot be read",
    text: ({ file, problems }) =>
      `${file} is not valid YAML; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct the file and run the command again.`,
    remedy:
      "The file has a mistake in its YAML, at the line and column that are named: an indentation that does not fit, a bracket or quote that is not closed, the same key twice.",
  }),
  "TNT-114": error<{ file: string; reason: string }>({
    title: "A file of the settings that cannot be read",
    text: ({ file, reason }) =>
      `${file} cannot be read: ${reason}. Put it back (git checkout ${file}), or correct the setting that names it.`,
    remedy:
      "The settings are read from `stacks/` and `config/`. Each of these files must be there and readable.",
  }),
  "TNT-115": error<{ file: string; problem: string }>({
    title: "No password for the administrator",
    text: ({ file, problem }) =>
      `The administrator's password, ${file}, ${problem}. "npx tenantry up" makes it for a new server; with the Pulumi CLI alone, set it: pulumi config set --secret adminPassword. For a server that has data, restore the file from a backup.`,
    remedy:
      "For the embedded server tenantry makes the administrator's password at the first `up` and keeps it in `.tenantry/<stack>/admin-password`, readable by its owner alone; the secret `tenantry:adminPassword` of the stack goes before it. A server keeps the password it was made with.",
  }),
  "TNT-116": error<{ stack: string; id: string }>({
    title: "The tenant is declared already",
    text: ({ stack, id }) =>
      `The stack ${stack} has a tenant ${show(id)} already. Choose another id, or edit its line.`,
    remedy:
      "`tenantry add` adds a line for a new tenant; one that is there is changed in the stack file.",
  }),
  "TNT-117": error<{ file: string; stack: string; problem: string }>({
    title: "No password for an existing server",
    text: ({ file, stack, problem }) =>
      `The stack ${stack} uses an existing server, and the password of its administrator is neither a secret of the stack nor in ${file}, which ${problem}. Set it: pulumi config set --secret adminPassword --stack ${stack}; or, without the Pulumi CLI, write it into that file, readable by you alone.`,
    remedy:
      "tenantry makes the administrator's password of a server that it makes. That of an existing server only its owner knows: give it as the secret `tenantry:adminPassword`, which is encrypted in the stack file, or in `.tenantry/<stack>/admin-password`, which is not in git.",
  }),
} as const;
