// Files of older versions, as they were recorded then: a run goes on from them as from one of today.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AdamW, StepLR } from '../../optim/index.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { asCheckpoint, VERSION } from './format.ts';

const recorded = fileURLToPath(new URL('../../../test/fixtures/trainer/sconce-v1.ckpt', import.meta.url));

/** The run that was recorded: stopped by a signal after ten micro-batches of three epochs of seven. */
async function play(resumeFromCheckpoint?: string) {
  const { model } = tinyTrainer();
  const optimizer = new AdamW(model.parameters(), { lr: 0.05 });
  const { trainer } = tinyTrainer({
    model,
    optimizers: [optimizer],
    schedulers: [{ scheduler: new StepLR(optimizer, { stepSize: 1 }), interval: 'epoch' }],
    callbacks: [{ name: 'stopped' }],
    config: {
      seed: 3,
      checkpoint: { rootDir: temporaryFolder(), monitorMetric: 'val_loss' },
      performance: { gradientAccumulationSteps: 2 },
    },
  });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  const options = { trainLoaders: [tinyLoader(14)], valLoaders: [tinyLoader(4, { start: 20 })], maxEpochs: 3 };
  const history = await trainer.fit(
    resumeFromCheckpoint === undefined ? options : { ...options, resumeFromCheckpoint },
  );
  return { history, weights: weightsOf(model), clocks: trainer.clocks };
}

describe('a checkpoint of version 1', () => {
  test('is gone on from inside its epoch and its window', async () => {
    const [resumed, whole] = [await play(recorded), await play()];
    // Recorded with another libtorch than the one that this may run with.
    for (const [i, value] of resumed.weights.entries()) expect(value).toBeCloseTo(whole.weights[i]!, 5);
    expect(resumed.history.length).toBe(3);
    expect(resumed.clocks).toMatchObject({ step: whole.clocks.step, microStep: 21, epoch: 3, samples: 42 });
  });
});

describe('asCheckpoint()', () => {
  test('refuses versions that it does not know', () => {
    for (const version of [VERSION + 1, 0, 1.5, '1', undefined]) {
      expect(() => asCheckpoint({ format: 'sconce', version }, 'x.ckpt')).toThrow(
        `Cannot resume from "x.ckpt": expected version ${VERSION} or older, got ${version}; update Sconce`,
      );
    }
  });
});
