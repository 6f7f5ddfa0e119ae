// Shows how a run goes: a bar that is redrawn on a timer where there is a terminal, plain lines now and then where there is none.
import { formatDuration } from './number-format.ts';
import {
  barLine,
  colorPaint,
  epochLine,
  logLine,
  type Paint,
  type ProgressFacts,
  plainPaint,
  printable,
} from './progress-line.ts';
import type { MetricValues } from './run-format.ts';

/** The part of `NodeJS.WriteStream` that progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** The metrics that matter, in this order. Default: all but those of single loaders, as 'train/dl_a/loss', beside whose name is one over all loaders. */
  readonly metrics?: readonly string[];
  /** Seconds between two lines where there is no terminal, default 10. */
  readonly plainEverySeconds?: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now?: () => number;
  /** Where `NO_COLOR` and `TERM` are looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A stretch of steps that is shown as one bar. */
export interface ProgressPhase {
  readonly name: 'train' | 'validate' | 'test' | 'predict' | 'check';
  readonly epoch: number;
  /** Undefined where the run ends by another rule; 0 for a phase that is part of no run. */
  readonly numEpochs?: number | undefined;
  /** Steps in this phase; undefined where nobody knows. */
  readonly numSteps?: number | undefined;
  /** Steps of this phase that were done before it began here, in a run that resumes inside an epoch. */
  readonly doneSteps?: number | undefined;
}

const REDRAW_EVERY_MS = 100;
const RATE_WINDOW_MS = 5_000;
const ERASE_LINE = '\r\u001b[2K';

