// What a configuration file can name of this layer: the adaptive network, models out of lists of layers, the data of workflows, and what these need.

import { basename, join } from 'node:path';
import { ConfigError } from '../errors.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { scope, Tensor } from '../tensor/index.ts';
import { argmax } from '../tensor/ops.generated.ts';
import { PredictionWriter } from '../trainer/callbacks/prediction-writer.ts';
import type { PartContexts, PartResults } from '../trainer/parts/part-kinds.ts';
import { type Part, type PartSpec, type Parts, part } from '../trainer/parts/registry.ts';
import { PREDICTION } from '../trainer/parts/standard-step.ts';
import { AdaptiveConfig } from './config/adaptive-config.ts';
import { AdaptiveModel } from './model/adaptive-model.ts';
import { type LayeredModelConfig, ModelBuilder } from './workflow/model-builder.ts';
import { PARTS, type WorkflowDataOptions, type WorkflowPart, workflowDataset } from './workflow/workflow-data.ts';

type Options = Readonly<Record<string, unknown>>;

/** `adaptive-model` with the fields of `AdaptiveConfig` as `config`, and `dropout` of its input; `layers` with a list of layers, as `ModelBuilder` builds it; `on-device` with a
 *  `device` and the `model` that is put there; the data set `workflow-data`; the transform `flatten-inputs`; the callback `test-predictions`. */
export const adaptiveParts: Parts = {
  models: {
    'adaptive-model': adaptiveModel(),
    layers: {
      build: (config: object) => new ModelBuilder().buildFromConfig(config as LayeredModelConfig),
      try: (config) => {
        scope(() => void new ModelBuilder({ seed: 0 }).buildFromConfig(config as unknown as LayeredModelConfig));
      },
    },
    'on-device': onDevice(),
  },
  datasets: {
    'workflow-data': part({
      options: {
        ...{ name: String, path: undefined, part: String, splits: Array, seed: Number },
        ...{ width: Number, numClasses: Number, params: {} },
      },
      build: async (options): Promise<PartResults['dataset']> => {
        const of = PARTS.find((each) => each === options.part);
        if (of === undefined)
          throw new ConfigError('make workflow-data', [
            `part: expected one of ${PARTS.join(', ')}, got "${options.part}"`,
          ]);
        return workflowDataset(options as unknown as WorkflowDataOptions, of satisfies WorkflowPart);
      },
    }),
  },
  transforms: {
    'flatten-inputs': part({ options: {}, build: () => flattenInputs }),
  },
  callbacks: {
    'test-predictions': part({
      options: { folder: String },
      build: ({ folder }, { run }: PartContexts['callback']) =>
        new PredictionWriter({
          path: join(folder, basename(run.folder), 'predictions.jsonl'),
          of: 'test',
          select: (output) => classesOf(Reflect.get(Object(output), PREDICTION)),
          name: 'TestPredictions',
        }),
    }),
  },
};

function adaptiveModel(): Part<object, AdaptiveModel> {
  const read = ({ config = {}, dropout = 0, ...others }: Options): { config: AdaptiveConfig; dropout: number } => {
    const problems = Object.keys(others).map((key) => `${key}: expected one of config, dropout, got an unknown key`);
    const isShare = typeof dropout === 'number' && dropout >= 0 && dropout < 1;
    if (!isShare) problems.push(`dropout: expected a number from 0 on and below 1, got ${String(dropout)}`);
    if (problems.length > 0) throw new ConfigError('make an adaptive-model', problems);
    return { config: new AdaptiveConfig(config as object), dropout: dropout as number };
  };
  return {
    build: (options: Options) => {
      const { config, dropout } = read(options);
      const model = new AdaptiveModel(config);
      if (dropout > 0) {
        const zeros = new Dropout(dropout); // no part of the model: it has no state, and the model's names stay
        model.registerForwardPreHook((hooked, [input]) => [zeros.train(hooked.training).forward(input)]);
      }
      return model;
    },
    try: (options) => void read(options),
  };
}

/** Puts a model on a device as soon as it is made: before an optimizer sees its parameters. */
function onDevice(): Part<object, PartResults['model']> {
  return {
    options: { device: String, model: undefined },
    build: async ({ device, model }: { device: string; model: PartSpec }, _context, registry) =>
      (await registry.build('model', model, {})).to(device as 'cpu'),
  };
}

/** [N, …] -> [N, numbers of a sample]; the classes stay. */
function flattenInputs(batch: unknown): unknown {
  const [inputs, ...others] = batch as [Tensor, ...unknown[]]; // of `workflow-data`
  return [inputs.flatten({ startDim: 1 }), ...others];
}

function classesOf(scores: unknown): { predicted: Tensor; scores: Tensor } {
  if (!(scores instanceof Tensor))
    throw new TypeError('Cannot write predictions: expected scores of classes in a tensor, got another output');
  return { predicted: argmax(scores, { dim: 1 }), scores };
}
