// Generators against PyTorch 2.13.0 (test/fixtures/tensor/make.py): what they draw, and the bytes of their state.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { rand, randint, randn, randperm, zeros } from './create.ts';
import { Generator, getRngState, manualSeed, setRngState } from './generator.ts';
import { libtorchVersion } from './process.ts';
import type { Tensor } from './tensor.ts';

interface Draws {
  readonly negative: number[];
  readonly seeded: string;
  readonly draws: Readonly<Record<string, number[]>>;
  readonly drawn: string;
  readonly next: number[];
  readonly generator: number[];
  readonly initialSeed: string;
  readonly unseeded: number[];
}

const path = new URL('../../test/fixtures/tensor/random.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Draws;
const isExact = libtorchVersion().startsWith('2.13');
if (!isExact) console.log(`skipped, bits of random draws: expected libtorch 2.13, got ${libtorchVersion()}`);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

afterEach(() => manualSeed(0));

describe('the default generator', () => {
  it.runIf(isExact)("draws PyTorch's numbers after manualSeed()", () => {
    manualSeed(-1);
    expect(rand([2]).toArray()).toEqual(fixture.negative);
    manualSeed(42);
    expect(base64(getRngState())).toBe(fixture.seeded);
    const draws: Record<string, Tensor> = {
      rand: rand([5]),
      randn: randn([5]),
      'randn of 20': randn([20]),
      randint: randint(0, 1000, [5]),
      randperm: randperm(10),
    };
    for (const [name, drawn] of Object.entries(draws))
      expect([name, drawn.toArray()]).toEqual([name, fixture.draws[name]]);
    expect(base64(getRngState())).toBe(fixture.drawn);
  });

  it.runIf(isExact)('goes on from a state that PyTorch saved', () => {
    setRngState(Buffer.from(fixture.drawn, 'base64'));
    expect(rand([3]).toArray()).toEqual(fixture.next);
  });

  it('draws the same again from a state that was read, the second of a pair of normal numbers included', () => {
    manualSeed(5);
    randn([3]);
    const state = getRngState();
    const draw = (): unknown => [randn([3]).toArray(), rand([2]).toArray(), randperm(5).toArray()];
    const first = draw();
    setRngState(state);
    expect(draw()).toEqual(first);
    expect(draw()).not.toEqual(first);
  });
});

describe('Generator', () => {
  it.runIf(isExact)("draws PyTorch's numbers", () => {
    const generator = new Generator(2n ** 63n + 5n);
    expect(generator.initialSeed).toBe(BigInt(fixture.initialSeed));
    expect(rand([4], { generator }).toArray()).toEqual(fixture.generator);
    expect(rand([3], { generator: new Generator() }).toArray()).toEqual(fixture.unseeded);
  });

  it('depends on its seed alone and leaves the default one alone', () => {
    manualSeed(1);
    const expected = rand([2]).toArray();
    manualSeed(1);
    const [a, b] = [new Generator(7), new Generator(7)];
    const drawn = randn([20], { generator: a }).toArray();
    rand([9], { generator: a });
    expect(randn([20], { generator: b }).toArray()).toEqual(drawn);
    expect(rand([2]).toArray()).toEqual(expected);
  });

  it('is taken by every random operator', () => {
    const draw = (): unknown => {
      const generator = new Generator(3);
      const x = zeros([4, 4]);
      return [
        randint(0, 100, [5], { generator }).toArray(),
        randperm(6, { generator }).toArray(),
        x.normal_({ mean: 1, std: 2, generator }).toArray(),
        x.uniform_({ from: -1, to: 1, generator }).toArray(),
        x.fill_(0.5).bernoulli({ generator }).toArray(),
        x.fill_(1).multinomial(3, { generator }).toArray(),
        x.exponential_({ lambd: 2, generator }).toArray(),
      ];
    };
    expect(draw()).toEqual(draw());
  });

  it('starts over from a seed, and goes on from a state', () => {
    const generator = new Generator(1);
    const first = rand([3], { generator }).toArray();
    const state = generator.getState();
    const second = rand([3], { generator }).toArray();
    expect(rand([3], { generator: generator.setState(state) }).toArray()).toEqual(second);
    expect(rand([3], { generator: generator.manualSeed(1) }).toArray()).toEqual(first);
    expect(rand([3], { generator: new Generator(9).setState(state) }).toArray()).toEqual(second);
  });

  it('refuses a state that is none', () => {
    const generator = new Generator(1);
    const size = generator.getState().length;
    expect(() => generator.setState(new Uint8Array(3))).toThrow(
      new RangeError(`Cannot restore a generator: expected ${size} bytes, got 3`),
    );
    expect(() => generator.setState(new Uint8Array(size).fill(255))).toThrow('Cannot call setGeneratorState: ');
    expect(() => generator.setState([1] as never)).toThrow(TypeError);
    expect(rand([1], { generator }).item()).toBeGreaterThanOrEqual(0);
  });
});
