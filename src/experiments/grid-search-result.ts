// What came out of a grid search: each run's parameters beside its metrics.

import { alignColumns } from '../tracking/align-columns.ts';
import { bestMetrics, finalMetrics, formatNumber, type MeasuredValue } from '../tracking/index.ts';
import type { BestMode } from '../tracking/summary.ts';
import { recordsOf, type SweepRun, type SweepStatus } from './sweep-runs.ts';

/** One run with what it measured. */
export interface SearchedRun extends SweepRun {
  /** The best value of the search's metric. */
  readonly best: MeasuredValue | undefined;
}

/** A search's runs in the order of its grids.
 *  Source: model-training-framework's GridSearchResult. */
export class GridSearchResult {
  readonly name: string;
  readonly folder: string;
  readonly runs: readonly SearchedRun[];
  /** What runs are compared by. */
  readonly metric: string;
  readonly mode: BestMode;
  /** The signal that ended the search, if one did. */
  readonly interruptedBy: 'SIGINT' | 'SIGTERM' | undefined;

  constructor(fields: Pick<GridSearchResult, 'name' | 'folder' | 'runs' | 'metric' | 'mode' | 'interruptedBy'>) {
    this.name = fields.name;
    this.folder = fields.folder;
    this.runs = fields.runs;
    this.metric = fields.metric;
    this.mode = fields.mode;
    this.interruptedBy = fields.interruptedBy;
  }

  /** Runs by how they stand. */
  count(status: SweepStatus): number {
    return this.runs.filter((run) => run.status === status).length;
  }

  /** The share of runs that finished, from 0 to 1; of no runs it is 0. */
  get successRate(): number {
    return this.runs.length === 0 ? 0 : this.count('finished') / this.runs.length;
  }

  /** The finished run with the best value of the metric; undefined where none has it. */
  get best(): SearchedRun | undefined {
    return this.ranked()[0];
  }

  /** Finished runs, the best first; those without a value, or with one that is not a number, last. */
  ranked(): SearchedRun[] {
    const sign = this.mode === 'min' ? 1 : -1;
    const key = ({ best }: SearchedRun): number => (best === undefined ? Infinity : sign * best.value);
    const ranked = this.runs.filter((run) => run.status === 'finished' && run.best !== undefined);
    return ranked.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }

  /** Parameters that differ between runs. */
  get variedKeys(): string[] {
    const keys = [...new Set(this.runs.flatMap(({ parameters }) => Object.keys(parameters)))];
    const varied = keys.filter(
      (key) => new Set(this.runs.map(({ parameters }) => JSON.stringify(parameters[key]))).size > 1,
    );
    return varied.length > 0 ? varied : keys;
  }

  /** Parameters against metrics as text: the best first, then what did not finish. */
  table(): string {
    const ranked = this.ranked();
    const rest = this.runs.filter((run) => !ranked.includes(run));
    const keys = this.variedKeys;
    const rows = [...ranked, ...rest].map((run) => [
      ...keys.map((key) => show(run.parameters[key])),
      run.best === undefined ? '–' : formatNumber(run.best.value),
      run.best === undefined ? '–' : String(run.best.step),
      run.seconds === undefined ? '–' : `${run.seconds.toFixed(1)} s`,
      run.status === 'failed' ? `failed: ${(run.message ?? '').split('\n')[0]}` : run.status,
    ]);
    return alignColumns([[...keys, this.metric, 'at step', 'time', 'status'], ...rows]);
  }

  toJSON(): object {
    const { name, folder, metric, mode, successRate, runs, best } = this;
    return {
      ...{ format: 'sconce-sweep-results', version: 1, name, folder, metric, mode, successRate },
      best: best?.name,
      runs: runs.map((run) => ({ ...run, parameters: run.parameters })),
    };
  }
}

/** Reads what the runs have measured. @param metric - default val/loss where a run has it, else train/loss. */
export async function collectResult(
  runs: readonly SweepRun[],
  options: Pick<GridSearchResult, 'name' | 'folder' | 'mode' | 'interruptedBy'> & {
    readonly metric?: string | undefined;
  },
): Promise<GridSearchResult> {
  const records = await Promise.all(runs.map(({ folder }) => recordsOf(folder)));
  const keys = new Set(records.flatMap((each) => Object.keys(finalMetrics(each))));
  const { metric: asked, ...fields } = options;
  const validated = keyOf(keys, 'val/loss');
  const metric = keyOf(keys, asked ?? (keys.has(validated) ? validated : 'train/loss'));
  const searched = runs.map((run, i) => ({
    ...run,
    best: bestMetrics(records[i]!, { [metric]: options.mode })[metric],
  }));
  return new GridSearchResult({ ...fields, runs: searched, metric });
}

/** `val_loss` is `val/loss`. */
function keyOf(keys: ReadonlySet<string>, asked: string): string {
  if (keys.has(asked)) return asked;
  const plain = (key: string): string => key.replaceAll('/', '_');
  return [...keys].find((key) => plain(key) === plain(asked)) ?? asked;
}

/** A parameter's value in a table. */
export function show(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
