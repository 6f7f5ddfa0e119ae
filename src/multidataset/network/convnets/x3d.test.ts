import { expect, test } from 'vitest';
import { manualSeed, noGrad, ones, randn, scope } from '../../../tensor/index.ts';
import { X3DNet } from './x3d.ts';

test('X3DNet leaves out blocks in training alone, as often as it is told', () => {
  manualSeed(3);
  const core = new X3DNet({
    inChannels: 2,
    channels: [2],
    tKernel: 1,
    sKernel: 1,
    dropout: 0,
    stochasticDepth: 0.3,
    normType: null,
  });
  const input = randn([1, 2, 1, 2, 3]);
  const isLeftOut = (): boolean => scope(() => noGrad(() => core.forward(input)).equal(input));
  let count = 0;
  for (let i = 0; i < 400; i++) if (isLeftOut()) count++;
  expect(Math.abs(count / 400 - 0.3)).toBeLessThan(0.07); // three standard deviations
  core.eval();
  for (let i = 0; i < 20; i++) expect(isLeftOut()).toBe(false);
});

test('a checkpointed X3DNet leaves out the same blocks when it runs again', () => {
  const gradients = [false, true].map((checkpointing) => {
    manualSeed(4);
    const core = new X3DNet({
      inChannels: 1,
      channels: [2, 2],
      depth: 3,
      expRatio: 2,
      dropout: 0.2,
      stochasticDepth: 0.5,
      checkpointing,
    });
    manualSeed(5);
    core
      .forward(ones([1, 1, 3, 5, 4]))
      .square()
      .sum()
      .backward();
    return core.parameters().map((parameter) => parameter.grad?.toArray());
  });
  expect(gradients[1]).toEqual(gradients[0]);
  expect(gradients[0]).toContain(undefined);
});
