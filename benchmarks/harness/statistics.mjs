// Numbers out of samples: medians, because neighbours on the machine only ever add time, and quantiles for the spread.

/** The value below which a share `q` of the values lies, interpolated. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

export const median = (values) => quantile(values, 0.5);

/** Median with the 10th and 90th percentile. */
export const summarize = (values) => ({
  median: median(values),
  p10: quantile(values, 0.1),
  p90: quantile(values, 0.9),
});

/** The median of the ratios of values taken in the same round: what slows a whole round cancels. */
export const ratioOf = (ours, theirs) => median(ours.map((value, round) => value / theirs[round]));
