// Models out of files: YAML, checkpoints of Lightning's layout with all prefixes that there are, pretrained cores that really load, and frozen ones.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPrefix, type Module } from '../../nn/index.ts';
import { save } from '../../serial/tensors.ts';
import { noGrad, type Tensor } from '../../tensor/index.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { readDatasetConfigs } from '../data/config/read-dataset-configs.ts';
import { BASE, writeFiles } from '../data/testing/sessions.ts';
import { multiDatasetTrainer } from '../trainer/multi-dataset-trainer.ts';
import { FrozenCoreModel } from './frozen-core-model.ts';
import { MultiDatasetModel } from './multi-dataset-model.ts';
import { smallData } from './testing/small-data.ts';
import { SMALL_CONFIG, SMALL_DATASETS, smallGroup, smallModel } from './testing/small-model.ts';

/** A model with other weights than those of `smallModel`. */
function trained(): MultiDatasetModel {
  const model = smallModel();
  noGrad(() => {
    for (const parameter of model.parameters()) parameter.add_(0.25);
  });
  return model;
}

async function lightningFile(model: MultiDatasetModel, prefix: string, hyperParameters?: object): Promise<string> {
  const path = join(temporaryFolder(), 'epoch=03-val_bps_overall=0.1234.ckpt');
  const value = {
    'pytorch-lightning_version': '2.5.0',
    ...{ epoch: 3, global_step: 400, state_dict: addPrefix(model.model.stateDict(), prefix) },
    ...(hyperParameters && { hparams_name: 'kwargs', hyper_parameters: hyperParameters }),
  };
  await save(value, path);
  return path;
}

const valuesOf = (module: Module, part: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(module.stateDict()).flatMap(([name, tensor]) =>
      name.startsWith(part) ? [[name, (tensor as Tensor).toArray()]] : [],
    ),
  );

