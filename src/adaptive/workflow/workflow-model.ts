// The model of a workflow as a part of a configuration file.

import { DATA_ENTRIES } from './data-kinds.ts';
import type { LayerSpec } from './model-builder.ts';
import type { WorkflowFields } from './workflow-fields.ts';

/** A part of a configuration file. */
export type PartSpec = { readonly type: string; readonly [option: string]: unknown };

/** The part that makes the model, on the device that the workflow names. */
export function modelPart(fields: WorkflowFields): PartSpec {
  const { device } = fields.training;
  const model = partOf(fields);
  return device === 'cpu' ? model : { type: 'on-device', device, model };
}

/** Whether the model takes rows, and no pictures. */
export function takesRows({ model }: WorkflowFields): boolean {
  if (model.name === 'adaptive' || model.name === 'mlp') return true;
  const { layers } = model.modelParams as { readonly layers?: readonly LayerSpec[] };
  return model.name === 'layers' && layers?.[0]?.type === 'linear';
}

function partOf(fields: WorkflowFields): PartSpec {
  const { model, training } = fields;
  const { inputDim, hiddenDim, outputDim, numNodes, dropout, modelParams } = model;
  switch (model.name) {
    case 'adaptive': {
      const config = { ...modelParams, numNodes, hiddenDim, inputDim, outputDim, seed: training.seed };
      return { type: 'adaptive-model', config, dropout };
    }
    case 'mlp':
      return { type: 'layers', layers: perceptron(fields) };
    case 'simple_cnn':
      return { type: 'layers', layers: convolutions(fields) };
    default:
      return { ...modelParams, type: model.name };
  }
}

function perceptron({ model }: WorkflowFields): LayerSpec[] {
  const { inputDim, hiddenDim, outputDim, activation, dropout, modelParams } = model;
  const numLayers = Number(modelParams.num_layers ?? modelParams.numLayers ?? 2);
  const hidden = Array.from({ length: numLayers }, (_, i) => [
    { type: 'linear', inFeatures: i === 0 ? inputDim : hiddenDim, outFeatures: hiddenDim },
    { type: activation },
    ...dropoutOf(dropout),
  ]).flat();
  return [...hidden, { type: 'linear', inFeatures: hiddenDim, outFeatures: outputDim }];
}

/** Blocks of a convolution, a norm and an activation, each but the last halved by a pool; then the mean over the picture, and a line. */
function convolutions({ model, dataset }: WorkflowFields): LayerSpec[] {
  const { hiddenDim, outputDim, activation, dropout, modelParams } = model;
  const channels = [
    Number(dataset.datasetParams.channels ?? 1),
    ...((modelParams.channels as readonly number[] | undefined) ?? [32, 64]), // the configuration was checked
    hiddenDim,
  ];
  const blocks = channels
    .slice(1)
    .flatMap((outChannels, i) => [
      { type: 'conv2d', inChannels: channels[i], outChannels, kernelSize: 3, padding: 1 },
      { type: 'batchnorm2d', numFeatures: outChannels },
      { type: activation },
      ...(i < channels.length - 2 ? [{ type: 'maxpool2d', kernelSize: 2 }] : []),
    ]);
  return [
    ...blocks,
    { type: 'adaptive_avgpool2d', outputSize: 1 },
    { type: 'flatten' },
    ...dropoutOf(dropout),
    { type: 'linear', inFeatures: hiddenDim, outFeatures: outputDim },
  ];
}

const dropoutOf = (p: number): LayerSpec[] => (p === 0 ? [] : [{ type: 'dropout', p }]);

/** The pictures of a data set that has some are of these kinds. */
export const hasPictures = (name: string): boolean => ['pictures', 'digits'].includes(DATA_ENTRIES[name]!.kind);
