// `FrozenCoreModel`: new data sets on the core of a model that was trained before.

import { stat } from 'node:fs/promises';
import { CheckpointError, ConfigError } from '../../errors.ts';
import { checkOptions, count, text } from '../../metrics/options.ts';
import { type FindCheckpointOptions, findCheckpoint } from './find-checkpoint.ts';
import type { MultiDatasetModelOptions } from './model-options.ts';
import { MultiDatasetModel } from './multi-dataset-model.ts';
import { type CreateModelOptions, readModelFiles, readStoredModel } from './open-model.ts';
import { freezeParts, loadParts } from './pretrained.ts';

/** Options of `FrozenCoreModel.create`. */
export interface FrozenCoreOptions
  extends Omit<
      CreateModelOptions,
      'modelConfig' | 'modelCfg' | 'network' | 'freezeVision' | 'pretrainedCheckpoint' | 'coreLrScale'
    >,
    FindCheckpointOptions {
  /** A checkpoint, ours or VisionCore's, or a folder in which the best is looked for. */
  readonly pretrainedCheckpoint: string;
}

/** What all data sets share. Source: VisionCore. */
export const CORE_PARTS = ['frontend', 'convnet', 'modulator', 'recurrent'] as const;

/** Trains adapters and readouts of new data sets on the frontend, convnet, modulator and recurrent part of a trained model, which stay as they are: they are not trained, and run as in evaluation (no dropout, norms by
 *  their running statistics), where VisionCore's norms go on changing. `create` makes it; defaults are a rate of 1e-3 and the schedule 'cosine_warmup'.
 *  Source: VisionCore, FrozenCoreModel. */
export class FrozenCoreModel extends MultiDatasetModel {
  constructor(options: MultiDatasetModelOptions) {
    super(options);
    freezeParts(this.model, CORE_PARTS, { inEval: true });
  }

  /** Takes the core of a checkpoint.
   *  @throws {CheckpointError} where a weight of the core is missing or of another shape: it would not be the core that was trained. @throws {ConfigError} for options that do not fit. */
  static override async create(options: FrozenCoreOptions): Promise<FrozenCoreModel> {
    const { pretrainedCheckpoint, modelType, modelIndex, ...rest } = options;
    checkOptions(
      'make a FrozenCoreModel',
      { pretrainedCheckpoint, modelType, modelIndex },
      { pretrainedCheckpoint: text, modelType: text, modelIndex: count(0) },
      ['pretrainedCheckpoint'],
    );
    if ((rest.datasetConfigs ?? rest.cfgDir) === undefined)
      throw new ConfigError('make a FrozenCoreModel', ['cfgDir: expected the new data sets, got none']);
    const isFolder = (await stat(pretrainedCheckpoint).catch(() => undefined))?.isDirectory() ?? false;
    const path = isFolder
      ? await findCheckpoint(pretrainedCheckpoint, { modelType, modelIndex })
      : pretrainedCheckpoint;
    const stored = await readStoredModel(path, { ...rest });
    const { modelConfig, modelCfg, lossType } = stored.options;
    const { options: own, origin } = await readModelFiles({
      ...{ lr: 1e-3, lrScheduler: 'cosine_warmup' },
      ...(modelConfig === undefined ? { modelCfg: modelCfg! } : { modelConfig }),
      ...(lossType === undefined ? {} : { lossType }),
      ...rest,
    });
    const model = new FrozenCoreModel(own);
    const { missing, mismatched } = await loadParts(model.model, path, CORE_PARTS);
    const wrong = [...missing, ...mismatched.map(({ name }) => name)];
    if (wrong.length > 0)
      throw new CheckpointError(
        `Cannot take the core of "${path}": expected all weights of ${CORE_PARTS.join(', ')}, got none that fits for ${wrong.join(', ')}`,
        { path },
      );
    Object.assign(model.hparams, origin, { pretrainedCheckpoint: path });
    return model;
  }
}
