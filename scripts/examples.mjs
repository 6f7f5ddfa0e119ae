// Finds the `@example` blocks of doc comments and runs them: what a line's comment says must be what the line gives.
//
// In an example every line is a statement. `expression; // text` and `const name = expression; // text` say what the value prints: tensors as `String(x)`
// does, the lines put together; numbers and booleans as they are, strings in quotes, lists in brackets. `expression; // throws RangeError: text` says how it fails.
// What `sconce` exports is there by name; other subpaths, and Node's own modules, are imported by the example itself.

import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The examples of a TypeScript source: `{ place, code }`, where `place` is the file with the line of `@example`. */
export function findExamples(text, path) {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const firstLine = text.slice(0, comment.index).split('\n').length;
    const lines = comment[0].replace(/\s*\*\/$/, '').split('\n');
    return lines.flatMap((line, i) => {
      if (!/^\s*(\/\*)?\*+ *@example *$/.test(line)) return [];
      const end = lines.findIndex((other, j) => j > i && /^\s*\* *@\w/.test(other));
      const code = lines.slice(i + 1, end < 0 ? undefined : end).map((other) => other.replace(/^\s*\* {0,2}/, ''));
      return [{ place: `${path}:${firstLine + i}`, code: code.join('\n').trim() }];
    });
  });
}

/** The TypeScript blocks of a Markdown page as one program: imports first, each name once. */
export function pageProgram(text) {
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, body]) => body);
  const imported = new Map();
  const bodies = blocks.map((body) =>
    body.replace(/^import (type )?\{([^}]*)\} from '([^']*)';\n/gm, (_, isType, names, source) => {
      const known = imported.get(source) ?? new Set();
      for (const name of names.split(',')) if (name.trim() !== '') known.add(`${isType ?? ''}${name.trim()}`);
      imported.set(source, known);
      return '';
    }),
  );
  const lines = [...imported].map(([source, names]) => `import { ${[...names].join(', ')} } from '${source}';`);
  return [...lines, ...bodies].join('\n').trim();
}

/** Examples without repetition: an operator's example stands at its method and at its function. */
export function distinctExamples(examples) {
  return [...new Map(examples.toReversed().map((example) => [example.code, example])).values()].toReversed();
}

/** What `sconce` exports that an example can name: all but the names that are reserved words, as `var`. */
const isNameable = (name) => name !== 'var';

/** An example as the body of an async function of `modules` and `check`. Types are removed. */
function compile(code) {
  const lines = code.split('\n').map((line) => {
    const imported = /^import (\{.*\}) from '(.*)';$/.exec(line);
    if (imported) {
      const name = JSON.stringify(imported[2]);
      const source = imported[2].startsWith('node:') ? `process.getBuiltinModule(${name})` : `modules[${name}]`;
      const values = imported[1].replace(/\btype \w+,?/g, '');
      return `const ${values} = ${source};`;
    }
    const stated = /^(.*);\s+\/\/ (.*)$/.exec(line);
    if (!stated) return line;
    const [, statement, text] = stated;
    const expected = JSON.stringify(text);
    const declared = /^\s*(?:const|using|let) (\w+)(?:: [^=]+)? = /.exec(statement);
    if (declared) return `${statement}; await check(() => ${declared[1]}, ${expected});`;
    return `await check(async () => (${statement.trim()}), ${expected});`;
  });
  return transformSync(lines.join('\n'), { loader: 'ts', target: 'node20' }).code;
}

/** What TypeScript says against examples: `{ place, problem }` each. All are compiled as one module that lies in the repository's root and is not written.
 *  @param names - what `sconce` exports as a value. */
export async function listTypeErrors(examples, names, root) {
  const { default: ts } = await import('typescript'); // a second, which running examples need not wait for
  const path = join(root, 'doc-examples.ts');
  const lines = [`import { ${names.filter(isNameable).join(', ')} } from 'sconce';`];
  const places = ['sconce'];
  const add = (text, place) => {
    for (const line of text.split('\n')) {
      lines.push(line);
      places.push(place);
    }
  };
  for (const { place, code } of examples) {
    const imports = /^import (\{.*\}) from ('.*');$/gm;
    const body = code.replace(imports, 'const $1 = await import($2);');
    add(`{{\n${body}\n}}`, place);
  }
  const found = typeErrors(ts, new Map([[path, lines.join('\n')]]), root);
  return found.map(({ line, problem }) => ({ place: places[line], problem }));
}

/** What TypeScript says against whole programs: `{ place, problem }` each. @param programs - `{ place, code }`. */
export async function listProgramErrors(programs, root) {
  const { default: ts } = await import('typescript');
  const files = new Map(
    programs.map(({ place, code }) => [join(root, `${place.replace(/\W+/g, '-')}.ts`), `${code}\nexport {};`]),
  );
  const places = new Map([...files.keys()].map((file, i) => [file, programs[i].place]));
  return typeErrors(ts, files, root).map(({ file, line, problem }) => ({
    place: places.get(file),
    problem: `${files.get(file).split('\n')[line]}: ${problem}`,
  }));
}

/** Errors in files that are not written, by the repository's own options. */
function typeErrors(ts, files, root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    files.has(file) ? ts.createSourceFile(file, files.get(file), ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, incremental: false, tsBuildInfoFile: undefined },
    host,
  );
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (diagnostic) => ({
        file,
        line: source.getLineAndCharacterOfPosition(diagnostic.start).line,
        problem: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
      }),
    );
  });
}

/** Runs one example.
 *  @param modules - what each subpath of the package exports, by its name: `sconce`, `sconce/data`, …
 *  @returns what is wrong with it: nothing where all that it says is so. */
export async function runExample({ code }, modules) {
  const problems = [];
  let numChecked = 0;
  const check = async (expression, expected) => {
    numChecked += 1;
    const got = await attempt(expression);
    if (got !== expected) problems.push(`expected ${expected}, got ${got}`);
  };
  const globals = modules.sconce;
  const names = Object.keys(globals).filter((name) => isNameable(name) && new RegExp(`\\b${name}\\b`).test(code));
  try {
    const AsyncFunction = (async () => {}).constructor;
    const run = new AsyncFunction(
      'modules',
      'check',
      `{ ${names.length > 0 ? `const { ${names.join(', ')} } = modules.sconce;` : ''} {\n${compile(code)}\n} }`,
    );
    await run(modules, check);
  } catch (error) {
    problems.push(`failed: ${error.stack ?? error}`);
  }
  if (numChecked === 0 && problems.length === 0) problems.push('says nothing that can be checked');
  return problems;
}

async function attempt(expression) {
  try {
    return show(await expression());
  } catch (error) {
    return `throws ${error.name}: ${error.message.split('\n')[0]}`;
  }
}

/** A value as an example's comment writes it. */
export function show(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${[...value].map(show).join(', ')}]`;
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const members = Object.entries(value).map(([name, member]) => `${name}: ${show(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return String(value).replace(/\n\s*/g, ' ');
}
