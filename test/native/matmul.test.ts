// Our matrix products beside libtorch's, which serves a shape the first two times it comes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadNative } from '../../src/binding/load.ts';
import { manualSeed, numThreads, rand, randn, scope, setNumThreads, type Tensor } from '../../src/tensor/index.ts';

const SHAPES: readonly (readonly [m: number, n: number, k: number])[] = [
  ...([
    [4, 12, 4],
    [8, 32, 784],
    [14, 16, 192],
    [15, 17, 193],
    [29, 33, 384],
    [64, 65, 385],
    [5, 784, 9],
    [130, 40, 577],
    [600, 50, 200],
    [257, 128, 64],
  ] as const),
];
const LAYOUTS = [false, true].flatMap((left) => [false, true].map((right) => [left, right] as const));

const matrix = (rows: number, columns: number, isByColumns: boolean): Tensor =>
  isByColumns ? randn([columns, rows]).t() : randn([rows, columns]);

const isAmdWithAvx512 = (): boolean => {
  if (process.platform !== 'linux') return false;
  const facts = readFileSync('/proc/cpuinfo', 'utf8');
  return /^vendor_id\s*: AuthenticAMD$/m.test(facts) && /^flags.* avx512bw /m.test(facts);
};

/** Runs `body` with each number of threads. */
function withThreads(body: () => void): void {
  const before = numThreads();
  try {
    for (const count of [1, 2]) {
      setNumThreads(count);
      body();
    }
  } finally {
    setNumThreads(before);
  }
}

// Debian's libtorch multiplies by another BLAS, in another order.
const hasMkl = loadNative().showConfig().includes('BLAS_INFO=mkl');

test.runIf(hasMkl && isAmdWithAvx512())('have the bits of MKL on AMD processors with AVX-512', () => {
  withThreads(() => {
    // Of few rows MKL gives each of two threads fewer than four, which go another way.
    for (const sizes of SHAPES.filter(([m]) => numThreads() === 1 || m >= 12)) {
      for (const [isLeftByColumns, isRightByColumns] of LAYOUTS) {
        for (const hasBias of [false, true]) {
          const isEqual = loadNative().tryProduct(sizes, isLeftByColumns, isRightByColumns, hasBias);
          expect(isEqual, JSON.stringify({ sizes, isLeftByColumns, isRightByColumns, hasBias })).toBe(true);
        }
      }
    }
  });
});

test('give the same each time they are asked, from whichever kernel', () => {
  manualSeed(3);
  withThreads(() => {
    for (const [m, n, k] of SHAPES) {
      for (const [isLeftByColumns, isRightByColumns] of LAYOUTS) {
        scope(() => {
          const left = matrix(m, k, isLeftByColumns);
          const right = matrix(k, n, isRightByColumns);
          const bias = randn([n]);
          const results = Array.from({ length: 4 }, () => [left.mm(right), bias.addmm(left, right)]);
          for (const [product, sum] of results.slice(1)) {
            expect(product!.equal(results[0]![0]!), `mm ${[m, n, k]}`).toBe(true);
            expect(sum!.equal(results[0]![1]!), `addmm ${[m, n, k]}`).toBe(true);
          }
        });
      }
    }
  });
});

test('take parts of matrices, and numbers that are none', () => {
  manualSeed(4);
  scope(() => {
    const whole = randn([40, 300]);
    whole.index(3).fill_(Number.NaN);
    whole.index(5).fill_(Number.POSITIVE_INFINITY);
    const left = whole.narrow(1, 7, 200);
    const right = rand([200, 64]).narrow(1, 3, 48);
    const [first, ...others] = Array.from({ length: 4 }, () => left.mm(right).nanToNum());
    for (const other of others) expect(other.equal(first!)).toBe(true);
    expect(left.mm(right).index(3).isnan().sum().item()).toBe(48);
  });
});

test('leave to libtorch what it would refuse, and sums with factors', () => {
  scope(() => {
    const left = randn([8, 16]);
    const right = randn([16, 24]);
    const bias = randn([24]);
    for (let use = 0; use < 4; use++) {
      expect(() => left.mm(left)).toThrow(/cannot be multiplied|mat1/);
      expect(() => randn([23]).addmm(left, right)).toThrow(/size/);
      expect(left.to('float64').mm(right.to('float64')).dtype).toBe('float64');
      const half = bias.addmm(left, right, { beta: 0.5, alpha: 2 });
      expect(half.allclose(left.mm(right).mul(2).add(bias.mul(0.5)), { rtol: 1e-4, atol: 1e-4 })).toBe(true);
    }
  });
});

test('are refused for sizes that are none', () => {
  expect(() => loadNative().tryProduct([1, 12, 4], false, false, false)).toThrow(
    'Cannot try a product: expected sizes from [4, 12, 4] to [4096, 4096, 4096], got [1, 12, 4]',
  );
});
