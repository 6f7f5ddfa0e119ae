// A trace of a few batches as a callback, in the words of torch.profiler's schedule.

import { ConfigError } from '../../errors.ts';
import type { OperatorProfile } from '../../tensor/profiler/operator-profile.ts';
import { OperatorRecorder } from '../../tensor/profiler/operator-recorder.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { Trace } from '../profiling/trace.ts';
import { OptionChecks } from './option-checks.ts';

export interface TraceOptions {
  /** Batches that are traced. Default 5. */
  readonly steps?: number;
  /** Batches before anything happens: the first ones start workers and fill caches. Default 5. */
  readonly wait?: number;
  /** Batches that are recorded and thrown away: recording itself starts up in them. Default 1. */
  readonly warmup?: number;
  /** The file that is written. Default 'trace.json'. */
  readonly path?: string;
  /** Operators for which there is room. Default 1,000,000. */
  readonly maxOperators?: number;
  /** Takes the table of operators at the end. Default: standard error. */
  readonly stream?: ProgressStream;
}

/** Writes a trace of some batches of each fit, for chrome://tracing and https://ui.perfetto.dev: the parts of the loop, callbacks, data workers, checkpoints, and every operator
 *  with its thread and duration, those of the backward pass included. Until its turn comes and afterwards it costs nothing; while it records, about a microsecond an operator.
 *  Source: torch.profiler, whose schedule's `active` is `steps` here. */
export class TraceCallback implements Callback {
  readonly name = 'TraceCallback';
  readonly isPrimaryOnly = true;
  readonly #options: Required<Omit<TraceOptions, 'stream'>>;
  readonly #stream: ProgressStream;
  #batch = 0;
  #recorder: OperatorRecorder | undefined;
  #trace: Trace | undefined;
  #written: Promise<unknown> | undefined;
  #operators: OperatorProfile | undefined;

  /** @throws {ConfigError} that lists every option that is wrong. */
  constructor(options: TraceOptions = {}) {
    const { steps = 5, wait = 5, warmup = 1, path = 'trace.json', maxOperators = 1_000_000 } = options;
    const checks = new OptionChecks(options, ['steps', 'wait', 'warmup', 'path', 'maxOperators', 'stream']);
    for (const name of ['wait', 'warmup'] as const)
      checks.expect(name, Number.isSafeInteger(options[name]) && options[name]! >= 0, 'an integer of at least 0');
    checks.count('steps', 'maxOperators').text('path').stream('stream').throwIfAny('TraceCallback');
    this.#stream = options.stream ?? process.stderr;
    this.#options = { steps, wait, warmup, path, maxOperators };
  }

  /** Operators of the batches that were traced last; undefined before. `table()` sums them by name. */
  get operators(): OperatorProfile | undefined {
    return this.#operators;
  }

  /** @throws {ConfigError} where the trainer does not measure. */
  fitStart(context: LoopContext): void {
    if (!context.profiler)
      throw new ConfigError('trace', [
        'profileTraining: expected true, since a trace has the parts of steps, got false',
      ]);
    this.#batch = 0;
    this.#operators = undefined;
    this.#turn(context);
  }

  /** What comes between two batches belongs to the trace too. */
  batchStart(context: LoopContext): void {
    const { wait, warmup, steps } = this.#options;
    if (this.#batch === wait + warmup + steps) this.#stop(context, true);
  }

  batchEnd(context: LoopContext): void {
    this.#batch += 1;
    this.#turn(context);
  }

  /** A run that ends before has a trace of what there was. */
  async close(context: LoopContext): Promise<void> {
    if (this.#recorder) this.#stop(context, this.#batch > this.#options.wait + this.#options.warmup);
    const written = this.#written;
    this.#written = undefined;
    await written;
    if (written === undefined || !this.#operators) return; // the fit ended before its turn came
    this.#stream.write(
      `${this.#operators.table()}\nTrace: ${this.#options.path}, for chrome://tracing and https://ui.perfetto.dev\n`,
    );
  }

  /** What is due between two batches. */
  #turn(context: LoopContext): void {
    const { wait, warmup } = this.#options;
    if (this.#batch === wait + warmup) {
      if (this.#recorder) this.#stop(context, false);
      this.#start(context);
    } else if (this.#batch === wait) this.#start(context);
  }

  #start({ profiler }: LoopContext): void {
    this.#recorder = new OperatorRecorder({ maxOperators: this.#options.maxOperators }).start();
    this.#trace = new Trace();
    this.#trace.open();
    profiler!.times.listener = this.#trace;
  }

  #stop({ profiler }: LoopContext, isKept: boolean): void {
    const [recorder, trace] = [this.#recorder, this.#trace];
    if (!recorder || !trace) return;
    this.#recorder = undefined;
    this.#trace = undefined;
    profiler!.times.listener = undefined;
    trace.close();
    const operators = recorder.stop();
    if (!isKept) return;
    this.#operators = operators;
    this.#written = trace.write(this.#options.path, operators);
    this.#written.catch(() => {}); // close() waits for it, and throws
  }
}

/** A callback that writes a trace of some batches.
 *  @example
 *  import { profile } from 'sconce/trainer';
 *  profile({ wait: 10, warmup: 1, steps: 3, path: 'runs/trace.json' }).name; // 'TraceCallback' */
export function profile(options: TraceOptions = {}): TraceCallback {
  return new TraceCallback(options);
}
