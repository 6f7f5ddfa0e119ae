// Histograms of tensors, counted where the tensors lie and read at once.

import { noGrad } from '../../tensor/autograd.ts';
import { full } from '../../tensor/create.ts';
import { isComplexDType } from '../../tensor/dtype.ts';
import { cat, stack, where } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Histogram } from '../../tracking/data-records.ts';

export interface HistogramOptions {
  /** Bins of equal width from the least to the greatest finite value. Default 64. */
  readonly bins?: number;
}

/** What follows the counts in a row: the least and greatest finite value, sum, sum of squares, values that are not finite. */
const FACTS = 5;

/** Counts the values of a tensor into bins of equal width from the least to the greatest. Values that are NaN or infinite are in none, but counted; where all finite values are
 *  the same, the bins reach half a unit to both sides, as numpy's. Shape: any. Computed in float64 on the tensor's device, which is waited for once.
 *  @throws {RangeError} for bins that are no integer above 0.  @throws {TypeError} for a complex tensor.
 *  @example
 *  import { histogramOf } from 'sconce/trainer';
 *  const { edges, counts } = histogramOf(tensor([0, 1, 1, 4]), { bins: 2 });
 *  edges; // [0, 2, 4]
 *  counts; // [3, 1] */
export function histogramOf(values: Tensor, options: HistogramOptions = {}): Histogram {
  return histogramsOf([values], options)[0]!;
}

/** The same of several tensors, with one wait where they lie on one device. */
export function histogramsOf(tensors: readonly Tensor[], { bins = 64 }: HistogramOptions = {}): Histogram[] {
  if (!Number.isSafeInteger(bins) || bins < 1)
    throw new RangeError(`Cannot make a histogram: expected bins to be an integer above 0, got ${bins}`);
  for (const { dtype } of tensors)
    if (isComplexDType(dtype))
      throw new TypeError(`Cannot make a histogram: expected a real tensor, got ${dtype}; take its abs() or real`);
  const [first] = tensors;
  if (first === undefined) return [];
  const rows = scope(() =>
    noGrad(() => stack(tensors.map((tensor) => countsOf(tensor, bins).to(first.device))).toArray()),
  ) as number[][]; // [T, bins + FACTS]
  return rows.map((row) => histogramFrom(row, bins));
}

/** -> [bins + FACTS], float64. */
function countsOf(tensor: Tensor, bins: number): Tensor {
  const elements = tensor.layout === 'strided' ? tensor : tensor.coalesce().values();
  const values = elements.detach().flatten().to('float64'); // [N]
  const number = (value: number): Tensor => full([], value, { dtype: 'float64', device: values.device });
  if (values.numel === 0) {
    const none = full([bins + FACTS], 0, { dtype: 'float64', device: values.device });
    none.narrow(0, bins, 2).fill_(Number.NaN);
    return none;
  }
  const isSound = values.isfinite();
  const low = where(isSound, values, number(Number.POSITIVE_INFINITY)).min() as Tensor;
  const high = where(isSound, values, number(Number.NEGATIVE_INFINITY)).max() as Tensor;
  const width = high.sub(low);
  const isWide = width.gt(0);
  const start = where(isWide, low, low.sub(0.5));
  const factor = number(bins).div(where(isWide, width, number(1)));
  // What is below 0 is in no bin.
  const places = where(isSound, values.sub(start).mul(factor).clamp({ max: bins }), number(-1));
  const finite = where(isSound, values, number(0));
  const facts = [low, high, finite.sum(), finite.square().sum(), isSound.logicalNot().sum().to('float64')];
  return cat([places.histc({ bins, min: 0, max: bins }), stack(facts)]);
}

function histogramFrom(row: readonly number[], bins: number): Histogram {
  const counts = row.slice(0, bins);
  const [low, high, sum, sumOfSquares, numNonFinite] = row.slice(bins) as [number, number, number, number, number];
  const count = counts.reduce((total, each) => total + each, 0);
  const isWide = high > low;
  const [start, end] = count === 0 ? [0, 1] : isWide ? [low, high] : [low - 0.5, high + 0.5];
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? end : start + (i * (end - start)) / bins));
  const [min, max] = count === 0 ? [Number.NaN, Number.NaN] : [low, high];
  return { edges, counts, min, max, sum, sumOfSquares, count, numNonFinite };
}
