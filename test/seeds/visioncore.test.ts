// VisionCore's "Training System Refactoring": every code example of it, in its order and under its headings, translated as the design says and run; what it asks to verify; and the answers to its questions.
// A Python call is one options object, names are in camelCase; nothing else is changed. Files that the document has (configurations, recordings, a trained model) are made at the top of this file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, manualSeed, noGrad, save, scope, type Tensor } from 'sconce';
import * as data from 'sconce/data';
import {
  ContrastWeightedSampler,
  CurriculumCallback,
  castStim,
  EpochHeartbeat,
  Float32View,
  groupCollate,
  Heartbeat,
  LinearWarmupCosineAnnealingLR,
  MultiDatasetDM,
  MultiDatasetModel,
  multiDatasetTrainer,
} from 'sconce/multidataset';
import { WandbLogger } from 'sconce/tracking';
import * as trainer from 'sconce/trainer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRecording, writeFiles, writeRecording } from '../../src/multidataset/data/testing/sessions.ts';
import { requireCompiled } from '../cli/sconce.ts';
import { findPythonTorch, runPython } from '../parity/python.ts';

const MODEL = `
model_type: v1multi
convnet:
  type: vanilla
  params:
    channels: [4]
    block_configs: [{ conv_params: { kernel_size: [2, 3, 3], padding: 0 }, norm_type: none, act_type: relu }]
modulator: { type: concat, params: { behavior_dim: 2, encoder_params: { dims: [3] } } }
readout: { type: gaussian, params: { bias: true, initial_std: 1.0, initial_mean_scale: 0.1 } }
output_activation: softplus
`;
const BASE = `
data_dir: ../../recordings
types: [images]
keys_lags: { robs: 0, stim: [0, 1, 2], behavior: 0, dfs: 0 }
transforms:
  stim: { source: stim, ops: [{ pixelnorm: {} }, { unsqueeze: 1 }], expose_as: stim }
  eye: { source: eyepos, ops: [], expose_as: behavior }
datafilters:
  dfs: { ops: [{ valid_nlags: { n_lags: 3 } }], expose_as: dfs }
`;

const from = process.cwd();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-visioncore-')));

beforeAll(async () => {
  process.chdir(folder); // the document's paths are relative
  await writeFiles(folder, {
    'configs/model.yaml': MODEL,
    'configs/datasets/base.yaml': BASE,
    'configs/datasets/dataset_name.yaml': 'cids: [0, 2]',
    'configs/datasets/other_name.yaml': 'cids: [1, 0, 2]',
  });
  for (const session of ['dataset_name', 'other_name']) {
    const tensors = makeRecording({ numTrials: session === 'other_name' ? 5 : 10 });
    const robs = tensors.robs!.remainder(7).remainder(4);
    await writeRecording('recordings', session, { tensors: { ...tensors, robs } });
  }
});
afterAll(() => {
  process.chdir(from);
  rmSync(folder, { recursive: true });
});

const files = { modelConfig: 'configs/model.yaml', cfgDir: 'configs/datasets' } as const;

/** Weights by name. */
const weightsOf = (model: MultiDatasetModel): Record<string, unknown> =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, (value as Tensor).toArray()]));

describe('Import Components', () => {
  test('everything comes from one package', () => {
    const names = [
      ...[MultiDatasetModel, MultiDatasetDM, Heartbeat, EpochHeartbeat, CurriculumCallback, ContrastWeightedSampler],
      ...[LinearWarmupCosineAnnealingLR, castStim, Float32View, groupCollate],
    ];
    expect(names.map((each) => typeof each)).toEqual(names.map(() => 'function'));
  });

  test('or from specific modules', () => {
    expect(trainer.EpochHeartbeat).toBe(EpochHeartbeat);
    expect(data.ContrastWeightedSampler).toBe(ContrastWeightedSampler);
  });
});

