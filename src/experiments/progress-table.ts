// How a sweep stands, for people: a table that is redrawn where there is a terminal, else a line for each change.

import { alignColumns } from '../tracking/align-columns.ts';
import { formatNumber } from '../tracking/number-format.ts';
import type { ProgressStream } from '../tracking/progress.ts';
import type { SweepRun } from './sweep-runs.ts';

const MAX_ROWS = 20;

/** Shows the runs of a sweep. */
export class ProgressTable {
  readonly #stream: ProgressStream;
  readonly #metric: string | undefined;
  readonly #shown = new Map<string, string>();
  #numLines = 0;

  constructor(stream: ProgressStream, metric: string | undefined) {
    this.#stream = stream;
    this.#metric = metric;
  }

  /** Takes in how all runs stand. */
  update(runs: readonly SweepRun[]): void {
    if (this.#stream.isTTY) this.#redraw(runs);
    else for (const run of runs) this.#line(run);
  }

  #line({ name, status, message }: SweepRun): void {
    const before = this.#shown.get(name);
    if (before === status) return;
    this.#shown.set(name, status);
    if (before === undefined && status !== 'running') return; // as it was found
    const [first = ''] = (message ?? '').split('\n');
    this.#stream.write(`${status}  ${name}${first === '' ? '' : `  ${first}`}\n`);
  }

  #redraw(runs: readonly SweepRun[]): void {
    const count = (status: SweepRun['status']): number => runs.filter((run) => run.status === status).length;
    // What goes on is seen first.
    const order = ['running', 'failed', 'interrupted', 'pending', 'finished'];
    const sorted = [...runs].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
    const rows = sorted
      .slice(0, MAX_ROWS)
      .map((run) => [run.name, run.status, String(run.step ?? ''), this.#value(run)]);
    const head = `${count('finished')} of ${runs.length} finished, ${count('running')} at work, ${count('failed')} failed`;
    const rest = runs.length > MAX_ROWS ? [`… and ${runs.length - MAX_ROWS} more`] : [];
    const width = this.#stream.columns ?? 80;
    const lines = [
      head,
      ...alignColumns([['run', 'status', 'step', this.#metric ?? 'loss'], ...rows]).split('\n'),
      ...rest,
    ];
    const up = this.#numLines > 0 ? `\x1b[${this.#numLines}A` : '';
    this.#stream.write(`${up}${lines.map((line) => `\x1b[2K${line.slice(0, width - 1)}\n`).join('')}\x1b[J`);
    this.#numLines = lines.length;
  }

  #value({ final }: SweepRun): string {
    const key =
      this.#metric ?? ['val/loss', 'val_loss', 'train/loss', 'train_loss'].find((each) => final[each] !== undefined);
    const value = key === undefined ? undefined : (final[key] ?? final[key.replace('_', '/')])?.value;
    return value === undefined ? '' : formatNumber(value);
  }
}
