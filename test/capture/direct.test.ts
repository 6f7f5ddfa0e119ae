// Kernels that a captured step calls directly give what libtorch's give, with nan, inf and zeros of both signs among the numbers.
import { expect, test } from 'vitest';
import { functional as F } from '../../src/nn/index.ts';
import { capture, manualSeed, randn, scope, type Tensor, zeros } from '../../src/tensor/index.ts';

const SHAPES: readonly (readonly [rows: number, columns: number])[] = [
  ...([
    [1, 8],
    [3, 10],
    [8, 32],
    [15, 41],
    [16, 64],
    [17, 72],
    [64, 128],
    [70, 33],
    [300, 40],
    [1000, 15],
  ] as const),
];

function numbers(shape: readonly number[], isOdd: boolean): Tensor {
  const values = randn(shape);
  if (!isOdd) return values;
  const rounded = values.mul(2).round().mul(0.5); // with zeros of both signs
  const some = rounded.maskedFill(values.gt(2.2), Number.NaN);
  return some
    .maskedFill(values.lt(-2.2), Number.NEGATIVE_INFINITY)
    .maskedFill(values.gt(2).logicalAnd(values.lt(2.1)), Number.POSITIVE_INFINITY);
}

/** Of a nan alone that it is one: its sign hangs on the order of the two sides of a sum. */
const bitsOf = (tensor: Tensor): number[] => {
  const one = tensor.maskedFill(tensor.isnan(), Number.NaN);
  return one.flatten().view('int32').toArray() as number[];
};

test('relu and its gradient, sums over rows, a number added', () => {
  manualSeed(8);
  const kinds = new Set<string>();
  for (const shape of SHAPES) {
    scope(() => {
      const total = zeros([shape[1]]);
      const count = zeros([3]);
      const parameter = randn(shape).requiresGrad_();
      const eager = (x: Tensor, weights: Tensor): Tensor[] => {
        parameter.grad = undefined;
        F.relu(parameter.add(x)).mul(weights).sum().backward();
        count.add_(1.5);
        const above = F.relu(x);
        return [
          above,
          x.mul(1).sum({ dim: 0 }),
          parameter.grad!,
          count.mul(1),
          total.add(above.sum({ dim: 0, keepdim: true })),
        ];
      };
      const step = capture(eager);
      for (let i = 0; i < 12; i++) {
        scope(() => {
          const x = numbers(shape, i > 8);
          const weights = numbers(shape, i === 10);
          const before = count.clone();
          const captured = step(x, weights).map(bitsOf);
          count.copy_(before);
          expect(captured, `${shape} at ${i}`).toEqual(eager(x, weights).map(bitsOf));
        });
      }
      expect(step.status.numReplayed, step.status.refusal).toBeGreaterThan(5);
      for (const { name, isDirect } of step.explain()!.operations) if (isDirect) kinds.add(name);
      step.dispose();
    });
  }
  expect([...kinds].sort()).toEqual(['add_.Scalar', 'relu', 'sum.dim_IntList', 'threshold_backward']);
});
