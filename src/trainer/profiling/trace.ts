// A trace of some batches: stretches of the loop's time, callbacks, data workers, checkpoints and every operator, in the format that chrome://tracing and Perfetto open.

import { channel } from 'node:diagnostics_channel';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SPAN_CHANNEL, type Span } from '../../data/span-channel.ts';
import type { OperatorProfile } from '../../tensor/profiler/operator-profile.ts';
import type { RunPart, TimeListener } from './run-times.ts';

/** The row of the loop; libtorch's threads have those behind it. */
const LOOP = 0;
const FIRST_THREAD = 1;
/** Rows of workers and of checkpoints come behind those of any number of threads. */
const FIRST_OTHER = 10_000;
/** Operators have their own limit. */
const MAX_SPANS = 200_000;
const LINES_AT_ONCE = 2000;

interface TraceSpan {
  readonly name: string;
  readonly category: string;
  readonly row: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Collects spans while it listens. */
export class Trace implements TimeListener {
  readonly #spans: TraceSpan[] = [];
  readonly #others = new Map<string, number>();
  readonly #heard = (message: unknown): void => this.#hear(message as Span);
  numDropped = 0;

  /** Hears of data workers and checkpoints from now on. */
  open(): void {
    channel(SPAN_CHANNEL).subscribe(this.#heard);
  }

  close(): void {
    channel(SPAN_CHANNEL).unsubscribe(this.#heard);
  }

  part(part: RunPart, loader: string | undefined, startMs: number, endMs: number): void {
    this.#add({
      name: part,
      category: 'loop',
      row: LOOP,
      startMs,
      endMs,
      ...(loader === undefined ? {} : { args: { loader } }),
    });
  }

  batch(loader: string, startMs: number, endMs: number): void {
    this.#add({ name: 'batch', category: 'loop', row: LOOP, startMs, endMs, args: { loader } });
  }

  callback(name: string, event: string, startMs: number, endMs: number): void {
    this.#add({ name: `${name}.${event}`, category: 'callback', row: LOOP, startMs, endMs });
  }

  /** Lines of the file, many at once.
   *  @param operators - what ran meanwhile. */
  *lines(operators: OperatorProfile | undefined): Generator<string> {
    yield '{"displayTimeUnit":"ms","traceEvents":[\n';
    let lines: string[] = [];
    for (const event of this.#events(operators)) {
      lines.push(JSON.stringify(event));
      if (lines.length < LINES_AT_ONCE) continue;
      yield `${lines.join(',\n')},\n`;
      lines = [];
    }
    lines.push(
      JSON.stringify({ ph: 'M', name: 'process_name', pid: process.pid, tid: LOOP, args: { name: 'sconce' } }),
    );
    yield `${lines.join(',\n')}\n]}\n`;
  }

  /** Writes the file, and makes its folder. @returns when it is there, whole. */
  async write(path: string, operators: OperatorProfile | undefined): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, this.lines(operators));
    await rename(`${path}.tmp`, path);
  }

  *#events(operators: OperatorProfile | undefined): Generator<object> {
    const threads = new Set<number>();
    for (const { name, category, row, startMs, endMs, args } of this.#spans)
      yield span(name, category, row, startMs * 1000, (endMs - startMs) * 1000, args);
    for (const { name, isBackward, thread, startUs, durationUs } of operators?.events() ?? []) {
      threads.add(thread);
      yield span(name, isBackward ? 'backward' : 'operator', FIRST_THREAD + thread, startUs, durationUs);
    }
    yield rowName(LOOP, 'training loop');
    for (const thread of threads)
      yield rowName(
        FIRST_THREAD + thread,
        `operators, ${thread === operators?.mainThread ? 'main thread' : `thread ${thread}`}`,
      );
    for (const [name, row] of this.#others) yield rowName(row, name);
  }

  #hear({ row: name, name: what, startMs, endMs }: Span): void {
    let row = this.#others.get(name);
    if (row === undefined) {
      row = FIRST_OTHER + this.#others.size;
      this.#others.set(name, row);
    }
    this.#add({ name: what, category: 'beside', row, startMs, endMs });
  }

  #add(each: TraceSpan): void {
    if (this.#spans.length < MAX_SPANS) this.#spans.push(each);
    else this.numDropped += 1;
  }
}

const micro = (us: number): number => Math.round(us * 1000) / 1000;

function span(
  name: string,
  category: string,
  row: number,
  startUs: number,
  durationUs: number,
  args: Readonly<Record<string, unknown>> | undefined = undefined,
): object {
  const place = { ph: 'X', name, cat: category, pid: process.pid, tid: row };
  return { ...place, ts: micro(startUs), dur: micro(durationUs), ...(args ? { args } : {}) };
}

/** Rows stand in the order of their numbers. */
function rowName(row: number, name: string): object {
  return { ph: 'M', name: 'thread_name', pid: process.pid, tid: row, args: { name } };
}