/** As VisionCore's experiments call their program, which is `$TRAIN` here. What makes it small stands first. */
const SCRIPT = `
set -e
MAX_EPOCHS=2 WARMUP_EPOCHS=1 STEPS_PER_EPOCH=2 NUM_WORKERS=0 NUM_GPUS=1

# Training works exactly the same as before
MODEL_CONFIG=configs/model.yaml
EXPERIMENT_NAME="$(basename $MODEL_CONFIG .yaml)_corelrscale0.5"
$TRAIN \\
    --model_config "$MODEL_CONFIG" \\
    --dataset_configs_path configs/datasets \\
    --max_datasets 30 \\
    --batch_size 16 \\
    --learning_rate 1e-3 \\
    --core_lr_scale 0.5 \\
    --lr_scheduler cosine_warmup \\
    --warmup_epochs $WARMUP_EPOCHS \\
    --weight_decay 1e-4 \\
    --max_epochs $MAX_EPOCHS \\
    --precision bf16-mixed \\
    --num_gpus $NUM_GPUS \\
    --project_name multidataset_backimage_120 \\
    --experiment_name "$EXPERIMENT_NAME" \\
    --checkpoint_dir "$PWD/models" \\
    --accumulate_grad_batches 1 \\
    --gradient_clip_val 1.0 \\
    --steps_per_epoch $STEPS_PER_EPOCH \\
    --num_workers $NUM_WORKERS \\
    --early_stopping_patience 50 \\
    --early_stopping_min_delta 0.0

# Or directly:
$TRAIN \\
    --model_config configs/model.yaml \\
    --dataset_configs_path configs/datasets \\
    --max_datasets 20 \\
    --batch_size 32 \\
    --learning_rate 1e-4 \\
    --enable_curriculum \\
    --max_epochs 1
`;

describe('Run Training', () => {
  test('scripts work with the name of the program alone changed', async () => {
    await requireCompiled();
    await writeFiles(folder, { 'experiments/run_all_models_backimage.sh': SCRIPT });
    const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
    const env = { ...process.env, TRAIN: `${process.execPath} ${program} multidataset train` };
    const run = spawnSync('bash', ['experiments/run_all_models_backimage.sh'], {
      encoding: 'utf8',
      env: { ...env, WANDB_MODE: 'offline' },
    });
    expect([run.status, run.stderr.match(/Finished\. Report/g)?.length], run.stderr).toEqual([0, 2]);
    expect(run.stdout.match(/^Starting: .*$/gm)).toEqual([
      'Starting: model_corelrscale0.5',
      'Starting: model_ddp_bs32_ds20_lr0.0001_wd1e-05',
    ]);
    const direct = await readdir('checkpoints/model_ddp_bs32_ds20_lr0.0001_wd1e-05');
    expect(direct.some((name) => /^epoch=01-val_bps_overall=\d\.\d{4}.*\.ckpt$/.test(name))).toBe(true);
    const model = await MultiDatasetModel.loadFromCheckpoint('models/model_corelrscale0.5/last.ckpt');
    expect(model.hparams).toMatchObject({
      ...{ lr: 1e-3, wd: 1e-4, coreLrScale: 0.5, lrScheduler: 'cosine_warmup', warmupEpochs: 1 },
    });
  }, 60_000);
});

describe('Use in Notebooks', () => {
  test('loads a trained model, makes the data, and finds a data set by its name', async () => {
    const trained = await MultiDatasetModel.create({ ...files, lr: 1e-2 });
    const first = new MultiDatasetDM({ cfgDir: 'configs/datasets', batch: 32 });
    await multiDatasetTrainer({ model: trained, dm: first, maxEpochs: 1, checkpointDir: 'runs' }).train();
    await mkdir('checkpoints', { recursive: true });
    await copyFile('runs/multidataset/latest.ckpt', 'checkpoints/model.ckpt');

    // Load a trained model
    const model = await MultiDatasetModel.loadFromCheckpoint('checkpoints/model.ckpt');

    // Create a datamodule
    const dm = new MultiDatasetDM({ cfgDir: 'configs/datasets', maxDs: 5 });
    await dm.setup();

    // Access datasets
    const trainData = dm.trainDsets.dataset_name!;

    expect(weightsOf(model)).toEqual(weightsOf(trained));
    const { stim, robs, behavior, dfs } = trainData.get(0, { seed: 0, epoch: 0 }) as Record<string, Tensor>;
    expect([stim!.shape, robs!.shape, behavior!.shape, dfs!.shape]).toEqual([[1, 3, 4, 4], [2], [2], [1]]);
    expect([stim!.dtype, dm.names, dm.name2idx]).toEqual([
      'float32',
      ['dataset_name', 'other_name'],
      { dataset_name: 0, other_name: 1 },
    ]);
    const rates = model.forward({ stim: stim!.unsqueeze(0), dsIdx: 0, beh: behavior!.unsqueeze(0) });
    expect(rates.shape).toEqual([1, 2]);
  });
});

