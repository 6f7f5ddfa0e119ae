// Our kernel for maximum pooling beside libtorch's own, which pools the same pictures where their channels lie last.
import { expect, test } from 'vitest';
import { functional as F } from '../../src/nn/index.ts';
import {
  type DType,
  manualSeed,
  numThreads,
  randn,
  scope,
  setNumThreads,
  type Tensor,
} from '../../src/tensor/index.ts';

type Shape = readonly [number, number, number, number];
type Pair = number | readonly [number, number];

const WINDOWS: readonly (readonly [kernel: Pair, stride: Pair, padding: Pair])[] = [
  ...([
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
    [2, 1, 0],
    [3, 3, 0],
    [5, 2, 2],
  ] as const),
  [
    [2, 3],
    [2, 1],
    [1, 1],
  ],
];
const SHAPES: readonly Shape[] = [
  [2, 3, 8, 8],
  [1, 3, 7, 9],
  [2, 2, 33, 130],
  [2, 3, 5, 5],
  [1, 3, 6, 261],
];

/** Whole numbers, so that there are equal ones in a window; some inf and nan among them. */
function pictures(shape: Shape, dtype: DType): Tensor {
  const values = randn(shape, { dtype }).mul(3).round();
  const some = values.maskedFill(values.gt(5), Number.NaN);
  return some.maskedFill(values.lt(-4), Number.NEGATIVE_INFINITY);
}

test.each(['float32', 'float64'] as const)('gives the values, places and gradients of libtorch in %s', (dtype) => {
  manualSeed(5);
  for (const [kernel, stride, padding] of WINDOWS) {
    for (const shape of SHAPES) {
      scope(() => {
        const input = pictures(shape, dtype);
        const [own, libtorchs] = [input, input.contiguous({ memoryFormat: 'channels_last' })].map((each) => {
          const x = each.detach().requiresGrad_();
          const [values, places] = F.maxPool2dWithIndices(x, kernel, { stride, padding });
          values.nanToNum().mul(values.detach().nanToNum()).sum().backward();
          return [values, places, x.grad!].map((tensor) => tensor.contiguous().toArray());
        });
        expect(own, JSON.stringify({ kernel, stride, padding, shape })).toEqual(libtorchs);
      });
    }
  }
});

test('gives the same with two threads', () => {
  const before = numThreads();
  manualSeed(6);
  const x = pictures([8, 40, 32, 31], 'float32');
  const all = [1, 2].map((count) => {
    setNumThreads(count);
    const leaf = x.detach().requiresGrad_();
    const [values, places] = F.maxPool2dWithIndices(leaf, 2);
    values.nanToNum().mul(values.detach().nanToNum()).sum().backward();
    return [values, places, leaf.grad!].map((tensor) => tensor.toArray());
  });
  setNumThreads(before);
  expect(all[1]).toEqual(all[0]);
});

test('leaves to libtorch what it would refuse', () => {
  const x = randn([1, 1, 4, 4]);
  expect(() => F.maxPool2d(x, 9)).toThrow(/Output size is too small|output/i);
  expect(() => F.maxPool2d(x, 2, { padding: 2 })).toThrow(/pad/);
  expect(F.maxPool2d(randn([1, 5, 5]), 2).shape).toEqual([1, 2, 2]);
  expect(F.maxPool2d(randn([1, 1, 5, 5]), 2, { ceilMode: true }).shape).toEqual([1, 1, 3, 3]);
});
