// `DataHandler`: from a batch to what the model and the loss are given, whatever the names that datasets and models have for it.

import { ConfigError, ShapeError } from '../../errors.ts';
import { checkOptions, flag, type Rule, show } from '../../metrics/options.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import { Module } from '../../nn/module.ts';
import { type Device, isDeviceName } from '../../tensor/device.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { LossInputs, MatchIds } from '../losses/multimodal-loss.ts';
import { FeatureChecks } from './data-handler-checks.ts';

export interface DataHandlerOptions {
  readonly model: Module;
  /** Where batches and the model go. Default: where the model is. */
  readonly device?: Device;
  /** Whether the features of each epoch's first batch are looked at. Default true. */
  readonly enableDiagnostics?: boolean;
  /** Whether features are given length 1 before the loss. Default true; a trainer leaves them alone where its loss says so (`takesRawFeatures`). */
  readonly normalizesFeatures?: boolean;
}

/** What a model of two modalities is given, as one object. A batch of one modality has no other. */
export interface ModelInputs {
  readonly images?: unknown;
  readonly textData?: unknown;
}

/** A batch by names. */
export type NamedBatch = Readonly<Record<string, unknown>>;

/** The names that batches have for the same thing, ours first. */
const BATCH_NAMES = {
  images: ['images', 'image'],
  textData: ['textData', 'text_data', 'text'],
  matchIds: ['matchIds', 'match_ids', 'matchId', 'match_id'],
  labels: ['labels', 'label'],
} as const;

/** Where batches have which samples of the data set they are of; the names stay. */
const INDEX_NAMES = ['indices', 'originalIdx', 'original_idx', 'idx'];

/** Where a model's features are, the first pair that is whole counts. */
const FEATURE_NAMES = [
  [
    ['visionFeaturesEnhanced', 'vision_features_enhanced'],
    ['textFeaturesEnhanced', 'text_features_enhanced'],
  ],
  [
    ['visionFeatures', 'vision_features'],
    ['textFeatures', 'text_features'],
  ],
  [
    ['imageFeatures', 'image_features'],
    ['textFeatures', 'text_features'],
  ],
  [
    ['embeddedImages', 'embedded_images'],
    ['embeddedText', 'embedded_text'],
  ],
] as const;

const RULES: Readonly<Record<string, Rule>> = {
  model: ['a Module', (value) => value instanceof Module],
  device: ['the name of a device', (value) => typeof value === 'string' && isDeviceName(value)],
  enableDiagnostics: flag,
  normalizesFeatures: flag,
};

/** Prepares batches of two modalities. Of a batch it reads `images` (or `image`), `textData` (`text_data`, `text`), `matchIds` (`match_id`) and `labels`; of a model's output the first whole pair of
 *  `visionFeaturesEnhanced` and `textFeaturesEnhanced`, `visionFeatures` and `textFeatures`, `imageFeatures` and `textFeatures`, `embeddedImages` and `embeddedText`, each in snake case too.
 *  Rule: features of tokens are pooled by their mean, and all get length 1, unless `normalizesFeatures` is false. A subclass may override every method.
 *  Source: multimodal_insight_engine, trainers/multimodal/data_handler.py, where features that are missing become zeros.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  @example
 *  import { DataHandler } from 'sconce/multimodal';
 *  const handler = new DataHandler({ model: new nn.Linear(2, 2) });
 *  const batch = handler.toDevice({ image: ones([3, 2]), text: ones([3, 2]), match_id: ['a', 'b', 'a'] });
 *  Object.keys(batch); // ['images', 'textData', 'matchIds']
 *  const inputs = handler.prepareLossInputs(batch, { image_features: ones([3, 4]), text_features: ones([3, 5, 4]) });
 *  inputs.textFeatures?.shape; // [3, 4] */
export class DataHandler {
  readonly model: Module;
  readonly device: Device;
  readonly enableDiagnostics: boolean;
  /** Whether features are given length 1. */
  normalizesFeatures: boolean;
  /** Set by the trainer. */
  currentEpoch = 0;
  readonly #checks = new FeatureChecks();

  constructor(options: DataHandlerOptions) {
    checkOptions('make a DataHandler', options, RULES, ['model']);
    const { model, device, enableDiagnostics = true, normalizesFeatures = true } = options;
    this.model = model;
    this.device = device ?? model.parameters()[0]?.device ?? 'cpu';
    this.enableDiagnostics = enableDiagnostics;
    this.normalizesFeatures = normalizesFeatures;
  }

