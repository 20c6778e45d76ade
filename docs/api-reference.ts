import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");

/** A declaration with a name that applications import, or a member of one. */
type Declaration = ts.Declaration & { readonly name?: ts.Node };

/** docs/api.md: what `tenantry/runtime` and its further entries export, from their doc comments. */
export function apiReference(): string {
  const entries = runtimeEntries();
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.package.json"), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([...entries.values()], options);
  const checker = program.getTypeChecker();
  const resolve = (symbol: ts.Symbol): ts.Symbol =>
    (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  const exported = [...entries].map(([entry, file]) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is no module`);
    return { entry, symbols: checker.getExportsOfModule(module).map(resolve) };
  });
  refuseUnnamed(checker, new Set(exported.flatMap(({ symbols }) => symbols)), (symbol) =>
    resolve(symbol),
  );
  return [
    "# The runtime's API\n",
    "Every export of the library, from its doc comments. How it is used, and what it promises, is in [runtime](runtime.md).\n",
    ...exported.flatMap(({ entry, symbols }) => [
      `## ${entry}\n`,
      importLine(entry, symbols),
      ...symbols.flatMap((symbol) => section(declarationOf(symbol), symbol.name)),
    ]),
  ].join("\n");
}

/** Each entry as applications import it, and its source. */
function runtimeEntries(): Map<string, string> {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, string>;
  };
  const runtime = Object.entries(exports).filter(([entry]) => entry.startsWith("./runtime"));
  return new Map(runtime.map(([entry, file]) => [join(name, entry), join(root, file)]));
}

function declarationOf(symbol: ts.Symbol): Declaration {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) throw new Error(`${symbol.name} is declared nowhere`);
  return declaration;
}

/** A type of the project that a signature names can be imported by whoever meets it. */
function refuseUnnamed(
  checker: ts.TypeChecker,
  exported: ReadonlySet<ts.Symbol>,
  resolve: (symbol: ts.Symbol) => ts.Symbol,
): void {
  const look = (node: ts.Node): void => {
    if (ts.isBlock(node) || isHidden(node)) return;
    if (ts.isTypeReferenceNode(node)) {
      const found = checker.getSymbolAtLocation(node.typeName);
      const symbol = found && resolve(found);
      const [declaration] = symbol?.declarations ?? [];
      if (
        symbol !== undefined &&
        declaration?.getSourceFile().fileName.startsWith(join(root, "src")) === true &&
        !ts.isTypeParameterDeclaration(declaration) &&
        !exported.has(symbol)
      )
        throw new Error(`${node.getSourceFile().fileName}: no entry exports ${symbol.name}`);
    }
    ts.forEachChild(node, look);
  };
  for (const symbol of exported) look(declarationOf(symbol));
}

const isHidden = (node: ts.Node): boolean =>
  (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name)) ||
  ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal");

function importLine(entry: string, symbols: readonly ts.Symbol[]): string {
  const values = symbols.filter(({ flags }) => (flags & ts.SymbolFlags.Value) !== 0);
  return code(`import { ${values.map(({ name }) => name).join(", ")} } from "${entry}";`);
}

/** What there is to say of an export, below a heading of its own. */
function section(declaration: Declaration, name: string): string[] {
  const members = membersOf(declaration);
  const methods = members.filter(
    (member) => ts.isMethodDeclaration(member) || ts.isMethodSignature(member),
  );
  const properties = members.filter((member) => !methods.includes(member as never));
  return [
    `### ${name}\n`,
    ...head(declaration, name, members),
    ...comment(declaration),
    ...(properties.length > 0 ? [table(properties)] : []),
    ...methods.flatMap((method) => [
      `#### ${name}.${nameOf(method)}\n`,
      code(signature(method, nameOf(method))),
      ...comment(method),
    ]),
  ];
}

