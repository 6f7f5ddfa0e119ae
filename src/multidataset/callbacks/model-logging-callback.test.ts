// What ModelLoggingCallback logs, when, and that training does not notice.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { AdamW } from '../../optim/index.ts';
import { manualSeed, rand, type Tensor, tensor } from '../../tensor/index.ts';
import { writeReport } from '../../tracking/index.ts';
import type { Logger } from '../../tracking/logger.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import { TrainingRun } from '../../trainer/run/run.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { LaggedDataset } from '../data/lagged-dataset.ts';
import { kernelPictures } from '../evaluation/kernel-pictures.ts';
import { smallData } from '../model/testing/small-data.ts';
import { smallModel } from '../model/testing/small-model.ts';
import { buildModel } from '../network/build-model.ts';
import type { ModelConfig } from '../network/model-config.ts';
import type { ModularNetwork } from '../network/modular-network.ts';
import { multiDatasetTrainer } from '../trainer/multi-dataset-trainer.ts';
import { ModelLoggingCallback, type ModelLoggingCallbackOptions } from './model-logging-callback.ts';

const [TRIALS, BINS, SIDE, UNITS] = [22, 24, 6, 4];
const FRAMES = TRIALS * BINS;

const block = { conv_params: { kernel_size: [2, 3, 3] }, dropout: 0.2 };
const config = (parts: Partial<ModelConfig> = {}): ModelConfig => ({
  model_type: 'v1multi',
  frontend: { type: 'learnable_temporal', params: { kernel_size: 2, num_channels: 2 } },
  convnet: {
    type: 'resnet',
    params: {
      stem_config: { out_channels: 4, conv_params: { kernel_size: [1, 3, 3] } },
      channels: [6],
      block_configs: [block],
    },
  },
  readout: { type: 'gaussian' },
  output_activation: 'softplus',
  ...parts,
});
const network = (parts?: Partial<ModelConfig>): ModularNetwork => {
  const cids = Array.from({ length: UNITS }, (_, unit) => unit);
  return buildModel(
    config(parts),
    ['Monday', 'Tuesday'].map((name) => ({ session: name, cids })),
  );
};

/** Trials that repeat, an eye that jumps four times a second. */
function session(keys: readonly string[] = ['eyepos', 'trial_inds', 'psth_inds']): LaggedDataset {
  const frame = Array.from({ length: FRAMES }, (_, i) => i);
  const tensors: Record<string, Tensor> = {
    stim: rand([FRAMES, 1, SIDE, SIDE]),
    robs: tensor(frame.flatMap((i) => Array.from({ length: UNITS }, (_, n) => (i * (n + 3) + (i % BINS)) % 5)))
      .reshape([FRAMES, UNITS])
      .to('float32'),
    dfs: tensor(frame.map((i) => (i % 50 === 0 ? 0 : 1)))
      .reshape([FRAMES, 1])
      .to('float32'),
    eyepos: tensor(frame.flatMap((i) => [Math.floor(i / 30) + 0.01 * Math.sin(i), 0.01 * Math.cos(3 * i)])).reshape([
      FRAMES,
      2,
    ]),
    trial_inds: tensor(Int32Array.from(frame, (i) => Math.floor(i / BINS))),
    psth_inds: tensor(Int32Array.from(frame, (i) => i % BINS)),
  };
  const keysLags = { stim: [0, 1, 2], robs: 0, dfs: 0, ...Object.fromEntries(keys.map((key) => [key, 0])) };
  return new LaggedDataset({ name: 'Tuesday', tensors, frames: Int32Array.from(frame.slice(2)), keysLags });
}

type Rows = { stim: Tensor; robs: Tensor };

interface Played {
  readonly options?: ModelLoggingCallbackOptions | undefined;
  readonly maxEpochs?: number;
  readonly run?: TrainingRun;
}

/** Trains a few epochs of one batch. */
async function play({ options, maxEpochs = 5, run }: Played) {
  manualSeed(4);
  const model = network();
  const logged: [string, number][] = [];
  const metrics: Record<string, number> = {};
  const warned: string[] = [];
  const logger: Logger = {
    name: 'kept',
    logMetrics: (values) => void Object.assign(metrics, values),
    logImage: (key, _image, { epoch }) => void logged.push([key, epoch]),
    logFigure: (key, svg, { epoch }) => void logged.push([svg.startsWith('<svg') ? key : '', epoch]),
    close: () => {},
  };
  const callbacks = [{ name: 'warned', warning: (_: unknown, message: string) => void warned.push(message) }];
  const trainer = new GenericTrainer({
    ...{ model, optimizers: [new AdamW(model.parameters())], loggers: [logger] },
    callbacks: options ? [...callbacks, new ModelLoggingCallback({ onError: 'raise', ...options })] : callbacks,
    ...(run && { run }),
  });
  trainer.setTrainingStep((_trainer, { stim, robs }: Rows) => ({
    loss: model.forward({ stim }).sub(robs).square().mean(),
  }));
  const dataset = new TensorDataset({ stim: rand([8, 1, 3, SIDE, SIDE]), robs: rand([8, UNITS]) });
  const loader = new DataLoader<Rows, Rows>({ dataset, batchSize: 8 });
  await trainer.fit({ trainLoaders: [loader], maxEpochs });
  return { logged, metrics, warned, model, trainer };
}

const data = (dataset = session()) => ({
  names: ['Monday', 'Tuesday'],
  valDsets: { Monday: dataset, Tuesday: dataset },
  cfgs: [{ types: ['x'] }, { types: ['backimage'] }],
});

const KERNELS = ['frontend', 'stem', 'layer_0', 'readout_0_features', 'readout_0_spatial'].map(
  (key) => `kernels/${key}`,
);
const EVALUATION = ['bps', 'ccnorm', 'saccade_backimage', 'sta_full', 'sta_peak'].map((key) => `eval_ds1/${key}`);

