// The convolutions that a configuration can name, by type.

import type { SettingsReader } from '../settings-reader.ts';
import type { WindowName, WindowOptions } from './anti-alias-window.ts';
import type { ConvGeometry, Dim, KernelOptions } from './conv-settings.ts';
import { planDepthwiseConv } from './depthwise-conv.ts';
import { planSeparableWindowedConv, planStackedConv, planWindowedConv } from './flat-convs.ts';
import { type ConvContext, type ConvPlan, planStandardConv } from './standard-conv.ts';

/** A convolution by its type. The last three are of pictures, `dim` 2. */
export type ConvOptions =
  | (KernelOptions & {
      /** Default 'standard'. */
      readonly type?: 'standard';
      /** Channels in groups that do not mix. Default 1. */
      readonly groups?: number;
    })
  /** Each channel by itself, then a mixture of the channels at each place. */
  | (KernelOptions & { readonly type: 'depthwise' })
  /** A stack of small kernels that make a large one, without anything between them. */
  | (ConvGeometry & {
      readonly type: 'stacked2d';
      /** Default 3. */
      readonly subKernelSize?: number;
      /** Default 1. */
      readonly groups?: number;
      /** Between the small ones. Default 0. */
      readonly dropoutPercentage?: number;
    })
  /** A kernel under a window that is part of the state; separable: a mixture of the channels at each place, then each channel by itself. */
  | (ConvGeometry & {
      readonly type: 'windowed2d' | 'separable_windowed2d';
      /** Default 1. */
      readonly dilation?: number | readonly number[];
      /** Default 1; of 'windowed2d' alone. */
      readonly groups?: number;
      /** Default 'hann'. */
      readonly windowType?: WindowName;
      readonly windowKwargs?: WindowOptions;
    });

type Plan = (conv: SettingsReader, context: ConvContext) => ConvPlan;

const PLANS = {
  standard: planStandardConv,
  depthwise: planDepthwiseConv,
  stacked2d: planStackedConv,
  windowed2d: planWindowedConv,
  separable_windowed2d: planSeparableWindowedConv,
} satisfies Readonly<Record<string, Plan>>;
const TYPES = Object.keys(PLANS) as (keyof typeof PLANS)[];

const DIMS: Readonly<Partial<Record<keyof typeof PLANS, Dim>>> = {
  stacked2d: 2,
  windowed2d: 2,
  separable_windowed2d: 2,
};

/** Reads a convolution. @returns how it is made, undefined where that cannot be told. */
export function planConv(conv: SettingsReader, context: ConvContext): ConvPlan | undefined {
  const given = conv.raw('type');
  const type = conv.choice('type', TYPES, 'standard');
  const isKnown = given === undefined || TYPES.some((known) => known === String(given).toLowerCase());
  const wanted = DIMS[type];
  if (isKnown && (wanted === undefined || wanted === context.dim)) return PLANS[type](conv, context);
  if (isKnown) conv.note('type', `a type for dim ${context.dim} (standard, depthwise)`);
  conv.allowOthers();
  return undefined;
}
