// Our kernel for batch norm in training beside libtorch's own, which is still behind `batch_norm_update_stats` and behind weights that do not lie one after the other.
import { afterEach, expect, test } from 'vitest';
import {
  arange,
  empty,
  manualSeed,
  numThreads,
  rand,
  randint,
  randn,
  scope,
  setNumThreads,
  type Tensor,
  tensor,
} from '../../src/tensor/index.ts';
import { batchNorm, batchNormUpdateStats, nativeBatchNorm } from '../../src/tensor/ops.generated.ts';

const threads = numThreads();
afterEach(() => setNumThreads(threads));

type Made = { readonly x: Tensor; readonly weight: Tensor | undefined; readonly bias: Tensor | undefined };

const numbers = (given: Tensor): readonly number[] => given.flatten().toArray() as number[];

/** Pictures of `shape`: among them some with inf and nan, and some whose mean lies halfway between two floats. */
function pictures(shape: readonly number[], i: number): Tensor {
  const values = randn(shape).mul(3).add(0.7);
  if (i % 7 === 5)
    return arange(values.numel)
      .remainder(2)
      .mul(2 ** -23)
      .add(1)
      .view(shape);
  if (i % 7 !== 6) return values;
  return values.maskedFill(values.gt(9), Number.NaN).maskedFill(values.lt(-7), Number.NEGATIVE_INFINITY);
}

function shapeOf(i: number): number[] {
  const [n, c, h, w, d] = numbers(randint(1, 14, [5])) as [number, number, number, number, number];
  if (i % 3 === 0) return [n, c * 3, h * w];
  return i % 3 === 1 ? [n, c * 2, h, w + 4] : [n, c, h, w, d];
}

/** What libtorch's kernel makes of it: its own sums and running statistics, and the steps behind them in doubles, each rounded to a float once. */
function expected(
  { x, weight, bias }: Made,
  mean: Tensor,
  variance: Tensor,
  momentum: number,
  eps: number,
): readonly number[][] {
  const [means, variances] = batchNormUpdateStats(x, mean, variance, momentum).map(numbers) as [number[], number[]];
  const invstds = variances.map((each) => (each !== 0 || eps !== 0 ? Math.fround(1 / Math.sqrt(each + eps)) : 0));
  const [weights, biases] = [weight, bias].map((each) => each && numbers(each));
  const factors = invstds.map((each, c) => Math.fround(each * (weights?.[c] ?? 1)));
  const terms = means.map((each, c) => Math.fround((biases?.[c] ?? 0) - each * factors[c]!));
  const plane = x.numel / x.size(0) / x.size(1);
  const output = numbers(x).map((each, i) => {
    const c = Math.floor(i / plane) % x.size(1);
    return Math.fround(each * factors[c]! + terms[c]!);
  });
  return [output, [...means], invstds];
}

test.each([
  [1, 90],
  [2, 20],
])('gives the values and statistics of libtorch with %i threads, %i times', (count, numTimes) => {
  setNumThreads(count);
  manualSeed(3);
  for (let i = 0; i < numTimes; i++) {
    scope(() => {
      const shape = shapeOf(i);
      const x = pictures(shape, i);
      const c = shape[1]!;
      const made: Made = { x, weight: i % 5 ? randn([c]) : undefined, bias: i % 4 ? randn([c]) : undefined };
      const [mean, variance] = i % 6 ? [randn([c]), rand([c])] : [undefined, undefined];
      const [momentum, eps] = [0.1 + (i % 3) * 0.25, i % 11 ? 10 ** -(i % 9) : 0];
      const [ownMean, ownVariance] = [mean?.clone(), variance?.clone()];
      const own = nativeBatchNorm(x, made.weight, made.bias, ownMean, ownVariance, true, momentum, eps).map(numbers);
      const running = [mean ?? empty([0]), variance ?? empty([0])];
      const libtorchs = mean
        ? expected(made, mean, variance!, momentum, eps)
        : expected(made, randn([c]), rand([c]), momentum, eps);
      expect(own, JSON.stringify({ i, shape, momentum, eps })).toEqual(libtorchs);
      expect([ownMean ?? empty([0]), ownVariance ?? empty([0])].map(numbers)).toEqual(running.map(numbers));
    });
  }
});

test.each([
  [1, 90],
  [2, 20],
])('gives the gradients of libtorch with %i threads, %i times', (count, numTimes) => {
  setNumThreads(count);
  manualSeed(4);
  for (let i = 0; i < numTimes; i++) {
    scope(() => {
      const shape = shapeOf(i);
      const [x, gradient] = [pictures(shape, i), pictures(shape, i >> 1)];
      const wide = randn([shape[1]!, 2]);
      const gradients = [wide.select(1, 0).contiguous(), wide.select(1, 0)].map((values) => {
        const weight = values.detach().requiresGrad_();
        const [bias, input] = [wide.select(1, 1).clone().requiresGrad_(), x.detach().requiresGrad_(i % 8 > 0)];
        batchNorm(input, weight, bias, undefined, undefined, true, 0.1, 1e-5, true).backward(gradient);
        return [input.grad ?? tensor([0]), weight.grad!, bias.grad!].map(numbers);
      });
      expect(gradients[0], JSON.stringify({ i, shape })).toEqual(gradients[1]);
    });
  }
});
