// Generators with every operator that draws: what they give depends on them alone, and a state goes on in the middle of anything.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Generator, getRngState, manualSeed, nn, rand, randn, setRngState, withGenerator } from '../../src/index.ts';
import { bundle } from '../child.ts';
import { drawing, drawingFromDefault, drawWith } from './random-operators.ts';

const script = bundle(new URL('workers/random.ts', import.meta.url));
afterAll(() => script.remove());
beforeEach(() => void manualSeed(0));

it('there are operators that draw', () => {
  expect(drawing.length).toBeGreaterThan(25);
  expect(Object.keys(drawingFromDefault).length).toBeGreaterThan(7);
});

describe.each(drawing)('%s', (name) => {
  it('draws from the generator that it is given, and from nothing else', () => {
    const before = getRngState();
    const [drawn, again] = [new Generator(3), new Generator(3)].map((generator) => [
      drawWith(name, generator),
      generator.getState(),
    ]);
    expect(again).toEqual(drawn);
    expect(drawn![1]).not.toEqual(new Generator(3).getState());
    expect(drawWith(name, new Generator(4))).not.toEqual(drawn![0]);
    expect(getRngState()).toEqual(before);
    // Without one it is the default generator's turn, which draws the same from the same state.
    setRngState(new Generator(3).getState());
    expect(drawWith(name, undefined)).toEqual(drawn![0]);
    expect(withGenerator(new Generator(3), () => drawWith(name, undefined))).toEqual(drawn![0]);
  });

  it('goes on from a state in the middle of a stream, the second of a pair of normal numbers included', () => {
    for (const numNormal of [0, 1]) {
      const generator = new Generator(9);
      randn([numNormal], { generator });
      drawWith(name, generator);
      randn([numNormal], { generator });
      const copies = [generator.cloneState(), new Generator(1).setState(generator.getState())];
      const next = [drawWith(name, generator), randn([3], { generator }).toArray()];
      for (const copy of copies)
        expect([drawWith(name, copy), randn([3], { generator: copy }).toArray()]).toEqual(next);
    }
  });
});

describe('withGenerator()', () => {
  it('draws the weights of layers, as the default generator would from that seed', () => {
    const weights = (): unknown => new nn.Linear(4, 3).weight.toArray();
    manualSeed(5);
    const expected = weights();
    const state = getRngState();
    expect(withGenerator(new Generator(5), weights)).toEqual(expected);
    expect(getRngState()).toEqual(state);
  });

  it('nests, and ends with its body, whether it returns or throws', () => {
    const [outer, inner] = [new Generator(1), new Generator(2)];
    const draw = (): unknown => rand([2]).toArray();
    const drawn = withGenerator(outer, () => {
      const first = withGenerator(inner, draw);
      expect(() =>
        withGenerator(inner, () => {
          throw new RangeError('in the body');
        }),
      ).toThrow('in the body');
      return [first, draw()];
    });
    expect(drawn).toEqual([
      rand([2], { generator: new Generator(2) }).toArray(),
      rand([2], { generator: new Generator(1) }).toArray(),
    ]);
    manualSeed(7);
    const plain = draw();
    expect(plain).toEqual(rand([2], { generator: new Generator(7) }).toArray());
    expect(withGenerator(outer, () => rand([2], { generator: new Generator(3) }).toArray())).toEqual(
      rand([2], { generator: new Generator(3) }).toArray(),
    );
  });

  it.each(Object.entries(drawingFromDefault))('refuses what draws from the default generator alone: %s', (_, draw) => {
    const before = getRngState();
    expect(() => withGenerator(new Generator(1), draw)).toThrow(
      /^Cannot run .*dropout.* inside withGenerator\(\): expected an operator that takes a generator/,
    );
    expect(getRngState()).toEqual(before);
  });

  it('refuses a Promise and a generator function', () => {
    expect(() => withGenerator(new Generator(1), async () => 1)).toThrow(
      'Cannot leave withGenerator: expected a synchronous body',
    );
    expect(() =>
      withGenerator(new Generator(1), function* () {
        yield 1;
      }),
    ).toThrow('Cannot leave withGenerator: expected a synchronous body');
    manualSeed(2);
    expect(rand([1]).item()).toBe(rand([1], { generator: new Generator(2) }).item());
  });
});

describe('Generator.fork()', () => {
  it('is a pure function of seed, epoch and index', () => {
    const seeds = [
      { seed: 0 },
      { seed: 0, epoch: 1 },
      { seed: 0, index: 1 },
      { seed: 1 },
      { seed: 2 ** 53 - 1, epoch: 3, index: 2 ** 40 },
    ];
    // These numbers may never change: runs are resumed with them.
    expect(seeds.map((numbers) => Generator.fork(numbers).initialSeed)).toEqual([
      2558736989570252433n,
      10705738211186751225n,
      4764156602392020899n,
      12793040940332582595n,
      8983533829564219223n,
    ]);
    expect(Generator.fork({ seed: 4, epoch: 5, index: 6 }).getState()).toEqual(
      Generator.fork({ seed: 4, epoch: 5, index: 6 }).getState(),
    );
  });

  it('gives streams that do not resemble each other', () => {
    const first = Array.from({ length: 2000 }, (_, index) =>
      rand([1], { generator: Generator.fork({ seed: 1, index }) }).item(),
    );
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    const correlation =
      first.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * (first[i]! - 0.5), 0) / (first.length / 12);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03); // 4.6 standard deviations
    expect(Math.abs(correlation)).toBeLessThan(0.1);
    expect(new Set(first).size).toBeGreaterThan(1995);
  });

  it.each([{ seed: -1 }, { seed: 0.5 }, { seed: 1, epoch: 2 ** 53 }, { seed: 1, index: Number.NaN }])(
    'refuses %o',
    (numbers) => {
      expect(() => Generator.fork(numbers)).toThrow(
        /^Cannot fork a generator: expected (seed|epoch|index) to be an integer from 0 to 2\^53 - 1, got /,
      );
    },
  );
});

describe('seed()', () => {
  it('starts over from a seed that it tells', () => {
    const generator = new Generator(1);
    const [first, second] = [generator.seed(), generator.seed()];
    expect(first).not.toBe(second);
    expect(generator.initialSeed).toBe(second);
    expect(rand([2], { generator }).toArray()).toEqual(rand([2], { generator: new Generator(second) }).toArray());
  });
});

describe('in a worker', () => {
  it('every draw without a generator is refused, and every draw with one gives what it gives here', async () => {
    const before = getRngState();
    const worker = new Worker(script.path);
    const exit = once(worker, 'exit');
    const [{ drawn, accepted, weights }] = (await once(worker, 'message')) as [
      { drawn: Record<string, number[]>; accepted: string[]; weights: unknown },
    ];
    expect(await exit).toEqual([0]);
    expect(accepted).toEqual([]);
    for (const name of drawing) expect([name, drawn[name]]).toEqual([name, drawWith(name, new Generator(3))]);
    expect(weights).toEqual(withGenerator(new Generator(3), () => new nn.Linear(3, 2).weight.toArray()));
    expect(getRngState()).toEqual(before);
  });
});
