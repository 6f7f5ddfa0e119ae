// `npm run ok` after the preparation: everything that a change must pass. All checks run, then the failed ones are named.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const packages = join(root, 'node_modules');
const checks = [
  ['format and lint', [join(packages, '@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.']],
  ['types', [join(packages, 'typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['layers', ['scripts/check-layers.mjs']],
  ['generated files', ['scripts/generate-operators.mjs', '--check']],
  ['configuration', ['scripts/generate-config.mjs', '--check']],
  ['parity table', ['scripts/generate-parity.mjs', '--check']],
  ['package', ['scripts/check-package.mjs']],
  ['docs examples', ['scripts/check-docs.mjs']],
  ['tests', ['scripts/test.mjs']],
];

const failed = [];
for (const [name, command] of checks) {
  console.log(`\n> ${name}`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status === null) process.exit(130);
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? `\nok: ${checks.length} checks` : `\nnot ok: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
