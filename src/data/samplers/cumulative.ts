// Binary search in sums that only grow.

/** The first place whose sum is above `value`: with `value` uniform in [0, last sum), a place comes up in proportion to what it adds, and never one that adds 0. */
export function firstAbove(sums: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
