// What modulators share: the perceptron that encodes behaviour, and the shapes of what they are given.

import { ShapeError } from '../../../errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { describeValue } from '../../../trainer/config/problems.ts';
import { type ClipShape, clipShape } from '../clips.ts';
import { ACTIVATIONS, type ActivationType } from '../layers/activation-types.ts';
import { MLP, readWidths } from '../mlp.ts';
import { SettingsReader } from '../settings-reader.ts';

/** The perceptron that encodes behaviour. */
export interface BehaviorEncoderOptions {
  /** There is one type. Default 'mlp'. */
  readonly type?: 'mlp';
  /** Widths of its layers, the last one of the encoding. */
  readonly dims?: readonly number[];
  /** After every layer but the last. Default 'gelu'. */
  readonly activation?: ActivationType;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether behaviour is added to its encoding, where both are of the same width. Default true. */
  readonly residual?: boolean;
  /** After each activation. Default 0. */
  readonly dropout?: number;
  /** Whether the activation follows the last layer too. Default false. */
  readonly lastLayerActivation?: boolean;
}

export interface EncoderPlan {
  /** Width of the encoding. */
  readonly outDim: number;
  make(): MLP;
}

/** Starts to read a modulator's options. */
export function readModulator(featureDim: number, options: object): SettingsReader {
  const read = new SettingsReader(options);
  if (!Number.isSafeInteger(featureDim) || featureDim < 0)
    read.problems.push(`featureDim: expected an integer of at least 0, got ${describeValue(featureDim)}`);
  return read;
}

/** Reads the settings under `encoderParams`. @param dims - where they do not say. */
export function planEncoder(read: SettingsReader, behaviorDim: number, dims: readonly number[]): EncoderPlan {
  const params = read.inner('encoderParams', { dims });
  params.choice('type', ['mlp'], 'mlp');
  const widths = readWidths(params, 'dims');
  const given = params.raw('dims');
  if (Array.isArray(given) && given.length === 0) params.note('dims', 'the width of the encoding', 'an empty list');
  const outDim = widths.at(-1) ?? 1;
  const actType = params.type('activation', ACTIVATIONS, 'gelu');
  if (actType === 'splitrelu') params.note('activation', 'one that keeps the width');
  const options = {
    inputDim: behaviorDim,
    hiddenDims: widths.slice(0, -1),
    outputDim: outDim,
    actType,
    bias: params.flag('bias', true),
    residual: params.flag('residual', true),
    dropout: params.number('dropout', 0, { least: 0, most: 1 }),
    outputActivation: params.flag('lastLayerActivation', false),
  };
  return { outDim, make: () => new MLP(options) };
}

/** The shape of the features, after behaviour has been held to it.
 *  @throws {ShapeError} for other features or another behaviour than the modulator was made for. */
export function checkInputs(
  modulator: string,
  { feats, behavior }: { feats: Tensor; behavior: Tensor },
  { featureDim, behaviorDim }: { featureDim: number; behaviorDim: number },
): ClipShape {
  const shape = clipShape(modulator, feats, featureDim);
  if (behavior.ndim !== 2 || behavior.size(0) !== shape[0] || behavior.size(1) !== behaviorDim)
    throw new ShapeError(
      `Cannot apply ${modulator}: expected behavior [${shape[0]}, ${behaviorDim}], got [${behavior.shape.join(', ')}]`,
    );
  return shape;
}

/** The same values at every place of every frame. Shape: [B, D] -> [B, D, T, H, W], a view. */
export function everywhere(values: Tensor, [, , frames, height, width]: ClipShape): Tensor {
  return values.unflatten(1, [-1, 1, 1, 1]).expand([-1, -1, frames, height, width]);
}
