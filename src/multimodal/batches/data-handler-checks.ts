// What the features of an epoch's first batch look like: measured in its step without waiting for the device, read later.

import { normalize } from '../../nn/functional/normalize.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Below it a standard deviation is one of features that are all the same. Source: multimodal_insight_engine. */
const COLLAPSED_STD = 1e-4;
/** Below it a dimension does not vary over the batch. Source: multimodal_insight_engine. */
const STILL_VARIANCE = 1e-6;

/** How far the mean length of rows may be from 1 when they were given length 1. Source: multimodal_insight_engine. */
const LENGTH_TOLERANCE = 0.01;

/** Of one side, tensors of one element. */
interface Measured {
  readonly side: string;
  readonly dims: number;
  readonly areFinite: Tensor;
  readonly std: Tensor;
  readonly numStill: Tensor;
  /** Mean length of rows that were given length 1. */
  readonly length: Tensor;
}

/** Looks at the first batch of each epoch. */
export class FeatureChecks {
  #epoch = -1;
  #measured: readonly Measured[] = [];

  /** @param features - by side, before they get length 1. Shape: [B, D] each. */
  look(features: Readonly<Record<string, Tensor>>, epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#free();
    this.#measured = noGrad(() => Object.entries(features).map(([side, each]) => measure(side, each.detach())));
  }

  /** What was found since the last call. Waits for the device. */
  takeReports(): string[] {
    const reports = this.#measured.flatMap(reportsOf);
    this.#free();
    return reports;
  }

  #free(): void {
    for (const { areFinite, std, numStill, length } of this.#measured)
      for (const tensor of [areFinite, std, numStill, length]) tensor.dispose();
    this.#measured = [];
  }
}

function measure(side: string, features: Tensor): Measured {
  const values = features.to('float32');
  const variance = values.var({ dim: [0], correction: 0 }); // [D]
  return {
    side,
    dims: features.size(1),
    areFinite: values.isfinite().all().keep(),
    std: values.std({ correction: 0 }).keep(),
    // Of a single row nothing varies, and nothing follows from that.
    numStill: (features.size(0) > 1 ? variance.lt(STILL_VARIANCE).sum() : variance.newZeros([])).keep(),
    length: normalize(values)
      .square()
      .sum({ dim: [1] })
      .sqrt()
      .mean()
      .keep(),
  };
}

function reportsOf({ side, dims, areFinite, std, numStill, length }: Measured): string[] {
  if (!areFinite.item()) return [`Features of ${side} are not finite in the epoch's first batch`];
  const deviation = std.item() as number;
  if (deviation < COLLAPSED_STD)
    return [`Features of ${side} have collapsed: their standard deviation is ${deviation.toExponential(2)}`];
  const mean = length.item() as number;
  if (Math.abs(mean - 1) > LENGTH_TOLERANCE)
    return [`Features of ${side} have rows of zeros: with length 1 each, their mean length is ${mean.toFixed(3)}`];
  const still = Number(numStill.item());
  return still === 0
    ? []
    : [`Features of ${side} do not vary in ${still} of ${dims} dimensions of the epoch's first batch`];
}
