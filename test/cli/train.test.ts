// `sconce train` as a process: what a user sees of a mistake in the program.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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

test('sconce train gives workers the dataset of the program, and a run keeps it when its source has changed', async () => {
  mkdirSync(join(folder, 'lib'));
  writeFileSync(
    join(folder, 'lib', 'squares.ts'),
    [
      "import { tensor } from 'sconce';",
      "import type { Dataset } from 'sconce/data';",
      "import { square } from './square.ts';",
      'enum Kind { Square }',
      'export default ({ length }: { readonly length: number }): Dataset<unknown> => ({',
      '  length,',
      '  get: (i) => ({ x: tensor([square(i)]), kind: Kind[0], source: import.meta.url }),',
      '});',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'lib', 'square.ts'), 'export const square = (x: number): number => x * x;\n');
  writeFileSync(
    join(folder, 'squares.ts'),
    [
      "import { type Dataset, DataLoader, datasetModule } from 'sconce/data';",
      "import { defineExperiment } from 'sconce/trainer';",
      "import { type Tensor } from 'sconce';",
      'interface Sample { readonly x: Tensor; readonly kind: string; readonly source: string }',
      'export default defineExperiment({',
      "  name: 'squares',",
      '  options: {},',
      '  async run() {',
      '    for (const numWorkers of [0, 2]) {',
      "      const url = new URL('./lib/squares.ts', import.meta.url);",
      "      const dataset = await datasetModule<Dataset<Sample>>(new URL('./lib/squares.ts', import.meta.url), { length: 3 });",
      '      for await (const { x, kind, source } of new DataLoader({ dataset, batchSize: 3, numWorkers })) {',
      '        console.log(numWorkers, x.flatten().toArray(), kind[0], source[0] === url.href);',
      '      }',
      '    }',
      '    return undefined;',
      '  },',
      '});',
    ].join('\n'),
  );
  const lines = ['0 [ 0, 1, 4 ] Square true', '2 [ 0, 1, 4 ] Square true'];
  const { code, stdout, stderr } = await sconce(['train', 'squares.ts'], folder);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(lines));
  writeFileSync(join(folder, 'lib', 'squares.ts'), 'export default () => { throw new Error("changed"); };\n');
  const [run] = readdirSync(join(folder, 'runs')).filter((name) => name.startsWith('squares'));
  expect(readdirSync(join(folder, 'runs', run!, 'code')).sort()).toEqual([
    'experiment-squares-0.mjs',
    'experiment.mjs',
    'node_modules',
  ]);
  rmSync(join(folder, 'runs', run!, 'summary.json')); // as if it had been killed
  const again = await sconce(['resume', join('runs', run!)], folder);
  expect(again.stdout.split('\n'), again.stderr).toEqual(expect.arrayContaining(lines));
});
