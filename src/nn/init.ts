// Initialisers: the same draws in the same order as torch.nn.init, so that a seed gives PyTorch's weights.

import { ShapeError } from '../errors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import { tensor as makeTensor, randperm } from '../tensor/create.ts';
import type { Generator } from '../tensor/generator.ts';
import { qr } from '../tensor/linalg.generated.ts';
import { emptyLike, where } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What follows the layer, for the gain of its weights. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

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

/** The factor that makes up for what a nonlinearity takes from the standard deviation.
 *  Rule: 1 for linear maps and the sigmoid, 5/3 for tanh, sqrt(2) for ReLU, sqrt(2 / (1 + slope^2)) for leaky ReLU, 3/4 for SELU.
 *  @param slope - of a leaky ReLU below zero. Default 0.01.  @throws {RangeError} for another nonlinearity.
 *  Source: torch.nn.init.calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + slope ** 2));
    case 'selu':
      return 3 / 4;
    default:
      if (LINEAR.includes(nonlinearity)) return 1;
      throw new RangeError(
        `Cannot calculate a gain: expected one of ${LINEAR.join(', ')}, tanh, relu, leaky_relu, selu, got "${nonlinearity}"`,
      );
  }
}

const LINEAR: readonly string[] = [
  'linear',
  ...['conv1d', 'conv2d', 'conv3d'],
  ...['conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d'],
  'sigmoid',
];

function refuseShape(name: string, expected: string, tensor: Tensor): never {
  throw new ShapeError(`Cannot initialise by ${name}: expected ${expected}, got [${tensor.shape.join(', ')}]`);
}

/** Whether `withoutInit` is running. */
let isSkipped = false;

/** Runs `body`, in which initialisers leave tensors as they are: a model whose every weight is read from a file right afterwards needs no draws. Synchronous.
 *  @internal */
export function withoutInit<T>(body: () => T): T {
  const before = isSkipped;
  isSkipped = true;
  try {
    return body();
  } finally {
    isSkipped = before;
  }
}

/** Changes a tensor without a graph, unless `withoutInit` is running. */
function change(tensor: Tensor, alter: () => Tensor): Tensor {
  return isSkipped ? tensor : noGrad(alter);
}

const drawing = (options: InitOptions) => (options.generator ? { generator: options.generator } : {});

/** Draws from U(low, high). Shape: any, unchanged. Defaults 0 and 1. Source: torch.nn.init.uniform_. */
export function uniform_(tensor: Tensor, low = 0, high = 1, options: InitOptions = {}): Tensor {
  readOptions('uniform_', ['generator'], options);
  return change(tensor, () => tensor.uniform_({ from: low, to: high, ...drawing(options) }));
}

/** Draws from N(mean, std^2). Shape: any, unchanged. Defaults 0 and 1. Source: torch.nn.init.normal_. */
export function normal_(tensor: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  readOptions('normal_', ['generator'], options);
  return change(tensor, () => tensor.normal_({ mean, std, ...drawing(options) }));
}

/** One value everywhere. Source: torch.nn.init.constant_. */
export function constant_(tensor: Tensor, value: number): Tensor {
  return change(tensor, () => tensor.fill_(value));
}

/** Source: torch.nn.init.zeros_. */
export function zeros_(tensor: Tensor): Tensor {
  return change(tensor, () => tensor.zero_());
}

/** Source: torch.nn.init.ones_. */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/** A weight without elements, as of `new Linear(0, 3)`, has no fan and nothing to draw. */
function isEmpty(tensor: Tensor): boolean {
  return tensor.numel === 0;
}

function kaimingStd(tensor: Tensor, options: KaimingOptions): number {
  const { mode = 'fan_in' } = options;
  if (mode !== 'fan_in' && mode !== 'fan_out')
    throw new RangeError(`Cannot initialise a weight: expected mode "fan_in" or "fan_out", got "${String(mode)}"`);
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  const fan = mode === 'fan_in' ? fanIn : fanOut;
  return calculateGain(options.nonlinearity ?? 'leaky_relu', options.a ?? 0) / Math.sqrt(fan);
}

/** Draws from U(-b, b) with b = gain * sqrt(3 / fan); gives a tensor without elements back as it is.
 *  @throws {RangeError} for fewer than two dimensions.  Source: He et al. 2015, arXiv:1502.01852; torch.nn.init.kaiming_uniform_. */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  readOptions('kaimingUniform_', ['generator', 'a', 'mode', 'nonlinearity'], options);
  if (isEmpty(tensor)) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, drawing(options));
}

