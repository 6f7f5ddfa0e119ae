// The features of a batch, which a training or validation step hands over beside its values, for whoever looks at them: checks for collapse, alignment, retrieval.

import { Tensor } from '../../tensor/tensor.ts';
import type { LossInputs, LossOutput, MatchIds } from '../losses/multimodal-loss.ts';

/** Under this key the output of a step carries a {@link BatchFeatures}. No name of a metric: a step's values are those of its named entries.
 *  @example
 *  import { FEATURES, featuresOf } from 'sconce/multimodal';
 *  import { randn } from 'sconce';
 *  const output = { loss: randn([]), [FEATURES]: { vision: randn([4, 8]), text: randn([4, 8]) } };
 *  Object.keys(output); // ['loss']
 *  featuresOf(output)?.vision.shape; // [4, 8] */
export const FEATURES: unique symbol = Symbol('sconce.features');

/** What a loss of two modalities was given. Row i of one side belongs to row i of the other. */
export interface BatchFeatures {
  /** Shape: [B, D]. */
  readonly vision: Tensor;
  /** Shape: [B, D]. */
  readonly text: Tensor;
  /** What belongs together, where rows of equal numbers are not all. */
  readonly matchIds?: MatchIds | undefined;
}

/** The features that a step's output carries; undefined where it has none. Its tensors end with the step. */
export function featuresOf(output: unknown): BatchFeatures | undefined {
  if (typeof output !== 'object' || output === null) return undefined;
  const features: unknown = Reflect.get(output, FEATURES);
  if (typeof features !== 'object' || features === null) return undefined;
  const { vision, text, matchIds } = features as Partial<Record<keyof BatchFeatures, unknown>>;
  if (!(vision instanceof Tensor && text instanceof Tensor)) return undefined;
  return { vision, text, ...(matchIds === undefined ? {} : { matchIds: matchIds as MatchIds }) };
}

/** What a loss gave, with the features that it was given for whoever looks at them. */
export function withFeatures(output: LossOutput, inputs: LossInputs): LossOutput {
  const { visionFeatures: vision, textFeatures: text, matchIds } = inputs;
  if (vision === undefined || text === undefined) return output;
  return { ...output, [FEATURES]: { vision, text, ...(matchIds === undefined ? {} : { matchIds }) } };
}
