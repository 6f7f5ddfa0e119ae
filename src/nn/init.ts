// Initialisers: the same draws in the same order as torch.nn.init, so that a seed gives PyTorch's weights.

import { noGrad } from '../tensor/autograd.ts';
import type { Generator } from '../tensor/generator.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What follows the layer, for the gain of its weights. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'selu';

export interface InitOptions {
  /** Default: the process's own, seeded by `manualSeed`. */
  generator?: Generator;
}

export interface KaimingOptions extends InitOptions {
  /** Negative slope for 'leaky_relu'. Default 0. */
  a?: number;
  /** Keep the variance of the forward ('fan_in', the default) or of the backward pass. */
  mode?: 'fan_in' | 'fan_out';
  /** Default 'leaky_relu', as in PyTorch. */
  nonlinearity?: Nonlinearity;
}

/** Inputs and outputs of one unit of a weight.
 *  @throws {RangeError} for fewer than two dimensions. */
export function calculateFanInAndFanOut(weight: Tensor): { fanIn: number; fanOut: number } {
  const shape = weight.shape;
  if (shape.length < 2)
    throw new RangeError(
      `Cannot compute fan in and fan out: expected at least 2 dimensions, got [${shape.join(', ')}]`,
    );
  const receptive = shape.slice(2).reduce((product, size) => product * size, 1);
  return { fanIn: shape[1]! * receptive, fanOut: shape[0]! * receptive };
}

/** The factor by which a nonlinearity shrinks the standard deviation. Source: torch.nn.init.calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, a = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + a ** 2));
    case 'selu':
      return 3 / 4;
  }
}

const drawing = (options: InitOptions) => (options.generator ? { generator: options.generator } : {});

/** U(low, high). */
export function uniform_(tensor: Tensor, low = 0, high = 1, options: InitOptions = {}): Tensor {
  return noGrad(() => tensor.uniform_({ from: low, to: high, ...drawing(options) }));
}

/** N(mean, std^2). */
export function normal_(tensor: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  return noGrad(() => tensor.normal_({ mean, std, ...drawing(options) }));
}

export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}

export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0);
}

export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/** A weight without elements, as of `new Linear(0, 3)`, has no fan and nothing to draw. */
function isEmpty(tensor: Tensor): boolean {
  return tensor.numel === 0;
}

function kaimingStd(tensor: Tensor, options: KaimingOptions): number {
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  const fan = (options.mode ?? 'fan_in') === 'fan_in' ? fanIn : fanOut;
  return calculateGain(options.nonlinearity ?? 'leaky_relu', options.a ?? 0) / Math.sqrt(fan);
}

/** U(-b, b) with b = gain * sqrt(3 / fan). Source: He et al. 2015, arXiv:1502.01852. */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (isEmpty(tensor)) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, options);
}

/** N(0, (gain^2 / fan)). Source: He et al. 2015, arXiv:1502.01852. */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (isEmpty(tensor)) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), options);
}

/** U(-b, b) with b = gain * sqrt(6 / (fan in + fan out)). Source: Glorot and Bengio 2010. */
export function xavierUniform_(tensor: Tensor, options: InitOptions & { gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  const std = (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut));
  const bound = Math.sqrt(3) * std;
  return uniform_(tensor, -bound, bound, options);
}

/** N(0, gain^2 * 2 / (fan in + fan out)). Source: Glorot and Bengio 2010. */
export function xavierNormal_(tensor: Tensor, options: InitOptions & { gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  return normal_(tensor, 0, (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut)), options);
}
