// The base of metrics of retrieval between two sets of paired embeddings.

import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { shapeOf } from '../inputs.ts';
import { type Rule, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { type Ranking, rankBothWays, type Sides } from './places.ts';

export interface PairsOptions {
  /** Names of the two sides in the results. Default ['image', 'text']. */
  readonly sides?: readonly [string, string];
}

export const SIDES: Rule = [
  'two names that differ',
  (value) => Array.isArray(value) && value.length === 2 && value.every(text[1]) && value[0] !== value[1],
];

export const K: Rule = [
  'a list of integers of at least 1',
  (value) => Array.isArray(value) && value.length > 0 && value.every((k) => Number.isSafeInteger(k) && k >= 1),
];

/** Embeddings of both sides, and labels where rows have other partners than the one at their place. All are kept, 4 bytes an element. */
export abstract class PairsMetric extends TensorMetric {
  /** The names of both directions, as in `image_to_text`. */
  protected readonly directions: readonly [string, string];

  protected constructor(label: string, { sides: [a, b] = ['image', 'text'] }: PairsOptions) {
    super(label, {
      left: { kind: 'list' },
      right: { kind: 'list' },
      labels: { kind: 'list', isOptional: true },
      rightLabels: { kind: 'list', isOptional: true },
    });
    this.directions = [`${a}_to_${b}`, `${b}_to_${a}`];
  }

  /** Takes a batch. Shape: left [B, D], right [C, D], labels [B], rightLabels [C]; without `rightLabels` B is C.
   *  @throws {TypeError} where some batches have labels and others not.  @throws {ShapeError} for sides that do not belong together. */
  update(left: Tensor, right: Tensor, labels?: Tensor, rightLabels?: Tensor): void {
    checkPairs(this.label, { left, right, leftIds: labels, rightIds: rightLabels });
    if (!this.isEmpty && (labels === undefined) === this.has('labels'))
      throw new TypeError(`Cannot update ${this.label}: expected labels for every batch or for none`);
    if (!this.isEmpty && (rightLabels === undefined) === this.has('rightLabels'))
      throw new TypeError(`Cannot update ${this.label}: expected labels of the right side for every batch or for none`);
    if (left.size(0) === 0 && right.size(0) === 0) return;
    this.gather(left.device, () => {
      this.append('left', left.to('float32'));
      this.append('right', right.to('float32'));
      if (labels) this.append('labels', labels);
      if (rightLabels) this.append('rightLabels', rightLabels);
    });
  }

  /** Of the left and of the right side: see `rankBothWays`. Waits for the device. */
  protected rankings(): readonly [Ranking, Ranking] {
    return this.reading(() =>
      rankBothWays({
        left: this.read('left'),
        right: this.read('right'),
        leftIds: this.has('labels') ? this.read('labels') : undefined,
        rightIds: this.has('rightLabels') ? this.read('rightLabels') : undefined,
      }),
    );
  }
}

/** @throws {ShapeError} for sides that do not belong together.  @throws {TypeError} for labels of the right side alone. */
export function checkPairs(label: string, { left, right, leftIds, rightIds }: Sides): void {
  const sides = `${shapeOf(left)} and ${shapeOf(right)}`;
  const isMatrix = left.ndim === 2 && right.ndim === 2 && left.size(1) === right.size(1);
  if (rightIds && !leftIds)
    throw new TypeError(`Cannot update ${label}: expected labels of the left side too, got those of the right alone`);
  if (!rightIds && String(left.shape) !== String(right.shape))
    throw new ShapeError(
      `Cannot update ${label}: expected both sides of one shape [B, D], got ${sides}${isMatrix ? '; give labels of both sides' : ''}`,
    );
  if (!isMatrix) throw new ShapeError(`Cannot update ${label}: expected sides [B, D] and [C, D], got ${sides}`);
  for (const [side, ids] of [
    [left, leftIds],
    [right, rightIds],
  ] as const)
    if (ids && (ids.ndim !== 1 || ids.size(0) !== side.size(0)))
      throw new ShapeError(
        `Cannot update ${label}: expected a label for each of ${side.size(0)} rows, got ${shapeOf(ids)}`,
      );
}
