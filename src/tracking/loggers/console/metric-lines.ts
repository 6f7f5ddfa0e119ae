// The lines in which a console shows what was measured: a step's values by group, an epoch's summary, the loaders' shares.
import { isRepeated } from '../../progress.ts';
import type { Clocks, MetricValues } from '../../run-format.ts';

const SUMMARY = 'epoch_summary/';
const SHARES = 'loader_proportions/';
const COUNTS = 'loader_counts/';

/** What a console shows of the values: 'main' leaves out what `mainValues` says. */
export const CONSOLE_VALUES = ['main', 'all'] as const;

export type ConsoleValues = (typeof CONSOLE_VALUES)[number];

/** Groups of many values, of which files and pictures tell more than a line does. */
const ASIDE = /^(epoch_summary\/)?(profile|system|throughput|gradients|parameters)\//;

/** Values without where time went, memory, speed, norms of parameters and gradients, and in an epoch's summary without those of single loaders that are there over all. */
export function mainValues(values: MetricValues): MetricValues {
  const isMain = (key: string): boolean => !ASIDE.test(key) && !(key.startsWith(SUMMARY) && isRepeated(key, values));
  return Object.fromEntries(Object.entries(values).filter(([key]) => isMain(key)));
}

/** Lines as model-training-framework prints them: `Step 50 | train[loss=0.1234, dl_a/loss=0.2000] | lr=0.0010`, `Epoch 0 Summary: train/loss=0.1234 | …`,
 *  `Epoch 0 Loader Proportions: a: 33.3% (20 batches, 40 samples)`, by batches. A group is the first part of a key. */
export function metricLines(values: MetricValues, { step, epoch }: Clocks): string[] {
  const groups = new Map<string, string[]>(); // of keys with one part the key is the group, and the list is empty
  const summary: string[] = [];
  const shares: string[] = [];
  for (const key in values) {
    const value = values[key]!;
    if (key.startsWith(SUMMARY)) summary.push(`${printable(key.slice(SUMMARY.length))}=${consoleNumber(value)}`);
    else if (key.startsWith(SHARES)) shares.push(...shareOf(key.slice(SHARES.length), value, values));
    else if (!key.startsWith(COUNTS)) addTo(groups, key, value);
  }
  const parts = [...groups].map(([group, entries]) =>
    group.startsWith('/') ? entries.join(', ') : `${group}[${entries.join(', ')}]`,
  );
  return [
    ...(parts.length > 0 ? [`Step ${step} | ${parts.join(' | ')}`] : []),
    ...(summary.length > 0 ? [`Epoch ${epoch} Summary: ${summary.join(' | ')}`] : []),
    ...(shares.length > 0 ? [`Epoch ${epoch} Loader Proportions: ${shares.join(', ')}`] : []),
  ];
}

/** Keys without a group are noted behind a stroke, so that none is taken for a group of the same name. */
function addTo(groups: Map<string, string[]>, key: string, value: number): void {
  const stroke = key.indexOf('/');
  const hasGroup = stroke > 0 && stroke < key.length - 1;
  const group = hasGroup ? printable(key.slice(0, stroke)) : `/${key}`;
  const name = printable(hasGroup ? key.slice(stroke + 1) : key);
  const entries = groups.get(group);
  const entry = `${name}=${consoleNumber(value)}`;
  if (entries) entries.push(entry);
  else groups.set(group, [entry]);
}

/** A loader's share of the batches, with what it gave; nothing for its share of the samples and how far it is from what was wanted. */
function shareOf(key: string, share: number, values: MetricValues): string[] {
  const [, name] = /^(.*)_batches$/s.exec(key) ?? [];
  if (name === undefined) return [];
  const counts = ['batches', 'samples'].flatMap((unit) => {
    const count = values[`${COUNTS}${name}_${unit}`];
    return count === undefined ? [] : [`${count} ${unit}`];
  });
  return [`${printable(name)}: ${(100 * share).toFixed(1)}%${counts.length === 0 ? '' : ` (${counts.join(', ')})`}`];
}

/** Four decimals; with an exponent what they would not show. */
function consoleNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'; // as Python prints them
  return magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e9) ? value.toFixed(4) : value.toExponential(4);
}

/** Text without characters that would move a terminal's cursor or break its line. */
export function printable(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const CONTROL = /\p{Cc}/u;
