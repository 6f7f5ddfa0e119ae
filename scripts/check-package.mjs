// Fails where the packed npm package would miss a file that package.json points to, or carry one that has no place in it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { root } from './prepare.mjs';

const { exports, bin, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { stdout, status } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) process.exit(1);
const packed = new Set(JSON.parse(stdout)[0].files.map((file) => file.path));

const wanted = [
  ...Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target))),
  ...Object.values(bin),
  ...files.filter((name) => /\.md$|^[A-Z]+$/.test(name)),
  'native/addon.cc',
].map((path) => normalize(path));
const problems = [
  ...wanted.filter((path) => !packed.has(path)).map((path) => `missing: ${path}`),
  ...[...packed]
    .filter((path) => /\.test\.|\.tsbuildinfo$|^(?:test|examples|scripts)\//.test(path))
    .map((path) => `out of place: ${path}`),
];
for (const problem of problems) console.error(problem);
console.log(`package: ${packed.size} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