/** Draws from N(0, gain^2 / fan); gives a tensor without elements back as it is.
 *  @throws {RangeError} for fewer than two dimensions.  Source: He et al. 2015, arXiv:1502.01852; torch.nn.init.kaiming_normal_. */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  readOptions('kaimingNormal_', ['generator', 'a', 'mode', 'nonlinearity'], options);
  if (isEmpty(tensor)) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), drawing(options));
}

/** Draws from U(-b, b) with b = gain * sqrt(6 / (fan in + fan out)).
 *  @param options.gain - default 1.  @throws {RangeError} for fewer than two dimensions.
 *  Source: Glorot and Bengio 2010; torch.nn.init.xavier_uniform_. */
export function xavierUniform_(tensor: Tensor, options: InitOptions & { gain?: number } = {}): Tensor {
  readOptions('xavierUniform_', ['generator', 'gain'], options);
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  const std = (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut));
  const bound = Math.sqrt(3) * std;
  return uniform_(tensor, -bound, bound, drawing(options));
}

/** Draws from N(0, gain^2 * 2 / (fan in + fan out)).
 *  @param options.gain - default 1.  @throws {RangeError} for fewer than two dimensions.
 *  Source: Glorot and Bengio 2010; torch.nn.init.xavier_normal_. */
export function xavierNormal_(tensor: Tensor, options: InitOptions & { gain?: number } = {}): Tensor {
  readOptions('xavierNormal_', ['generator', 'gain'], options);
  const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
  return normal_(tensor, 0, (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut)), drawing(options));
}

/** The identity in a matrix, ones on the diagonal. Shape: [rows, columns]. Source: torch.nn.init.eye_. @throws {ShapeError} for other dimensions. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.ndim !== 2) refuseShape('eye_', '2 dimensions', tensor);
  noGrad(() => tensor.zero_().diagonal().fill_(1));
  return tensor;
}

/** A convolution that gives its input, in as many channels as there are on both sides. Shape: [out, in, ...kernel] of one to three kernel dimensions.
 *  @param options.groups - each group of channels for itself. Default 1.
 *  @throws {ShapeError} for other dimensions, or output channels that the groups do not divide.  Source: torch.nn.init.dirac_. */
export function dirac_(tensor: Tensor, options: { groups?: number } = {}): Tensor {
  readOptions('dirac_', ['groups'], options);
  const { groups = 1 } = options;
  const [out = 0, into = 0, ...kernel] = tensor.shape;
  if (kernel.length < 1 || kernel.length > 3) refuseShape('dirac_', '3, 4 or 5 dimensions', tensor);
  if (!(groups > 0) || out % groups !== 0)
    refuseShape('dirac_', `a first dimension that ${groups} groups divide`, tensor);
  const perGroup = out / groups;
  noGrad(() => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < Math.min(perGroup, into); channel++) {
        const weight = tensor.select(0, group * perGroup + channel).select(0, channel); // [...kernel]
        kernel.reduce((rest, size) => rest.select(0, Math.floor(size / 2)), weight).fill_(1);
      }
    }
  });
  return tensor;
}

/** Rows, or columns where there are fewer, that are orthogonal and of length `gain`; further dimensions count as columns.
 *  Rule: Q of the QR decomposition of N(0, 1), its signs made those of a uniform draw. Shape: at least two dimensions, unchanged.
 *  @param options.gain - default 1.  @throws {ShapeError} for fewer dimensions.
 *  Source: Saxe et al. 2013, arXiv:1312.6120; torch.nn.init.orthogonal_. */
export function orthogonal_(tensor: Tensor, options: InitOptions & { gain?: number } = {}): Tensor {
  readOptions('orthogonal_', ['generator', 'gain'], options);
  if (tensor.ndim < 2) refuseShape('orthogonal_', 'at least 2 dimensions', tensor);
  if (isEmpty(tensor)) return tensor;
  const rows = tensor.size(0);
  const columns = tensor.numel / rows;
  noGrad(() => {
    const normal = tensor.newEmpty([rows, columns]).normal_(drawing(options));
    const [q, r] = qr(rows < columns ? normal.t() : normal);
    q.mul_(r.diag().sign());
    tensor.copy_((rows < columns ? q.t() : q).reshape(tensor.shape)).mul_(options.gain ?? 1);
  });
  return tensor;
}