describe('ModelLoggingCallback', () => {
  it('logs kernels and an evaluation at its intervals, not behind the first epoch; training goes on as if it had not', async () => {
    const options = { data: data(), fastInterval: 2, slowInterval: 3, evalDatasetIdx: 1 };
    const { logged, metrics, warned, model } = await play({ options });
    const at = (epoch: number, keys: string[]): [string, number][] => keys.map((key) => [key, epoch + 1]);
    expect(logged).toEqual([...at(2, KERNELS), ...at(3, EVALUATION), ...at(4, KERNELS)]);
    expect(Object.keys(metrics).filter((key) => key.startsWith('eval'))).toEqual([
      'eval_ds1/mean_bps',
      'eval_ds1/mean_ccnorm',
    ]);
    expect(warned).toEqual([]);
    const plain = await play({});
    expect(weightsOf(model)).toEqual(weightsOf(plain.model));
    expect([...model.modules()].every(({ training }) => training)).toBe(true);
  });

  it('has its last pictures in the report of the run', async () => {
    const folder = temporaryFolder();
    const run = new TrainingRun(folder, { isResumed: false });
    await run.create({});
    const options = { data: data(), fastInterval: 1, slowInterval: 1, evalDatasetIdx: 1, rescale: false };
    await play({ options, maxEpochs: 2, run });
    await run.finish({ status: 'finished', exitCode: 0 });
    const page = readFileSync(await writeReport(folder, { title: 'A run' }), 'utf8');
    for (const key of [...KERNELS, ...EVALUATION]) expect(page).toContain(`${key}, step`);
  });

  it('leaves out what the data have no values for, and says why, once', async () => {
    const options = {
      data: data(session([])),
      slowInterval: 1,
      evalDatasetIdx: 0,
      analyses: ['bps', 'ccnorm', 'saccade'],
    } as const;
    const { logged, warned } = await play({ options, maxEpochs: 3 });
    expect(logged.map(([key]) => key)).toEqual(['eval_ds0/bps', 'eval_ds0/bps']);
    expect(warned).toEqual([
      'ModelLoggingCallback leaves out ccnorm of "Monday": its samples have no trial_inds and psth_inds; list them in keys_lags',
      'ModelLoggingCallback leaves out saccade of "Monday": its samples have no eyepos; list it in keys_lags',
    ]);
  });

  it('says at the start that there is no such data set', async () => {
    const { logged, warned } = await play({
      options: { data: data(), slowInterval: 1, fastInterval: 9 },
      maxEpochs: 3,
    });
    expect([logged, warned]).toEqual([
      [],
      ['ModelLoggingCallback evaluates nothing: expected evalDatasetIdx among 2 data sets from 0 on, got 7'],
    ]);
  });

  it('looks at a MultiDatasetModel with behaviour, whose data are set up when the fit begins, in another precision, too', async () => {
    const dm = smallData();
    const unready = { names: [] as readonly string[], valDsets: dm.trainDsets };
    const logging = new ModelLoggingCallback({
      data: unready as never,
      ...{ fastInterval: 1, slowInterval: 1, evalDatasetIdx: 1, analyses: ['bps', 'sta'], onError: 'raise' },
    });
    unready.names = dm.names;
    const log = new KeptLog();
    const model = smallModel();
    const trainer = multiDatasetTrainer({
      model,
      dm,
      maxEpochs: 2,
      precision: '64-true',
      loggers: [log],
      callbacks: [logging],
    });
    await trainer.train();
    expect(Object.values(model.stateDict()).some(({ dtype }) => dtype === 'float64')).toBe(true);
    expect(log.series('eval_ds1/mean_bps').length).toBe(1);
  });

  it('refuses options that do not fit, all at once', () => {
    expect(
      () => new ModelLoggingCallback({ fastInterval: 0, evalDatasetIdx: -1, analyses: ['qc'], data: {} } as never),
    ).toThrow(
      [
        'Cannot make ModelLoggingCallback: 4 problems',
        'data: expected a MultiDatasetDM, got an object',
        'fastInterval: expected an integer above 0, got 0',
        'evalDatasetIdx: expected an integer from 0 on, got -1',
        'analyses: expected a list of bps, ccnorm, saccade, sta, got ["qc"]',
      ].join('\n  - '),
    );
  });
});

describe('kernelPictures()', () => {
  const [frontend, stem, layer, features, spatial] = KERNELS as [string, string, string, string, string];
  const x3d = { type: 'x3d', params: { channels: [4], depth: [1], s_kernel: 3, t_kernel: 3 } };
  const densenet = { type: 'densenet', params: { channels: [4, 4], block_configs: [block, block] } };
  it.each<[string, Partial<ModelConfig>, string[]]>([
    ['a densenet without a stem', { convnet: densenet }, [frontend, layer, 'kernels/layer_1', features, spatial]],
    ['an X3D', { convnet: x3d }, [frontend, layer, features, spatial]],
    ['no core and no frontend', { convnet: { type: 'none' }, frontend: { type: 'none' } }, [features, spatial]],
    ['adaptation', { frontend: { type: 'da', params: { filter_length: 2 } } }, [stem, layer, features, spatial]],
    ['a linear readout', { readout: { type: 'linear' } }, [frontend, stem, layer, features]],
    ['a readout that excites and inhibits', { readout: { type: 'gaussianei' } }, KERNELS],
    ['a readout with a surround', { readout: { type: 'gaussiansn' } }, KERNELS],
  ])('has pictures of %s', (_, parts, keys) => {
    expect(Object.keys(kernelPictures(network(parts)))).toEqual(keys);
  });
});
