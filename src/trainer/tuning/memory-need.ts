// How much memory a batch size will need, from sizes that were tried.

/** A size that was tried, and the bytes that it took beside what was there before. */
export interface MeasuredSize {
  readonly batchSize: number;
  readonly needBytes: number;
}

/** The bytes that a greater size will need: along the line through the last two sizes, or the parabola through the last three where that is more, as for
 *  losses that compare every sample with every other.
 *  @param measured - by rising size.  @returns undefined where fewer than two were tried. */
export function predictNeed(measured: readonly MeasuredSize[], batchSize: number): number | undefined {
  const last = measured.slice(-3);
  const [a, b] = last.slice(-2);
  if (a === undefined || b === undefined) return undefined;
  const slope = (b.needBytes - a.needBytes) / (b.batchSize - a.batchSize);
  const line = b.needBytes + slope * (batchSize - b.batchSize);
  const [first] = last;
  if (last.length < 3 || first === undefined) return line;
  const before = (a.needBytes - first.needBytes) / (a.batchSize - first.batchSize);
  const bend = Math.max(0, (slope - before) / (b.batchSize - first.batchSize));
  return line + bend * (batchSize - a.batchSize) * (batchSize - b.batchSize);
}
