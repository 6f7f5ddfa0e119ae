// A training of many data sets that has everything that a resume can lose, which kills itself at a set batch: `node multidataset-training.mjs '{"folder": …}'`. Started again with the same folder it goes on.
// A curriculum in its warm-up, windows of gradients, dropout, a predictive modulator, a zero-inflated likelihood, penalties and proximal steps.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arange, manualSeed, saveSafetensors } from 'sconce';
import { MultiDatasetDM, MultiDatasetModel, multiDatasetTrainer } from 'sconce/multidataset';

const options = {
  ...{
    epochs: 3,
    steps: 5,
    accumulation: 2,
    warmupSteps: 20,
    transition: 'blend',
    stepAt: 'batch',
    homogeneous: false,
    saveEverySteps: 2,
  },
  ...{ validateEverySteps: 0, workers: 0, seed: 1 },
  // Which batch of this process is its last; none where that is 0.
  killAt: 0,
  ...JSON.parse(process.argv[2]),
};

const SETS = { first: [120, [0, 2]], second: [72, [3, 0, 1]] };
const DATA = `
types: [images]
data_dir: ../recordings
keys_lags: { robs: 0, stim: [0, 1, 2], behavior: 0, dfs: 0 }
transforms:
  stim: { source: stim, ops: [{ pixelnorm: {} }, { unsqueeze: 1 }], expose_as: stim }
  eye: { source: eyepos, ops: [], expose_as: behavior }
datafilters: { dfs: { ops: [{ valid_nlags: { n_lags: 3 } }], expose_as: dfs } }
`;
const MODEL = {
  model_type: 'v1multi',
  convnet: {
    type: 'vanilla',
    params: {
      channels: [4],
      block_configs: [{ conv_params: { kernel_size: [1, 3, 3] }, act_type: 'relu', dropout: 0.2 }],
    },
  },
  modulator: { type: 'pc', params: { behavior_dim: 2 } },
  readout: { type: 'gaussian', params: { bias: true } },
  output_activation: 'softplus',
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
};

/** Recordings of a moving stripe, made once. */
async function writeData(folder) {
  await mkdir(join(folder, 'sets'), { recursive: true });
  for (const [name, [frames, cids]] of Object.entries(SETS)) {
    await mkdir(join(folder, 'recordings', name), { recursive: true });
    const time = arange(frames).to('float32');
    const phase = time
      .reshape([-1, 1, 1])
      .add(arange(5).reshape([5, 1]).mul(3))
      .add(arange(5))
      .mul(0.4); // [T, 5, 5]
    const unit = arange(4).add(1).to('float32');
    const tensors = {
      stim: phase
        .sin()
        .mul(time.mul(0.05).sin().reshape([-1, 1, 1]))
        .mul(120)
        .add(127)
        .to('uint8'),
      robs: time.reshape([-1, 1]).mul(unit).mul(0.7).sin().add(1).mul(1.5).floor(),
      eyepos: time
        .reshape([-1, 1])
        .mul(unit.narrow(0, 0, 2))
        .mul(0.2)
        .cos(),
      trial_inds: arange(frames).div(12, { roundingMode: 'floor' }).to('int64'),
    };
    await saveSafetensors(tensors, join(folder, 'recordings', name, 'images.safetensors'), {
      metadata: { sampling_rate: '120' },
    });
    await writeFile(join(folder, 'sets', `${name}.yaml`), `cids: [${cids}]\n${DATA}`);
  }
}

let batches = 0;
const killer = {
  name: 'killer',
  batchEnd() {
    if (++batches === options.killAt) process.kill(process.pid, 'SIGKILL');
  },
};

if (!existsSync(options.folder)) throw new Error(`Cannot train: expected a folder ${options.folder}`);
if (!existsSync(join(options.folder, 'sets'))) await writeData(options.folder);
const cfgDir = join(options.folder, 'sets');
manualSeed(options.seed);
const { transition, stepAt, warmupSteps, seed, workers } = options;
const dm = new MultiDatasetDM({
  ...{
    cfgDir,
    batch: 12,
    stepsPerEpoch: options.steps,
    enableCurriculum: true,
    homogeneousBatches: options.homogeneous,
  },
  ...{ transition, stepAt, warmupSteps, seed, workers },
});
const model = await MultiDatasetModel.create({ modelConfig: MODEL, cfgDir });
const trainer = multiDatasetTrainer({
  ...{
    model,
    dm,
    maxEpochs: options.epochs,
    lr: 0.01,
    coreLrScale: 0.5,
    lrScheduler: 'cosine_warmup',
    warmupEpochs: 1,
    seed,
  },
  ...{ accumulateGradBatches: options.accumulation, earlyStoppingPatience: 9, callbacks: [killer] },
  checkpointDir: options.folder,
  experimentName: 'run',
  config: {
    ...{ logEveryNSteps: 1, profileTraining: false },
    checkpoint: { saveEveryNSteps: options.saveEverySteps },
    ...(options.validateEverySteps > 0
      ? { validation: { frequency: 'every_n_steps', everyNSteps: options.validateEverySteps } }
      : {}),
  },
});
try {
  await trainer.train();
} finally {
  await dm.close();
}
