// The records of a transaction log, as W&B's wandb_internal.proto numbers their fields.
import { ProtobufWriter, readFields } from '../protobuf.ts';
import type { Manifest } from './artifact.ts';
import { parseExtendedJson, toExtendedJson } from './extended-json.ts';

/** Numbers of the kinds of record. */
const KIND = {
  history: 2,
  summary: 3,
  config: 5,
  files: 6,
  artifact: 8,
  metric: 12,
  run: 17,
  exit: 18,
  header: 21,
  preempting: 23,
  environment: 26,
} as const;

/** Of the client whose records these are like, and of the oldest server that reads them. */
const PRODUCER = 'sconce';
const MIN_CONSUMER = '0.70.0';

/** A tree of values: objects inside are paths, everything else is a value. */
export type Tree = Readonly<Record<string, unknown>>;

/** What a run is, as it is sent and written. */
export interface RunFacts {
  readonly id: string;
  readonly project: string;
  readonly entity: string | undefined;
  readonly displayName: string | undefined;
  readonly notes: string | undefined;
  readonly tags: readonly string[];
  readonly config: Tree;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** Where it goes on, of what was sent before this log was begun. */
  readonly branchStep: number | undefined;
}

/** What the machine and the program are; `e` in W&B's configuration. */
export interface RunEnvironment {
  readonly os: string;
  readonly program: string;
  readonly host: string;
  readonly executable: string;
  readonly root: string;
  readonly startedAt: string;
  readonly writerId: string;
}

/** Files of the run, by paths below its folder `files`. */
export const filesRecord = (paths: readonly string[]): Uint8Array =>
  encode(KIND.files, (w) => {
    for (const path of paths) w.message(1, (item) => item.text(1, path));
  });

export const headerRecord = (): Uint8Array =>
  encode(KIND.header, (w) => w.message(1, (info) => info.text(1, PRODUCER).text(2, MIN_CONSUMER)));

export function runRecord(run: RunFacts): Uint8Array {
  return encode(KIND.run, (w) => {
    w.text(1, run.id);
    if (run.entity !== undefined) w.text(2, run.entity);
    w.text(3, run.project).message(4, (config) => writeItems(config, run.config));
    if (run.displayName !== undefined) w.text(8, run.displayName);
    if (run.notes !== undefined) w.text(9, run.notes);
    for (const tag of run.tags) w.text(10, tag);
    w.text(13, run.host).message(17, (time) => writeTime(time, run.startTime));
    const { branchStep } = run;
    if (branchStep !== undefined) w.message(23, (at) => at.text(1, run.id).double(2, branchStep).text(3, '_step'));
  });
}

export function environmentRecord({ startedAt, ...environment }: RunEnvironment): Uint8Array {
  const { os, program, root, host, executable, writerId } = environment;
  return encode(KIND.environment, (w) =>
    w
      .text(1, os)
      .message(3, (time) => writeTime(time, Date.parse(startedAt)))
      .text(6, program)
      .text(11, root)
      .text(12, host)
      .text(14, executable)
      .text(199, writerId),
  );
}

export const configRecord = (update: Tree): Uint8Array => encode(KIND.config, (w) => writeItems(w, update));

/** Values of one step. */
export const historyRecord = (step: number, values: Tree): Uint8Array =>
  encode(KIND.history, (w) => writeItems(w, values).message(2, (at) => at.varint(1, step)));

export const summaryRecord = (values: Tree): Uint8Array => encode(KIND.summary, (w) => writeItems(w, values));

/** A metric whose summary is its last and its best value. */
export const metricRecord = (key: string, mode: 'min' | 'max'): Uint8Array =>
  encode(KIND.metric, (w) =>
    w
      .text(1, key)
      .message(6, (options) => options.varint(3, 1))
      .message(7, (summary) => summary.varint(mode === 'min' ? 1 : 2, 1).varint(5, 1)),
  );

export const exitRecord = (code: number, runtimeSeconds: number): Uint8Array =>
  encode(KIND.exit, (w) => w.varint(1, code).varint(2, runtimeSeconds));

