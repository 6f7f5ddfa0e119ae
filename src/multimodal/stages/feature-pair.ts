// The features of both modalities in what a model gives.

import { Tensor } from '../../tensor/tensor.ts';
import { FEATURE_NAMES, type NamedBatch } from '../batches/data-handler.ts';

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
