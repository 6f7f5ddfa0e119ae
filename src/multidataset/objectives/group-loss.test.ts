import { expect, test } from 'vitest';
import { scope, tensor } from '../../tensor/index.ts';
import { StepCounts } from '../../trainer/profiling/step-counts.ts';
import { groupLoss } from './group-loss.ts';
import { PoissonObjective } from './poisson-objective.ts';

test("groupLoss() reads the loss on the CPU, which a profile does not count as the program's read", () => {
  const group = { datasetIdx: 0, robs: tensor([[1, 2]]) };
  const counts = new StepCounts();
  counts.begin();
  const valid = [1, Number.NaN].map((rate) => {
    return scope(() => groupLoss(new PoissonObjective(), tensor([[rate, 2]]), group)).isValid;
  });
  counts.end();
  expect([valid, counts.reads]).toEqual([[true, false], 0]);
  counts.begin();
  group.robs.sum().item();
  counts.end();
  expect(counts.reads).toBe(1);
});
