// What a service for logs gets: the records of a run's metrics.jsonl, one JSON text each, with the run that it is of.
import type { RunInfo } from '../../logger.ts';
import { type Clocks, encodeRecord, type MetricValues, type RunEvent } from '../../run-format.ts';

export type Severity = 'INFO' | 'WARNING' | 'ERROR';

/** One entry of a log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly severity: Severity;
  /** JSON of one line. */
  readonly text: string;
}

const SEVERITIES: Readonly<Record<string, Severity>> = { warning: 'WARNING', interrupted: 'WARNING', failed: 'ERROR' };

/** Makes lines that say which run they are of: `{"run":"…","kind":"metrics","step":10,…,"values":{"train/loss":0.1}}`. */
export class LogLines {
  readonly #run: Pick<RunInfo, 'id' | 'name'>;
  readonly #now: () => number;

  constructor(run: Pick<RunInfo, 'id' | 'name'>, now: () => number) {
    this.#run = run;
    this.#now = now;
  }

  metrics(values: MetricValues, { step, microStep, epoch }: Clocks): LogLine {
    const time = this.#now();
    return this.#line(time, 'INFO', encodeRecord({ kind: 'metrics', step, microStep, epoch, time, values }));
  }

  /** Of what a resumed run has dropped only the number of records: the log has them already. */
  event(event: RunEvent, { step, microStep, epoch }: Clocks): LogLine {
    const time = this.#now();
    const shown = event.event === 'resumed' ? { ...event, dropped: event.dropped.length } : event;
    const text = JSON.stringify({ kind: 'event', ...shown, step, microStep, epoch, time });
    return this.#line(time, SEVERITIES[event.event] ?? 'INFO', text);
  }

  text(key: string, text: string, { step, microStep, epoch }: Clocks): LogLine {
    const time = this.#now();
    return this.#line(time, 'INFO', JSON.stringify({ kind: 'text', key, text, step, microStep, epoch, time }));
  }

  /** The first line: what the run was asked to do. */
  start({ config, tags, resumedFrom }: RunInfo): LogLine {
    const time = this.#now();
    return this.#line(time, 'INFO', JSON.stringify({ kind: 'start', time, config, tags, resumedFrom }));
  }

  #line(time: number, severity: Severity, json: string): LogLine {
    const { id, name } = this.#run;
    return { time, severity, text: `{"run":${JSON.stringify(id)},"name":${JSON.stringify(name)},${json.slice(1)}` };
  }
}

/** The same line with as much of a text as fits; one that cannot be cut is replaced by a word about it.
 *  @param maxBytes - of the whole JSON. */
export function fitted(line: LogLine, maxBytes: number): LogLine {
  const bytes = Buffer.byteLength(line.text);
  if (bytes <= maxBytes) return line;
  const { kind, run, name, step, time, key } = JSON.parse(line.text) as Record<string, unknown>;
  const note = `left out: ${bytes} bytes, where the service takes ${maxBytes}`;
  return { ...line, severity: 'WARNING', text: JSON.stringify({ run, name, kind, key, step, time, note }) };
}

/** @throws {Error} that says what to install. */
export async function packageOf<T>(name: string, version: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new Error(`Cannot log to ${name}: expected its client to be installed, got none; npm install ${version}`, {
      cause,
    });
  }
}