/** N(0, std^2), with a share of each column set to zero. Shape: [rows, columns].
 *  @param sparsity - the share, in [0, 1].  @param options.std - default 0.01.
 *  @param options.generator - for the normal numbers; which rows are zero comes from the process's own, as in PyTorch.
 *  @throws {ShapeError} for other dimensions.  Source: Martens 2010; torch.nn.init.sparse_. */
export function sparse_(tensor: Tensor, sparsity: number, options: InitOptions & { std?: number } = {}): Tensor {
  readOptions('sparse_', ['generator', 'std'], options);
  if (tensor.ndim !== 2) refuseShape('sparse_', '2 dimensions', tensor);
  if (!(sparsity >= 0 && sparsity <= 1))
    throw new RangeError(`Cannot initialise by sparse_: expected a sparsity from 0 to 1, got ${sparsity}`);
  const [rows = 0, columns = 0] = tensor.shape;
  const numZeros = Math.ceil(sparsity * rows);
  noGrad(() => {
    tensor.normal_({ mean: 0, std: options.std ?? 0.01, ...drawing(options) });
    for (let column = 0; column < columns; column++) {
      const zeros = randperm(rows).narrow(0, 0, numZeros);
      tensor.select(1, column).indexFill_(0, zeros.to(tensor.device), 0);
    }
  });
  return tensor;
}

export interface TruncNormalOptions extends InitOptions {
  /** Default 0. */
  mean?: number;
  /** Before the cut. Default 1. */
  std?: number;
  /** Least value. Default -2. */
  a?: number;
  /** Greatest value. Default 2. */
  b?: number;
}

/** N(mean, std^2) cut to [a, b]: draws outside are drawn again. Shape: any, unchanged.
 *  Rule: rejection from the normal where it keeps more than 0.3 of the draws, else from U(a, b) under the normal's density.
 *  @throws {RangeError} unless a < b and std > 0.  Source: torch.nn.init.trunc_normal_. */
export function truncNormal_(tensor: Tensor, options: TruncNormalOptions = {}): Tensor {
  readOptions('truncNormal_', ['generator', 'mean', 'std', 'a', 'b'], options);
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  if (!(std > 0)) throw new RangeError(`Cannot initialise by truncNormal_: expected std above 0, got ${std}`);
  if (!(a < b)) throw new RangeError(`Cannot initialise by truncNormal_: expected a below b, got ${a} and ${b}`);
  if (isSkipped) return tensor;
  // Of many draws only the last are of use: what is made on the way is freed here.
  scope(
    () =>
      noGrad(() => {
        const [low, high] = [(a - mean) / std, (b - mean) / std];
        const reached = makeTensor([high, low], { dtype: 'float64' }).div(Math.sqrt(2)).erf().toArray() as [
          number,
          number,
        ];
        if ((reached[0] - reached[1]) / 2 > 0.3) redrawNormal(tensor, { mean, std, a, b }, options);
        else redrawUniform(tensor, { mean, std, a, b }, options);
      }),
    'truncNormal_()',
  );
  return tensor;
}

type Cut = { mean: number; std: number; a: number; b: number };

function redrawNormal(tensor: Tensor, { mean, std, a, b }: Cut, options: InitOptions): void {
  const [low, high] = makeTensor([a, b], { dtype: tensor.dtype }).to('float64').toArray() as [number, number];
  const draw = { mean, std, ...drawing(options) };
  let result = tensor.normal_(draw);
  for (;;) {
    const isOutside = result.lt(low).logicalOr(result.gt(high));
    if (isOutside.any().item() === 0) break;
    result = where(isOutside, emptyLike(result).normal_(draw), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

function redrawUniform(tensor: Tensor, { mean, std, a, b }: Cut, options: InitOptions): void {
  const draw = { from: a, to: b, ...drawing(options) };
  const peak = -0.5 * ((Math.max(a, Math.min(mean, b)) - mean) / std) ** 2;
  const heights = emptyLike(tensor);
  const isRefused = (candidates: Tensor): Tensor => {
    const logDensity = candidates.sub(mean).div_(std).pow_(2).mul_(-0.5).sub_(peak);
    return heights.uniform_(drawing(options)).log_().gt(logDensity);
  };
  let pending = isRefused(tensor.uniform_(draw));
  let result = tensor;
  while (pending.any().item() !== 0) {
    const candidates = emptyLike(tensor).uniform_(draw);
    result = where(pending, candidates, result);
    pending = where(pending, isRefused(candidates), pending);
  }
  if (result !== tensor) tensor.copy_(result);
}
