// How many bits per spike can be reached at all: those of the true rates.

/** Bits that a prediction tells more about each spike of a unit than its mean rate does, as `val_bps` counts them:
 *
 *      sum over bins of [(r ln(p + 1e-8) - p) - (r ln(m + 1e-8) - m)] / (N ln 2)
 *
 *  with r spikes and p predicted spikes in a bin, N spikes in all bins (at least 1) and m = N / bins. With the rates that the spikes were drawn from no prediction does better, but by chance.
 *  @param spikes - bins x units, row by row.  @param rates - alike, spikes a bin.  @returns bits per spike of each unit. */
export function bitsPerSpike(spikes: ArrayLike<number>, rates: ArrayLike<number>, numUnits: number): number[] {
  const numBins = spikes.length / numUnits;
  return Array.from({ length: numUnits }, (_, unit) => {
    let [total, gain] = [0, 0];
    for (let bin = 0; bin < numBins; bin++) total += spikes[bin * numUnits + unit]!;
    total = Math.max(total, 1);
    const mean = total / numBins;
    for (let bin = 0; bin < numBins; bin++) {
      const [r, p] = [spikes[bin * numUnits + unit]!, rates[bin * numUnits + unit]!];
      gain += r * Math.log(p + 1e-8) - p - (r * Math.log(mean + 1e-8) - mean);
    }
    return gain / total / Math.LN2;
  });
}

/** The mean over the units, where those below 0 count as 0: a session's `val_bps`. */
export function sessionBits(bits: readonly number[]): number {
  return bits.reduce((sum, value) => sum + Math.max(0, value), 0) / bits.length;
}
