// What a seed gives, bit for bit: initialisers, and operators that draw.
import { describe, expect, it } from 'vitest';
import {
  empty,
  linspace,
  manualSeed,
  nn,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
} from '../../src/index.ts';
import type { Nonlinearity } from '../../src/nn/init.ts';
import { expectClose, expectSame, references } from './reference.ts';

const { init } = nn;
const x = linspace(-1, 1, 40).reshape([5, 8]);
const weights = tensor([
  [0.1, 0.2, 0.3, 0.4],
  [4, 0, 1, 2],
]);

function fresh(initialise: (weight: Tensor) => Tensor, shapes = [[5, 4], [6, 3, 3, 2]]): Tensor[] {
  return shapes.map((shape) => initialise(empty(shape)));
} // biome-ignore format: shapes

const small = [[7], [5, 4]];

/** One line each; what PyTorch makes of the same line is in test/fixtures/parity/draws.py. */
const DRAWS: Readonly<Record<string, () => Tensor[]>> = {
  uniform_: () => fresh((weight) => init.uniform_(weight, -2, 3), small),
  normal_: () => fresh((weight) => init.normal_(weight, 1, 0.5), small),
  constant_: () => fresh((weight) => init.constant_(weight, 0.1)),
  zeros_: () => fresh(init.zeros_),
  ones_: () => fresh(init.ones_),
  kaimingUniform_: () => fresh((weight) => init.kaimingUniform_(weight)),
  'kaimingUniform_, all options': () =>
    fresh((weight) => init.kaimingUniform_(weight, { a: 0.2, mode: 'fan_out', nonlinearity: 'leaky_relu' })),
  kaimingNormal_: () => fresh((weight) => init.kaimingNormal_(weight)),
  'kaimingNormal_ for ReLU': () =>
    fresh((weight) => init.kaimingNormal_(weight, { mode: 'fan_out', nonlinearity: 'relu' })),
  xavierUniform_: () => fresh((weight) => init.xavierUniform_(weight, { gain: 1.5 })),
  xavierNormal_: () => fresh((weight) => init.xavierNormal_(weight)),
  rand: () => [rand([3, 5]), rand([4], { dtype: 'float64' })],
  randn: () => [randn([3]), randn([3, 7]), randn([20], { dtype: 'float64' })],
  randint: () => [randint(0, 10, [12]), randint(-(2 ** 40), 2 ** 40, [3])],
  randperm: () => [randperm(1), randperm(25)],
  bernoulli: () => [x.abs().bernoulli(), empty([30]).bernoulli_({ p: 0.3 })],
  multinomial: () => [weights.multinomial(2), weights.multinomial(6, { replacement: true })],
  dropout: () => [nn.functional.dropout(x, { p: 0.3 }), nn.functional.dropout(x, { p: 0.9, training: true })],
  'normal_ and uniform_ in place': () => [
    empty([9]).normal_({ mean: 2, std: 3 }),
    empty([9]).uniform_({ from: -1, to: 1 }),
  ],
  'exponential_, geometric_ and logNormal_': () => [
    empty([9]).exponential_({ lambd: 2 }),
    empty([9]).geometric_(0.4),
    empty([9]).logNormal_({ mean: 0.5, std: 0.25 }),
  ],
  bfloat16: () => [empty([20], { dtype: 'bfloat16' }).normal_(), empty([20], { dtype: 'bfloat16' }).uniform_()],
};

interface Cases {
  readonly drawn: Readonly<Record<string, readonly Tensor[]>>;
  readonly gains: Readonly<Record<string, number>>;
}

const all = await references<Cases>('draws');

describe.each(all)('draws against $source', ({ cases, isSame, isSameVersion }) => {
  // Functions of what is drawn, as the logarithm behind a normal number, differ in the last bits between kernels.
  const hold = isSame.vectors ? expectSame : (a: Tensor, b: Tensor, what: string) => expectClose(a, b, 1e-5, what);

  it('are all compared', () => {
    expect(Object.keys(DRAWS)).toEqual(Object.keys(cases.drawn));
  });

  it.runIf(isSameVersion).each(Object.entries(cases.drawn))('%s', (name, expected) => {
    manualSeed(11);
    const drawn = DRAWS[name]!();
    expect(drawn.length).toBe(expected.length);
    drawn.forEach((value, i) => {
      hold(value, expected[i]!, `draw ${i}`);
    });
  });

  it('calculateGain() gives the gain of every nonlinearity', () => {
    for (const [name, gain] of Object.entries(cases.gains)) {
      const [nonlinearity, slope] = name.split(' ') as [Nonlinearity, string?];
      expect([name, init.calculateGain(nonlinearity, slope === undefined ? undefined : Number(slope))]).toEqual([
        name,
        gain,
      ]);
    }
  });
});
