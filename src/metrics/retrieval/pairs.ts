// The base of metrics of retrieval between two sets of paired embeddings, and the place of each row's best partner.

import { ShapeError } from '../../errors.ts';
import { arange } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { shapeOf } from '../inputs.ts';
import { type Rule, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';

export interface PairsOptions {
  /** Names of the two sides in the results. Default ['image', 'text']. */
  readonly sides?: readonly [string, string];
}

export const SIDES: Rule = [
  'two names that differ',
  (value) => Array.isArray(value) && value.length === 2 && value.every(text[1]) && value[0] !== value[1],
];

/** Elements of the table of similarities that are looked at together: 64 MiB. */
const BLOCK_ELEMENTS = 2 ** 24;

/** Embeddings of both sides, and labels where rows have several partners. All are kept, 4 bytes an element. */
export abstract class PairsMetric extends TensorMetric {
  readonly #sides: readonly [string, string];

  protected constructor(label: string, { sides = ['image', 'text'] }: PairsOptions) {
    super(label, {
      left: { kind: 'list' },
      right: { kind: 'list' },
      labels: { kind: 'list', isOptional: true },
    });
    this.#sides = sides;
  }

  /** Takes a batch. Shape: left and right [B, D], labels [B].
   *  @throws {TypeError} where some batches have labels and others not.  @throws {ShapeError} for sides of different shapes. */
  update(left: Tensor, right: Tensor, labels?: Tensor): void {
    const sides = `${shapeOf(left)} and ${shapeOf(right)}`;
    if (left.ndim !== 2 || String(left.shape) !== String(right.shape))
      throw new ShapeError(`Cannot update ${this.label}: expected both sides of one shape [B, D], got ${sides}`);
    if (labels && (labels.ndim !== 1 || labels.size(0) !== left.size(0)))
      throw new ShapeError(
        `Cannot update ${this.label}: expected a label for each of ${left.size(0)} rows, got ${shapeOf(labels)}`,
      );
    if (!this.isEmpty && (labels === undefined) === this.has('labels'))
      throw new TypeError(`Cannot update ${this.label}: expected labels for every batch or for none`);
    if (left.size(0) === 0) return;
    this.gather(left.device, () => {
      this.append('left', left.to('float32'));
      this.append('right', right.to('float32'));
      if (labels) this.append('labels', labels);
    });
  }

  /** The places of both directions by their name, as in `image_to_text`: see `bestPlaces`. */
  protected places(): readonly (readonly [direction: string, places: Float64Array])[] {
    const [a, b] = this.#sides;
    return this.reading(() => {
      const [left, right] = [this.read('left'), this.read('right')];
      const labels = this.has('labels')
        ? this.read('labels')
        : arange(left.size(0), { dtype: 'int64', device: left.device });
      return [
        [`${a}_to_${b}`, bestPlaces(left, right, labels)],
        [`${b}_to_${a}`, bestPlaces(right, left, labels)],
      ] as const;
    });
  }
}

/** For each row the place, from 0, of its best partner among all rows of the other side by similarity: how many rows that are no partners are more similar, and half of those exactly as similar.
 *  Not "greater than": what is not a number is above everything, so that a model that gives nothing but NaN finds nothing.
 *  @param blockElements - of the table of similarities that are there at once. */
export function bestPlaces(from: Tensor, to: Tensor, labels: Tensor, blockElements = BLOCK_ELEMENTS): Float64Array {
  const rows = from.size(0);
  const blockRows = Math.max(1, Math.floor(blockElements / rows));
  const parts: Tensor[] = [];
  for (let start = 0; start < rows; start += blockRows) {
    const length = Math.min(blockRows, rows - start);
    parts.push(scope(() => placesOfBlock(from.narrow(0, start, length).matmul(to.t()), labels, start), 'retrieval'));
  }
  return cat(parts).toTypedArray() as Float64Array;
}

/** @param similarity - [R, N] of the rows from `start` on. */
function placesOfBlock(similarity: Tensor, labels: Tensor, start: number): Tensor {
  const own = labels.narrow(0, start, similarity.size(0));
  const isOther = own.unsqueeze(1).ne(labels.unsqueeze(0)); // [R, N]
  const best = similarity.maskedFill(isOther, Number.NEGATIVE_INFINITY).amax({ dim: [1], keepdim: true }); // [R, 1]
  const count = (isCounted: Tensor): Tensor =>
    isCounted
      .logicalAnd(isOther)
      .sum({ dim: [1] })
      .to('float64'); // [R]
  const above = count(similarity.le(best).logicalNot());
  const tied = count(similarity.eq(best));
  return above.add(tied.mul(0.5));
}
