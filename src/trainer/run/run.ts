// `TrainingRun`: a run's folder while it runs. It opens the log, says where checkpoints lie, and writes how the run ended.

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { libtorchSource, libtorchVersion, numThreads } from '../../tensor/process.ts';
import {
  type BestMode,
  bestMetrics,
  collectEnvironment,
  diagnoseRun,
  type Finding,
  finalMetrics,
  JsonlLogger,
  profileFindings,
  type ReportSection,
  type Clocks as RunClocks,
  type RunSummary,
  readRun,
  runPaths,
  writeReport,
  writeSummary,
} from '../../tracking/index.ts';
import { awaitAloud } from '../../tracking/loggers/await-aloud.ts';
import type { RunProfile } from '../../tracking/profile/run-profile.ts';
import type { RestoreOptions } from '../checkpoint/state.ts';
import { newRunId } from '../logging/run-id.ts';
import type { ExplainedPart } from '../loop/captured-part.ts';
import type { Clocks } from '../loop/clocks.ts';
import type { LoopDurations } from '../loop/loop-options.ts';

/** What an experiment adds to its run's report. */
export interface RunReport {
  readonly title?: string;
  /** Metrics to show first, as in 'val/loss'. */
  readonly headline?: readonly string[];
  /** Which direction of a metric is better, for the summary. */
  readonly better?: Readonly<Record<string, BestMode>>;
  readonly sections?: readonly ReportSection[];
  /** Whole numbers by name, as in `{ parameters: 1200000 }`. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** How a run ended, for `finish`. */
export interface RunEnd {
  readonly status: RunSummary['status'];
  readonly exitCode: number;
  readonly message?: string;
  readonly report?: RunReport;
}

/** How a run begins. */
export interface TrainingRunOptions {
  /** Whether the folder is that of a run that began before: it goes on from its newest checkpoint. */
  readonly isResumed: boolean;
  /** What to do where that checkpoint and the program do not have the same parts. */
  readonly restore?: RestoreOptions;
  /** Where the program is to evaluate in place of training: its first `fit` validates with the weights of this checkpoint, and ends the program by an
   *  `EvaluationEnd`. */
  readonly evaluate?: { readonly checkpoint: string };
  /** Batches that the trainer traces into `trace.json` of the folder. Default: none. */
  readonly traceBatches?: number;
  /** Where the program is to show how its steps are captured in place of training on: its first `fit` trains until each part of a step was replayed so often,
   *  timed, and ends the program by a `CaptureEnd`. */
  readonly captureReplays?: number;
}

/** What ends a program that was asked how its steps are captured. */
export class CaptureEnd extends Error {
  readonly parts: readonly ExplainedPart[];

  constructor(parts: readonly ExplainedPart[]) {
    super('The run was asked how its steps are captured, and has shown it');
    this.name = 'CaptureEnd';
    this.parts = parts;
  }
}

/** What ends a program that evaluates in place of training, with what was measured. */
export class EvaluationEnd extends Error {
  readonly values: Readonly<Record<string, number>>;

  constructor(values: Readonly<Record<string, number>>) {
    super('The run was asked for an evaluation, which has ended');
    this.name = 'EvaluationEnd';
    this.values = values;
  }
}

/** What has something to do when everything of a run is written. */
export interface RunFollower {
  readonly name: string;
  /** How long it takes at most, in milliseconds. */
  readonly closeWithinMs: number;
  finish(): Promise<void>;
}

/** The folder of one run, new or resumed. */
export class TrainingRun {
  readonly folder: string;
  readonly isResumed: boolean;
  readonly restore: RestoreOptions;
  readonly evaluate: TrainingRunOptions['evaluate'];
  readonly captureReplays: number | undefined;
  /** What the trainer is to trace. */
  readonly trace: { readonly steps: number; readonly path: string } | undefined;
  /** Whether the command puts a SLURM job that a signal has ended back into the queue, when everything is written. A trainer sets it by its configuration. */
  requeuesJob = true;
  /** Where the time of the trainer's fit went, if it is measured. A trainer sets it. */
  profile: (() => RunProfile) | undefined;
  /** What its metrics say about how it went, when it is over. */
  diagnosis: readonly Finding[] = [];
  readonly #startedAt = new Date();
  readonly #startedMs = performance.now();
  /** What the run is found by, for loggers that have a place for it. */
  tags: readonly string[] = [];
  readonly #followers = new Set<RunFollower>();
  #report: RunReport = {};
  /** Of the configuration, as its file spells them: said to the user already, so that the run's log alone gets them. Undefined: the trainer says its own. */
  saidWarnings: readonly string[] | undefined;
  /** Puts what the trainer says of settings into the words of the run's configuration file. */
  spell: (message: string) => string = (message) => message;
  #logger: JsonlLogger | undefined;
  #clocks: Readonly<Clocks> | undefined;
  #durations: LoopDurations | undefined;
  #setupMs: number | undefined;

  constructor(folder: string, options: TrainingRunOptions) {
    this.folder = folder;
    this.isResumed = options.isResumed;
    this.restore = options.restore ?? {};
    this.evaluate = options.evaluate;
    this.captureReplays = options.captureReplays;
    const { traceBatches: steps } = options;
    this.trace = steps === undefined ? undefined : { steps, path: join(folder, 'trace.json') };
  }

