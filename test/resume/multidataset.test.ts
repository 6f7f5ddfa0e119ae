// A training of many data sets that is resumed in the middle of its curriculum's warm-up, and of epochs, windows and validations, ends with the same bits as one that nothing interrupts.

import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MultiDatasetDM } from '../../src/multidataset/data/multi-dataset-dm.ts';
import { BASE, makeRecording, writeFiles, writeRecording } from '../../src/multidataset/data/testing/sessions.ts';
import { MultiDatasetModel } from '../../src/multidataset/model/multi-dataset-model.ts';
import { SMALL_CONFIG } from '../../src/multidataset/model/testing/small-model.ts';
import { multiDatasetTrainer } from '../../src/multidataset/trainer/multi-dataset-trainer.ts';
import { load } from '../../src/serial/tensors.ts';
import { manualSeed, type Tensor } from '../../src/tensor/index.ts';
import type { Callback } from '../../src/trainer/loop/events.ts';
import { temporaryFolder } from '../../src/trainer/testing/tiny.ts';
import { lastingDifferences } from './runs.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'sconce-multidataset-'));
  await writeFiles(data, {
    'parent.yaml': `session_dir: ./sessions\nsessions: [first, second]\ndata_dir: ./recordings\n${BASE}`,
    'sessions/first.yaml': 'cids: [0, 2]',
    'sessions/second.yaml': 'cids: [4, 0, 1]',
  });
  for (const [session, shape] of [
    ['first', {}],
    ['second', { numTrials: 5, numUnits: 5 }],
  ] as const) {
    const tensors = makeRecording(shape);
    const robs = tensors.robs!.remainder(7).remainder(4);
    await writeRecording(join(data, 'recordings'), session, { tensors: { ...tensors, robs } });
  }
});
afterAll(() => rm(data, { recursive: true }));

const [block] = SMALL_CONFIG.convnet.params.block_configs;
const CONFIG = {
  ...SMALL_CONFIG,
  convnet: { type: 'vanilla', params: { channels: [4], block_configs: [{ ...block, dropout: 0.2 }] } },
  modulator: { type: 'pc', params: { behavior_dim: 6 } },
  loss_type: 'zip',
  regularization: [
    {
      name: 'sparse',
      type: 'l1',
      lambda: 1e-3,
      apply_to: ['readouts/features'],
      schedule: { kind: 'linear_ramp', start_epoch: 0, end_epoch: 2 },
    },
    { name: 'small', type: 'proximal_l1', lambda: 0.1, apply_to: ['convnet/weight'] },
  ],
} as const;

interface Played {
  readonly orders: string[];
  readonly checkpoint: Record<string, unknown>;
  readonly history: readonly object[];
}

/** Trains 3 epochs of 5 batches, in windows of 2. The warm-up lasts longer than that. */
async function train(rootDir: string, resumeFromCheckpoint?: string): Promise<Played> {
  const dm = new MultiDatasetDM({
    ...{ cfgDir: join(data, 'parent.yaml'), batch: 16, stepsPerEpoch: 5, enableCurriculum: true },
    ...{ warmupSteps: 12, transition: 'blend', seed: 5 },
  });
  manualSeed(resumeFromCheckpoint === undefined ? 3 : 77);
  const model = await MultiDatasetModel.create({ modelConfig: CONFIG as never, cfgDir: join(data, 'parent.yaml') });
  const orders: string[] = [];
  const look: Callback = {
    name: 'look',
    batchStart: ({ batch }) => {
      orders.push((batch as { robs: Tensor }[]).map(({ robs }) => String(robs.shape)).join(' '));
    },
  };
  const trainer = multiDatasetTrainer({
    ...{ model, dm, maxEpochs: 3, lr: 0.01, lrScheduler: 'cosine_warmup', warmupEpochs: 1, seed: 9 },
    ...{ accumulateGradBatches: 2, checkpointDir: rootDir, earlyStoppingPatience: 9, callbacks: [look] },
    config: {
      logEveryNSteps: 1,
      profileTraining: false,
      validation: { frequency: 'every_n_steps', everyNSteps: 4 },
      checkpoint: { saveEveryNSteps: 1, maxCheckpoints: 40, filenameTemplate: 'epoch_{epoch}_step_{step:03d}.ckpt' },
    },
  });
  const history = await trainer.train(resumeFromCheckpoint === undefined ? {} : { resumeFromCheckpoint });
  const path = join(rootDir, 'multidataset', 'latest.ckpt');
  return { orders, history, checkpoint: (await load(path, { keepFloats: true })) as Record<string, unknown> };
}

describe('multiDatasetTrainer()', () => {
  it('resumes from every step of its warm-up bit for bit', async () => {
    const whole = temporaryFolder();
    const reference = await train(whole);
    expect(reference.orders).toHaveLength(15);
    expect(new Set(reference.orders).size).toBeGreaterThan(2);
    const folder = join(whole, 'multidataset');
    const files = readdirSync(folder).filter((name) => name.startsWith('epoch_'));
    const names = files.sort().slice(0, -1);
    expect(names.length).toBeGreaterThan(7);
    for (const name of names.filter((_, i) => i % 3 === 1)) {
      const resumed = await train(temporaryFolder(), join(folder, name));
      expect(lastingDifferences(resumed.checkpoint, reference.checkpoint)).toEqual([
        'hyper_parameters.checkpoint.rootDir',
      ]);
      expect(resumed.orders).toEqual(reference.orders.slice(15 - resumed.orders.length));
      expect(resumed.history).toEqual(reference.history);
    }
  });
});
