// What a seed gives, bit for bit: initialisers, and operators that draw.
import { describe, expect, it } from 'vitest';
import {
  binomial,
  empty,
  full,
  Generator,
  linspace,
  manualSeed,
  nn,
  normal,
  ones,
  poisson,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  rrelu,
  type Tensor,
  tensor,
  viewAsReal,
  zeros,
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
  ...byKernel(),
  ...fromGenerator(),
};

// Kernels take another path from 16 elements on, and for memory that does not lie in one piece.
function byKernel(): Readonly<Record<string, () => Tensor[]>> {
  const sizes = [1, 15, 16, 17, 40, 1000];
  const bySize = (draw: (size: number[]) => Tensor): Tensor[] => sizes.map((size) => draw([size]));
  /** Into columns, and into every second element. */
  const apart = (draw: (into: Tensor) => Tensor): Tensor[] => [
    draw(zeros([4, 10]).t()),
    draw(zeros([40]).unflatten(0, [20, 2]).select(1, 0)),
  ];
  const wide = linspace(0, 1, 300).reshape([3, 100]);
  const picture = linspace(-1, 1, 480).reshape([4, 5, 4, 6]);
  const halves = ['float64', 'bfloat16', 'float16'] as const;
  const { functional: F } = nn;
  return {
    'rand by size': () => bySize((size) => rand(size)),
    'rand by type': () => halves.map((dtype) => rand([20], { dtype })),
    'randn by size': () => bySize((size) => randn(size)),
    'randn by type': () => [5, 20].flatMap((size) => halves.map((dtype) => randn([size], { dtype }))),
    'randn of complex numbers': () => [3, 20].map((size) => viewAsReal(randn([size], { dtype: 'complex64' }))),
    'randLike, randnLike and randintLike': () => [
      randLike(x),
      randnLike(x.t()),
      randintLike(x, 9),
      randintLike(x, -3, { high: 9 }),
    ],
    'randint by type': () =>
      (['int64', 'int32', 'int16', 'int8', 'float32'] as const).map((dtype) => randint(-5, 9, [20], { dtype })),
    'randint of long ranges': () => [2, 2 ** 31, 2 ** 33, 2 ** 50].map((high) => randint(0, high, [20])),
    random_: () => [
      empty([20]).random_(),
      empty([20], { dtype: 'int64' }).random_(),
      empty([20]).random_({ to: 5 }),
      empty([20]).random_({ from: -3, to: 9 }),
    ],
    'randperm by size': () => [...[0, ...sizes].map((size) => randperm(size)), randperm(30, { dtype: 'int32' })],
    'uniform_ by size': () => [
      ...bySize((size) => empty(size).uniform_({ from: -3, to: 2 })),
      ...apart((into) => into.uniform_({ from: 1, to: 4 })),
    ],
    'normal_ by size': () => [
      ...bySize((size) => empty(size).normal_({ mean: 3, std: 2 })),
      ...apart((into) => into.normal_({ mean: 1, std: 4 })),
    ],
    'normal, every form': () => [
      normal(x),
      normal(x, { std: 0.5 }),
      normal(0.25, { std: x.abs() }),
      normal(x, { std: x.t().reshape([5, 8]).abs() }),
      normal(x.narrow(1, 0, 1), { std: x.abs() }),
      normal(0.5, { std: 2, size: [3, 4] }),
      normal(0.5, { std: 2, size: [3, 7], dtype: 'float64' }),
    ],
    'bernoulli, every form': () => [
      x.abs().bernoulli(),
      x.bernoulli({ p: 0.3 }),
      x.abs().to('float64').bernoulli(),
      x.abs().t().bernoulli(),
      empty([5, 8]).bernoulli_({ p: x.abs() }),
      empty([30], { dtype: 'int64' }).bernoulli_({ p: 0.6 }),
    ],
    'bernoulli_ by size': () => [
      ...bySize((size) => empty(size).bernoulli_({ p: 0.4 })),
      ...apart((into) => into.bernoulli_({ p: 0.7 })),
    ],
    'multinomial, every form': () => [
      weights.multinomial(1),
      weights.multinomial(3),
      weights.select(0, 0).multinomial(2),
      weights.to('float64').multinomial(40, { replacement: true }),
      wide.multinomial(1),
      wide.multinomial(60),
      wide.multinomial(1, { replacement: true }),
      wide.t().contiguous().t().multinomial(20, { replacement: true }),
      weights.narrow(0, 0, 1).expand([5, 4]).multinomial(2),
    ],
    'exponential_ by size': () => [
      ...bySize((size) => empty(size).exponential_({ lambd: 0.5 })),
      ...apart((into) => into.exponential_()),
      empty([20], { dtype: 'float64' }).exponential_({ lambd: 2 }),
    ],
    'geometric_ by size': () => [
      ...bySize((size) => empty(size).geometric_(0.3)),
      ...apart((into) => into.geometric_(0.5)),
    ],
    'logNormal_ by size': () => [
      ...bySize((size) => empty(size).logNormal_({ mean: 1, std: 0.5 })),
      ...apart((into) => into.logNormal_()),
    ],
    'cauchy_ by size': () => [
      ...bySize((size) => empty(size).cauchy_({ median: 1, sigma: 0.5 })),
      ...apart((into) => into.cauchy_()),
    ],
    'poisson and binomial': () => [poisson(x.abs().mul(20)), binomial(full([5, 8], 30), x.abs())],
    'dropout by size': () => [
      ...bySize((size) => F.dropout(ones(size), { p: 0.4 })),
      ...apart((into) => F.dropout(into.add(1), { p: 0.4 })),
    ],
    gumbelSoftmax: () => [
      F.gumbelSoftmax(x),
      F.gumbelSoftmax(picture, { tau: 0.5, dim: 1 }),
      F.gumbelSoftmax(x, { hard: true }),
      F.gumbelSoftmax(x.t(), { tau: 2, dim: 0 }),
    ],
    'dropout at its ends': () => [F.dropout(x, { p: 0 }), F.dropout(x, { p: 1 }), rand([2])],
    'dropout, every kind': () => [
      F.dropout1d(x),
      F.dropout1d(picture.select(0, 0)),
      F.dropout2d(picture),
      F.dropout3d(picture),
      F.alphaDropout(picture, { p: 0.3, training: true }),
      F.featureAlphaDropout(picture, { p: 0.3, training: true }),
      rrelu(picture, { training: true }),
      F.dropout(picture.to('bfloat16'), { p: 0.3 }),
    ],
  };
}

