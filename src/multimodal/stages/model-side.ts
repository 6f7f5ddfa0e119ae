// One side of what a model of two modalities gives, as a module of its own: what a loss that looks back compares with.

import { Module } from '../../nn/module.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { DataHandler, FEATURE_NAMES, type NamedBatch } from '../data-handler.ts';

/** The features of both sides in a model's output, as it gives them: the first pair that is whole. Features of tokens are pooled. */
export function featurePair(
  outputs: NamedBatch,
  pool: (features: Tensor) => Tensor,
): { visionFeatures: Tensor; textFeatures: Tensor } | undefined {
  for (const [visionNames, textNames] of FEATURE_NAMES) {
    const [vision, text] = [visionNames, textNames].map((names) =>
      names.map((name) => outputs[name]).find((value) => value instanceof Tensor),
    );
    if (vision instanceof Tensor && text instanceof Tensor)
      return { visionFeatures: pool(vision), textFeatures: pool(text) };
  }
  return undefined;
}

/** Runs the model on both modalities and gives the features of one. Shape: a batch -> [B, D]. */
export class ModelSide extends Module {
  readonly model: Module;
  readonly side: 'vision' | 'text';

  constructor(model: Module, side: 'vision' | 'text') {
    super();
    this.model = model;
    this.side = side;
  }

  /** @throws {TypeError} for a model without features of both sides. */
  forward(batch: NamedBatch): Tensor {
    const handler = new DataHandler({ model: this.model, enableDiagnostics: false });
    const inputs = handler.prepareModelInputs(batch);
    const outputs = (this.model.forward as (inputs: object) => NamedBatch).call(this.model, inputs);
    const pair = featurePair(outputs, (features) => handler.getPooledFeatures(features));
    if (pair) return this.side === 'vision' ? pair.visionFeatures : pair.textFeatures;
    throw new TypeError(
      `Cannot look back at the ${this.side} features of ${this.model.constructor.name}: expected features of both sides in its output, got keys ${Object.keys(outputs).join(', ')}`,
    );
  }
}
