// What pictures need of histograms: quantiles, and counts spread over other bins.

/** Bins by their edges. */
export interface Binned {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** The value that this share of all lies below, in proportion inside its bin; NaN where there is none. */
export function quantile({ edges, counts }: Binned, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0)) return Number.NaN;
  let rest = share * total;
  for (const [bin, count] of counts.entries()) {
    if (count > 0 && rest <= count) return edges[bin]! + (edges[bin + 1]! - edges[bin]!) * (rest / count);
    rest -= count;
  }
  return edges[counts.findLastIndex((count) => count > 0) + 1]!;
}

/** The counts in `numBins` bins of one width between `low` and `high`, each old bin's spread evenly over its width. What lies outside is left out. */
export function respread({ edges, counts }: Binned, low: number, high: number, numBins: number): number[] {
  const width = (high - low) / numBins;
  const spread = new Array<number>(numBins).fill(0);
  for (const [bin, count] of counts.entries()) {
    if (!(count > 0)) continue;
    const [from, to] = [edges[bin]!, edges[bin + 1]!];
    if (to <= low || from >= high) continue;
    const first = Math.max(0, Math.floor((from - low) / width));
    const last = Math.min(numBins - 1, Math.floor((to - low) / width));
    for (let index = first; index <= last; index += 1) {
      const overlap = Math.min(to, low + (index + 1) * width) - Math.max(from, low + index * width);
      if (overlap > 0) spread[index]! += count * (overlap / (to - from));
    }
  }
  return spread;
}
