// Going on from checkpoints of other systems, as PyTorch wrote them: the weights after one more epoch are those that PyTorch has.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AdamW, StepLR } from '../../optim/index.ts';
import { load } from '../../serial/tensors.ts';
import { rand, type Tensor } from '../../tensor/index.ts';
import type { Callback } from '../loop/events.ts';
import {
  type TinyBatch,
  TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from '../testing/tiny.ts';
import { readCheckpoint } from './readers.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/trainer/${name}`, import.meta.url));
const second = (await load(fixture('second-epoch.pt'))) as { model: Record<string, Tensor>; draws: Tensor };

/** One more epoch from a file. */
async function goOnFrom(name: string, hasSchedule: boolean) {
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters(), { lr: 1 });
  const schedulers = hasSchedule
    ? [{ scheduler: new StepLR(optimizer, { stepSize: 1 }), interval: 'epoch' as const }]
    : [];
  const warnings: string[] = [];
  let drawn: number[] = [];
  const listener: Callback = {
    name: 'listener',
    warning: (_, message) => void warnings.push(message),
    epochStart: () => {
      drawn = rand([4]).toArray() as number[];
    },
  };
  const config = { checkpoint: { rootDir: temporaryFolder() } };
  const { trainer } = tinyTrainer({ model, optimizers: [optimizer], schedulers, callbacks: [listener], config });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  const history = await trainer.fit({
    trainLoaders: [tinyLoader(6)],
    maxEpochs: 2,
    resumeFromCheckpoint: fixture(name),
  });
  return { trainer, history, warnings, drawn, model };
}

describe('fit() goes on from a checkpoint of', () => {
  test.each([
    ['model-training-framework', 'model-training-framework.ckpt', true, 'scaler|gradients'],
    ['multimodal_insight_engine', 'multimodal_insight_engine.pt', true, 'loaders, rng'],
    ['adaptiveneuralnetwork', 'adaptive-trainer.pt', false, 'loaders, rng'],
    ['adaptiveneuralnetwork', 'adaptive-loop.pt', false, 'loaders, rng'],
  ])('%s (%s)', async (system, name, hasSchedule, said) => {
    const { trainer, history, warnings, drawn, model } = await goOnFrom(name, hasSchedule);
    const expected = Object.values(second.model).flatMap((tensor) => Array.from(tensor.toTypedArray(), Number));
    for (const [i, value] of weightsOf(model).entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    expect(trainer.clocks).toMatchObject({ step: 6, epoch: 2 });
    expect(warnings[0]).toMatch(
      new RegExp(`^Resumed from a checkpoint of ${system}, with a new start of .*(?:${said})`),
    );
    if (system !== 'model-training-framework') {
      expect(history.map(({ epoch }) => epoch)).toEqual([0, 1]);
      expect(history[0]!['train/loss']).toBeGreaterThan(0);
    } else expect(drawn).toEqual(second.draws.toArray());
    if (system === 'multimodal_insight_engine')
      expect(trainer.extra).toMatchObject({
        training_state: { current_epoch: 0, global_step: 3, patience_counter: 1 },
      });
    if (name === 'adaptive-trainer.pt') expect(trainer.extra).toEqual({ notes: 'mine' });
  });

  test('model-training-framework stopped inside an epoch, which is begun again', async () => {
    const value = (await load(fixture('model-training-framework.ckpt'))) as Record<string, unknown>;
    const inside = { ...value, metrics: null, resume_state: { phase: 'TRAIN_BATCH_OPTIM_STEP' } };
    expect(readCheckpoint(inside, 'x').checkpoint.clocks).toMatchObject({ epoch: 0, step: 3, batchInEpoch: 0 });
    const over = { ...value, epoch: 4, resume_state: { phase: 'TRAINING_COMPLETE' } };
    expect(readCheckpoint(over, 'x').checkpoint.clocks).toMatchObject({ epoch: 4 });
    expect(() => readCheckpoint({ ...value, format_version: 2 }, 'x')).toThrow(
      'Cannot read "x", a checkpoint of model-training-framework: expected format version 1, got 2',
    );
    expect(() => readCheckpoint({ ...value, global_step: null }, 'x')).toThrow(
      'Cannot read "x", a checkpoint of model-training-framework: expected a count under "global_step", got None',
    );
  });
});