  /** Makes the folder and writes what the run was asked to do. */
  async create(config: unknown): Promise<void> {
    const paths = runPaths(this.folder);
    await mkdir(paths.checkpoints, { recursive: true });
    await writeFile(paths.config, `${JSON.stringify(config, null, 2)}\n`);
  }

  /** What `create` wrote, of a resumed run too; undefined where there is none. */
  readConfig(): unknown {
    const { config } = runPaths(this.folder);
    return existsSync(config) ? JSON.parse(readFileSync(config, 'utf8')) : undefined;
  }

  get checkpointFolder(): string {
    return runPaths(this.folder).checkpoints;
  }

  /** The run's log. A trainer opens it when it knows whether there is a checkpoint to resume from. One trainer logs to a run.
   *  @throws {Error} for another trainer's clocks. */
  async openLogger(
    clocks: Readonly<Clocks>,
    checkpoint: string | undefined,
    durations: LoopDurations,
  ): Promise<JsonlLogger> {
    if (this.#clocks !== undefined && this.#clocks !== clocks) {
      throw new Error(
        `Cannot log to run "${this.folder}": expected one trainer, got a second one; run it without \`run\`, or in an experiment of its own`,
      );
    }
    this.#durations = durations;
    if (this.#logger) return this.#logger;
    const path = runPaths(this.folder).metrics;
    this.#clocks = clocks;
    this.#setupMs = performance.now() - this.#startedMs;
    const from = checkpoint === undefined ? {} : { checkpoint: relative(this.folder, checkpoint) };
    const isTakenUp = this.isResumed && existsSync(path);
    const resumedFrom = isTakenUp ? { ...pick(clocks), ...from, save: clocks.savedAtSeconds } : undefined;
    const logger = new JsonlLogger(path);
    logger.open({ id: newRunId(), resumedFrom });
    if (!isTakenUp && checkpoint !== undefined) logger.logEvent({ event: 'resumed', ...from, dropped: [] }, clocks);
    for (const message of this.saidWarnings ?? []) logger.logEvent({ event: 'warning', message }, clocks);
    this.#logger = logger;
    return logger;
  }

  /** Adds to what the run's report shows: sections follow those before, counts and `better` stand beside them, a title or a headline takes the place of the one
   *  before. What the experiment itself gives comes after all that was added. Of a run that does not finish nothing is shown. */
  addToReport(report: RunReport): void {
    this.#report = joinReports(this.#report, report);
  }

  /** Tells something when everything of the run is written, its report too; `finish` waits for it. */
  follow(follower: RunFollower): void {
    this.#followers.add(follower);
  }

  /** Writes the last event, `summary.json` and, for a run that finished, `report.html`. Returns the report's path.
   *  A run that was to be resumed and did not get so far stays as it is. */
  async finish(end: RunEnd): Promise<string | undefined> {
    try {
      return await this.#writeEnd(end);
    } finally {
      for (const follower of this.#followers) {
        const { name, closeWithinMs: withinMs } = follower;
        await awaitAloud([{ name, withinMs, done: follower.finish() }]);
      }
    }
  }

  async #writeEnd(end: RunEnd): Promise<string | undefined> {
    if (!this.#logger && this.isResumed) return undefined;
    const clocks = pick(this.#clocks ?? { step: 0, microStep: 0, epoch: 0 });
    if (this.#logger) {
      const message = end.message ?? '';
      const event = {
        finished: { event: 'finished' },
        interrupted: { event: 'interrupted', reason: message },
        failed: { event: 'failed', message },
      } as const;
      this.#logger.logEvent(event[end.status], clocks);
      await this.#logger.close();
    }
    const report = joinReports(this.#report, end.report ?? {});
    const profile = this.profile?.();
    const profiled = profile ? { profile, advice: profileFindings(profile) } : {};
    const { metrics } = this.#logger ? await readRun(this.folder) : { metrics: [] };
    this.diagnosis = diagnoseRun({ metrics });
    await writeSummary(this.folder, {
      status: end.status,
      exitCode: end.exitCode,
      ...(end.message === undefined ? {} : { message: end.message }),
      startedAt: this.#startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      clocks,
      final: finalMetrics(metrics),
      best: bestMetrics(metrics, report.better ?? {}),
      durations: {
        totalMs: performance.now() - this.#startedMs,
        setupMs: this.#setupMs,
        ...(this.#durations ?? { epochsMs: [] }),
      },
      counts: report.counts ?? {},
      ...profiled,
      ...(this.diagnosis.length > 0 ? { diagnosis: this.diagnosis } : {}),
      environment: collectEnvironment({
        libtorch: { version: libtorchVersion(), source: libtorchSource(), threads: numThreads() },
      }),
    });
    if (end.status !== 'finished' || !this.#logger) return undefined;
    const { title = 'Run', headline, sections } = report;
    return writeReport(this.folder, { title, ...(headline ? { headline } : {}), ...(sections ? { sections } : {}) });
  }
}

function pick({ step, microStep, epoch }: RunClocks): RunClocks {
  return { step, microStep, epoch };
}

function joinReports(before: RunReport, after: RunReport): RunReport {
  return {
    ...before,
    ...after,
    better: { ...before.better, ...after.better },
    counts: { ...before.counts, ...after.counts },
    sections: [...(before.sections ?? []), ...(after.sections ?? [])],
  };
}
