// The error of classes out of range, which is found when a metric is read.

/** @param numTargets - targets that are no class.  @param numPreds - predictions that are none.  @throws {RangeError} if there are any. */
export function requireInRange(label: string, numClasses: number, numTargets: number, numPreds: number): void {
  if (numTargets + numPreds === 0) return;
  const got = [`${numTargets} targets`, `${numPreds} predictions`].filter((part) => !part.startsWith('0 '));
  throw new RangeError(
    `Cannot compute ${label}: expected classes from 0 to ${numClasses - 1}, got ${got.join(' and ')} outside of them; set ignoreIndex for targets that do not count`,
  );
}
