// What our functions and constructors take, and which rows of the suites in test/parity use them: read from the sources by TypeScript's own compiler.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

/** @returns `accepts`, which gives the names that a public path takes, and `recorded`, its rows by file. */
export function readTypes(root) {
  const folder = join(root, 'test/parity');
  const beside = ['nn', 'optim'].flatMap((layer) =>
    readdirSync(join(root, 'src', layer), { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(root, 'src', layer, name)),
  );
  const suites = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .concat(beside);
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const index = join(root, 'src/index.ts');
  const program = ts.createProgram([index, ...suites], { ...options, incremental: false, noEmit: true });
  const checker = program.getTypeChecker();
  const surface = checker.getSymbolAtLocation(program.getSourceFile(index));

  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const symbolOf = (path) =>
    path.split('.').reduce((home, part) => {
      const found = home && checker.getExportsOfModule(home).find(({ name }) => name === part);
      return found && original(found);
    }, surface);

  const uses = readUses(program, checker, suites, original);
  return {
    accepts: (path) => acceptedBy(checker, symbolOf(path)),
    recorded: (path) => uses.get(symbolOf(path)) ?? new Map(),
  };
}

/** Names of positional arguments by position, and of options, of all signatures together. */
function acceptedBy(checker, symbol) {
  const type = checker.getTypeOfSymbol(symbol);
  const positional = [];
  const options = new Set();
  for (const signature of [...type.getConstructSignatures(), ...type.getCallSignatures()]) {
    for (const [i, parameter] of signature.parameters.entries()) {
      const given = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
      const isOptions = /options?$/i.test(parameter.name) || parameter.name.startsWith('__');
      if (!isOptions) {
        positional[i] ??= new Set();
        positional[i].add(parameter.name);
        continue;
      }
      for (const part of given.isUnion() ? given.types : [given])
        for (const property of checker.getPropertiesOfType(part)) options.add(property.name);
    }
  }
  return { positional, options };
}

/** Symbols of the library, with the rows (or tests) that use them, by file. */
function readUses(program, checker, suites, original) {
  const uses = new Map();
  for (const suite of suites) {
    const source = program.getSourceFile(suite);
    const visit = (node, row) => {
      const name = rowName(node) ?? row;
      if (ts.isIdentifier(node) && name !== undefined) {
        const symbol = checker.getSymbolAtLocation(node);
        const target = symbol && original(symbol);
        const file = target?.declarations?.[0]?.getSourceFile().fileName;
        if (file?.includes('/src/') && !ts.isImportSpecifier(node.parent)) note(uses, target, basename(suite), name);
      }
      ts.forEachChild(node, (child) => visit(child, name));
    };
    visit(source, undefined);
  }
  return uses;
}

function note(uses, symbol, suite, row) {
  const bySuite = uses.get(symbol) ?? new Map();
  uses.set(symbol, bySuite.set(suite, (bySuite.get(suite) ?? new Set()).add(row)));
}

/** The name of a row of a table, where a node begins one, or of a test. */
function rowName(node) {
  if (ts.isPropertyAssignment(node) && isTable(node.parent)) return node.name.text;
  if (ts.isArrayLiteralExpression(node) && ts.isStringLiteral(node.elements[0] ?? node)) return node.elements[0].text;
  const isTest = ts.isCallExpression(node) && /^(it|describe)\b/.test(node.expression.getText());
  const title = isTest ? node.arguments[0] : undefined;
  return title && ts.isStringLiteralLike(title) ? title.text : undefined;
}

/** Whether an object literal is a table: the value of a constant, or what a function gives. */
function isTable(literal) {
  let { parent } = literal;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent))
    parent = parent.parent;
  return (
    (ts.isVariableDeclaration(parent) && parent.initializer !== undefined) ||
    ts.isReturnStatement(parent) ||
    ts.isArrowFunction(parent)
  );
}
