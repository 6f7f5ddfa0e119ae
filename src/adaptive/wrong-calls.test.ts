// Calls that lack what they need are told so: none reaches the engine.
import { describe, expect, test } from 'vitest';
import * as nn from '../nn/index.ts';
import { rand, type Tensor, tensor } from '../tensor/index.ts';
import {
  AdaptiveConfig,
  AdaptiveModel,
  EnergyAwareAdam,
  evaluateModel,
  fgsm,
  NodeLifecycleManager,
  PhaseScheduler,
  quickTrain,
} from './index.ts';

const sizes = { numNodes: 4, hiddenDim: 3, inputDim: 2, outputDim: 2 };
const model = new AdaptiveModel(sizes);
const nothing = undefined as never;

describe('sconce/adaptive', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'forward without input',
      () => model.forward(nothing),
      /Cannot apply an AdaptiveModel: expected a tensor, got undefined/,
    ],
    [
      'step without activity',
      () => new PhaseScheduler({ numNodes: 3 }).step(rand([2, 3, 1]), nothing),
      /expected activity levels of shape \[batch, 3, 1\], got undefined/,
    ],
    [
      'step of other nodes',
      () => new PhaseScheduler({ numNodes: 3 }).step(rand([2, 4, 1]), rand([2, 4, 1])),
      /expected energy levels of shape \[batch, 3, 1\], got \[2, 4, 1\]/,
    ],
    [
      'step of unequal batches',
      () => new PhaseScheduler({ numNodes: 3 }).step(rand([2, 3, 1]), rand([1, 3, 1])),
      /expected activity levels/,
    ],
    [
      'feedback that is no number',
      () => model.phaseScheduler.adjustPolicyParameters('good' as never),
      /expected a number, got string "good"/,
    ],
    [
      'a temperature of 0',
      () => Object.assign(model.phaseScheduler, { policyTemperature: 0 }),
      /expected a number above 0, got 0/,
    ],
    [
      'a manager of no model',
      () => new NodeLifecycleManager({} as AdaptiveModel),
      /Cannot manage nodes: model: expected an AdaptiveModel/,
    ],
    [
      'an optimizer without nodes',
      () => new EnergyAwareAdam(model.parameters(), nothing),
      /Cannot make EnergyAwareAdam: nodeState: expected the nodeState of a model, got none/,
    ],
    [
      'fgsm without a pair',
      () => fgsm(new nn.Linear(2, 2), nothing as [Tensor, Tensor], { epsilon: 1 }),
      /pair: expected \[inputs, classes\], got none/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'quickTrain without loaders',
      () => quickTrain(new AdaptiveConfig(sizes), nothing),
      /trainLoader: expected a DataLoader/,
    ],
    [
      'evaluateModel without a loader',
      () => evaluateModel(model as never, nothing),
      /testLoader: expected a DataLoader/,
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  test('numbers that are none go through', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(model.forward(tensor([[value, 1]])).shape).toEqual([1, 2]);
  });
});
