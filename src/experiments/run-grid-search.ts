// `runGridSearch`: runs the experiments of a search here, each in a process of its own, some at a time; what was interrupted goes on.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { figure } from '../tracking/plots/figure.ts';
import type { BestMode } from '../tracking/summary.ts';
import { describeUnknown, describeValue } from '../trainer/config/problems.ts';
import { type Parameters, unflatten } from './dot-paths.ts';
import type { ParameterGridSearch } from './grid-search.ts';
import { collectResult, type GridSearchResult } from './grid-search-result.ts';
import { sanitizeName } from './naming.ts';
import { SweepProcess, sweepSettings } from './sweep-process.ts';
import { lastValues, lookAt, openSweep, type SweepRun, workingProcess } from './sweep-runs.ts';

export interface RunGridSearchOptions {
  /** The file that `sconce train` runs. The base configuration and each experiment's parameters are its options. */
  readonly experiment: string;
  /** Where the search keeps its runs. Default `sweeps/{name}`. */
  readonly folder?: string;
  /** Runs at the same time. Default 1: one after another. */
  readonly maxParallel?: number;
  /** Threads of each run. Default: the machine's cores divided among the runs at work, and no more than OMP_NUM_THREADS says. */
  readonly threads?: number;
  /** What runs are compared by, as in 'val/loss' or `val_loss`. Default: val/loss where there is one, else train/loss. */
  readonly metric?: string;
  /** Default 'min'. */
  readonly mode?: BestMode;
  /** A run that fails stops the others, orderly. Default false. */
  readonly stopOnFailure?: boolean;
  /** Runs that failed before begin again. Default false: they stay as they are. */
  readonly retryFailed?: boolean;
  /** Told how all runs stand, about once a second and whenever that changes. */
  readonly onProgress?: (runs: readonly SweepRun[]) => void;
}

const OPTIONS = [
  ...['experiment', 'folder', 'maxParallel', 'threads', 'metric', 'mode', 'stopOnFailure', 'retryFailed', 'onProgress'],
];

/** Runs all experiments of a search, and compares them: `results.txt`, `results.json` and a picture for each parameter lie in the search's folder then.
 *  Called again it goes on: finished runs stay, interrupted ones are resumed from their newest checkpoint, others begin. A run that fails does not stop the others.
 *  SIGINT and SIGTERM stop every run at its next step, with a checkpoint; the second one ends them at once.
 *  @throws {ConfigError} for options that cannot be, a folder of another search, and one in which runs are still at work. */
export async function runGridSearch(
  search: ParameterGridSearch,
  options: RunGridSearchOptions,
): Promise<GridSearchResult> {
  const generated = search.generateExperiments().map(({ name, parameters }) => ({ name, parameters }));
  if (generated.length === 0)
    throw new ConfigError('run a grid search', ['grids: expected at least one combination, got none']);
  return runExperiments(search.name, search.baseConfig, generated, options);
}

/** Runs experiments that have their names. @internal */
export async function runExperiments(
  name: string,
  baseConfig: Parameters,
  generated: readonly { readonly name: string; readonly parameters: Parameters }[],
  options: RunGridSearchOptions,
): Promise<GridSearchResult> {
  const problems = optionProblems(options);
  if (problems.length > 0) throw new ConfigError('run a grid search', problems);
  const folder = resolve(options.folder ?? join('sweeps', sanitizeName(name)));
  const { experimentName: _, experiment_name: __, ...settings } = unflatten(baseConfig, 'run a grid search');
  const asked = { experiment: options.experiment, base: settings, experiments: generated };
  const experiments = await openSweep(folder, asked);
  return new Sweep(folder, settings, options).run(experiments, name);
}

function optionProblems(options: RunGridSearchOptions): string[] {
  const problems = Object.keys(options)
    .filter((key) => !OPTIONS.includes(key))
    .map((key) => `${key}: ${describeUnknown(key, OPTIONS)}`);
  const expect = (isFine: boolean, key: keyof RunGridSearchOptions, wanted: string): void => {
    if (!isFine) problems.push(`${key}: expected ${wanted}, got ${describeValue(options[key])}`);
  };
  const isCount = (value: unknown): boolean =>
    value === undefined || (Number.isSafeInteger(value) && (value as number) > 0);
  const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
  expect(
    typeof options.experiment === 'string' && options.experiment !== '',
    'experiment',
    'the path of an experiment',
  );
  expect(isCount(options.maxParallel), 'maxParallel', 'an integer above 0');
  expect(isCount(options.threads), 'threads', 'an integer above 0');
  expect([undefined, 'min', 'max'].includes(options.mode), 'mode', 'one of min, max');
  expect(isFlag(options.stopOnFailure), 'stopOnFailure', 'true or false');
  expect(isFlag(options.retryFailed), 'retryFailed', 'true or false');
  return problems;
}

const PROGRESS_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A search while it runs. */
class Sweep {
  readonly #folder: string;
  readonly #settings: Parameters;
  readonly #options: RunGridSearchOptions;
  readonly #maxParallel: number;
  readonly #working = new Map<number, SweepProcess>();
  #runs: SweepRun[] = [];
  #isStopping = false;
  #signal: (typeof SIGNALS)[number] | undefined;

  constructor(folder: string, settings: Parameters, options: RunGridSearchOptions) {
    this.#folder = folder;
    this.#settings = settings;
    this.#options = options;
    this.#maxParallel = options.maxParallel ?? 1;
  }