describe('MultiDatasetModel.loadPretrained()', () => {
  it.each(['model.', 'model._orig_mod.', ''])(
    'takes what sees under the prefix "%s", and nothing else',
    async (prefix) => {
      const [source, model] = [trained(), smallModel()];
      const before = valuesOf(model.model, 'readouts');
      const report = await model.loadPretrained(await lightningFile(source, prefix));
      const names = Object.keys(valuesOf(source.model, 'convnet'));
      expect(names.length).toBeGreaterThan(1);
      expect(report).toMatchObject({
        ...{ loaded: names, missing: [], unexpected: [], mismatched: [], frozen: [] },
        breakdown: { adapters: 0, frontend: 0, convnet: names.length },
      });
      expect(valuesOf(model.model, 'convnet')).toEqual(valuesOf(source.model, 'convnet'));
      expect(valuesOf(model.model, 'modulator')).not.toEqual(valuesOf(source.model, 'modulator'));
      expect(valuesOf(model.model, 'readouts')).toEqual(before);
      expect(model.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
    },
  );

  it('freezes what it took, which no optimizer has', async () => {
    const model = smallModel();
    const { frozen } = await model.loadPretrained(await lightningFile(trained(), 'model.'), { freezeVision: true });
    expect(frozen).toEqual(Object.keys(valuesOf(model.model, 'convnet')));
    const { optimizer } = model.configureOptimizers({ maxEpochs: 1 });
    const trains = new Set<unknown>(optimizer.parameters());
    for (const [name, parameter] of model.namedParameters())
      expect(trains.has(parameter)).toBe(!name.includes('convnet'));
    expect(model.hparams).toMatchObject({ freezeVision: true, pretrainedCheckpoint: expect.stringContaining('.ckpt') });
  });

  it('says which weights have another shape, and refuses a file of which nothing fits', async () => {
    const wide = structuredClone(SMALL_CONFIG) as never as { convnet: { params: { channels: number[] } } };
    wide.convnet.params.channels = [6];
    const model = smallModel({ modelConfig: wide as never });
    const path = await lightningFile(trained(), 'model.');
    await expect(model.loadPretrained(path)).rejects.toThrow('Cannot start from');
    const other = join(temporaryFolder(), 'other.pt');
    await save({ 'readouts.0.bias': smallGroup(0).robs }, other);
    await expect(model.loadPretrained(other)).rejects.toThrow(
      'expected weights of adapters, frontend, convnet, got readouts.0.bias',
    );
    await expect(model.loadPretrained(path, { freeze: true } as never)).rejects.toThrow(
      'freeze: expected one of freezeVision',
    );
  });
});

describe('MultiDatasetModel.loadFromCheckpoint()', () => {
  const hyperParameters = {
    ...{ model_cfg: 'gone.yaml', cfg_dir: 'gone', lr: 0.003, wd: 0.02, max_ds: 2, pretrained_checkpoint: null },
    ...{ freeze_vision: false, compile_model: false, model_config_dict: SMALL_CONFIG, core_lr_scale: 0.5 },
  };

  it('takes configuration and hyperparameters of VisionCore’s files, and what they do not have as overrides', async () => {
    const source = trained();
    const path = await lightningFile(source, 'model.', hyperParameters);
    const model = await MultiDatasetModel.loadFromCheckpoint(path, { datasetConfigs: SMALL_DATASETS, wd: 0.1 });
    expect(weightsOf(model)).toEqual(weightsOf(source));
    expect(model.hparams).toMatchObject({ lr: 0.003, wd: 0.1, coreLrScale: 0.5, freezeVision: false });
    await expect(MultiDatasetModel.loadFromCheckpoint(path)).rejects.toThrow('expected a folder or a file, got none');
  });

  it('says what neither the file nor the overrides have, and refuses weights of another network', async () => {
    const path = await lightningFile(trained(), 'model.');
    await expect(MultiDatasetModel.loadFromCheckpoint(path)).rejects.toThrow(
      /modelConfig: expected one in the file or in the overrides, got none.*cfgDir: expected data sets in the file/s,
    );
    const one = { modelConfig: SMALL_CONFIG, datasetConfigs: SMALL_DATASETS.slice(0, 1) };
    await expect(MultiDatasetModel.loadFromCheckpoint(path, one)).rejects.toThrow(/model\.readouts\.1/);
  });
});

describe('a checkpoint of a training', () => {
  it('has everything that the model is made of, a likelihood that learns too, and trains on from it in mixed precision', async () => {
    const rootDir = temporaryFolder();
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, loss_type: 'zip' }, wd: 0.3 });
    const options = { maxEpochs: 1, precision: 'bf16', checkpointDir: rootDir } as const;
    const [epoch] = await multiDatasetTrainer({ model, dm: smallData(), ...options }).train();
    expect(Object.values(epoch!).every(Number.isFinite)).toBe(true);
    const path = join(rootDir, 'multidataset', 'latest.ckpt');
    const loaded = await MultiDatasetModel.loadFromCheckpoint(path);
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(Object.keys(loaded.stateDict())).toContain('loss_fn.pi_logits.1');
    expect(loaded.hparams).toMatchObject({ wd: 0.3, lossType: 'zip', names: ['Ada_1', 'Ada_2'] });
    const other = await MultiDatasetModel.loadFromCheckpoint(path, { lr: 7 });
    expect(other.hparams).toMatchObject({ lr: 7, wd: 0.3 });
  });
});

describe('MultiDatasetModel.create()', () => {
  it('reads the configurations of the network and of the data sets, and says where they came from', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'model.yaml': `${JSON.stringify(SMALL_CONFIG)}\n`,
      'sets/base.yaml': BASE,
      'sets/Ada_1.yaml': 'cids: [0, 2]',
      'sets/Ada_2.yaml': 'cids: [4, 0, 1]',
      'sets/Eve_1.yaml': 'cids: [4]',
    });
    const [modelConfig, cfgDir] = [join(folder, 'model.yaml'), join(folder, 'sets')];
    const pretrainedCheckpoint = await lightningFile(trained(), 'model.');
    const model = await MultiDatasetModel.create({
      modelConfig,
      cfgDir,
      maxDs: 2,
      pretrainedCheckpoint,
      freezeVision: true,
      lr: 1e-3,
    });
    expect([model.names, [...model.model.readouts].map(({ nUnits }) => nUnits)]).toEqual([
      ['Ada_1', 'Ada_2'],
      [2, 3],
    ]);
    expect(model.hparams).toMatchObject({ modelCfg: modelConfig, cfgDir, maxDs: 2, freezeVision: true, lr: 1e-3 });
    expect(valuesOf(model.model, 'convnet')).toEqual(valuesOf(trained().model, 'convnet'));
    await expect(MultiDatasetModel.create({ modelCfg: modelConfig, modelConfig, cfgDir })).rejects.toThrow(
      'modelCfg: expected none beside modelConfig',
    );
    await expect(MultiDatasetModel.create({ modelCfg: modelConfig, cfgDir, freezeVision: true })).rejects.toThrow(
      'freezeVision: expected pretrainedCheckpoint beside it',
    );
  });
});

