// Prepares a long, noisy series for a picture: a centred mean that does not lag, and a thinning that keeps every peak.

/** A series' points; `y[i]` belongs to `x[i]`, and `x` never falls. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The mean of the values around each one.
 *  Rule: the mean over the `2 halfWidth + 1` values centred on it, fewer at both ends, non-finite ones left out; a non-finite value stays. */
export function smooth(values: readonly number[], halfWidth: number): number[] {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (const [index, value] of values.entries()) {
    const isCounted = Number.isFinite(value);
    sums[index + 1] = sums[index]! + (isCounted ? value : 0);
    counts[index + 1] = counts[index]! + (isCounted ? 1 : 0);
  }
  return values.map((value, index) => {
    if (!Number.isFinite(value)) return value;
    const from = Math.max(0, index - halfWidth);
    const to = Math.min(values.length, index + halfWidth + 1);
    return (sums[to]! - sums[from]!) / (counts[to]! - counts[from]!);
  });
}

/** At most about `limit` points: of each run of neighbours, the lowest, the highest and one non-finite value, in their order. */
export function thin({ x, y }: Points, limit: number): Points {
  if (x.length <= limit) return { x, y };
  const runLength = Math.ceil((x.length * 2) / limit);
  const kept: number[] = [];
  for (let start = 0; start < y.length; start += runLength) {
    const end = Math.min(start + runLength, y.length);
    let lowest = -1;
    let highest = -1;
    let broken = -1;
    for (let index = start; index < end; index += 1) {
      const value = y[index]!;
      if (!Number.isFinite(value)) {
        broken = index;
        continue;
      }
      if (lowest < 0 || value < y[lowest]!) lowest = index;
      if (highest < 0 || value > y[highest]!) highest = index;
    }
    kept.push(...new Set([lowest, highest, broken].filter((index) => index >= 0).sort((a, b) => a - b)));
  }
  return { x: kept.map((index) => x[index]!), y: kept.map((index) => y[index]!) };
}
