// Reduced losses in captured steps: libtorch's forms for given memory put what is not reduced yet into them.

import { expect, test } from 'vitest';
import { capture, manualSeed, nn, randn, scope, type Tensor } from '../../src/index.ts';

const criteria: Record<string, nn.Module & { forward(output: Tensor, target: Tensor): Tensor }> = {
  MSELoss: new nn.MSELoss(),
  'MSELoss of sums': new nn.MSELoss({ reduction: 'sum' }),
  SmoothL1Loss: new nn.SmoothL1Loss(),
  HuberLoss: new nn.HuberLoss(),
  SoftMarginLoss: new nn.SoftMarginLoss(),
  L1Loss: new nn.L1Loss(),
  BCELoss: new nn.BCELoss(),
  BCEWithLogitsLoss: new nn.BCEWithLogitsLoss(),
  KLDivLoss: new nn.KLDivLoss({ reduction: 'batchmean' }),
  PoissonNLLLoss: new nn.PoissonNLLLoss(),
  HingeEmbeddingLoss: new nn.HingeEmbeddingLoss(),
};

function lossesOf(
  criterion: (typeof criteria)[string],
  isCaptured: boolean,
): { losses: number[]; numReplayed: number } {
  manualSeed(2);
  const layer = new nn.Linear(3, 2);
  const step = (x: Tensor, y: Tensor): Tensor => {
    for (const parameter of layer.parameters()) parameter.grad = undefined;
    const loss = criterion.forward(layer.forward(x).sigmoid(), y);
    loss.backward();
    return loss;
  };
  const captured = isCaptured ? capture(step) : undefined;
  const run = captured ?? step;
  const losses = Array.from({ length: 12 }, () =>
    scope(() => {
      const loss = run(randn([4, 3]), randn([4, 2]).sigmoid()).item() as number;
      return [loss, ...Array.from(layer.weight.grad!.toTypedArray(), Number)];
    }),
  ).flat();
  const numReplayed = captured?.status.numReplayed ?? 0;
  captured?.dispose();
  return { losses, numReplayed };
}

test.each(Object.keys(criteria))('capture() of a step with %s', (name) => {
  const captured = lossesOf(criteria[name]!, true);
  expect(captured.losses).toEqual(lossesOf(criteria[name]!, false).losses);
  expect(captured.numReplayed).toBeGreaterThan(4);
});
