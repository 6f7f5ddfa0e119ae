// Draws without replacement in proportion to weights, all of an epoch at once.

/**
 * `count` different samples, each drawn among those that are left in proportion to its weight; at least `count` weights are above 0.
 * Rule: sample i waits for an exponential time of rate w_i, -log(1 - u_i) / w_i with u_i = `drawAt(i)`, uniform in [0, 1), and samples come in the order of these times.
 * Memory: 8 bytes a sample while it is drawn, 4 bytes a draw after. Source: Efraimidis and Spirakis 2006, doi:10.1016/j.ipl.2005.11.003.
 */
export function weightedOrder(
  weights: ArrayLike<number>,
  count: number,
  drawAt: (index: number) => number,
): Int32Array {
  const timeOf = (index: number): number => -Math.log(1 - drawAt(index)) / weights[index]!;
  // A time's lowest bits make room for the index: so a plain sort of doubles, which needs no callback, carries the indices along.
  const indexBits = 32 - Math.clz32(Math.max(weights.length - 1, 0));
  const indexMask = 2 ** indexBits - 1;
  const times = new Float64Array(weights.length);
  const words = new Uint32Array(times.buffer);
  let numTimes = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    times[numTimes] = timeOf(index);
    words[numTimes * 2] = (words[numTimes * 2]! & ~indexMask) | index; // the low word comes first: Node runs on little-endian machines
    numTimes++;
  }
  times.subarray(0, numTimes).sort();
  const indexAt = (place: number): number => words[place * 2]! & indexMask;
  const order = new Int32Array(count);
  for (let place = 0; place < count; place++) order[place] = indexAt(place);
  const isTied = (place: number): boolean =>
    words[place * 2 + 1] === words[place * 2 - 1] && ((words[place * 2]! ^ words[place * 2 - 2]!) & ~indexMask) === 0;
  for (let start = 0, end = 1; start < count; start = end++) {
    while (end < numTimes && isTied(end)) end++;
    if (end - start === 1) continue;
    const tied = Array.from({ length: end - start }, (_, i) => indexAt(start + i));
    tied.sort((a, b) => timeOf(a) - timeOf(b)); // the bits that gave way decide
    order.set(tied.slice(0, count - start), start);
  }
  return order;
}
