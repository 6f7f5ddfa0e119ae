// A workflow as an experiment of a configuration file: `sconce train` and a workflow train by one mechanism.

import type { ExperimentConfig } from '../../config/experiment-types.generated.ts';
import { ConfigError } from '../../errors.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { DATA_ENTRIES } from './data-kinds.ts';
import type { LayeredModelConfig } from './model-builder.ts';
import { readModelFile } from './model-builder.ts';
import { builderProblems } from './model-problems.ts';
import { optimizerPart, schedulerPart } from './optimizer-problems.ts';
import type { WorkflowDataOptions, WorkflowPart } from './workflow-data.ts';
import type { WorkflowFields } from './workflow-fields.ts';
import { hasPictures, modelPart, type PartSpec, takesRows } from './workflow-model.ts';
import { METRIC_PARTS } from './workflow-problems.ts';

/** The layers of `model_params.file` in its place, so that a run keeps them.
 *  @throws {ConfigError} for a file that is not there or does not fit. */
export async function withLayers(fields: WorkflowFields): Promise<WorkflowFields> {
  const { file, ...params } = fields.model.modelParams;
  if (fields.model.name !== 'layers' || file === undefined) return fields;
  const given = await readModelFile(String(file));
  const problems = builderProblems(Object(given), String(file));
  if (problems.length > 0) throw new ConfigError(`read the model "${String(file)}"`, problems);
  const { layers, seed } = given as LayeredModelConfig;
  const modelParams = { ...(seed === undefined ? {} : { seed }), ...params, layers };
  return { ...fields, model: { ...fields.model, modelParams } };
}

/** How the data of a workflow is read. */
export function dataOptions({ dataset, model }: WorkflowFields): WorkflowDataOptions {
  const { name, dataPath, trainSplit, valSplit, testSplit, seed, datasetParams } = dataset;
  return {
    name,
    path: dataPath,
    splits: [trainSplit, valSplit, testSplit],
    seed,
    width: model.inputDim,
    numClasses: model.outputDim,
    params: Object.fromEntries(Object.entries(datasetParams).map(([key, value]) => [camelCased(key), value])),
  };
}

/** The experiment that a workflow describes.  @param fields - of a model whose layers are there.  @param name - of the experiment. */
export function experimentOfWorkflow(fields: WorkflowFields, name: string): ExperimentConfig {
  const { dataset, training, evaluation, model } = fields;
  const scheduler = schedulerPart(fields);
  const monitored = monitorOf(fields);
  const loaders = loadersOf(fields);
  return {
    experimentName: name,
    seed: training.seed,
    model: modelPart(fields),
    loss: 'cross-entropy',
    optimizer: optimizerPart(fields.optimizer),
    ...(scheduler ? { scheduler } : {}),
    data: {
      train: loaders('train'),
      ...(dataset.valSplit > 0 ? { val: loaders('val') } : {}),
      ...(dataset.testSplit > 0 ? { test: loaders('test') } : {}),
    },
    metrics: evaluation.metrics.flatMap((metric) => {
      const type = METRIC_PARTS[metric];
      return type === undefined ? [] : [{ type, task: 'multiclass', numClasses: model.outputDim }];
    }),
    callbacks: [
      training.verbose ? { type: 'logging', logInterval: training.logEveryNSteps } : 'progress',
      ...(evaluation.savePredictions ? [{ type: 'test-predictions', folder: evaluation.outputDir }] : []),
    ],
    training: { maxEpochs: training.epochs },
    ...(training.maxSteps === undefined ? {} : { maxSteps: training.maxSteps }),
    logEveryNSteps: training.logEveryNSteps,
    logging: { loggerType: 'tensorboard', tensorboardDir: training.logDir },
    performance: {
      gradientAccumulationSteps: training.gradientAccumulationSteps,
      useAmp: training.useAmp,
      ...(training.maxGradNorm === 0 ? {} : { clipGradNorm: training.maxGradNorm }),
    },
    checkpoint: {
      saveEveryNEpochs: training.saveEveryNEpochs,
      maxCheckpoints: training.keepLastNCheckpoints,
      ...(monitored ? { monitorMetric: monitored.metric, monitorMode: monitored.mode } : {}),
    },
    ...(training.earlyStopping && monitored
      ? {
          earlyStoppingPatience: training.earlyStoppingPatience,
          earlyStoppingMetric: monitored.metric,
          earlyStoppingMode: monitored.mode,
        }
      : {}),
  };
}

/** What the best checkpoint goes by; undefined where there is no validation. */
function monitorOf({ dataset, training }: WorkflowFields): { metric: string; mode: 'min' | 'max' } | undefined {
  if (dataset.valSplit === 0) return undefined;
  const metric = training.earlyStoppingMetric.replace('_', '/');
  return { metric, mode: metric.endsWith('loss') ? 'min' : 'max' };
}

function loadersOf(fields: WorkflowFields): (part: WorkflowPart) => { dataset: PartSpec; [option: string]: unknown } {
  const { dataset, evaluation } = fields;
  const { path, ...options } = dataOptions(fields);
  return (part) => {
    const isTraining = part === 'train';
    return {
      dataset: { type: 'workflow-data', ...options, ...(path === undefined ? {} : { path }), part },
      batchSize: isTraining ? dataset.batchSize : evaluation.batchSize,
      seed: dataset.seed,
      transforms: [
        ...(isTraining && dataset.augmentation ? augmentations(dataset.augmentationParams) : []),
        ...(hasPictures(dataset.name) ? pixels(fields) : []),
      ],
      ...(isTraining ? { shuffle: dataset.shuffle, numWorkers: dataset.numWorkers } : {}),
    };
  };
}

const augmentations = (params: Readonly<Record<string, unknown>>): PartSpec[] =>
  Object.entries(params).map(([type, options]) => ({ ...(options as object), type })); // the configuration was checked

/** From bytes to numbers of mean 0 and deviation 1 over MNIST's and Fashion-MNIST's training pictures; rows for a model that takes rows. */
function pixels(fields: WorkflowFields): (PartSpec | string)[] {
  const { collection } = DATA_ENTRIES[fields.dataset.name]!; // the configuration was checked
  const channels = Number(fields.dataset.datasetParams.channels ?? 1);
  const each = (value: number): number[] => Array<number>(channels).fill(value);
  return [
    ...(collection
      ? [
          { type: 'to-dtype', dtype: 'float32', scale: true },
          { type: 'normalize', mean: each(collection.mean), std: each(collection.std) },
        ]
      : []),
    ...(takesRows(fields) ? ['flatten-inputs'] : []),
  ];
}
