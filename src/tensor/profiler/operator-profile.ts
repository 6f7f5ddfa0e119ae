// What was recorded: operators one by one, and summed by name.

import { printRows } from './operator-table.ts';

/** One operator as it ran, or a node of a graph in its backward. */
export interface OperatorEvent {
  /** As libtorch calls it: 'aten::mm', 'MmBackward0'. */
  readonly name: string;
  /** libtorch's number of the thread that ran it. */
  readonly thread: number;
  /** Whether it is a node of a graph; the operators that it runs are events of their own. */
  readonly isBackward: boolean;
  /** On the clock of `performance.now()`, in microseconds. */
  readonly startUs: number;
  readonly durationUs: number;
  /** Floating-point operations, where they were counted. */
  readonly flops: number;
}

/** All runs of an operator. */
export interface OperatorRow {
  readonly name: string;
  readonly calls: number;
  /** Without the operators that it ran itself. */
  readonly selfUs: number;
  readonly totalUs: number;
  /** Its part of all time, by `selfUs`. */
  readonly share: number;
  readonly flops: number;
}

/** What `stopRecording` gives, and how its clock stands to ours. @internal */
export interface RecordedOperators {
  readonly names: readonly string[];
  /** Six columns: place of the name, thread, 1 for a node of a graph, start, duration, flops. */
  readonly numbers: Float64Array;
  readonly numDropped: number;
  readonly offsetUs: number;
  readonly mainThread: number;
}

const COLUMNS = 6;
const [NAME, THREAD, IS_BACKWARD, START, DURATION, FLOPS] = [0, 1, 2, 3, 4, 5] as const;

/** Operators that ran while they were recorded. */
export class OperatorProfile {
  readonly #recorded: RecordedOperators;
  /** How many there are. */
  readonly length: number;
  /** For how many there was no room. */
  readonly numDropped: number;
  /** The thread that recorded, by libtorch's number. */
  readonly mainThread: number;

  /** @internal */
  constructor(recorded: RecordedOperators) {
    this.#recorded = recorded;
    this.length = recorded.numbers.length / COLUMNS;
    this.numDropped = recorded.numDropped;
    this.mainThread = recorded.mainThread;
  }

  /** An operator by its place, in the order in which they ended. */
  at(place: number): OperatorEvent {
    const { names, numbers, offsetUs } = this.#recorded;
    const row = place * COLUMNS;
    return {
      name: names[numbers[row + NAME]!]!,
      thread: numbers[row + THREAD]!,
      isBackward: numbers[row + IS_BACKWARD] === 1,
      startUs: numbers[row + START]! + offsetUs,
      durationUs: numbers[row + DURATION]!,
      flops: numbers[row + FLOPS]!,
    };
  }

  /** @internal */
  flopsAt(place: number): number {
    return this.#recorded.numbers[place * COLUMNS + FLOPS]!;
  }

  /** All operators in the order in which they ended. */
  *events(): Generator<OperatorEvent> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** By name, the one with the most time of its own first. Source: torch.profiler's key_averages. */
  rows(): OperatorRow[] {
    const { names, numbers } = this.#recorded;
    const self = this.#selfUs();
    const sums = names.map((name) => ({ name, calls: 0, selfUs: 0, totalUs: 0, share: 0, flops: 0 }));
    let wholeUs = 0;
    for (let i = 0; i < this.length; i++) {
      const sum = sums[numbers[i * COLUMNS + NAME]!]!;
      sum.calls += 1;
      sum.selfUs += self[i]!;
      sum.totalUs += numbers[i * COLUMNS + DURATION]!;
      sum.flops += numbers[i * COLUMNS + FLOPS]!;
      wholeUs += self[i]!;
    }
    for (const sum of sums) sum.share = wholeUs === 0 ? 0 : sum.selfUs / wholeUs;
    return sums.sort((a, b) => b.selfUs - a.selfUs);
  }

  /** The same as text, in the columns of torch.profiler's `key_averages().table()`.
   *  @param maxRows - how many operators at most; default 20. */
  table(maxRows = 20): string {
    return printRows(this.rows(), { maxRows, numDropped: this.numDropped });
  }

  /** Time of each operator less that of those it ran: an operator ends after those inside, which begin not before it and lie on its thread. */
  #selfUs(): Float64Array {
    const { numbers } = this.#recorded;
    const self = new Float64Array(this.length);
    const open = new Map<number, { start: number; duration: number }[]>(); // of each thread: those whose outer one has not ended yet
    for (let i = 0; i < this.length; i++) {
      const row = i * COLUMNS;
      const [start, duration] = [numbers[row + START]!, numbers[row + DURATION]!];
      const thread = numbers[row + THREAD]!;
      const inside = open.get(thread) ?? [];
      open.set(thread, inside);
      let innerUs = 0;
      while (inside.length > 0 && inside.at(-1)!.start >= start) innerUs += inside.pop()!.duration;
      inside.push({ start, duration });
      self[i] = Math.max(0, duration - innerUs);
    }
    return self;
  }
}
