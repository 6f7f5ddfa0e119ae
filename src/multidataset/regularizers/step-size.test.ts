// The effective step size of each optimizer: against the step that it took, and against its published formula with numbers.

import { describe, expect, it } from 'vitest';
import { Parameter } from '../../nn/index.ts';
import { Adagrad, Adam, Adamax, AdamW, type AnyOptimizer, type Optimizer, RMSprop, SGD } from '../../optim/index.ts';
import { Tensor, tensor } from '../../tensor/index.ts';
import { effectiveStepSize } from './step-size.ts';

const numbers = (of: Tensor): number[] => Array.from(of.detach().toTypedArray(), Number);

/** Gradients of three steps, for each of three elements. */
const GRADIENTS = [
  [1, -0.5, 1e-3],
  [0.25, -2, 2e-3],
  [-0.5, -0.1, 4e-3],
];

/** Takes the steps, and gives the last one, with what the optimizer multiplied by its step size. */
function stepped(make: (weight: Parameter) => AnyOptimizer & Pick<Optimizer, 'stateOf'>, averaged: string | undefined) {
  const weight = new Parameter(tensor([1, 2, 3], { dtype: 'float64' }));
  const optimizer = make(weight);
  let before = numbers(weight);
  for (const gradient of GRADIENTS) {
    before = numbers(weight);
    weight.grad = tensor(gradient, { dtype: 'float64' });
    optimizer.step();
  }
  const direction = averaged ? numbers(optimizer.stateOf(weight)![averaged] as Tensor) : GRADIENTS.at(-1)!;
  const size = effectiveStepSize(optimizer, weight);
  const sizes = size instanceof Tensor ? numbers(size) : [size, size, size];
  return { moved: numbers(weight).map((value, i) => before[i]! - value), direction, sizes };
}

describe('effectiveStepSize()', () => {
  it.each<[string, (weight: Parameter) => AnyOptimizer & Pick<Optimizer, 'stateOf'>, string | undefined]>([
    ['SGD', (weight) => new SGD([weight], { lr: 0.1 }), undefined],
    ['Adam', (weight) => new Adam([weight], { lr: 0.1, eps: 1e-3 }), 'exp_avg'],
    [
      'Adam with the largest average',
      (weight) => new Adam([weight], { lr: 0.1, betas: [0.8, 0.5], amsgrad: true }),
      'exp_avg',
    ],
    ['AdamW', (weight) => new AdamW([weight], { lr: 0.1, weightDecay: 0 }), 'exp_avg'],
    ['Adamax', (weight) => new Adamax([weight], { lr: 0.1 }), 'exp_avg'],
    ['RMSprop', (weight) => new RMSprop([weight], { lr: 0.1, eps: 1e-3 }), undefined],
    ['RMSprop around the mean', (weight) => new RMSprop([weight], { lr: 0.1, centered: true }), undefined],
    ['Adagrad', (weight) => new Adagrad([weight], { lr: 0.1, lrDecay: 0.5 }), undefined],
  ])('%s: the last step was the size times the gradient, or its average', (_, make, averaged) => {
    const { moved, direction, sizes } = stepped(make, averaged);
    for (const [i, size] of sizes.entries()) expect(moved[i]! / (size * direction[i]!)).toBeCloseTo(1, 6);
  });

  it('Adam is Kingma and Ba 2015, algorithm 1, written out', () => {
    const [b1, b2, eps, lr] = [0.9, 0.999, 1e-3, 0.1];
    const { sizes } = stepped((weight) => new Adam([weight], { lr, eps }), 'exp_avg');
    const written = [0, 1, 2].map((i) => {
      const v = GRADIENTS.reduce((average, gradient) => b2 * average + (1 - b2) * gradient[i]! ** 2, 0);
      return lr / (1 - b1 ** 3) / (Math.sqrt(v / (1 - b2 ** 3)) + eps);
    });
    for (const [i, size] of sizes.entries()) expect(size / written[i]!).toBeCloseTo(1, 9);
  });

  it('takes the learning rate of the group as it is now', () => {
    const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
    const optimizer = new SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 0.1 });
    optimizer.paramGroups[0]!.lr = 0.01;
    expect([a, b].map((weight) => effectiveStepSize(optimizer, weight))).toEqual([0.01, 0.5]);
  });

  it('refuses a parameter that the optimizer does not have', () => {
    const optimizer = new SGD([new Parameter(tensor([1]))]);
    expect(() => effectiveStepSize(optimizer, new Parameter(tensor([1])))).toThrow(
      'Cannot measure a step: expected a parameter of SGD, got another',
    );
  });
});
