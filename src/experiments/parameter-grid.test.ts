// Grids: what each kind of parameter adds, the order of application, what is refused, and files.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { temporaryFolder } from '../trainer/testing/tiny.ts';
import { type Distribution, draw } from './distributions.ts';
import type { GridDescription } from './grid-description.ts';
import { ParameterGridSearch } from './grid-search.ts';
import { ParameterGrid } from './parameter-grid.ts';

const grid = (): ParameterGrid => new ParameterGrid('g');
const problemsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('ParameterGrid', () => {
  test('is a product of base parameters, the last one fastest', () => {
    const made = grid()
      .addParameter('a', [1, 2])
      .addParameters({ b: { c: ['x', 'y'], d: 0 } });
    expect(made.generate()).toEqual([
      { a: 1, 'b.c': 'x', 'b.d': 0 },
      { a: 1, 'b.c': 'y', 'b.d': 0 },
      { a: 2, 'b.c': 'x', 'b.d': 0 },
      { a: 2, 'b.c': 'y', 'b.d': 0 },
    ]);
    expect(made.keys).toEqual(['a', 'b.c', 'b.d']);
    expect([...made].length).toBe(made.length);
  });

  test('takes linked groups and sets as one list, with each combination', () => {
    const made = grid()
      .addParameter('a', [1, 2])
      .addLinkedParameters({ b: [1, 2], c: [3, 4] })
      .addParameterSets([{ d: { e: 9 } }]);
    expect(made.generate()).toEqual(
      [1, 2].flatMap((a) => [
        { a, b: 1, c: 3 },
        { a, b: 2, c: 4 },
        { a, 'd.e': 9 },
      ]),
    );
  });

  test('applies conditions, computed values, constraints and exclusions in this order', () => {
    const made = grid()
      .exclude((set) => set.total === 30)
      .addConstraint(({ total }) => (total as number) < 100)
      .addComputed('total', ({ batch, steps = 1 }) => (batch as number) * (steps as number))
      .addConditional('steps', [3, 5], { type: 'b' })
      .addConditional('steps', [1000], ({ type }) => type === 'c')
      .addFromFunction('batch', () => [10])
      .addParameter('type', ['a', 'b', 'c']);
    expect(made.generate()).toEqual([
      { batch: 10, type: 'a', total: 10 },
      { batch: 10, type: 'b', steps: 5, total: 50 },
    ]);
  });

  test('draws by seed and name, within bounds', () => {
    const kinds: Record<string, Distribution> = {
      uniform: { type: 'uniform', low: -1, high: 1 },
      loguniform: { type: 'loguniform', low: 1e-5, high: 1e-1 },
      integers: { type: 'uniform', low: 1, high: 3, isInteger: true },
      logIntegers: { type: 'loguniform', low: 1, high: 64, isInteger: true },
      normal: { type: 'normal', mean: 3, std: 0.5 },
      choice: { type: 'choice', choices: ['a', 'b'] },
    };
    const many = (kind: string): number[] => draw({ ...kinds[kind]!, numSamples: 4000 }, 'x') as number[];
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(many('uniform')))).toBeLessThan(0.04);
    expect(mean(many('loguniform').map(Math.log10))).toBeCloseTo(-3, 0);
    expect(Math.min(...many('loguniform'))).toBeGreaterThanOrEqual(1e-5);
    expect([...new Set(many('integers'))].sort()).toEqual([1, 2, 3]);
    expect(new Set(many('logIntegers')).size).toBe(64);
    const normal = many('normal');
    expect(mean(normal)).toBeCloseTo(3, 1);
    expect(Math.sqrt(mean(normal.map((value) => (value - 3) ** 2)))).toBeCloseTo(0.5, 1);
    const samples = (seed: number, key = 'lr'): unknown[] =>
      grid()
        .addDistribution(key, { type: 'uniform', low: 0, high: 1, seed, numSamples: 3 })
        .generate()
        .map((set) => set[key]);
    expect(samples(1)).toEqual(samples(1));
    expect(samples(1)).not.toEqual(samples(2));
    expect(samples(1)).not.toEqual(samples(1, 'other'));
    expect(grid().addDistribution('x', kinds.choice!).length).toBe(10);
  });

  test('yields nothing where there is nothing in it', () => {
    expect(grid().generate()).toEqual([]);
  });

  test('has at most 10,000 combinations', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i);
    const made = grid().addParameter('a', hundred).addParameter('b', hundred);
    expect(made.length).toBe(10_000);
    expect(() => made.addParameter('c', [1, 2]).generate()).toThrow(
      'Cannot generate grid "g": expected at most 10000 combinations, got 20000',
    );
  });

  test('passes on what a function throws, with the parameters', () => {
    const cause = new RangeError('no');
    const made = grid()
      .addParameter('a', [1])
      .addComputed('b', () => {
        throw cause;
      });
    expect(() => made.generate()).toThrow(
      'Cannot generate grid "g": b: expected a value for {"a":1}, got an error: no',
    );
    expect(
      problemsOf(() =>
        grid()
          .addParameter('a', [1])
          .addComputed('b', () => Number.NaN)
          .generate(),
      ),
    ).toEqual(['b: expected a value that JSON has, got NaN']);
    expect(
      problemsOf(() =>
        grid()
          .addParameter('a', [1])
          .addConstraint((() => 1) as never)
          .generate(),
      ),
    ).toEqual(['a constraint: expected true or false, got 1']);
  });

  const refused: readonly [string, () => unknown, string[]][] = [
    [
      'a key twice',
      () => grid().addParameter('a', [1]).addDistribution('a', { type: 'normal' }),
      ['a: expected it once, got it twice'],
    ],
    ['no values', () => grid().addParameter('a', []), ['a: expected a list of at least one value, got []']],
    [
      'values that JSON lacks',
      () => grid().addParameter('a', [Number.NaN]),
      ['a: expected a value that JSON has, got NaN'],
    ],
    [
      'linked lists of other lengths',
      () => grid().addLinkedParameters({ a: [1], b: [1, 2] }),
      ['expected lists of one length above 0, got a with 1, b with 2'],
    ],
    [
      'exclusions that can exclude nothing',
      () => grid().addParameter('a', [1]).exclude({ b: 1 }),
      ['exclude: expected some of a, got b'],
    ],
    [
      'conditions that hold together',
      () =>
        grid().addParameter('a', [1]).addConditional('b', [1], { a: 1 }).addConditional('b', [2], { a: 1 }).generate(),
      ['b: expected conditions that exclude each other, got two that hold'],
    ],
    [
      'distributions with wrong fields, all at once',
      () => grid().addDistribution('a', { type: 'loguniform', low: 0, high: -1, hihg: 3 } as never),
      [
        'a.hihg: expected one of type, numSamples, seed, low, high, isInteger, got an unknown key; did you mean high?',
        'a.low: expected a number above 0, got 0',
        'a.high: expected a number of at least low, got -1',
      ],
    ],
  ];
  test.each(refused)('refuses %s', (_, run, problems) => {
    expect(problemsOf(run)).toEqual(problems);
  });

  test('goes into a file and comes back, unless it has functions', () => {
    const made = grid()
      .addParameter('a', [1, 2])
      .addLinkedParameters({ b: [1, 2], c: [[1], [2]] })
      .addDistribution('d', { type: 'uniform', low: 0, high: 1, numSamples: 2 })
      .addConditional('e', [true], { a: 1 })
      .exclude({ a: 2, b: 2 });
    const back = ParameterGrid.from(JSON.parse(JSON.stringify(made)) as GridDescription);
    expect(back.name).toBe('g');
    expect(back.generate()).toEqual(made.generate());
    expect(
      problemsOf(() =>
        grid()
          .addComputed('x', () => 1)
          .toJSON(),
      ),
    ).toEqual(['expected values alone, got functions: x']);
  });

  test('says everything that is wrong in a description', () => {
    const wrong = {
      parametres: {},
      linked: { a: [1], b: [1, 2] },
      distributions: { lr: { type: 'uniform', low: 0, high: 1, num_samples: 0 } },
      sets: [3],
      conditional: [{ key: 'x', values: [1], when: {}, than: 1 }],
    };
    expect(problemsOf(() => ParameterGrid.from(wrong as never))).toEqual([
      'parametres: expected one of name, description, parameters, linked, sets, distributions, conditional, exclude, got an unknown key; did you mean parameters?',
      'linked.0: expected lists of one length above 0, got a with 1, b with 2',
      'sets.0: expected parameter sets, got 3',
      'distributions: lr.numSamples: expected an integer above 0, got 0',
      'conditional.0: expected { key, values, when }, got than as well',
    ]);
  });
});

