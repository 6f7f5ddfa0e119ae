// `sconce runs`: a table of runs.

import { relative } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { alignColumns } from '../../tracking/align-columns.ts';
import { encodeValues } from '../../tracking/run-format.ts';
import type { ListedRun } from '../runs/list-runs.ts';
import { STATUSES } from '../runs/status.ts';

interface RunsOptions {
  readonly status?: string;
  readonly name?: string;
  readonly tag?: string;
  readonly sort: string;
  readonly reverse?: boolean;
  readonly limit?: number;
  readonly json?: boolean;
}

export function runsCommand(): Command {
  return new Command('runs')
    .description('list the runs of a folder: status, epoch and step, best metrics, age')
    .argument('[folder]', 'where the folders of runs are', 'runs')
    .addOption(new Option('--status <status>', 'only runs that stand so').choices([...STATUSES]))
    .option('--name <text>', 'only runs whose name has this text')
    .option('--tag <tag>', 'only runs whose configuration has this tag')
    .option('--sort <by>', 'age, name, step, status, or a metric as in val/loss; least first, age: newest first', 'age')
    .option('--reverse', 'the other way round')
    .option('--limit <count>', 'so many at most', count)
    .option('--json', 'print [{ name, status, epoch, step, metrics, startedAt, folder, message?, tags, findings? }]')
    .action(async (folder: string, options: RunsOptions) => {
      const { listRuns } = await import('../runs/list-runs.ts');
      const runs = chosen(await listRuns(folder), options);
      if (options.json) {
        console.log(
          JSON.stringify(
            runs.map((run) => ({ ...run, metrics: encodeValues(run.metrics) })),
            null,
            2,
          ),
        );
      } else console.log(runs.length === 0 ? 'No runs.' : table(runs));
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce runs
  sconce runs --status interrupted
  sconce runs experiments --sort val/loss --limit 5
  sconce runs sweeps/rates --sort val/loss

A run without a process and without a summary was killed: go on with it by sconce resume.`,
    );
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected an integer above 0.');
}

function chosen(runs: readonly ListedRun[], options: RunsOptions): ListedRun[] {
  const { status, name, tag, sort, reverse = false, limit } = options;
  const fitting = runs.filter(
    (run) =>
      (status === undefined || run.status === status) &&
      (name === undefined || run.name.includes(name)) &&
      (tag === undefined || run.tags.includes(tag)),
  );
  const sorted = sort === 'age' ? fitting : fitting.sort((a, b) => compare(keyOf(a, sort), keyOf(b, sort)));
  return (reverse ? sorted.reverse() : sorted).slice(0, limit);
}

function keyOf(run: ListedRun, by: string): string | number {
  if (by === 'name' || by === 'status' || by === 'step') return run[by];
  return run.metrics[by] ?? Number.NaN;
}

/** NaN, and runs without the metric, come last. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number')
    return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;
  return a < b ? -1 : 1;
}

const MAX_METRICS = 3;

function table(runs: readonly ListedRun[]): string {
  const hasFindings = runs.some((run) => findingsOf(run) !== '');
  const rows = runs.map((run) => [
    run.name,
    run.status,
    String(run.epoch),
    String(run.step),
    metricsOf(run),
    ...(hasFindings ? [findingsOf(run)] : []),
    ageOf(run.startedAt),
    relative(process.cwd(), run.folder) || '.',
  ]);
  return alignColumns([
    ['name', 'status', 'epoch', 'step', 'metrics', ...(hasFindings ? ['findings'] : []), 'age', 'folder'],
    ...rows,
  ]);
}

/** How many of each severity but notes, as in `1 critical, 2 warnings`; `--json` and the report say what they are. */
function findingsOf({ findings = [] }: ListedRun): string {
  const count = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length;
  const [critical, warnings] = [count('critical'), count('warning')];
  return [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ].join(', ');
}

/** Those of validation first. */
function metricsOf({ metrics }: ListedRun): string {
  const names = Object.keys(metrics).filter((name) => !name.includes('/dl_') && /^(?:train|val|test)\//.test(name));
  const first = [
    ...names.filter((name) => name.startsWith('val/')),
    ...names.filter((name) => !name.startsWith('val/')),
  ];
  return first
    .slice(0, MAX_METRICS)
    .map((name) => `${name} ${Number(metrics[name]!.toPrecision(4))}`)
    .join(', ');
}

function ageOf(startedAt: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(startedAt)) / 1000);
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
