// What values are called outside of the loop, where that is not what the loop calls them.

/** From the loop's name of a value, as `train/loss` or `val/dl_main/accuracy`, to the one under which the log, the history, callbacks and monitors have it;
 *  undefined for one that stays inside. Pure. */
export type MetricNaming = (name: string) => string | undefined;

/** Names of values, in both directions. */
export class MetricNames {
  readonly #naming: MetricNaming | undefined;
  /** By the name outside. */
  readonly #inner = new Map<string, string>();

  constructor(naming?: MetricNaming) {
    this.#naming = naming;
  }

  /** Values by their names outside. @throws {RangeError} where two values get one name. */
  outer<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
    const naming = this.#naming;
    if (naming === undefined) return values;
    const named: Record<string, T> = {};
    for (const name in values) {
      const outer = naming(name);
      if (outer === undefined) continue;
      const other = this.#inner.get(outer) ?? name;
      if (typeof outer !== 'string' || other !== name)
        throw new RangeError(
          `Cannot name values: expected metricNaming to give each a name of its own, got ${JSON.stringify(outer)} for "${name}"${other === name ? '' : ` and for "${other}"`}`,
        );
      this.#inner.set(outer, name);
      named[outer] = values[name]!;
    }
    return named;
  }

  /** The loop's name of a value. */
  inner(outer: string): string {
    return this.#inner.get(outer) ?? outer;
  }
}
