// `ThroughputMonitor`: how fast a run trains, and which part of the machine's speed that is.

import type { DType } from '../../tensor/dtype.ts';
import { OptionChecks } from '../callbacks/option-checks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { measurePeakFlops } from './peak-flops.ts';
import { StepFlops } from './step-flops.ts';

export interface ThroughputMonitorOptions {
  /** Optimizer steps that rates are over, at least the last two log points. Default 100. */
  readonly windowSteps?: number;
  /** Tokens of a batch, asked for each: count from shapes, so that nothing waits for the device. Default: tokens are not counted. */
  readonly tokensOf?: (batch: never) => number;
  /** Whether the operations of a batch are counted, once, for `flops_per_sec`. Default true. */
  readonly countsFlops?: boolean;
  /** Operations a second that the device can do at most, from its data sheet, or 'measure' for those of a matrix product at the start of the fit, about 0.1 s. Default: there is no
   *  `mfu`. */
  readonly peakFlops?: number | 'measure';
  /** In which the product for 'measure' is computed. Default: the dtype of the model's first parameter; with mixed precision say 'bfloat16' or 'float16'. */
  readonly peakDtype?: DType;
  /** Its name among the callbacks. Default 'ThroughputMonitor'. */
  readonly name?: string;
}

const OPTIONS = ['windowSteps', 'tokensOf', 'countsFlops', 'peakFlops', 'peakDtype', 'name'] as const;

/** Where a run stood at a log point; the time without what is no training. */
interface Mark {
  readonly ms: number;
  readonly samples: number;
  readonly batches: number;
  readonly steps: number;
  readonly tokens: number;
}

/** Logs at each log point and at an epoch's end `throughput/samples_per_sec`, `batches_per_sec` and `steps_per_sec`; `tokens_per_sec` with `tokensOf`; `flops_per_sec`; and with
 *  `peakFlops` `mfu`, the part of the peak that is used. Validations and what lies between two epochs are no training time; waiting for data is.
 *  Operations are those of matrix products, convolutions, attention and recurrent layers, forward and backward, counted while one batch runs (`countFlops`), and taken in
 *  proportion to the samples of others. What a checkpoint runs again counts, which makes the `mfu` of such a model what others call hardware utilisation.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: Lightning, ThroughputMonitor; Chowdhery et al. 2022, arXiv:2204.02311, for `mfu`.
 *  @example
 *  import { ThroughputMonitor } from 'sconce/trainer';
 *  const monitor = new ThroughputMonitor({ tokensOf: ({ ids }: { ids: Tensor }) => ids.numel, peakFlops: 989e12 });
 *  monitor.name; // 'ThroughputMonitor' */
export class ThroughputMonitor implements Callback {
  readonly name: string;
  readonly #options: ThroughputMonitorOptions;
  readonly #windowSteps: number;
  #flops = new StepFlops();
  #peak: number | undefined;
  #marks: Mark[] = [];
  #tokens = 0;
  /** When a pause began, and how long all were. */
  #pausedAt: number | undefined;
  #pausedMs = 0;
  #hasBackward = false;
  #latest: Readonly<Record<string, number>> = {};

  constructor(options: ThroughputMonitorOptions = {}) {
    const { peakFlops, name = 'ThroughputMonitor' } = options;
    new OptionChecks(options, OPTIONS)
      .count('windowSteps')
      .expect('tokensOf', typeof options.tokensOf === 'function', 'a function of a batch')
      .flag('countsFlops')
      .expect('peakFlops', peakFlops === 'measure' || Number(peakFlops) > 0, "a number above 0 or 'measure'")
      .expect('peakFlops', options.countsFlops !== false, 'none without countsFlops')
      .text('peakDtype', 'name')
      .expect('peakDtype', peakFlops === 'measure', "none without peakFlops: 'measure'")
      .throwIfAny('ThroughputMonitor');
    this.name = name;
    this.#options = options;
    this.#windowSteps = options.windowSteps ?? 100;
  }

  /** What was logged last. */
  get latest(): Readonly<Record<string, number>> {
    return this.#latest;
  }

  /** Counted operations of a sample, forward and backward; undefined before a batch was counted. */
  get flopsPerSample(): number | undefined {
    return this.#flops.perSample;
  }

  fitStart(context: LoopContext): void {
    const { peakFlops, peakDtype } = this.#options;
    const [parameter] = context.model.parameters();
    this.#flops = new StepFlops();
    this.#peak =
      peakFlops === 'measure'
        ? measurePeakFlops(parameter?.device ?? 'cpu', peakDtype ?? parameter?.dtype ?? 'float32')
        : peakFlops;
    this.#tokens = 0;
    this.#pausedMs = 0;
    this.#pausedAt = undefined;
    this.#marks = [this.#mark(context)];
  }

  epochStart(): void {
    this.#go();
  }

  batchStart(context: LoopContext): void {
    if (this.#options.tokensOf) this.#tokens += this.#options.tokensOf(context.batch as never);
    if (!this.#flops.isWanted || this.#options.countsFlops === false) return;
    this.#hasBackward = false;
    this.#flops.begin();
  }

  backwardEnd(): void {
    this.#hasBackward = true;
  }

  batchEnd({ batchSize }: LoopContext): void {
    if (this.#flops.isWanted) this.#flops.end(this.#hasBackward ? batchSize : 0);
  }

  validationStart({ phase }: LoopContext): void {
    if (phase === 'validate' || phase === 'sanity') this.#pause();
  }

  validationEnd(): void {
    this.#go();
  }

  logged(context: LoopContext): void {
    this.#log(context);
  }

  /** The end of an epoch, which may have fewer steps than lie between two log points. */
  measured(context: LoopContext): void {
    if (context.clocks.step > this.#marks.at(-1)!.steps) this.#log(context);
  }

  epochEnd(): void {
    this.#pause();
  }

  close(): void {
    this.#flops.end(0);
  }

  #pause(): void {
    this.#pausedAt ??= performance.now();
  }

  #go(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += performance.now() - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  #mark({ clocks }: LoopContext): Mark {
    const ms = (this.#pausedAt ?? performance.now()) - this.#pausedMs;
    return { ms, samples: clocks.samples, batches: clocks.microStep, steps: clocks.step, tokens: this.#tokens };
  }

  #log(context: LoopContext): void {
    const now = this.#mark(context);
    const marks = this.#marks;
    marks.push(now);
    while (marks.length > 2 && now.steps - marks[1]!.steps >= this.#windowSteps) marks.shift();
    const first = marks[0]!;
    const seconds = (now.ms - first.ms) / 1000;
    if (!(seconds > 0)) return;
    const rate = (name: Exclude<keyof Mark, 'ms'>): number => (now[name] - first[name]) / seconds;
    const perSample = this.#flops.perSample;
    const flops = perSample === undefined ? undefined : perSample * rate('samples');
    const values = {
      'throughput/samples_per_sec': rate('samples'),
      'throughput/batches_per_sec': rate('batches'),
      'throughput/steps_per_sec': rate('steps'),
      ...(this.#options.tokensOf ? { 'throughput/tokens_per_sec': rate('tokens') } : {}),
      ...(flops === undefined ? {} : { 'throughput/flops_per_sec': flops }),
      ...(flops === undefined || this.#peak === undefined ? {} : { 'throughput/mfu': flops / this.#peak }),
    };
    this.#latest = values;
    context.logger.logMetrics(values, context.clocks);
  }
}
