// The versioned format of a run's folder: where its files lie, and every record of `metrics.jsonl` with its codec.
//
// A run is a folder:
//   config.json      what the run was asked to do, as JSON
//   metrics.jsonl    one JSON record a line: a header, then metrics and events in the order in which they happened
//   checkpoints/     PyTorch zip files
//   plots/           SVG, one picture a file
//   media/           pictures that were logged, by key and step
//   report.html      one self-contained page
//   summary.json     how the run ended (`summary.ts`)
//   code/            the program that ran
//
// Lines of metrics.jsonl (version 3; version 2 has no id, metrics and events alone; version 1 has no checkpointStarted either):
//   {"kind":"header","format":"sconce-run","version":3,"time":1764000000000,"id":"k3v9x0ab"}
//   {"kind":"metrics","step":10,"microStep":40,"epoch":0,"time":…,"values":{"train/loss":0.1,"val/loss":"NaN"}}
//   {"kind":"event","event":"checkpointSaved","path":"checkpoints/step-10.pt","step":10,"microStep":40,"epoch":0,"time":…}
//   {"kind":"histogram","key":"gradients/head.weight","histogram":{"edges":[…],"counts":[…],…},"step":10,…}
//   {"kind":"matrix","key":"val/confusion_matrix","matrix":{"rows":[…],"columns":[…],"values":[[…]],…},"step":10,…}
//   {"kind":"image","key":"samples","path":"media/samples/10.png","width":64,"height":64,"step":10,…}
//   {"kind":"figure","key":"roc","path":"media/roc/10.svg","step":10,…}
//   {"kind":"text","key":"notes","text":"…","step":10,…}
// `time` is in milliseconds since 1970. JSON has no non-finite numbers: they are the strings "NaN", "Infinity", "-Infinity".
// A reader refuses a version that is newer than its own; new kinds, events or meanings raise the version.
import { join } from 'node:path';
import { type DataRecord, decodeData, encodableData } from './data-records.ts';
import { asObject, excerpt, type Fields, numberField, parseObject, textField } from './decode-fields.ts';

/** The version of the format that this package writes, and the newest that it reads. */
export const RUN_FORMAT_VERSION = 3;

/** Where a run stands: `step` counts optimizer updates, `microStep` forward-backward passes, `epoch` from 0. */
export interface Clocks {
  readonly step: number;
  readonly microStep: number;
  readonly epoch: number;
}

/** Metric names with their values, as in `{ 'train/loss': 0.1 }`. */
export type MetricValues = Readonly<Record<string, number>>;

/** The first line of `metrics.jsonl`. */
export interface HeaderRecord {
  readonly kind: 'header';
  readonly format: 'sconce-run';
  readonly version: number;
  readonly time: number;
  /** The run's own, the same in all of its processes; where loggers know it by. Of a log that has none it is made of `time`. */
  readonly id: string;
}

/** Values that were measured at one point of a run. */
export interface MetricsRecord extends Clocks {
  readonly kind: 'metrics';
  readonly time: number;
  readonly values: MetricValues;
}

/** What can happen to a run. Paths are relative to the run's folder. */
export type RunEvent =
  /** The next checkpoint has been copied and is about to be written: what stands before this line is what it follows. `save` is the `clocks.savedAtSeconds`
   *  that it has. */
  | { readonly event: 'checkpointStarted'; readonly save: number }
  | { readonly event: 'checkpointSaved'; readonly path: string }
  /** `dropped` holds, unchanged, what an earlier process had logged beyond the checkpoint; a run that had saved none yet began again, without `checkpoint`. */
  | { readonly event: 'resumed'; readonly checkpoint?: string; readonly dropped: readonly LogRecord[] }
  | { readonly event: 'interrupted'; readonly reason: string }
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'failed'; readonly message: string }
  | { readonly event: 'finished' };

/** An event with the point of the run at which it happened. */
export type EventRecord = RunEvent & Clocks & { readonly kind: 'event'; readonly time: number };

/** A line of `metrics.jsonl` after the first. */
export type LogRecord = MetricsRecord | EventRecord | DataRecord;

/** The paths of a run's files. */
export interface RunPaths {
  readonly config: string;
  readonly metrics: string;
  readonly checkpoints: string;
  readonly plots: string;
  readonly media: string;
  readonly report: string;
  readonly summary: string;
  readonly code: string;
}

/** Where the files of the run in `folder` lie. */
export function runPaths(folder: string): RunPaths {
  return {
    config: join(folder, 'config.json'),
    metrics: join(folder, 'metrics.jsonl'),
    checkpoints: join(folder, 'checkpoints'),
    plots: join(folder, 'plots'),
    media: join(folder, 'media'),
    report: join(folder, 'report.html'),
    summary: join(folder, 'summary.json'),
    code: join(folder, 'code'),
  };
}

