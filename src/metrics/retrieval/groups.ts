// Who belongs together: rows of two sides numbered by their ids, in an order in which partners lie beside each other.

import type { Tensor } from '../../tensor/tensor.ts';

/** The rows of one side. */
export interface Group {
  /** Which row is at each place of the order; undefined where they lie in their own. */
  readonly order: Int32Array | undefined;
  /** The number of each row's id, in that order: never falling. */
  readonly numbers: Int32Array;
  /** Partners of each row, in its own order. */
  readonly partners: Float64Array;
}

/** Numbers ids in the order in which they are first met, so that what lies in order stays there. Without ids row i has row i of the other side. Waits for the device. */
export function groupById(
  numRows: number,
  leftIds?: Tensor,
  rightIds: Tensor | undefined = leftIds,
): { left: Group; right: Group } {
  if (!leftIds || !rightIds) {
    const alone = { order: undefined, numbers: Int32Array.from({ length: numRows }, (_, i) => i) };
    const one = new Float64Array(numRows).fill(1);
    return { left: { ...alone, partners: one }, right: { ...alone, partners: one } };
  }
  const known = new Map<number | bigint, number>();
  const left = numbered(leftIds, known);
  const right = leftIds === rightIds ? left : numbered(rightIds, known);
  const [leftCounts, rightCounts] = [countsOf(left, known.size), countsOf(right, known.size)];
  return { left: grouped(left, leftCounts, rightCounts), right: grouped(right, rightCounts, leftCounts) };
}

function numbered(ids: Tensor, known: Map<number | bigint, number>): Int32Array {
  const values = ids.toTypedArray();
  return Int32Array.from({ length: values.length }, (_, i) => {
    const id = values[i]!;
    let number = known.get(id);
    if (number === undefined) {
      number = known.size;
      known.set(id, number);
    }
    return number;
  });
}

function countsOf(numbers: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const number of numbers) counts[number]! += 1;
  return counts;
}

function grouped(numbers: Int32Array, own: Float64Array, other: Float64Array): Group {
  const partners = Float64Array.from(numbers, (number) => other[number]!);
  if (numbers.every((number, i) => i === 0 || number >= numbers[i - 1]!))
    return { order: undefined, numbers, partners };
  const next = new Int32Array(own.length);
  for (let i = 1; i < own.length; i++) next[i] = next[i - 1]! + own[i - 1]!;
  const order = new Int32Array(numbers.length);
  for (const [i, number] of numbers.entries()) order[next[number]!++] = i;
  return { order, numbers: order.map((i) => numbers[i]!), partners };
}
