// What a MultimodalTrainer and a TrainingLoop take where nobody says anything else, and the checks that a loop can be told to leave out.
import { expect, test } from 'vitest';
import { AdamW, SGD } from '../../optim/index.ts';
import { manualSeed } from '../../tensor/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { temporaryFolder } from '../../trainer/testing/tiny.ts';
import { MixedMultimodalLoss } from '../losses/mixed-multimodal-loss.ts';
import { pairLoader, QueueLoss, TwoTowers } from '../testing/two-towers.ts';
import { checksOf } from './loop-checks.ts';
import { MultimodalTrainer } from './multimodal-trainer.ts';
import type { MultimodalTrainerOptions } from './multimodal-trainer-options.ts';
import { TrainingLoop } from './training-loop.ts';
import type { TrainingLoopOptions } from './training-loop-options.ts';

function trainerOf(options: Partial<MultimodalTrainerOptions> = {}): MultimodalTrainer {
  manualSeed(3);
  const folder = temporaryFolder();
  const places = { checkpointDir: folder, logDir: folder, stream: { write: () => {} } };
  return new MultimodalTrainer({ model: new TwoTowers(), trainDataloader: pairLoader(4), ...places, ...options });
}

test('new MultimodalTrainer() takes the mixed loss at 0.2, and AdamW with 1e-4 and 0.01', () => {
  const trainer = trainerOf();
  expect(trainer.lossFn).toBeInstanceOf(MixedMultimodalLoss);
  expect((trainer.lossFn as MixedMultimodalLoss).temperature).toBe(0.2);
  expect(trainer.optimizer).toBeInstanceOf(AdamW);
  expect(trainer.optimizer.paramGroups[0]).toMatchObject({ lr: 1e-4, weightDecay: 0.01 });
  expect(trainer.optimizer.parameters()).toHaveLength(trainer.model.parameters().length);
  expect([trainer.numEpochs, trainer.device]).toEqual([20, trainer.model.parameters()[0]!.device]);
});

test('learningRate and weightDecay are those of the default optimizer, which has what the loss learns', () => {
  const trainer = trainerOf({ learningRate: 0.5, weightDecay: 0.25, lossFn: new QueueLoss() });
  expect(trainer.optimizer.paramGroups[0]).toMatchObject({ lr: 0.5, weightDecay: 0.25 });
  expect(trainer.optimizer.parameters().length).toBe(trainer.model.parameters().length + 1);
});

test('a TrainingLoop checks features, alignment, gradients and losses, unless it is told not to, and whatever balances', () => {
  const namesOf = (options: Partial<TrainingLoopOptions> = {}, given: readonly Callback[] = []): string[] => {
    const model = new TwoTowers();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const loop = new TrainingLoop({ model, lossFn: new MixedMultimodalLoss(), optimizer, ...options });
    return checksOf(loop, given).map(({ name }) => name);
  };
  const diagnostics = ['AlignmentMonitor', 'ComponentGradients', 'LossAnomalies'];
  expect(namesOf()).toEqual(['FeatureCollapseCheck', ...diagnostics]);
  expect(namesOf({ checkFeatureCollapse: false })).toEqual(diagnostics);
  expect(namesOf({ enableDiagnostics: false })).toEqual(['FeatureCollapseCheck']);
  const gradScheduler = { name: 'balancing' };
  expect(namesOf({ enableDiagnostics: false, checkFeatureCollapse: false, gradScheduler })).toEqual(['balancing']);
});

test('progressBar draws on the standard error of the process', async () => {
  const written: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = (text: string | Uint8Array) => {
    written.push(String(text));
    return true;
  };
  try {
    await trainerOf({ progressBar: true, lossFn: new QueueLoss() }).train({ numEpochs: 1 });
  } finally {
    process.stderr.write = write;
  }
  expect(written.join('')).toMatch(/loss/);
});
