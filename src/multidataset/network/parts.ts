// What the assembly asks of modulators and readouts.

import { Module } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/index.ts';

/** Lets behaviour act on the features of a core. */
export abstract class Modulator extends Module {
  /** Channels of what `forward` gives. */
  abstract readonly outChannels: number;
  /** @param feats - [B, C, T, H, W].  @param behavior - [B, D]. */
  abstract override forward(feats: Tensor, behavior: Tensor): Tensor;
  /** The prediction errors of all forwards since it was last asked, with gradients, of shape [B, C, 1, H, W] each: what an auxiliary loss punishes. Modulators without a prediction have none. */
  takePredictionErrors?(): readonly Tensor[];
}

/** From features to the units of one data set. */
export abstract class Readout extends Module {
  abstract readonly nUnits: number;
  /** @param features - [B, C, T, H, W].  @param history - what the units did before, [B, lags, N]; for readouts that take it.
   *  @returns [B, N] before the output's activation. */
  abstract override forward(features: Tensor, history?: Tensor): Tensor;
}