describe('ParameterGridSearch', () => {
  const base = { experiment_name: 'base', optimizer: { type: 'adam', lr: 1 }, data: { batch: 2 } };

  test('makes configurations of its base, which stays as it is', () => {
    const search = new ParameterGridSearch(base);
    search.createGrid('one').addParameter('optimizer.lr', [0.1]).addParameter('new.deep', [true]);
    expect(search.generateExperiments()).toEqual([
      {
        name: 'base_[new_{deep.T}][optim_{lr.0.1}]',
        grid: 'one',
        parameters: { 'optimizer.lr': 0.1, 'new.deep': true },
        config: {
          experiment_name: 'base_[new_{deep.T}][optim_{lr.0.1}]',
          ...{ optimizer: { type: 'adam', lr: 0.1 }, data: { batch: 2 }, new: { deep: true } },
        },
      },
    ]);
    expect(base.optimizer.lr).toBe(1);
  });

  test('says which keys several grids set, and has equal parameters once', () => {
    const search = new ParameterGridSearch(base, { naming: 'hash' });
    search.createGrid('one').addParameter('optimizer.lr', [1, 2]);
    search.createGrid('two').addParameter('optimizer.lr', [2, 3]);
    search.createGrid('three').addParameter('optimizer', [null]);
    expect(search.keyConflicts()).toEqual([
      'optimizer.lr: set by grids "one" and "two"',
      'optimizer.lr of grid "one" and optimizer of grid "three": one lies in the other',
      'optimizer.lr of grid "two" and optimizer of grid "three": one lies in the other',
    ]);
    const names = search.generateExperiments().map(({ name }) => name);
    expect(names.length).toBe(4);
    expect(new Set(names).size).toBe(4);
    expect(problemsOf(() => search.createGrid('one'))).toEqual(['name: expected names that differ, got "one" twice']);
  });

  test('refuses a path through a value of the base', () => {
    const search = new ParameterGridSearch(base);
    search.createGrid('one').addParameter('data.batch.size', [1]);
    expect(problemsOf(() => search.generateExperiments())).toEqual([
      'data.batch.size: expected an object at "batch", got 2',
    ]);
  });

  test('is saved and loaded', async () => {
    const path = join(temporaryFolder(), 'search.json');
    const search = new ParameterGridSearch(base, { naming: 'hash', description: 'rates' });
    search.createGrid('one', 'of rates').addParameter('optimizer.lr', [1, 2]);
    await search.save(path);
    const loaded = await ParameterGridSearch.load(path);
    expect(loaded.toJSON()).toEqual(search.toJSON());
    expect(loaded.generateExperiments()).toEqual(search.generateExperiments());
  });
});
