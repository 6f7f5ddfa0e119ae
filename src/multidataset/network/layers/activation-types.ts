// The activations that a configuration can name, by type.

import type { UnaryModule } from '../../../nn/index.ts';
import * as nn from '../../../nn/index.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { BSoftplus, SplitRelu, Square } from './activations.ts';

/** Settings of an activation; each says whose it is, and others refuse it. */
export interface ActivationOptions {
  /** Overwrite the input; of those of PyTorch that can. Default false. */
  readonly inplace?: boolean;
  /** Of 'leakyrelu'. Default 0.01. */
  readonly negativeSlope?: number;
  /** Of 'gelu'. Default 'none'. */
  readonly approximate?: 'none' | 'tanh';
  /** Of 'splitrelu': the axis that becomes twice as long. Default 1. */
  readonly splitDim?: number;
  /** Of 'splitrelu'. Default false. */
  readonly trainableGain?: boolean;
  /** Of 'bsoftplus'. Default 1. */
  readonly betaInit?: number;
  /** Of 'bsoftplus'. Default 0.1. */
  readonly betaMin?: number;
  /** Of 'bsoftplus'. Default 10. */
  readonly betaMax?: number;
}

type Plan = (params: SettingsReader) => () => UnaryModule;
type Inplace = { inplace?: boolean };

/** One that takes nothing. */
const plain =
  (Class: new () => UnaryModule): Plan =>
  () =>
  () =>
    new Class();

const inplace =
  (Class: new (options: Inplace) => UnaryModule): Plan =>
  (params) => {
    const options = { inplace: params.flag('inplace', false) };
    return () => new Class(options);
  };

/** Those of VisionCore under its names, then PyTorch's under theirs. */
const PLANS = {
  relu: inplace(nn.ReLU),
  leakyrelu: (params) => {
    const negativeSlope = params.number('negativeSlope', 0.01);
    const isInplace = params.flag('inplace', false);
    return () => new nn.LeakyReLU({ negativeSlope, inplace: isInplace });
  },
  gelu: (params) => {
    const approximate = params.choice('approximate', ['none', 'tanh'], 'none');
    return () => new nn.GELU({ approximate });
  },
  sigmoid: plain(nn.Sigmoid),
  tanh: plain(nn.Tanh),
  silu: inplace(nn.SiLU),
  swish: inplace(nn.SiLU),
  mish: inplace(nn.Mish),
  softplus: plain(nn.Softplus),
  bsoftplus: (params) => {
    const betaMin = params.number('betaMin', 0.1, { above: 0 });
    const betaMax = params.number('betaMax', 10, { least: betaMin });
    const betaInit = params.number('betaInit', 1, { above: 0 });
    return () => new BSoftplus({ betaInit, betaMin, betaMax });
  },
  identity: plain(nn.Identity),
  square: plain(Square),
  splitrelu: (params) => {
    const splitDim = params.raw('splitDim') ?? 1;
    if (!Number.isInteger(splitDim)) params.note('splitDim', 'an integer');
    const trainableGain = params.flag('trainableGain', false);
    return () => new SplitRelu({ splitDim: splitDim as number, trainableGain });
  },
  elu: inplace(nn.ELU),
  selu: inplace(nn.SELU),
  celu: inplace(nn.CELU),
  relu6: inplace(nn.ReLU6),
  rrelu: inplace(nn.RReLU),
  prelu: plain(nn.PReLU),
  hardtanh: inplace(nn.Hardtanh),
  hardswish: inplace(nn.Hardswish),
  hardsigmoid: inplace(nn.Hardsigmoid),
  hardshrink: plain(nn.Hardshrink),
  softshrink: plain(nn.Softshrink),
  logsigmoid: plain(nn.LogSigmoid),
  softsign: plain(nn.Softsign),
  tanhshrink: plain(nn.Tanhshrink),
} satisfies Readonly<Record<string, Plan>>;

/** Compared without case, so PyTorch's class names do as well. */
export type ActivationType = keyof typeof PLANS | 'none';
export const ACTIVATIONS = Object.keys(PLANS) as Exclude<ActivationType, 'none'>[];

/** An activation whose settings have been read. */
export interface ActivationPlan {
  make(): UnaryModule;
  /** Whether the channels become twice as many. */
  readonly isDoubling: boolean;
}

/** Reads an activation for feature maps of `axes` axes, batch and channels included. */
export function planActivation(type: ActivationType, params: SettingsReader, axes: number): ActivationPlan {
  if (type === 'none') return { make: () => new nn.Identity(), isDoubling: false };
  const make = PLANS[type](params);
  const splitDim = params.raw('splitDim') ?? 1;
  return { make, isDoubling: type === 'splitrelu' && (splitDim === 1 || splitDim === 1 - axes) };
}
