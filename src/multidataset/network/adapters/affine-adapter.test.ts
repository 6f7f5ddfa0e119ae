// What the numbers against PyTorch (test/parity/multidataset-parts.test.ts) do not tell of the adapter: starts, symmetry, gradients at the identity, refusals.
import { expect, test } from 'vitest';
import { ConfigError, DTypeError, ShapeError } from '../../../errors.ts';
import { softplus } from '../../../nn/functional/index.ts';
import { noGrad, ones, rand, tensor, zeros } from '../../../tensor/index.ts';
import { AffineAdapter } from './affine-adapter.ts';
import { createAdapter } from './create-adapter.ts';

test('AffineAdapter starts with the blur that is told and a scale of softplus(0)', () => {
  const adapter = new AffineAdapter({ initSigma: 2.5 });
  expect(softplus(adapter.log_sigma).item()).toBeCloseTo(2.5, 5);
  expect(adapter.log_scale!.toArray()).toEqual([0, 0]);
  expect(Object.keys(adapter.stateDict())).toEqual(['log_sigma', 'log_scale']);
  const affine = new AffineAdapter({ transform: 'affine' });
  expect(affine.affine!.toArray()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(Object.keys(affine.stateDict())).toEqual(['log_sigma', 'affine']);
});

test('AffineAdapter gives back a picture under the identity without a blur', () => {
  const adapter = new AffineAdapter({ gridSize: 9, transform: 'affine', initSigma: 1e-4 });
  const picture = rand([2, 3, 9, 9]);
  expect(adapter.forward(picture).allclose(picture, { atol: 1e-5 })).toBe(true);
});

test.each(['scale', 'affine'] as const)(
  'AffineAdapter (%s) keeps a dot in the middle of the picture there',
  (transform) => {
    const picture = zeros([1, 1, 11, 11]);
    picture.select(2, 5).select(2, 5).fill_(1);
    const seen = noGrad(() => new AffineAdapter({ gridSize: 11, transform, initSigma: 1.3 }).forward(picture));
    expect(seen.allclose(seen.flip([2, 3]), { atol: 1e-6 })).toBe(true);
    const total = seen.sum().item() as number;
    expect(total).toBeGreaterThan(0.9);
  },
);

test('AffineAdapter trains its blur and its place', () => {
  for (const transform of ['scale', 'affine'] as const) {
    const adapter = new AffineAdapter({ gridSize: 6, transform });
    adapter
      .forward(rand([1, 1, 2, 8, 7]))
      .square()
      .sum()
      .backward();
    for (const [name, parameter] of adapter.namedParameters()) {
      const size = parameter.grad!.abs().sum().item();
      expect([name, size]).toEqual([name, expect.any(Number)]);
      expect(Number.isFinite(size) && (size as number) > 0).toBe(true);
    }
  }
});

test('AffineAdapter takes half precision and keeps it, and single columns', () => {
  const adapter = new AffineAdapter({ gridSize: 5 });
  const picture = rand([1, 1, 2, 8, 8]);
  const half = adapter.forward(picture.to('bfloat16'));
  expect(half.dtype).toBe('bfloat16');
  expect(half.to('float32').allclose(adapter.forward(picture), { atol: 0.02, rtol: 0 })).toBe(true);
  expect(adapter.forward(ones([1, 1, 2, 8, 1])).shape).toEqual([1, 1, 2, 5, 5]);
});

test('what does not fit is refused', () => {
  expect(() =>
    createAdapter({ type: 'adapter', params: { grid_size: 0, init_sigma: -1, size: 3 } }, { inChannels: 1 }),
  ).toThrow(
    new ConfigError('build adapter', [
      'adapter.params.grid_size: expected an integer of at least 1, got 0',
      'adapter.params.init_sigma: expected a number above 0, got -1',
      'adapter.params.size: expected one of init_sigma, grid_size, transform, got an unknown option',
    ]),
  );
  expect(() => new AffineAdapter().forward(rand([8, 8]))).toThrow(ShapeError);
  expect(() => new AffineAdapter().forward(tensor([[[[1n]]]], { dtype: 'uint8' }))).toThrow(DTypeError);
});