const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, a training beside Lightning's: ${python.missing}`);

/** The batches of two data sets, as they come. */
async function batchesOf(dm: MultiDatasetDM, numEpochs: number): Promise<{ train: unknown[][]; val: unknown[] }> {
  const [training, validation] = [dm.trainDataloader(), dm.valDataloader()];
  const train: unknown[][] = [];
  for (let epoch = 0; epoch < numEpochs; epoch++) {
    train.push([]);
    for await (const batch of training) train[epoch]!.push(batch);
  }
  const val: unknown[] = [];
  for await (const batch of validation) val.push(batch);
  return { train, val };
}

/** What both are trained with. */
const asThere = {
  maxEpochs: 3,
  lrScheduler: 'cosine_warmup',
  warmupEpochs: 1,
  warmupStartLr: 2e-3,
  gradientClipVal: 0.5,
  coreLrScale: 0.5,
  initReadoutBias: false,
} as const;

describe.skipIf('missing' in python)('To Verify, beside Lightning', () => {
  if ('missing' in python) return;

  test('metrics match the old version, and its checkpoints work', async () => {
    manualSeed(3);
    const model = await MultiDatasetModel.create({ ...files, lr: 0.02, wd: 0.1 });
    const makeData = (): MultiDatasetDM => new MultiDatasetDM({ cfgDir: files.cfgDir, batch: 32 });
    const dm = makeData();
    await dm.setup();
    await save(model.stateDict(), 'start.pt');
    await save(await batchesOf(dm, 3), 'batches.pt');
    runPython(python, [fileURLToPath(new URL('../parity/visioncore_peer.py', import.meta.url)), folder]);
    const theirs = JSON.parse(readFileSync('history.json', 'utf8')) as { train_loss: number; val_bps: number[] }[];

    const history = await multiDatasetTrainer({ model, dm: makeData(), ...asThere }).train();
    for (const [epoch, { train_loss, val_bps }] of theirs.entries()) {
      expect(history[epoch]!.train_loss).toBeCloseTo(train_loss, 5);
      for (const [i, name] of model.names.entries())
        expect(history[epoch]![`val_bps/${name}`]).toBeCloseTo(val_bps[i]!, 5);
      expect(history[epoch]!.val_bps_overall).toBeCloseTo((val_bps[0]! + val_bps[1]!) / 2, 5);
    }
    expect(theirs[2]!.train_loss).toBeLessThan(theirs[0]!.train_loss - 0.01);

    const old = await MultiDatasetModel.loadFromCheckpoint('old.ckpt');
    expect(old.hparams).toMatchObject({ lr: 0.02, wd: 0.1, coreLrScale: 0.5, maxDs: 2, cfgDir: files.cfgDir });
    const { state_dict } = (await load('old.ckpt')) as { state_dict: Record<string, Tensor> };
    expect(Object.keys(state_dict).sort()).toEqual(Object.keys(old.stateDict()).sort());
    const ours = model.stateDict() as Record<string, Tensor>;
    for (const [name, weight] of Object.entries(old.stateDict() as Record<string, Tensor>)) {
      expect(weight.toArray(), name).toEqual(state_dict[name]!.toArray());
      expect(
        scope(() => weight.sub(ours[name]!).abs().max().item()),
        name,
      ).toBeLessThan(1e-4);
    }
  });
});

describe('num_workers', () => {
  test('threads make the same batches, in the same order', async () => {
    await requireCompiled();
    const played = async (workers: number): Promise<unknown> => {
      const dm = new MultiDatasetDM({ cfgDir: files.cfgDir, batch: 32, workers });
      await dm.setup();
      const { train, val } = await batchesOf(dm, 2);
      await dm.close();
      const plain = (batch: unknown): unknown =>
        (batch as Record<string, Tensor | number>[]).map((group) =>
          Object.entries(group).map(([name, value]) => [name, typeof value === 'number' ? value : value.toArray()]),
        );
      return [train.flat().map(plain), val.map(plain)];
    };
    expect(await played(1)).toEqual(await played(0));
  });
});