  async run(experiments: readonly { name: string; parameters: Parameters }[], name: string): Promise<GridSearchResult> {
    const places = experiments.map((each) => join(this.#folder, each.name));
    const busy = places.flatMap((place) => {
      const pid = workingProcess(place);
      return pid === undefined
        ? []
        : [`${place}: expected no run at work, got process ${pid}; wait for it, or stop it`];
    });
    if (busy.length > 0) throw new ConfigError('run a grid search', busy);
    this.#runs = await Promise.all(experiments.map((each, i) => lookAt(places[i]!, each)));
    const listeners = SIGNALS.map((signal) => {
      const onSignal = (): void => {
        this.#signal ??= signal;
        this.#stop();
      };
      process.on(signal, onSignal);
      return () => void process.removeListener(signal, onSignal);
    });
    let problem: { readonly error: unknown } | undefined;
    const look = (): void => {
      this.#look().catch((error: unknown) => {
        problem ??= { error };
        this.#stop();
      });
    };
    const timer = setInterval(look, PROGRESS_MS);
    try {
      this.#tell();
      const open = this.#runs.flatMap((run, i) => (this.#isOpen(run) ? [i] : []));
      const worker = async (): Promise<void> => {
        for (let next = open.shift(); next !== undefined && !this.#isStopping; next = open.shift())
          await this.#play(next);
      };
      await Promise.all(Array.from({ length: Math.min(this.#maxParallel, open.length) }, worker));
    } finally {
      clearInterval(timer);
      for (const remove of listeners) remove();
    }
    if (problem !== undefined) throw problem.error;
    const { metric, mode = 'min' } = this.#options;
    const fields = { name, folder: this.#folder, mode, metric, interruptedBy: this.#signal };
    const result = await collectResult(this.#runs, fields);
    await writeResult(result);
    return result;
  }

  #isOpen({ status }: SweepRun): boolean {
    return (
      status === 'pending' || status === 'interrupted' || (status === 'failed' && this.#options.retryFailed === true)
    );
  }

  #stop(): void {
    this.#isStopping = true;
    for (const each of this.#working.values()) each.stop();
  }

  async #play(index: number): Promise<void> {
    const before = this.#runs[index]!;
    const place = join(this.#folder, before.name);
    const settings = sweepSettings(this.#settings, before.parameters);
    const started = await SweepProcess.start({
      ...{ folder: place, experiment: this.#options.experiment, settings, threads: this.#threads() },
      resumes: before.status === 'interrupted' ? before.folder : undefined,
    });
    this.#working.set(index, started);
    this.#runs[index] = { ...before, status: 'running', message: undefined };
    this.#tell();
    // The signal may have come while the process was being made.
    if (this.#isStopping) started.stop();
    const exit = await started.ended;
    this.#working.delete(index);
    const after = await lookAt(place, { name: before.name, parameters: before.parameters });
    this.#runs[index] = judge(after, before, exit);
    this.#tell();
    if (this.#runs[index].status === 'failed' && this.#options.stopOnFailure === true) this.#stop();
  }

  #threads(): number {
    const { threads } = this.#options;
    if (threads !== undefined) return threads;
    const share = Math.max(1, Math.floor(availableParallelism() / this.#maxParallel));
    const own = Number(process.env.OMP_NUM_THREADS);
    return Number.isSafeInteger(own) && own > 0 ? Math.min(own, share) : share;
  }

  #tell(): void {
    this.#options.onProgress?.([...this.#runs]);
  }

  /** Reads where the runs at work stand. */
  async #look(): Promise<void> {
    for (const index of [...this.#working.keys()]) {
      const place = join(this.#folder, this.#runs[index]!.name);
      const { folder } = await lookAt(place, this.#runs[index]!);
      const values = folder === undefined ? {} : await lastValues(folder);
      if (this.#runs[index]!.status === 'running') this.#runs[index] = { ...this.#runs[index]!, folder, ...values };
    }
    this.#tell();
  }
}

/** What a run is whose process has ended: as its summary says, unless it did not come so far. */
function judge(after: SweepRun, before: SweepRun, exit: Awaited<SweepProcess['ended']>): SweepRun {
  if (exit.code === 0 && after.status === 'finished') return after;
  if (exit.signal !== null) return { ...after, status: 'interrupted', message: `ended by ${exit.signal}` };
  if (exit.code !== null && exit.code > 128 && after.status === 'interrupted') return after;
  const isNew = after.folder !== undefined && after.folder !== before.folder;
  const message = after.status === 'failed' && (isNew || before.folder !== undefined) ? after.message : exit.output;
  return { ...after, status: 'failed', message: message ?? exit.output };
}

async function writeResult(result: GridSearchResult): Promise<void> {
  await writeFile(join(result.folder, 'results.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(result.folder, 'results.txt'), `${result.table()}\n`);
  const plots = join(result.folder, 'plots');
  const ranked = result.ranked().filter(({ best }) => Number.isFinite(best?.value));
  if (ranked.length < 2) return;
  await mkdir(plots, { recursive: true });
  for (const key of result.variedKeys) {
    const points = ranked.flatMap(({ parameters, best }) => {
      const x = parameters[key];
      return x === undefined
        ? []
        : [{ x: typeof x === 'number' ? x : typeof x === 'string' ? x : JSON.stringify(x), y: best!.value }];
    });
    const panel = { kind: 'scatter' as const, xLabel: key, yLabel: result.metric, points };
    const picture = figure({ title: `${result.metric} by ${key}`, panels: [panel] });
    await writeFile(join(plots, `${sanitizeName(key)}.svg`), await picture.toSvg());
  }
}
