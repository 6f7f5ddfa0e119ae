// How the values of several loaders become one.

/** How the values of several loaders become one over all of them:
 *  - `micro_avg_weighted_by_samples`: the mean over all samples; of a metric that can be merged, its value over all samples.
 *  - `macro_avg_equal_loaders`: the mean of the loaders' values.
 *  - `sum`, `max`, `min`: of the loaders' values.
 *  - `primary_metric_per_loader`: there is none; each loader has its own.
 *  - a function of the loaders' values.
 *  Source: model-training-framework, AggregationStrategy. */
export type Aggregation =
  | 'micro_avg_weighted_by_samples'
  | 'macro_avg_equal_loaders'
  | 'primary_metric_per_loader'
  | 'sum'
  | 'max'
  | 'min'
  | ((loaders: readonly LoaderMean[], name: string) => number);

/** One loader's mean of one value. */
export interface LoaderMean {
  readonly loaderName: string;
  readonly mean: number;
  /** Samples that it is over. */
  readonly numSamples: number;
}

/** One value over all loaders, or undefined where there is none to be.
 *  @param loaders - with the `sum` that a mean is made of, where there is one that is exact.
 *  @throws {TypeError} for a function that gives no number. */
export function aggregate(
  loaders: readonly (LoaderMean & { sum?: number })[],
  name: string,
  aggregation: Aggregation,
): number | undefined {
  const means = loaders.map(({ mean }) => mean);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  if (typeof aggregation !== 'function') {
    switch (aggregation) {
      case 'primary_metric_per_loader':
        return undefined;
      case 'macro_avg_equal_loaders':
        return total(means) / loaders.length;
      case 'sum':
        return total(means);
      case 'max':
        return Math.max(...means);
      case 'min':
        return Math.min(...means);
      case 'micro_avg_weighted_by_samples':
        return (
          total(loaders.map(({ mean, numSamples, sum }) => sum ?? mean * numSamples)) /
          total(loaders.map(({ numSamples }) => numSamples))
        );
    }
  }
  const value: unknown = aggregation(
    loaders.map(({ loaderName, mean, numSamples }) => ({ loaderName, mean, numSamples })),
    name,
  );
  if (typeof value === 'number') return value;
  throw new TypeError(`Cannot aggregate "${name}": expected the function to give a number, got ${typeof value}`);
}
