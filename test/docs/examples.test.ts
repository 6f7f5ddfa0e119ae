// Every example in a doc comment gives what it says. `npm run ok` runs them once more, against what users get, and checks their types.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as sconce from 'sconce';
import * as adaptive from 'sconce/adaptive';
import * as config from 'sconce/config';
import * as data from 'sconce/data';
import * as distributed from 'sconce/distributed';
import * as experiments from 'sconce/experiments';
import * as metrics from 'sconce/metrics';
import * as models from 'sconce/models';
import * as multidataset from 'sconce/multidataset';
import * as multimodal from 'sconce/multimodal';
import * as registry from 'sconce/registry';
import * as tracking from 'sconce/tracking';
import * as trainer from 'sconce/trainer';
import { describe, expect, it } from 'vitest';

interface Example {
  readonly place: string;
  readonly code: string;
}
// Plain JavaScript outside `src/`; these are the parts that are used here.
interface Examples {
  findExamples(text: string, path: string): Example[];
  distinctExamples(examples: readonly Example[]): Example[];
  runExample(example: Example, modules: object): Promise<string[]>;
  show(value: unknown): string;
}
const { findExamples, distinctExamples, runExample, show } = (await import(
  new URL('../../scripts/examples.mjs', import.meta.url).href
)) as Examples;

const modules = {
  sconce,
  'sconce/adaptive': adaptive,
  'sconce/config': config,
  'sconce/data': data,
  'sconce/distributed': distributed,
  'sconce/experiments': experiments,
  'sconce/metrics': metrics,
  'sconce/models': models,
  'sconce/multidataset': multidataset,
  'sconce/multimodal': multimodal,
  'sconce/registry': registry,
  'sconce/tracking': tracking,
  'sconce/trainer': trainer,
};
const folder = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.ts$/.test(path) && !/\.(test|fixture)\.ts$/.test(path))
  .sort();
const examples = distinctExamples(
  sources.flatMap((path) => findExamples(readFileSync(`${folder}${path}`, 'utf8'), `src/${path}`)),
);

const run = (code: string): Promise<string[]> => runExample({ place: 'here', code }, modules);

describe('runExample()', () => {
  it('passes where every comment says what its line gives', async () => {
    expect(
      await run("const x: number = 2; // 2\n[x, 'a', true]; // [2, 'a', true]\ntensor([1, 2]); // tensor([1., 2.])"),
    ).toEqual([]);
    expect(
      await run('tensor([1, 2]).size(3); // throws RangeError: Cannot read size(3): expected a dimension of [2]'),
    ).toEqual([]);
  });

  it('names what a line gives where its comment says something else', async () => {
    expect(await run('tensor([1, 2]).neg(); // tensor([1., 2.])')).toEqual([
      'expected tensor([1., 2.]), got tensor([-1., -2.])',
    ]);
  });

  it('refuses an example that fails or says nothing', async () => {
    expect(await run('const x = 1;')).toEqual(['says nothing that can be checked']);
    expect((await run('missing();'))[0]).toMatch(/^failed: ReferenceError: missing is not defined/);
  });

  it('awaits, and imports other subpaths', async () => {
    expect(await run('await Promise.resolve(3); // 3')).toEqual([]);
    expect(
      await run("import { TensorDataset } from 'sconce/data';\nnew TensorDataset({ x: ones([5, 2]) }).length; // 5"),
    ).toEqual([]);
  });
});

describe('findExamples()', () => {
  it('reads a block up to the next tag, and names its line', () => {
    const text = '\n/** Doubles.\n *  @example\n *  double(1); // 2\n *  double(2); // 4\n *  @throws never */\n';
    expect(findExamples(text, 'a.ts')).toEqual([{ place: 'a.ts:3', code: 'double(1); // 2\ndouble(2); // 4' }]);
  });
});

describe('show()', () => {
  it('writes tensors on one line, and plain values as a program has them', () => {
    expect(show(sconce.tensor([[1], [2]]))).toBe('tensor([[1.], [2.]])'); // biome-ignore format: a matrix
    expect(show({ a: [1n, undefined], b: new Float32Array([1, 2.5]) })).toBe(
      '{ a: [1n, undefined], b: Float32Array [1, 2.5] }',
    );
  });
});

describe.runIf(sconce.libtorchVersion().startsWith('2.13'))('the examples in doc comments', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(600);
  });

  it.each(sources.filter((path) => examples.some(({ place }) => place.startsWith(`src/${path}:`))))(
    'give what they say in %s',
    async (path) => {
      const problems: string[] = [];
      for (const example of examples.filter(({ place }) => place.startsWith(`src/${path}:`))) {
        for (const problem of await runExample(example, modules)) problems.push(`${example.place}: ${problem}`);
      }
      expect(problems).toEqual([]);
    },
  );
});
