// Every metric against torchmetrics and scikit-learn, on random batches and at the edge: averages, ties, missing classes, what is ignored, half precision, batches of one.
import { describe, expect, it } from 'vitest';
import { narrow, type Tensor } from '../../src/index.ts';
import * as metrics from '../../src/metrics/index.ts';
import { references } from './reference.ts';

interface Case {
  readonly metric: keyof typeof metrics;
  readonly options: object;
  /** Batches behind one another, and their lengths. */
  readonly inputs?: readonly Tensor[];
  readonly lengths?: readonly number[];
  readonly texts?: readonly [string[], string[][]][];
  readonly expected: readonly number[];
  /** Which values are compared; null is all of them. */
  readonly key: string | null;
}

interface Cases {
  readonly missing: string | null;
  readonly made: Readonly<Record<string, Case>>;
}

type AnyMetric = metrics.MergeableMetric<unknown[]>;
const classes = Object.fromEntries(Object.entries(metrics));
const make = ({ metric, options }: Case): AnyMetric =>
  new (classes[metric] as unknown as new (options: object) => AnyMetric)(options);

function batchesOf({ inputs = [], lengths = [], texts = [] }: Case): unknown[][] {
  let start = 0;
  const cut = lengths.map((length) => {
    start += length;
    return inputs.map((input) => narrow(input, 0, start - length, length));
  });
  return [...cut, ...texts.map((batch) => [...batch])];
}

function valuesOf(metric: AnyMetric, key: string | null): number[] {
  const values = Object.entries(metric.compute()).filter(([name]) => key === null || new RegExp(key).test(name));
  const tables = Object.values(metric.matrices?.() ?? {}).flatMap((matrix) => matrix.values.flat());
  return [...values.map(([, value]) => value), ...tables];
}

const close = (actual: readonly number[], expected: readonly number[]): boolean =>
  actual.length === expected.length &&
  actual.every(
    (value, i) => Object.is(value, expected[i]) || Math.abs(value - expected[i]!) <= 1e-5 * (1 + Math.abs(value)),
  );

// Live numbers are of other batches than the recorded ones.
process.env.SCONCE_PARITY_SEED = '1000';
for (const { source, cases } of await references<Cases>('metrics')) {
  if (cases.missing !== null) console.log(`skipped, metrics against ${source}: ${cases.missing}`);
  describe.skipIf(cases.missing !== null)(`metrics against ${source}`, () => {
    const byMetric: Record<string, [name: string, each: Case][]> = {};
    for (const [name, each] of Object.entries(cases.made ?? {})) {
      byMetric[each.metric] ??= [];
      byMetric[each.metric]!.push([name, each]);
    }
    it.each(Object.entries(byMetric))('%s', (_metric, entries) => {
      const wrong: string[] = [];
      for (const [name, each] of entries) {
        const metric = make(each);
        for (const batch of batchesOf(each)) metric.update(...batch);
        const actual = valuesOf(metric, each.key);
        if (!close(actual, each.expected)) wrong.push(`${name}: expected ${each.expected}, got ${actual}`);
        metric.reset();
      }
      expect(wrong).toEqual([]);
      expect(entries.length).toBeGreaterThan(0);
    });
  });
}
