// The normalisations that a configuration can name, by type.

import {
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  Identity,
  InstanceNorm2d,
  InstanceNorm3d,
  type UnaryModule,
} from '../../../nn/index.ts';
import type { SettingsReader } from '../settings-reader.ts';
import type { Dim } from './conv-settings.ts';
import { GlobalResponseNorm, LayerNorm, RMSNorm, SafeGRN } from './norms.ts';

/** `grn` bounds how much it lets features grow, `response` is the one of ConvNeXt V2. */
export const NORMS = ['batch', 'instance', 'layer', 'rms', 'group', 'grn', 'response'] as const;
export type NormType = (typeof NORMS)[number] | 'none';

/** Settings of a norm; each says whose it is, and others refuse it. */
export interface NormOptions {
  /** In the root. Default 1e-5, 1e-6 for 'grn'. */
  readonly eps?: number;
  /** A factor and an offset for each channel that are learned; of 'batch', 'instance', 'rms' and 'group'. Default true, false for 'instance'. */
  readonly affine?: boolean;
  /** Axes of the statistics of 'layer' and 'rms'. Default 1, the channels. */
  readonly targetDim?: number | readonly number[];
  /** Of 'group': has to divide the channels. Default 1. */
  readonly numGroups?: number;
  /** Of 'grn', what is added to the root. Default 0.5. */
  readonly offset?: number;
  /** Of 'grn'. Default true. */
  readonly learnableOffset?: boolean;
}

/** Reads a norm for feature maps of `dim` axes behind the channels. @param numFeatures - channels where it stands.
 *  @returns how it is made. */
export function planNorm(
  type: NormType,
  params: SettingsReader,
  { numFeatures, dim }: { numFeatures: number; dim: Dim },
): () => UnaryModule {
  if (type === 'none') return () => new Identity();
  const eps = params.number('eps', type === 'grn' ? 1e-6 : 1e-5, { above: 0 });
  const readAffine = (fallback: boolean): boolean => params.flag('affine', fallback);
  switch (type) {
    case 'batch': {
      const affine = readAffine(true);
      return () => new (dim === 2 ? BatchNorm2d : BatchNorm3d)(numFeatures, { eps, affine });
    }
    case 'instance': {
      const affine = readAffine(false);
      return () => new (dim === 2 ? InstanceNorm2d : InstanceNorm3d)(numFeatures, { eps, affine });
    }
    case 'layer': {
      const dims = readTargetDims(params, dim);
      return () => new LayerNorm({ dims, eps });
    }
    case 'rms': {
      const [dims, affine] = [readTargetDims(params, dim), readAffine(true)];
      return () => new RMSNorm(numFeatures, { dims, eps, affine });
    }
    case 'group': {
      const [numGroups, affine] = [params.integer('numGroups', 1), readAffine(true)];
      if (numFeatures % numGroups !== 0) params.note('numGroups', `a divisor of ${numFeatures} channels`);
      return () => new GroupNorm(numGroups, numFeatures, { eps, affine });
    }
    case 'grn': {
      const offset = params.number('offset', 0.5, { least: 0.1, most: 1 });
      const learnableOffset = params.flag('learnableOffset', true);
      return () => new SafeGRN(numFeatures, { eps, offset, learnableOffset });
    }
    case 'response':
      return () => new GlobalResponseNorm(numFeatures, { dim, eps });
  }
}

function readTargetDims(params: SettingsReader, dim: Dim): readonly number[] {
  const given = params.raw('targetDim') ?? 1;
  const axes: readonly unknown[] = Array.isArray(given) ? given : [given];
  const last = dim + 1;
  const isAxis = (axis: unknown): axis is number =>
    Number.isInteger(axis) && (axis as number) >= -last - 1 && (axis as number) <= last;
  if (axes.length > 0 && axes.every(isAxis)) return axes;
  params.note('targetDim', `axes from 0 to ${last}`);
  return [1];
}
