// A loop by itself: its epochs are those of the one loop, without a trainer around.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { LambdaLR, SGD } from '../../optim/index.ts';
import { manualSeed, type Tensor } from '../../tensor/index.ts';
import { featuresOf } from '../batches/features.ts';
import type { LossOutput } from '../losses/multimodal-loss.ts';
import { pairLoader, pairTrainer, QueueLoss, TwoTowers } from '../testing/two-towers.ts';
import { TrainingLoop } from './training-loop.ts';
import type { TrainingLoopOptions } from './training-loop-options.ts';

function pairLoop(options: Partial<TrainingLoopOptions> = {}) {
  manualSeed(5);
  const model = new TwoTowers();
  const lossFn = new QueueLoss();
  const optimizer = new SGD([...model.parameters(), ...lossFn.parameters()], { lr: 0.1 });
  return { loop: new TrainingLoop({ model, lossFn, optimizer, ...options }), model, lossFn, optimizer };
}

const loader = () => pairLoader(14, { shuffle: true, seed: 3 });

describe('TrainingLoop.trainEpoch()', () => {
  test('gives means over the epoch, names nested values with a dot, and leaves texts out', async () => {
    const { loop, lossFn } = pairLoop();
    const values = await loop.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 2 });
    expect(Object.keys(values)[0]).toBe('loss');
    expect(Object.keys(values)).toEqual(expect.arrayContaining(['accuracy', 'recalls.top1', 'alignment_gap']));
    expect(Object.keys(values)).not.toContain('current_phase');
    const next = await loop.trainEpoch({ dataloader: loader(), epoch: 1, numEpochs: 2 });
    expect(next.loss).toBeLessThan(values.loss!);
    expect([loop.globalStep, loop.currentEpoch]).toEqual([8, 1]);
    expect(lossFn.filled.item()).toBe(28);
  });

  test('does the steps of a trainer', async () => {
    const { loop, model, lossFn, optimizer } = pairLoop();
    manualSeed(11);
    const values = await loop.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 1 });
    const other = pairLoop();
    const parts = { model: other.model, lossFn: other.lossFn, optimizer: other.optimizer };
    const { trainer } = pairTrainer({ ...parts, learningRate: undefined! });
    manualSeed(11);
    expect(await trainer.trainEpoch()).toEqual(values);
    for (const [mine, theirs] of [
      [model, other.model],
      [lossFn, other.lossFn],
    ] as const)
      expect(Object.values(mine.stateDict()).map((tensor) => tensor.toArray())).toEqual(
        Object.values(theirs.stateDict()).map((tensor) => tensor.toArray()),
      );
    expect(optimizer.paramGroups[0]!.lr).toBe(0.1);
  });

  test('plays the batches of the epoch that it is told, and tells the loss', async () => {
    const { loop, lossFn } = pairLoop();
    loop.setGlobalStep(12);
    const orders: number[][] = [];
    const batches = loader();
    const toDeviceFn = (batch: unknown) => {
      const { match_id: ids, text, ...rest } = batch as { match_id: Tensor; text: Tensor };
      orders.push(ids.toArray() as number[]);
      return { ...rest, textData: text };
    };
    await loop.trainEpoch({ dataloader: batches, epoch: 3, numEpochs: 5, toDeviceFn });
    const expected: unknown[] = [];
    batches.setEpoch(3);
    for await (const { match_id: ids } of batches) expected.push(ids.toArray());
    expect(orders).toEqual(expected);
    expect(lossFn.heard).toEqual(['epoch 3', ...[12, 13, 14, 15].map((step) => `${step} of 20`)]);
  });

  test('steps at full windows and with what is left, moves the schedule with each step, and clips', async () => {
    const { loop, optimizer } = pairLoop({ accumulationSteps: 3, clipGradNorm: 1e-9 });
    const scheduler = new LambdaLR(optimizer, (step) => 1 / (1 + step));
    const other = new TrainingLoop({ ...loop, scheduler } as TrainingLoopOptions);
    const before = loop.model.stateDict()['text_model.weight']!.toArray();
    await other.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 1 });
    expect(other.globalStep).toBe(2);
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.1 / 3);
    const after = loop.model.stateDict()['text_model.weight']!.toArray() as number[][];
    expect(after.flat()).toEqual((before as number[][]).flat().map((value) => expect.closeTo(value, 8)));
  });

  test('evaluates every few steps, and goes on in training mode', async () => {
    const { loop, model } = pairLoop();
    const modes: boolean[] = [];
    const evaluationFn = async () => void modes.push(model.training);
    await loop.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 1, evaluationFn, evaluationSteps: 2 });
    expect(modes).toEqual([false, false]);
    expect(model.training).toBe(true);
  });

  test('refuses a model without features, before anything is stepped', async () => {
    const { model, lossFn, optimizer } = pairLoop();
    const forward = model.forward.bind(model);
    model.forward = ((inputs: never) => ({
      pooled: (forward(inputs) as { visionFeatures: Tensor }).visionFeatures,
    })) as never;
    const loop = new TrainingLoop({ model, lossFn, optimizer });
    await expect(loop.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 1 })).rejects.toThrow(
      "expected features of both sides in the model's output, as visionFeatures and textFeatures, got keys pooled",
    );
    expect(loop.globalStep).toBe(0);
  });

  test('lists what is wrong with its options', async () => {
    const { loop } = pairLoop();
    const wrong = { dataloader: [], epoch: -1, numEpochs: 0, evaluationSteps: 1, batches: 3 };
    await expect(loop.trainEpoch(wrong as never)).rejects.toThrow(/5 problems|dataloader: expected a DataLoader/);
    await expect(loop.trainEpoch({ dataloader: loader(), epoch: 0, numEpochs: 1, evaluationSteps: 2 })).rejects.toThrow(
      'evaluationSteps: expected an evaluationFn to call with it, got undefined',
    );
    expect(() => pairLoop({ accumulationSteps: 0, clip: 1 } as never)).toThrow(ConfigError);
  });
});

test('TrainingLoop.trainStep() gives what the loss gives, and the features beside it', async () => {
  const { loop, model, lossFn, optimizer } = pairLoop();
  model.eval();
  lossFn.eval();
  let output: LossOutput | undefined;
  for await (const { images, text } of pairLoader(4)) output = loop.trainStep({ images, textData: text }, optimizer);
  expect(output!.current_phase).toBe('first');
  expect(output!.loss.requiresGrad).toBe(true);
  const features = featuresOf(output)!;
  expect(
    features.vision
      .square()
      .sum({ dim: [1] })
      .toArray(),
  ).toEqual([1, 1, 1, 1].map((one) => expect.closeTo(one, 5)));
});