/** An artifact that `wandb sync` uploads. */
export function artifactRecord(manifest: Manifest, run: RunFacts): Uint8Array {
  const { name, type, description, metadata, aliases = [] } = manifest.artifact;
  return encode(KIND.artifact, (w) => {
    w.text(1, run.id).text(2, run.project);
    if (run.entity !== undefined) w.text(3, run.entity);
    w.text(4, type).text(5, name).text(6, manifest.digest);
    if (description !== undefined) w.text(7, description);
    if (metadata !== undefined) w.text(8, JSON.stringify(metadata));
    for (const alias of new Set(['latest', ...aliases])) w.text(11, alias);
    w.message(12, (inner) => writeManifest(inner, manifest));
    w.varint(14, 1).text(15, manifest.clientId).text(16, manifest.sequenceClientId).text(20, 'MANIFEST_MD5');
  });
}

function writeManifest(w: ProtobufWriter, { entries }: Manifest): void {
  w.varint(1, 1).text(2, 'wandb-storage-policy-v1');
  w.message(3, (item) => item.text(1, 'storageLayout').text(2, '"V2"'));
  for (const { path, digest, sizeBytes, localPath } of entries)
    w.message(4, (entry) => entry.text(1, path).text(2, digest).varint(4, sizeBytes).text(6, localPath));
}

export const preemptingRecord = (): Uint8Array => encode(KIND.preempting, () => {});

/** What of a record a run that goes on needs to know. */
export type KnownRecord =
  | { readonly kind: 'history'; readonly step: number; readonly values: Tree }
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'other' };

/** Reads what a client of ours, or W&B's, wrote. @throws {SyntaxError} if it is no record. */
export function readRecord(record: Uint8Array): KnownRecord {
  for (const { field, value } of readFields(record)) {
    if (typeof value === 'number') continue;
    if (field === KIND.history) return readHistory(value);
    if (field === KIND.files) {
      const files = [...readFields(value)].filter((item) => item.field === 1 && typeof item.value !== 'number');
      return { kind: 'files', paths: files.map((file) => textIn(file.value as Uint8Array, 1)) };
    }
    if (field === KIND.exit || field === KIND.preempting || field === KIND.summary) return { kind: 'end' };
  }
  return { kind: 'other' };
}

function readHistory(message: Uint8Array): KnownRecord {
  let step = 0;
  const values: Record<string, unknown> = {};
  for (const { field, value } of readFields(message)) {
    if (typeof value === 'number') continue;
    if (field === 2) step = Number([...readFields(value)].find((inner) => inner.field === 1)?.value ?? 0);
    if (field !== 1) continue;
    const item = [...readFields(value)].map((inner) => [inner.field, textOf(inner.value)] as const);
    const path = item.filter(([number]) => number === 1 || number === 2).map(([, text]) => text);
    setAt(values, path, parseExtendedJson(item.find(([number]) => number === 16)?.[1] ?? 'null'));
  }
  return { kind: 'history', step, values };
}

function setAt(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) tree[key] = value;
  else {
    const inner: Record<string, unknown> = isTree(tree[key]) ? { ...tree[key] } : {};
    setAt(inner, rest, value);
    tree[key] = inner;
  }
}

const textOf = (value: number | Uint8Array): string => Buffer.from(value as Uint8Array).toString('utf8');

function textIn(message: Uint8Array, number: number): string {
  const found = [...readFields(message)].find(({ field }) => field === number);
  return found === undefined ? '' : textOf(found.value);
}

const writer = new ProtobufWriter(4096);

function encode(kind: number, write: (writer: ProtobufWriter) => unknown): Uint8Array {
  return writer.message(kind, (inner) => void write(inner)).finish();
}

/** Items of the kind that history, summary and configuration share: a path and a value as JSON. */
function writeItems(w: ProtobufWriter, values: Tree, path: readonly string[] = []): ProtobufWriter {
  for (const key in values) {
    const value = values[key];
    if (isTree(value)) writeItems(w, value, [...path, key]);
    else w.message(1, (item) => writeItem(item, path, key, value));
  }
  return w;
}

function writeItem(item: ProtobufWriter, path: readonly string[], key: string, value: unknown): void {
  for (const part of path) item.text(2, part);
  item.text(2, key).text(16, typeof value === 'number' ? String(value) : toExtendedJson(value));
}

/** Whether a value is an object with something in it, whose entries are items of their own. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function writeTime(w: ProtobufWriter, milliseconds: number): void {
  w.varint(1, Math.floor(milliseconds / 1000)).varint(2, Math.round((milliseconds % 1000) * 1e6));
}
