// `sconce train` as a process: what a user sees of a mistake in the program.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireCompiled, sconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-train-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('sconce train shows where a program has a syntax error, without a stack', async () => {
  writeFileSync(join(folder, 'wrong.ts'), 'export default {\n  name: "wrong",,\n};\n');
  const { code, stdout, stderr } = await sconce(['train', 'wrong.ts'], folder);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.split('\n')).toEqual([
    'Cannot run "wrong.ts": expected a program without errors, got',
    '  wrong.ts:2:17: Expected identifier but found ","',
    '    name: "wrong",,',
    '',
  ]);
});

test('sconce train shows the lines of the program, as they were written, where a run fails', async () => {
  const program = [
    "import { defineExperiment } from 'sconce/trainer';",
    'interface Sample {',
    '  readonly text: string;',
    '}',
    'const lengthOf = (sample: Sample): number => sample.text.length;',
    'export default defineExperiment({',
    "  name: 'failing',",
    '  options: {},',
    '  async run() {',
    '    lengthOf({} as Sample);',
    '    return undefined;',
    '  },',
    '});',
  ];
  writeFileSync(join(folder, 'failing.ts'), program.join('\n'));
  const { code, stderr } = await sconce(['train', 'failing.ts'], folder);
  expect(code).toBe(1);
  expect(stderr.replace(/failing-[\d-]+/, 'failing-…').split('\n')).toEqual([
    'Run: runs/failing-…',
    "Cannot read properties of undefined (reading 'length')",
    expect.stringContaining(`${join(folder, 'failing.ts')}:5:58`),
    expect.stringContaining(`${join(folder, 'failing.ts')}:10:5`),
    '',
  ]);
});
