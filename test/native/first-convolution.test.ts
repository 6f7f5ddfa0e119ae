// Our kernel for convolutions of few channels beside libtorch's, which takes the same pictures where they are a part of larger ones.
import { afterEach, expect, test } from 'vitest';
import { getNative } from '../../src/tensor/call.ts';
import { manualSeed, numThreads, randint, randn, scope, setNumThreads, type Tensor } from '../../src/tensor/index.ts';
import { convolution } from '../../src/tensor/ops.generated.ts';

const threads = numThreads();
afterEach(() => setNumThreads(threads));

const bytes = (given: Tensor): Buffer =>
  Buffer.from(getNative().readBytes(given.maskedFill(given.isnan(), 12345).handle));

function some(shape: readonly number[], isWild: boolean): Tensor {
  const values = randn(shape);
  if (!isWild) return values;
  return values.maskedFill(values.gt(2.2), Number.NaN).maskedFill(values.lt(-2.2), Number.NEGATIVE_INFINITY);
}

test.each([
  [1, 40],
  [2, 10],
])('gives what libtorch gives with %i threads, %i times', (count, numTimes) => {
  setNumThreads(count);
  manualSeed(8);
  for (let i = 0; i < numTimes; i++) {
    scope(() => {
      const [n, c, h, w, k, p] = [
        [14, 18],
        [1, 5],
        [3, 9],
        [26, 70],
        [0, 3],
        [0, 2],
      ].map(([low, high]) => Number(randint(low!, high!, [1]).item())) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const kernel = [1 + 2 * k, 3];
      const wide = some([n, c, h + 4, w + 1], i % 5 === 4);
      const [outChannels, padding] = [8 * (1 + (i % 4)), [k, p]];
      const weight = some([outChannels, c, ...kernel], i % 9 === 8);
      const bias = i % 3 ? randn([outChannels]) : undefined;
      const part = wide.narrow(3, 0, w);
      const [own, libtorchs] = [part.contiguous(), part].map((x) =>
        bytes(convolution(x, weight, bias, [1, 1], padding, [1, 1], false, [0, 0], 1)),
      );
      expect(own!.equals(libtorchs!), JSON.stringify({ i, n, c, h, w, kernel, padding })).toBe(true);
    });
  }
});