describe('FrozenCoreModel', () => {
  const datasetConfigs = [...SMALL_DATASETS].reverse();

  it('trains new readouts on the core of the best checkpoint of a folder, which stays as it was', async () => {
    const source = trained();
    const folder = temporaryFolder();
    const hyperParameters = { model_config_dict: SMALL_CONFIG };
    for (const [name, bits] of [
      ['a_x', 0.2],
      ['b_x', 0.4],
      ['a_y', 0.3],
    ] as const) {
      await mkdir(join(folder, name));
      const value = {
        'pytorch-lightning_version': '2.5.0',
        state_dict: addPrefix((bits === 0.3 ? source : smallModel()).model.stateDict(), 'model.'),
      };
      await save(
        { ...value, hyper_parameters: hyperParameters },
        join(folder, name, `epoch=01-val_bps_overall=${bits}000.ckpt`),
      );
      await writeFile(join(folder, name, 'last.ckpt'), 'no checkpoint');
    }
    const model = await FrozenCoreModel.create({
      pretrainedCheckpoint: folder,
      modelType: 'a',
      datasetConfigs: SMALL_DATASETS,
    });
    const second = await FrozenCoreModel.create({
      ...{ pretrainedCheckpoint: folder, modelIndex: 1, datasetConfigs: SMALL_DATASETS },
    });
    expect(second.hparams.pretrainedCheckpoint).toContain(join('a_y', 'epoch=01-val_bps_overall=0.3000'));
    const core = (): unknown => ['convnet', 'modulator'].map((part) => valuesOf(model.model, part));
    expect(core()).toEqual(['convnet', 'modulator'].map((part) => valuesOf(source.model, part)));
    expect(model.hparams).toMatchObject({ lr: 1e-3, lrScheduler: 'cosine_warmup' });
    const [before, heads] = [core(), valuesOf(model.model, 'readouts')];
    await multiDatasetTrainer({ model, dm: smallData(), maxEpochs: 8 }).train();
    expect(core()).toEqual(before);
    expect(valuesOf(model.model, 'readouts')).not.toEqual(heads);
    expect(model.model.convnet.training).toBe(false);
    await expect(
      FrozenCoreModel.create({ pretrainedCheckpoint: folder, modelType: 'c', datasetConfigs }),
    ).rejects.toThrow('expected 1 or more files c*val_bps_overall*.ckpt, got 0');
    await expect(FrozenCoreModel.create({ pretrainedCheckpoint: folder })).rejects.toThrow(
      'cfgDir: expected the new data sets, got none',
    );
  });

  it('refuses a file that lacks a part of the core', async () => {
    const source = trained();
    const path = join(temporaryFolder(), 'part.ckpt');
    const state = Object.entries(addPrefix(source.model.stateDict(), 'model.')).filter(
      ([name]) => !name.includes('modulator'),
    );
    await save({ state_dict: Object.fromEntries(state), hyper_parameters: { model_config_dict: SMALL_CONFIG } }, path);
    await expect(FrozenCoreModel.create({ pretrainedCheckpoint: path, datasetConfigs })).rejects.toThrow(
      /^Cannot take the core of ".*": expected all weights of frontend, convnet, modulator, recurrent, got none that fits for modulator/,
    );
  });
});

describe('files that options do not name', () => {
  it('are refused before any is read, all at once', async () => {
    const wrong = { modelConfig: {}, modelCfg: 'model.yaml', cfgDir: 3, datasetConfigs: [], maxDs: 0, freezeVision: 1 };
    await expect(MultiDatasetModel.create({ ...wrong, pretrainedCheckpoint: '' } as never)).rejects.toThrow(
      [
        'Cannot make a MultiDatasetModel: 6 problems',
        'cfgDir: expected a name, got 3',
        'maxDs: expected an integer of at least 1, got 0',
        'freezeVision: expected true or false, got 1',
        'pretrainedCheckpoint: expected a name, got ""',
        'modelCfg: expected none beside modelConfig',
        'cfgDir: expected none beside datasetConfigs',
      ].join('\n  - '),
    );
    await expect(MultiDatasetModel.create(undefined as never)).rejects.toThrow(
      'expected an options object, got undefined',
    );
    const none = undefined as never;
    for (const load of [() => MultiDatasetModel.loadFromCheckpoint(none), () => smallModel().loadPretrained(none)])
      await expect(load()).rejects.toThrow('Cannot read a checkpoint: expected a path, got undefined');
    await expect(readDatasetConfigs(undefined as never)).rejects.toThrow(
      'Cannot read data sets: cfgDir: expected the path of a folder or a file, got none',
    );
  });
});
