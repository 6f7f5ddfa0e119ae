// `quickTrain`: a model out of its configuration, trained at once.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { isLoader } from '../../trainer/trainer-problems.ts';
import { AdaptiveConfig } from '../config/adaptive-config.ts';
import type { AdaptiveConfigOptions } from '../config/fields.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import type { LoopMetrics } from './epoch-records.ts';
import type { TrainingLoopOptions } from './loop-options.ts';
import { TrainingLoop } from './training-loop.ts';

/** What a model is trained on; with the options of a `TrainingLoop`. */
export interface QuickTrainOptions extends TrainingLoopOptions {
  readonly trainLoader: BatchLoader<unknown>;
  /** What each epoch is evaluated on. */
  readonly testLoader?: BatchLoader<unknown>;
  /** Default 1. */
  readonly numEpochs?: number;
}

/** What came of it. */
export interface QuickTrained {
  readonly model: AdaptiveModel;
  readonly trainer: TrainingLoop<AdaptiveModel>;
  readonly metricsHistory: readonly LoopMetrics[];
  /** The record of the last epoch. */
  readonly finalMetrics: LoopMetrics;
}

/** Makes an `AdaptiveModel` and a `TrainingLoop` of a configuration, and trains.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: adaptiveneuralnetwork, training/loops.py.
 *  @example
 *  import { quickTrain } from 'sconce/adaptive';
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  const dataset = new TensorDataset([randn([32, 16]), randint(0, 10, [32])] as const);
 *  const config = { numNodes: 8, hiddenDim: 4, inputDim: 16, saveCheckpoint: false, metricsFile: null };
 *  const stream = { write: () => {} };
 *  const { finalMetrics } = await quickTrain(config, { trainLoader: new DataLoader({ dataset, batchSize: 8 }), stream });
 *  finalMetrics.epoch; // 0 */
export async function quickTrain(
  config: AdaptiveConfig | AdaptiveConfigOptions,
  options: QuickTrainOptions,
): Promise<QuickTrained> {
  const { trainLoader, testLoader, numEpochs = 1, ...rest } = options ?? {};
  const loaders = { trainLoader, ...(testLoader === undefined ? {} : { testLoader }) };
  const problems = Object.entries(loaders)
    .filter(([, loader]) => !isLoader(loader))
    .map(([name, loader]) => `${name}: expected a DataLoader, got ${describeValue(loader)}`);
  if (problems.length > 0) throw new ConfigError('train', problems);
  const settings = config instanceof AdaptiveConfig ? config : new AdaptiveConfig(config);
  const model = new AdaptiveModel(settings);
  const trainer = new TrainingLoop(model, settings, rest);
  const metricsHistory = await trainer.train(trainLoader, { ...(testLoader ? { testLoader } : {}), numEpochs });
  return { model, trainer, metricsHistory, finalMetrics: metricsHistory.at(-1)! }; // there is an epoch at least
}
