// The values of an `Evaluator` as text.

/** @param values - of `evaluate` or `computeRetrievalMetrics`.  @param k - of the recalls. */
export function describeRetrieval(values: Readonly<Record<string, number>>, k: readonly number[]): string {
  const shown = (name: string): string => values[name]?.toFixed(4) ?? 'none';
  const rows = ['accuracy', ...k.map((each) => `recall@${each}`)].map((name) => {
    const whole = name === 'accuracy' ? 'global_accuracy' : `global_avg_${name}`;
    const inBatch = values[whole.replace('global', 'in_batch')];
    const ratio = inBatch === undefined ? '' : `; in its batch ${inBatch.toFixed(4)}${timesOf(inBatch, values[whole])}`;
    return `  ${name}: ${shown(whole)} (i2t ${shown(`global_i2t_${name}`)}, t2i ${shown(`global_t2i_${name}`)})${ratio}`;
  });
  const ranks = `  median rank: i2t ${values.global_i2t_median_rank ?? 'none'}, t2i ${values.global_t2i_median_rank ?? 'none'}`;
  return ['Retrieval among all samples:', ...rows, ranks].join('\n');
}

const timesOf = (inBatch: number, whole = 0): string => (whole > 0 ? `, ${(inBatch / whole).toFixed(1)} times` : '');
