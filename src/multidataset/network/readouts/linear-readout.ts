// `FlattenedLinearReadout`: each unit weighs the features' means over the map.

import { flag } from '../../../metrics/options.ts';
import { Linear } from '../../../nn/layers/linear.ts';
import type { Parameter } from '../../../nn/parameter.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Readout } from '../parts.ts';
import { lastMap } from './gaussian-mask.ts';
import { checkReadout } from './readout-options.ts';

export interface FlattenedLinearReadoutOptions {
  /** Default true. */
  readonly bias?: boolean;
}

/** A linear layer of the features' means over the map, at the last moment: out = W mean_hw(x) + b.
 *  Shape: [B, C, T, H, W] or [B, C, H, W] -> [B, U].
 *  State: `fc.weight` [U, C], `fc.bias` [U], and the same bias once more as `bias`, as VisionCore's files have it.
 *  Source: VisionCore's FlattenedLinearReadout.
 *  @example
 *  import { randn } from 'sconce';
 *  import { FlattenedLinearReadout } from 'sconce/multidataset';
 *  new FlattenedLinearReadout(8, 3).forward(randn([2, 8, 1, 1, 1])).shape; // [2, 3] */
export class FlattenedLinearReadout extends Readout {
  readonly nUnits: number;
  readonly inChannels: number;
  readonly fc: Linear;
  readonly bias: Parameter | undefined;

  /** @throws {ConfigError} that lists every size and option that does not fit. */
  constructor(inChannels: number, nUnits: number, options: FlattenedLinearReadoutOptions = {}) {
    super();
    checkReadout('FlattenedLinearReadout', { inChannels, nUnits }, options, { bias: flag });
    const { bias = true } = options;
    this.nUnits = nUnits;
    this.inChannels = inChannels;
    this.fc = new Linear(inChannels, nUnits, { bias });
    this.bias = this.fc.bias;
  }

  forward(features: Tensor): Tensor {
    const map = lastMap(features, 'FlattenedLinearReadout', this.inChannels); // [B, C, H, W]
    return this.fc.forward(map.mean({ dim: [2, 3] })); // [B, U]
  }
}
