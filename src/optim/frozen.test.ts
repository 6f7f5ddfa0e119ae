// Parameters that are frozen after an optimizer was made stay where they are.

import { expect, it } from 'vitest';
import * as nn from '../nn/index.ts';
import { ones } from '../tensor/create.ts';
import { SGD } from './index.ts';

it('Module.freeze() takes effect on an optimizer that has the parameters already, momentum and decay included', () => {
  const [frozen, other] = [new nn.Linear(2, 2), new nn.Linear(2, 1)];
  const net = new nn.Sequential({ frozen, other });
  const optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 0.1 });
  const step = (): void => {
    net
      .forward(ones([4, 2]))
      .sum()
      .backward();
    optimizer.step();
  };
  step();
  net.freeze('frozen'); // gradients were still there
  const before = [frozen.weight.toArray(), other.weight.toArray()];
  optimizer.step();
  step();
  expect(frozen.weight.toArray()).toEqual(before[0]);
  expect(other.weight.toArray()).not.toEqual(before[1]);
  net.unfreeze('frozen');
  step();
  expect(frozen.weight.toArray()).not.toEqual(before[0]);
});