/** Which samples came in each epoch: data set and place of the eye, which is another in every frame. */
async function samplesPlayed(options: { readonly enableCurriculum: boolean }): Promise<string[][]> {
  const { enableCurriculum } = options;
  const dm = new MultiDatasetDM({
    ...{ cfgDir: files.cfgDir, batch: 16, seed: 1 },
    ...(enableCurriculum && { enableCurriculum, warmupSteps: 6, stepAt: 'epoch' }),
  });
  const epochs: string[][] = [[], []];
  await multiDatasetTrainer({
    ...{ model: await MultiDatasetModel.create(files), dm, maxEpochs: 2 },
    callbacks: [
      {
        name: 'look',
        batchStart: ({ batch, clocks }) => {
          for (const { datasetIdx, behavior } of batch as { datasetIdx: number; behavior: Tensor }[])
            for (const row of behavior.toArray() as number[][])
              epochs[clocks.epoch]!.push(`${datasetIdx}: ${row.map((value) => value.toFixed(4))}`);
        },
      },
    ],
  }).train();
  return epochs;
}

describe('To Verify', () => {
  test('curriculum learning: draws by contrast while it warms up, then every sample once', async () => {
    const repeats = (played: readonly string[]): number => played.length - new Set(played).size;
    const [warming, warm] = await samplesPlayed({ enableCurriculum: true });
    expect([warming!.length, repeats(warm!)]).toEqual([96, 0]);
    expect(repeats(warming!)).toBeGreaterThan(20);
    expect((await samplesPlayed({ enableCurriculum: false })).map(repeats)).toEqual([0, 0]);
  });

  test('pretrained loading: what sees is taken and frozen, and the report says so', async () => {
    const source = await MultiDatasetModel.create(files);
    noGrad(() => {
      for (const parameter of source.parameters()) parameter.add_(0.25);
    });
    await save({ state_dict: source.stateDict() }, 'pretrained.ckpt');
    const model = await MultiDatasetModel.create({
      ...{ ...files, pretrainedCheckpoint: 'pretrained.ckpt', freezeVision: true },
    });
    const [own, taken] = [weightsOf(model), weightsOf(source)];
    for (const name of Object.keys(own)) {
      const sees = name.startsWith('model.convnet.');
      expect(String(own[name]) === String(taken[name]), name).toBe(sees);
    }
    for (const [name, parameter] of model.namedParameters())
      expect(parameter.requiresGrad, name).toBe(!name.startsWith('model.convnet.'));
  });

  test('checkpoint saving and loading: half the epochs, a checkpoint, and the rest are the same training', async () => {
    const train = async (checkpointDir: string, maxEpochs: number, resumeFromCheckpoint?: string) => {
      manualSeed(5);
      const model = await MultiDatasetModel.create({ ...files, lr: 1e-2 });
      const dm = new MultiDatasetDM({ cfgDir: files.cfgDir, batch: 32 });
      const options = { model, dm, maxEpochs, checkpointDir, seed: 5 };
      await multiDatasetTrainer(options).train(resumeFromCheckpoint === undefined ? {} : { resumeFromCheckpoint });
      return weightsOf(model);
    };
    const whole = await train('whole', 2);
    const half = await train('half', 1);
    expect(half).not.toEqual(whole);
    expect(await train('rest', 2, 'half/multidataset/latest.ckpt')).toEqual(whole);
  });

  test('W&B logging: a run is written, with the names of VisionCore', async () => {
    const logger = new WandbLogger({ project: 'multidataset', name: 'small', folder: 'logs/wandb', mode: 'offline' });
    const model = await MultiDatasetModel.create(files);
    const dm = new MultiDatasetDM({ cfgDir: files.cfgDir, batch: 32 });
    await multiDatasetTrainer({ model, dm, maxEpochs: 1, loggers: [logger] }).train();
    const written = await readdir('logs/wandb', { recursive: true });
    const run = written.find((name) => name.endsWith('.wandb'));
    const text = readFileSync(join('logs/wandb', run!), 'latin1');
    for (const name of ['train_loss/dataset_name', 'val_bps/other_name', 'val_bps_overall', 'val_loss'])
      expect(text).toContain(name);
  });
});
