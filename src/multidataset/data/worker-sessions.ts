// Sessions in memory that worker threads share, and what makes their data sets again in such a thread: nothing of a recording is copied for a worker.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../binding/sources.ts';
import { type Dataset, Float32View } from '../../data/index.ts';
import { noteModule } from '../../data/workers/origin.ts';
import { type Packed, pack, unpack } from '../../data/workers/packed.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Lags } from './config/dataset-config.ts';
import { GroupedDataset } from './grouped-dataset.ts';
import { LaggedDataset } from './lagged-dataset.ts';
import type { Session } from './prepare-session.ts';
import type { MultiDatasetSample } from './sample.ts';

/** Which part of a session. */
export type Side = keyof Session;

/** A session as plain data and tensors. */
interface SessionData {
  readonly name: string;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly frames: Readonly<Record<Side, Int32Array>>;
  readonly keysLags: Readonly<Record<string, Lags>>;
}

/** A session of a name, as it is sent to a thread. */
export interface SharedSession {
  readonly name: string;
  readonly normRemoved: boolean;
  readonly data: Packed;
}

/** Moves a session's tensors into memory that threads share. What was given is used up. */
export function shareSession(name: string, { train, val }: Session): { session: Session; data: Packed } {
  const { tensors, keysLags } = train;
  const frames = { train: train.frames, val: val.frames };
  const refuse = (path: string, got: string): Error =>
    new TypeError(`Cannot share the data set "${name}" with worker threads: expected tensors, got ${got} in ${path}`);
  const data = pack({ name, tensors, frames, keysLags } satisfies SessionData, { name, refuse });
  for (const one of Object.values(tensors)) one.dispose();
  const own = unpack(structuredClone(data)) as SessionData; // the clone has the same shared memory
  return { session: { train: makeSide(own, 'train'), val: makeSide(own, 'val') }, data };
}

/** Lets worker threads make `dataset` again, which is of one side of these sessions. */
export function noteSessions(
  dataset: GroupedDataset<MultiDatasetSample>,
  side: Side,
  sessions: readonly SharedSession[],
): void {
  const url = pathToFileURL(join(packageFolder(), 'dist', 'multidataset', 'data', 'worker-sessions.js')).href;
  const refuse = (path: string, got: string): Error =>
    new TypeError(`Cannot send data sets to worker threads: expected plain data, got ${got} in ${path}`);
  const options = pack(sessions, { name: 'sessions', refuse });
  noteModule(dataset, { kind: 'module', url, source: 'sconce/multidataset', exportName: side, options }, undefined);
}

/** The training data sets of some sessions; what a worker thread calls. */
export function train(sessions: readonly SharedSession[]): GroupedDataset<MultiDatasetSample> {
  return makeDataset(sessions, 'train');
}

/** As `train`, of what is held out. */
export function val(sessions: readonly SharedSession[]): GroupedDataset<MultiDatasetSample> {
  return makeDataset(sessions, 'val');
}

function makeDataset(sessions: readonly SharedSession[], side: Side): GroupedDataset<MultiDatasetSample> {
  const views = sessions.map(({ name, normRemoved, data }) => {
    const lagged = makeSide(unpack(data) as SessionData, side); // what shareSession packed
    return [name, viewOf(lagged, normRemoved)] as const;
  });
  return new GroupedDataset(Object.fromEntries(views));
}

function makeSide({ name, tensors, frames, keysLags }: SessionData, side: Side): LaggedDataset {
  return new LaggedDataset({ name: `${name} (${side})`, tensors, frames: frames[side], keysLags });
}

/** Samples as a model takes them. */
export function viewOf(dataset: LaggedDataset, normRemoved: boolean): Float32View<MultiDatasetSample> {
  return new Float32View(dataset as Dataset<object> as Dataset<MultiDatasetSample>, { normRemoved }); // keys_lags says what there is
}