/** Nothing for what its table shows. */
function head(declaration: Declaration, name: string, members: readonly Declaration[]): string[] {
  if (members.length === 0) return [code(signature(declaration, name))];
  if (!ts.isClassDeclaration(declaration) || declaration.heritageClauses === undefined) return [];
  const heritage = declaration.heritageClauses.map((clause) => clause.getText()).join(" ");
  return [code(`class ${name}${typeParameters(declaration)} ${heritage} {}`)];
}

function membersOf(declaration: Declaration): Declaration[] {
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) return [];
  return [...declaration.members].filter((member) => !isHidden(member));
}

const nameOf = ({ name }: Declaration): string => name?.getText() ?? "";

/** A function as one that is declared, however it is written; anything else as it is. */
function signature(declaration: Declaration, name: string): string {
  const it =
    ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
      ? declaration.initializer
      : declaration;
  if (!ts.isFunctionLike(it)) return it.getText().replace(/^export /, "");
  return `function ${name}${typeParameters(it)}(${it.parameters.map(parameter).join(", ")}): ${it.type?.getText() ?? "void"};`;
}

const typeParameters = ({ typeParameters: list }: ts.SignatureDeclaration | ts.ClassDeclaration) =>
  list === undefined ? "" : `<${list.map((node) => node.getText()).join(", ")}>`;

/** A default value of a parameter makes it one that may be left out. */
function parameter({ name, initializer, questionToken, type }: ts.ParameterDeclaration): string {
  const optional = initializer !== undefined || questionToken !== undefined;
  return `${name.getText()}${optional ? "?" : ""}: ${type?.getText() ?? "unknown"}`;
}

function comment(declaration: Declaration): string[] {
  const tags = ts.getJSDocTags(declaration);
  const parameters = tags
    .filter(ts.isJSDocParameterTag)
    .map((tag) => `- \`${tag.name.getText()}\`: ${line(tag.comment)}`);
  const errors = tags.filter(ts.isJSDocThrowsTag).map((tag) => `**Throws** ${line(tag.comment)}\n`);
  return [
    ...paragraphs(declaration).map((text) => `${text}\n`),
    ...(parameters.length > 0 ? [`${parameters.join("\n")}\n`] : []),
    ...errors,
  ];
}

/** The comment's text before its tags. */
function paragraphs(declaration: Declaration): string[] {
  const text = ts
    .getJSDocCommentsAndTags(declaration)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "")
    .join("\n\n");
  return text
    .split(/\n{2,}/)
    .map(line)
    .filter((paragraph) => paragraph !== "");
}

/** Properties in a table, with a column of defaults where there are any: those of options. */
function table(properties: readonly Declaration[]): string {
  const rows = properties.map((property) => {
    const [text = "", standard] = paragraphs(property)
      .join(" ")
      .split(/\s*Default: /);
    const required = ts.isPropertySignature(property) && property.questionToken === undefined;
    const type =
      ts.isPropertySignature(property) || ts.isPropertyDeclaration(property)
        ? property.type
        : undefined;
    return {
      name: `\`${nameOf(property)}\``,
      type: `\`${(type?.getText() ?? "").replaceAll("|", "\\|")}\``,
      standard: standard?.replace(/\.$/, "") ?? (required ? "required" : "none"),
      text: text.replaceAll("|", "\\|"),
      isOption: standard !== undefined,
    };
  });
  const withDefaults = rows.some(({ isOption }) => isOption);
  const cells = [
    withDefaults ? ["option", "type", "default", ""] : ["property", "type", ""],
    withDefaults ? ["-", "-", "-", "-"] : ["-", "-", "-"],
    ...rows.map(({ name, type, standard, text }) =>
      withDefaults ? [name, type, standard, text] : [name, type, text],
    ),
  ];
  return `${cells.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
}

/** A comment in one line, its codes of errors as links. */
function line(text: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  const plain = typeof text === "string" ? text : (ts.getTextOfJSDocComment(text) ?? "");
  return plain
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/\bdocs\/(\w+\.md)\b/g, "[$1]($1)")
    .replaceAll(/\bTNT-\d{3}\b/g, (found) => `[${found}](errors.md#${found.toLowerCase()})`);
}

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\`\n`;
