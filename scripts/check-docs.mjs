// Runs the examples in README.md and docs/ (every code block that opens with "```ts run", each as a program of its own), and checks the types of
// the examples in doc comments and runs them, all in this process, as `npm test` does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  distinctExamples,
  findExamples,
  listProgramErrors,
  listTypeErrors,
  pageProgram,
  runExample,
} from './examples.mjs';
import { filesUnder, root } from './prepare.mjs';

const documents = [join(root, 'README.md'), ...filesUnder(join(root, 'docs'))].filter(
  (path) => path.endsWith('.md') && existsSync(path),
);
const examples = documents.flatMap((path) => {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```ts run\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${relative(root, path)}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1],
  }));
});

// Inside dist/, the package's own name resolves to what users get. (A folder in node_modules would be another package.)
const folder = mkdtempSync(join(root, 'dist', '.examples-'));
let numFailed = 0;
try {
  for (const [index, { place, code }] of examples.entries()) {
    const file = join(folder, `example-${index}.mjs`);
    const startMs = performance.now();
    let problem;
    try {
      await build({
        stdin: { contents: code, loader: 'ts', resolveDir: root, sourcefile: place },
        outfile: file,
        bundle: true,
        packages: 'external',
        platform: 'node',
        format: 'esm',
        target: 'node20',
        logLevel: 'silent',
      });
      const { status, signal, stderr } = spawnSync(process.execPath, [file], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 120_000,
      });
      if (status !== 0) problem = `${stderr.trim()}\nended with ${signal ?? `exit code ${status}`}`;
    } catch (error) {
      problem = error.message;
    }
    if (problem !== undefined) {
      numFailed += 1;
      console.error(`${place} failed\n${problem}`);
    } else console.log(`${place} ran, ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`docs: ${examples.length} examples, ${numFailed} failed`);

const sources = filesUnder(join(root, 'src')).filter((path) => /(?<!\.test|\.fixture)\.ts$/.test(path));
const commented = distinctExamples(
  sources.flatMap((path) => findExamples(readFileSync(path, 'utf8'), relative(root, path))),
);
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const modules = Object.fromEntries(
  await Promise.all(
    Object.entries(exports)
      .filter(([, target]) => target.default)
      .map(async ([subpath, target]) => [
        `sconce${subpath.slice(1)}`,
        await import(pathToFileURL(join(root, target.default)).href),
      ]),
  ),
);
let numWrong = 0;
const complain = (place, problem) => {
  numWrong += 1;
  console.error(`${place}: ${problem}`);
};
for (const { place, problem } of await listTypeErrors(commented, Object.keys(modules.sconce), root))
  complain(place, problem);
const pages = documents
  .map((path) => ({ place: relative(root, path), code: pageProgram(readFileSync(path, 'utf8')) }))
  .filter(({ place, code }) => place.startsWith('docs/migration/') && code !== '');
for (const { place, problem } of await listProgramErrors(pages, root)) complain(place, problem);
for (const example of commented) {
  for (const problem of await runExample(example, modules)) complain(example.place, problem);
}
console.log(`doc comments: ${commented.length} examples, ${numWrong} problems`);
process.exitCode = numFailed + numWrong === 0 ? 0 : 1;