  /** The batch with its tensors on the device, in objects and lists in it too, and with our names for what has several.
   *  @throws {TypeError} for a batch without names. */
  toDevice(batch: unknown): NamedBatch {
    const moved = this.#move(batch);
    if (typeof moved !== 'object' || moved === null || Array.isArray(moved) || moved instanceof Tensor)
      throw new TypeError(
        `Cannot prepare a batch: expected an object as { images, text }, got ${show(batch)}; let the loader's collate give one`,
      );
    const named: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(moved)) {
      const name = Object.keys(BATCH_NAMES).find((name) => namesOf(name).includes(key)) ?? key;
      if (name === key || !(name in moved)) named[name] ??= value;
      else named[key] = value; // both names are there: each stays what it is
    }
    return named;
  }

  #move(item: unknown): unknown {
    if (item instanceof Tensor) return item.device === this.device ? item : item.to(this.device);
    if (Array.isArray(item)) return item.map((each) => this.#move(each));
    if (typeof item !== 'object' || item === null || ![Object.prototype, null].includes(Object.getPrototypeOf(item)))
      return item;
    return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, this.#move(value)]));
  }

  /** What the model is given of a batch.
   *  @throws {TypeError} for a batch that has neither images nor text. */
  prepareModelInputs(batch: NamedBatch): ModelInputs {
    const [images, textData] = [entryOf(batch, namesOf('images')), entryOf(batch, namesOf('textData'))];
    if (images === undefined && textData === undefined)
      throw new TypeError(
        `Cannot prepare model inputs: expected images or textData in the batch, got ${keysOf(batch)}; rename what the dataset gives, or override prepareModelInputs()`,
      );
    return { ...(images === undefined ? {} : { images }), ...(textData === undefined ? {} : { textData }) };
  }

  /** What the loss is given of a batch and the model's output: features of both sides (with length 1, unless `normalizesFeatures` is false), the ids of what belongs together, labels, the samples' indices, logits, similarities and a penalty (`decorLoss`) where there are any.
   *  @throws {TypeError} for an output without a whole pair of features, unless it has logits or a similarity matrix. @throws {ShapeError} as `getPooledFeatures`. */
  prepareLossInputs(batch: NamedBatch, outputs: unknown): LossInputs {
    const given = outputsOf(outputs);
    const features = this.#featuresOf(given);
    const own = present({
      logits: tensorIn(given, ['logits']),
      similarityMatrix: tensorIn(given, ['similarityMatrix', 'similarity_matrix']),
    });
    if (features === undefined && Object.keys(own).length === 0)
      throw new TypeError(
        `Cannot prepare loss inputs: expected features of both sides in the model's output, as visionFeatures and textFeatures, got ${keysOf(given)}`,
      );
    const similarityNames = ['similarityScores', 'similarity_scores'];
    return {
      ...features,
      ...own,
      ...present({
        matchIds: entryOf(batch, namesOf('matchIds')) as MatchIds | undefined, // the loss refuses what are none
        labels: tensorIn(given, namesOf('labels')) ?? tensorIn(batch, namesOf('labels')),
        indices: tensorIn(batch, INDEX_NAMES),
        similarityScores: tensorIn(given, similarityNames) ?? tensorIn(batch, similarityNames),
        decorLoss: tensorIn(given, ['decorLoss', 'decor_loss']),
        attentionWeights: entryOf(given, ['attentionWeights', 'attention_weights']),
      }),
      inputs: batch,
    };
  }

  #featuresOf(outputs: NamedBatch): { visionFeatures: Tensor; textFeatures: Tensor } | undefined {
    for (const [visionNames, textNames] of FEATURE_NAMES) {
      const [vision, text] = [tensorIn(outputs, visionNames), tensorIn(outputs, textNames)];
      if (vision === undefined || text === undefined) continue;
      const pooled = { vision: this.getPooledFeatures(vision), text: this.getPooledFeatures(text) };
      if (this.enableDiagnostics) this.#checks.look(pooled, this.currentEpoch);
      if (!this.normalizesFeatures) return { visionFeatures: pooled.vision, textFeatures: pooled.text };
      return { visionFeatures: normalize(pooled.vision), textFeatures: normalize(pooled.text) };
    }
    return undefined;
  }

  /** Features of rows. Shape: [B, D] as it is, or [B, N, D] -> [B, D] by the mean over N.
   *  @throws {ShapeError} for any other shape. */
  getPooledFeatures(features: Tensor): Tensor {
    if (features.ndim === 2) return features;
    if (features.ndim === 3) return features.mean({ dim: [1] });
    throw new ShapeError(
      `Cannot pool features: expected shape [B, D] or [B, N, D], got [${features.shape.join(', ')}]`,
    );
  }

  /** Moves the model to the device. */
  ensureModelOnDevice(): void {
    this.model.to({ device: this.device });
  }

  /** Says which epoch the next batches are of; the first of each is looked at. */
  setCurrentEpoch(epoch: number): void {
    if (!Number.isSafeInteger(epoch) || epoch < 0)
      throw new ConfigError('set the epoch', [`epoch: expected an integer from 0 on, got ${show(epoch)}`]);
    this.currentEpoch = epoch;
  }

  /** What the features of an epoch's first batch have shown since the last call, one line each: values that are not finite, features or dimensions that do not vary. Waits for the device. */
  takeReports(): string[] {
    return this.#checks.takeReports();
  }
}

const namesOf = (name: string): readonly string[] => BATCH_NAMES[name as keyof typeof BATCH_NAMES];

/** The entries that are there. */
const present = (entries: LossInputs): LossInputs =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

const keysOf = (object: object): string => `keys ${Object.keys(object).join(', ') || '(none)'}`;

const entryOf = (object: NamedBatch, names: readonly string[]): unknown => {
  const name = names.find((each) => object[each] !== undefined && object[each] !== null);
  return name === undefined ? undefined : object[name];
};

function tensorIn(object: NamedBatch, names: readonly string[]): Tensor | undefined {
  const entry = entryOf(object, names);
  return entry instanceof Tensor ? entry : undefined;
}

function outputsOf(outputs: unknown): NamedBatch {
  if (typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs) && !(outputs instanceof Tensor))
    return outputs as NamedBatch;
  const got = outputs instanceof Tensor ? `a tensor of [${outputs.shape.join(', ')}]` : show(outputs);
  throw new TypeError(
    `Cannot prepare loss inputs: expected an object of features from the model, as { visionFeatures, textFeatures }, got ${got}`,
  );
}