/** Each from a generator of its own, and one number from the default one, which stays where it is. */
function fromGenerator(): Readonly<Record<string, () => Tensor[]>> {
  const draws: Readonly<Record<string, (generator: Generator) => Tensor>> = {
    rand: (generator) => rand([20], { generator }),
    randn: (generator) => randn([20], { generator }),
    randint: (generator) => randint(3, 40, [20], { generator }),
    randperm: (generator) => randperm(20, { generator }),
    normal: (generator) => normal(x, { std: 0.5, generator }),
    bernoulli: (generator) => x.abs().bernoulli({ generator }),
    multinomial: (generator) => weights.multinomial(2, { generator }),
    uniform_: (generator) => empty([20]).uniform_({ generator }),
    normal_: (generator) => empty([20]).normal_({ generator }),
    exponential_: (generator) => empty([20]).exponential_({ generator }),
    geometric_: (generator) => empty([20]).geometric_(0.4, { generator }),
    logNormal_: (generator) => empty([20]).logNormal_({ generator }),
    cauchy_: (generator) => empty([20]).cauchy_({ generator }),
    random_: (generator) => empty([20]).random_({ generator }),
    bernoulli_: (generator) => empty([20]).bernoulli_({ p: 0.3, generator }),
    poisson: (generator) => poisson(x.abs().mul(5), { generator }),
  };
  const own = (draw: (generator: Generator) => Tensor) => () => [draw(new Generator(5)), rand([1])];
  return Object.fromEntries(Object.entries(draws).map(([name, draw]) => [`${name} from a generator`, own(draw)]));
}

interface Cases {
  readonly drawn: Readonly<Record<string, readonly Tensor[]>>;
  readonly gains: Readonly<Record<string, number>>;
}

const all = await references<Cases>('draws');

describe.each(all)('draws against $source', ({ cases, isSame, isSameVersion }) => {
  // Functions of what is drawn, as the logarithm behind a normal number, differ in the last bits between kernels.
  const hold =
    isSame.normals && isSame.draws ? expectSame : (a: Tensor, b: Tensor, what: string) => expectClose(a, b, 1e-5, what);

  it('are all compared', () => {
    expect(Object.keys(DRAWS)).toEqual(Object.keys(cases.drawn));
  });

  it.runIf(isSameVersion).each(Object.entries(cases.drawn))('%s', (name, expected) => {
    manualSeed(11);
    const drawn = DRAWS[name]!();
    expect(drawn.length).toBe(expected.length);
    drawn.forEach((value, i) => {
      // A softmax of what was drawn: its sums are the processor's.
      if (name === 'gumbelSoftmax' && !isSame.vectors) expectClose(value, expected[i]!, 1e-5, `draw ${i}`);
      else hold(value, expected[i]!, `draw ${i}`);
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