/** The header that a new log starts with. */
export function headerRecord(time: number, id: string): HeaderRecord {
  return { kind: 'header', format: 'sconce-run', version: RUN_FORMAT_VERSION, time, id };
}

/** One record as a line of JSON, without the line's end. @throws {TypeError} if a value is not a number. */
export function encodeRecord(record: HeaderRecord | LogRecord): string {
  return JSON.stringify(record.kind === 'header' ? record : encodable(record));
}

/** Values as they stand in a file: finite numbers as they are, others as their names. */
export function encodeValues(values: MetricValues): Readonly<Record<string, number | string>> {
  for (const key in values) {
    if (!Number.isFinite(values[key])) return Object.fromEntries(Object.entries(values).map(encodeEntry));
  }
  return values; // the usual case: nothing is copied
}

function encodeEntry([key, value]: [string, unknown]): [string, number | string] {
  if (typeof value !== 'number') {
    throw new TypeError(`Cannot log metric "${key}": expected a number, got ${value === null ? 'null' : typeof value}`);
  }
  return [key, Number.isFinite(value) ? value : String(value)];
}

function encodable(record: LogRecord): object {
  if (record.kind === 'metrics') return { ...record, values: encodeValues(record.values) };
  if (record.kind !== 'event') return encodableData(record);
  return record.event === 'resumed' ? { ...record, dropped: record.dropped.map(encodable) } : record;
}

/** Reads the first line of a log. @throws {SyntaxError} if it is not the header of a version that this package reads. */
export function decodeHeader(line: string): HeaderRecord {
  const fields = parseObject(line);
  if (fields.kind !== 'header' || fields.format !== 'sconce-run') {
    throw new SyntaxError(`expected the header of a run's log, got ${excerpt(line)}`);
  }
  const version = numberField(fields, 'version');
  if (version > RUN_FORMAT_VERSION) {
    throw new SyntaxError(
      `expected format version ${RUN_FORMAT_VERSION} or older, got ${version}; read it with a newer sconce`,
    );
  }
  const time = numberField(fields, 'time');
  const id = fields.id === undefined ? Math.trunc(time).toString(36) : textField(fields, 'id');
  return { kind: 'header', format: 'sconce-run', version, time, id };
}

/** Reads any line after the first. @throws {SyntaxError} if it is not a record. */
export function decodeRecord(line: string): LogRecord {
  return decodeFields(parseObject(line));
}

function decodeFields(fields: Fields): LogRecord {
  const at = {
    step: numberField(fields, 'step'),
    microStep: numberField(fields, 'microStep'),
    epoch: numberField(fields, 'epoch'),
    time: numberField(fields, 'time'),
  };
  if (fields.kind === 'metrics') return { kind: 'metrics', ...at, values: decodeValues(fields.values) };
  if (fields.kind === 'event') return { kind: 'event', ...decodeEvent(fields), ...at };
  return decodeData(fields, at);
}

function decodeEvent(fields: Fields): RunEvent {
  const event = fields.event;
  switch (event) {
    case 'checkpointStarted':
      return { event, save: numberField(fields, 'save') };
    case 'checkpointSaved':
      return { event, path: textField(fields, 'path') };
    case 'resumed': {
      const dropped = fields.dropped;
      if (!Array.isArray(dropped)) throw new SyntaxError(`expected dropped to be an array, got ${excerpt(dropped)}`);
      return {
        event,
        ...(fields.checkpoint === undefined ? {} : { checkpoint: textField(fields, 'checkpoint') }),
        dropped: dropped.map((entry) => decodeFields(asObject(entry))),
      };
    }
    case 'interrupted':
      return { event, reason: textField(fields, 'reason') };
    case 'warning':
    case 'failed':
      return { event, message: textField(fields, 'message') };
    case 'finished':
      return { event };
    default:
      throw new SyntaxError(`expected an event of format version ${RUN_FORMAT_VERSION}, got ${excerpt(event)}`);
  }
}

/** Values read from a file back to numbers. @throws {SyntaxError} if one is neither a number nor a non-finite one's name. */
export function decodeValues(values: unknown): MetricValues {
  return Object.fromEntries(
    Object.entries(asObject(values)).map(([key, value]) => {
      if (typeof value === 'number') return [key, value];
      if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return [key, Number(value)];
      throw new SyntaxError(`expected the value of "${key}" to be a number, got ${excerpt(value)}`);
    }),
  );
}