/** The progress of one run on one stream.
 *  `advance` stores two references and returns: everything else happens on the timer, ten times a second at most. The cursor is never hidden
 *  and the terminal's mode never changed, so that there is nothing to restore after a crash or a kill. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #isLive: boolean;
  readonly #paint: Paint;
  readonly #metrics: readonly string[] | undefined;
  readonly #plainEveryMs: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #phase: ProgressPhase | undefined;
  #done = 0;
  #values: MetricValues = {};
  #trained: MetricValues = {};
  #marks: { time: number; done: number }[] = [];
  #epochStart: { epoch: number; time: number; isWhole: boolean } | undefined;
  #epochMs: number | undefined;
  #lastPlain = 0;
  #isLineOpen = false;

  constructor({ stream, metrics, plainEverySeconds = 10, now, env = process.env }: ProgressOptions) {
    this.#stream = stream;
    this.#isLive = stream.isTTY === true && env.TERM !== 'dumb';
    const hasColor = this.#isLive && (env.NO_COLOR ?? '') === '';
    this.#paint = hasColor ? colorPaint : plainPaint;
    this.#metrics = metrics;
    this.#plainEveryMs = plainEverySeconds * 1000;
    this.#now = now ?? (() => performance.now());
  }

  /** Begins a bar; the one before it ends. A train phase begins its epoch. */
  beginPhase(phase: ProgressPhase): void {
    const time = this.#now();
    this.#phase = phase;
    this.#done = phase.doneSteps ?? 0;
    // The values of the epoch before stay until there are new ones.
    this.#values = phase.name === 'train' ? this.#trained : {};
    this.#marks = [{ time, done: this.#done }];
    if (phase.name === 'train' && this.#epochStart?.epoch !== phase.epoch) {
      this.#epochStart = { epoch: phase.epoch, time, isWhole: this.#done === 0 };
    }
    this.#lastPlain = time;
    // Not a reason to keep the process alive: `close` is what ends the display.
    this.#timer ??= setInterval(() => this.draw(), this.#isLive ? REDRAW_EVERY_MS : 1000).unref();
  }

  /** Notes where the phase stands; `values` are those to show from now on, the earlier ones if left out. */
  advance(done: number, values?: MetricValues): void {
    this.#done = done;
    if (values === undefined) return;
    this.#values = values;
    if (this.#phase?.name === 'train') this.#trained = values;
  }

  /** Ends an epoch: a line with its metrics stays on the screen. */
  endEpoch(values: MetricValues): void {
    const start = this.#epochStart;
    if (start === undefined) return;
    const durationMs = this.#now() - start.time;
    if (start.isWhole) this.#epochMs = durationMs;
    const label = phaseLabel('train', start.epoch, this.#phase?.numEpochs);
    this.#print(
      epochLine(
        label,
        formatDuration(durationMs),
        this.#select(values),
        this.#paint,
        this.#isLive ? this.#width() : undefined,
      ),
    );
    this.#phase = undefined;
    this.#epochStart = undefined;
  }

  /** Leaves a line with values that were measured inside an epoch on the screen. */
  measured(step: number, values: MetricValues): void {
    const columns = this.#isLive ? this.#width() : undefined;
    this.#print(epochLine(`step ${step}`, 'validated', this.#select(values), this.#paint, columns));
  }

  /** Prints a line that stays, above the bar. */
  note(text: string): void {
    this.#print(text.split('\n').map(printable).join('\n'));
    this.draw();
  }

  /** Draws what is known now. The timer calls this; a caller needs it only to draw at once. */
  draw(): void {
    if (this.#phase === undefined) return;
    const time = this.#now();
    if (!this.#isLive && time - this.#lastPlain < this.#plainEveryMs) return;
    const facts = this.#facts(this.#phase, time);
    if (this.#isLive) {
      this.#stream.write(`${ERASE_LINE}${barLine(facts, this.#width(), this.#paint)}`);
      this.#isLineOpen = true;
    } else {
      this.#lastPlain = time;
      this.#stream.write(`${logLine(facts)}\n`);
    }
  }

  /** Stops the timer and leaves the cursor at the start of a line, below what was last drawn. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isLive) this.draw();
    if (this.#isLineOpen) this.#stream.write('\n');
    this.#isLineOpen = false;
    this.#phase = undefined;
    this.#trained = {};
  }

  #facts(phase: ProgressPhase, time: number): ProgressFacts {
    const stepsPerSecond = this.#rate(time);
    return {
      label: phaseLabel(phase.name, phase.epoch, phase.numEpochs),
      done: this.#done,
      total: phase.numSteps,
      stepsPerSecond,
      unit: phase.name === 'train' ? 'step' : 'batch',
      leftMs: this.#leftMs(phase, stepsPerSecond, time),
      values: this.#select(this.#values),
    };
  }

  /** Steps a second over the last seconds, undefined before the first step. */
  #rate(time: number): number | undefined {
    const marks = this.#marks;
    marks.push({ time, done: this.#done });
    while (marks.length > 2 && time - marks[1]!.time > RATE_WINDOW_MS) marks.shift();
    const first = marks[0]!;
    if (this.#done <= first.done || time <= first.time) return undefined;
    return ((this.#done - first.done) / (time - first.time)) * 1000;
  }

  /** Time until the run ends: the rest of this epoch at the present rate, and later epochs as long as the last whole one was. */
  #leftMs(
    { name, epoch, numEpochs, numSteps }: ProgressPhase,
    rate: number | undefined,
    time: number,
  ): number | undefined {
    if (numSteps === undefined || rate === undefined) return undefined;
    const phaseLeftMs = (Math.max(0, numSteps - this.#done) / rate) * 1000;
    const isAlone = numEpochs === undefined || numEpochs === 0;
    if (isAlone || (name !== 'train' && name !== 'validate')) return phaseLeftMs;
    const elapsedMs = time - (this.#epochStart?.time ?? time);
    const epochMs = this.#epochMs ?? (name === 'train' ? (numSteps / rate) * 1000 : elapsedMs + phaseLeftMs);
    const epochLeftMs =
      name === 'train' && this.#epochMs !== undefined ? Math.max(phaseLeftMs, epochMs - elapsedMs) : phaseLeftMs;
    return epochLeftMs + Math.max(0, numEpochs - epoch - 1) * epochMs;
  }

  #select(values: MetricValues): MetricValues {
    if (this.#metrics === undefined) {
      return Object.fromEntries(Object.entries(values).filter(([key]) => !isRepeated(key, values)));
    }
    const present = this.#metrics.filter((key) => key in values);
    return Object.fromEntries(present.map((key) => [key, values[key]!]));
  }

  /** One column short of the terminal's, because some terminals wrap when the last one is filled. */
  #width(): number {
    return Math.max(20, this.#stream.columns ?? 80) - 1;
  }

  #print(line: string): void {
    this.#stream.write(`${this.#isLineOpen ? ERASE_LINE : ''}${line}\n`);
    this.#isLineOpen = false;
  }
}

function phaseLabel(name: ProgressPhase['name'], epoch: number, numEpochs: number | undefined): string {
  if (numEpochs === 0 || name === 'check') return name;
  const number = String(epoch + 1);
  const place = numEpochs === undefined ? number : `${number.padStart(String(numEpochs).length)}/${numEpochs}`;
  return `${name === 'train' ? 'epoch' : name} ${place}`;
}

/** Whether a value is one loader's of what is there over all loaders. */
export function isRepeated(key: string, values: MetricValues): boolean {
  const overAll = key.replace(/\/dl_.*\//, '/');
  return overAll !== key && overAll in values;
}
