// A perceptron of several layers: what encodes behaviour for modulators, and the history of spikes for readouts.

import { BatchNorm1d, Dropout, Identity, Linear, Module, Sequential, type UnaryModule, utils } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { ACTIVATIONS, type ActivationOptions, type ActivationType, planActivation } from './layers/activation-types.ts';
import { type NormOptions, planNorm } from './layers/norm-types.ts';
import { SettingsReader } from './settings-reader.ts';

export interface MLPOptions {
  readonly inputDim: number;
  readonly outputDim: number;
  /** Widths of the layers between. Default none. */
  readonly hiddenDims?: readonly number[];
  /** After every layer but the last. Default 'relu'. */
  readonly actType?: ActivationType;
  readonly actParams?: ActivationOptions;
  /** Before each activation. Default 'none'. */
  readonly normType?: 'batch' | 'layer' | 'rms' | 'group' | 'none';
  readonly normParams?: NormOptions;
  /** After each activation. Default 0. */
  readonly dropout?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether the input is added to the output, where both are of the same width. Default false. */
  readonly residual?: boolean;
  /** Whether norm and activation follow the last layer too. Default false. */
  readonly outputActivation?: boolean;
  /** Whether each weight is divided by its largest singular value, so that no layer makes a signal grow. Default false. */
  readonly spectralNorm?: boolean;
}

const NORMS = ['batch', 'layer', 'rms', 'group'] as const;

/** A layer of an MLP: y = dropout(act(norm(W x + b))). */
class MLPBlock extends Module {
  readonly linear: Linear;
  readonly norm: UnaryModule;
  readonly act: UnaryModule;
  readonly dropout: UnaryModule;

  constructor(parts: { linear: Linear; norm: UnaryModule; act: UnaryModule; dropout: UnaryModule }) {
    super();
    this.linear = parts.linear;
    this.norm = parts.norm;
    this.act = parts.act;
    this.dropout = parts.dropout;
  }

  forward(input: Tensor): Tensor {
    return this.dropout.forward(this.act.forward(this.norm.forward(this.linear.forward(input))));
  }
}

/** Layers of y = dropout(act(norm(W x + b))) and a last one of W x + b, or like the others with `outputActivation`.
 *  Shape: [B, inputDim] -> [B, outputDim].
 *  @throws {ConfigError} for options that do not fit, all at once.  Source: VisionCore's MLP.
 *  @example
 *  import { randn } from 'sconce';
 *  import { MLP } from 'sconce/multidataset';
 *  const mlp = new MLP({ inputDim: 4, hiddenDims: [8], outputDim: 3, actType: 'gelu' });
 *  mlp.forward(randn([5, 4])).shape; // [5, 3] */
export class MLP extends Module {
  readonly mlp: Sequential;
  readonly inputDim: number;
  readonly outputDim: number;
  readonly residual: boolean;

  constructor(options: MLPOptions) {
    super();
    const read = new SettingsReader(options);
    this.inputDim = read.integer('inputDim');
    this.outputDim = read.integer('outputDim');
    this.residual = read.flag('residual', false);
    const widths = read.raw('hiddenDims') === undefined ? [] : readWidths(read, 'hiddenDims');
    const hasActivation = read.flag('outputActivation', false);
    const hidden = planLayer(read, this.outputDim);
    const dropout = read.number('dropout', 0, { least: 0, most: 1 });
    read.finish('make MLP');
    const all = [this.inputDim, ...widths, this.outputDim];
    const layers = all.slice(1).map((width, i) => {
      const isLast = i === widths.length;
      if (isLast && !hasActivation) return hidden.linear(all[i]!, width);
      const share = isLast ? 0 : dropout;
      return new MLPBlock({
        linear: hidden.linear(all[i]!, width),
        norm: hidden.norm(width),
        act: hidden.act(),
        dropout: share > 0 ? new Dropout(share) : new Identity(),
      });
    });
    this.mlp = new Sequential(...layers);
  }

  forward(input: Tensor): Tensor {
    const output = this.mlp.forward(input) as Tensor;
    return this.residual && this.inputDim === this.outputDim ? output.add(input) : output;
  }
}

/** Widths of layers, a list that may be empty. */
export function readWidths(read: SettingsReader, name: string): readonly number[] {
  const value = read.raw(name);
  const isWidth = (width: unknown): boolean => Number.isSafeInteger(width) && (width as number) > 0;
  if (Array.isArray(value) && value.every(isWidth)) return value as readonly number[];
  read.note(name, 'a list of integers above 0');
  return [];
}

interface LayerPlan {
  linear(from: number, to: number): Linear;
  norm(width: number): UnaryModule;
  act(): UnaryModule;
}

function planLayer(read: SettingsReader, anyWidth: number): LayerPlan {
  const bias = read.flag('bias', true);
  const isSpectral = read.flag('spectralNorm', false);
  const actType = read.type('actType', ACTIVATIONS, 'relu');
  const act = planActivation(actType, read.inner('actParams'), 2);
  if (act.isDoubling) read.note('actType', 'an activation that keeps the width');
  const normType = read.type('normType', NORMS, 'none');
  const params = read.inner('normParams');
  const norm = (width: number): UnaryModule => {
    if (normType === 'batch')
      return new BatchNorm1d(width, { eps: params.number('eps', 1e-5), affine: params.flag('affine', true) });
    return planNorm(normType, params, { numFeatures: width, dim: 2 })();
  };
  norm(anyWidth); // reads the settings, so that what is wrong with them is known
  return {
    linear: (from, to) => {
      const linear = new Linear(from, to, { bias });
      return isSpectral ? utils.spectralNorm(linear) : linear;
    },
    norm,
    act: () => act.make(),
  };
}
