// Shows jobs while they go on: a table that is redrawn where there is a terminal, else a line for each change.
import type { JobReport } from '../../experiments/slurm/job-reports.ts';
import { isFinal } from '../../experiments/slurm/job-states.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { countStates, jobTable, progressOf, reasonOf } from './job-table.ts';

const MAX_ROWS = 40;

export class JobMonitor {
  readonly #stream: ProgressStream;
  readonly #shown = new Map<string, string>();
  #numLines = 0;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Takes in how all jobs stand. */
  update(reports: readonly JobReport[]): void {
    if (this.#stream.isTTY) this.#redraw(reports);
    else for (const report of reports) this.#line(report);
  }

  #line(report: JobReport): void {
    const epoch = report.run?.epoch ?? '';
    const now = `${report.state} ${report.reason} ${epoch}`;
    if (this.#shown.get(report.id) === now) return;
    this.#shown.set(report.id, now);
    const parts = [report.id, report.name, report.state, progressOf(report.run), reasonOf(report)];
    this.#stream.write(`${parts.filter((part) => part !== '').join('  ')}\n`);
  }

  #redraw(reports: readonly JobReport[]): void {
    // What goes on is seen first.
    const sorted = reports.toSorted((a, b) => rankOf(a) - rankOf(b));
    const rest = sorted.length > MAX_ROWS ? [`… and ${sorted.length - MAX_ROWS} more`] : [];
    const lines = [countStates(reports), ...jobTable(sorted.slice(0, MAX_ROWS)).split('\n'), ...rest];
    const width = this.#stream.columns ?? 80;
    const up = this.#numLines > 0 ? `\x1b[${this.#numLines}A` : '';
    this.#stream.write(`${up}${lines.map((line) => `\x1b[2K${line.slice(0, width - 1)}\n`).join('')}\x1b[J`);
    this.#numLines = lines.length;
  }
}

const rankOf = (report: JobReport): number => (report.state === 'RUNNING' ? 0 : isFinal(report) ? 2 : 1);
