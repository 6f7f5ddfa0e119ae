// Makes the two data sets of a session, trained on and held out, of its recordings.

import { ConfigError } from '../../errors.ts';
import { adopt, scope, type Tensor, tensor } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { type DatasetConfig, lagRange } from './config/dataset-config.ts';
import { downsample } from './downsample.ts';
import { expectFinite } from './expect-finite.ts';
import type { Recording } from './files/recording.ts';
import { makeDatafilter } from './filters/datafilter.ts';
import { trialNumbers } from './filters/valid-frames.ts';
import { LaggedDataset } from './lagged-dataset.ts';
import type { PlannedRecording, SessionPlan, StoredDType } from './session-plan.ts';
import { splitByTrial } from './split-trials.ts';
import { exposeTransforms } from './transforms/expose.ts';

/** The data sets of one session. */
export interface Session {
  readonly train: LaggedDataset;
  readonly val: LaggedDataset;
}

/** One recording, ready to be served. */
interface Part {
  /** By key of the samples, [frames, …]. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly numFrames: number;
  readonly train: Int32Array;
  readonly val: Int32Array;
}

/** Prepares one session after the other. Where something is wrong with one, the others are looked at too, and nothing of them is kept.
 *  @param options.action - for the error.  @throws {ConfigError} that lists everything that is wrong with all of them. */
export async function prepareSessions(
  plans: readonly SessionPlan[],
  { names, dtype, action }: { readonly names: readonly string[]; readonly dtype: StoredDType; readonly action: string },
): Promise<Session[]> {
  let sessions: Session[] = [];
  const wrong: { readonly name: string; readonly error: ConfigError }[] = [];
  try {
    for (const [at, plan] of plans.entries()) {
      try {
        const session = await prepareSession(plan, dtype);
        if (wrong.length === 0) sessions.push(session);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        sessions = [];
        wrong.push({ name: names[at]!, error });
      }
    }
  } finally {
    await closeFiles(plans);
  }
  if (wrong.length === 1) throw wrong[0]!.error;
  const lines = wrong.flatMap(({ name, error }) => error.problems.map((problem) => `${name}: ${problem}`));
  if (lines.length > 0) throw new ConfigError(action, lines);
  return sessions;
}

/** A second time does nothing. */
async function closeFiles(plans: readonly SessionPlan[]): Promise<void> {
  await Promise.all(plans.flatMap(({ recordings }) => recordings.map(({ file }) => file.close())));
}

/** Reads the recordings of a session, applies filters and transforms, and splits it by trial. Closes the files.
 *  @param dtype - how the stimulus is kept.  @throws {ConfigError} where one side would be left without samples, or recordings do not fit together. */
export async function prepareSession(plan: SessionPlan, dtype: StoredDType): Promise<Session> {
  const parts: Part[] = [];
  try {
    for (const recording of plan.recordings) parts.push(await preparePart(plan, recording, dtype));
  } finally {
    await closeFiles([plan]);
  }
  const { session, keys_lags: keysLags } = plan.config;
  const tensors = joinParts(parts, plan);
  const sides = { train: joinFrames(parts, 'train'), val: joinFrames(parts, 'val') };
  for (const [side, frames] of Object.entries(sides))
    if (frames.length === 0)
      throw new ConfigError(`prepare the data set "${session}"`, [
        `expected frames to ${side === 'train' ? 'train on' : 'validate on'}, got none behind filters, lags and the split of trials by ${plan.config.train_val_split}`,
      ]);
  const make = (side: 'train' | 'val'): LaggedDataset =>
    new LaggedDataset({ name: `${session} (${side})`, tensors, frames: sides[side], keysLags });
  return { train: make('train'), val: make('val') };
}

async function preparePart(plan: SessionPlan, planned: PlannedRecording, dtype: StoredDType): Promise<Part> {
  const { file, names } = planned;
  const raw = await file.read(names);
  return scope(() => {
    const whole: Recording = { name: file.name, numFrames: file.tensors.get('robs')!.shape[0]!, tensors: adopt(raw) };
    const { recording, isWhole } = downsample(whole, plan.factor);
    const { dfs, exposed } = maskOf(recording, isWhole, plan.config);
    const transformed = exposeTransforms({ ...recording.tensors, ...exposed }, { ...plan, dtype });
    const tensors = serve({ ...transformed, dfs }, recording, plan.config);
    const frames = usableFrames(recording, dfs, plan.config);
    expectFinite(tensors, frames, { keysLags: plan.config.keys_lags, name: recording.name });
    const trials = trialNumbers(recording.tensors.trial_inds!);
    const { train_val_split: share, seed } = plan.config;
    return { tensors, numFrames: recording.numFrames, ...splitByTrial(trials, frames, { share, seed }) };
  });
}

/** What filters expose, and `dfs`: that of the filters (without any, `valid_nlags`), of the file, and of the frames that lie in one trial.
 *  Shape: [frames, 1] or [frames, the units of cids], float32. */
function maskOf(
  recording: Recording,
  isWhole: Tensor | undefined,
  config: DatasetConfig,
): { dfs: Tensor; exposed: Record<string, Tensor> } {
  const { tensors, numFrames, name } = recording;
  const need = (key: string, why: string): Tensor => {
    const found = tensors[key];
    if (found) return found;
    throw new ConfigError(`filter ${name}`, [`expected a tensor "${key}" for ${why}, got none`]);
  };
  const fallback = {
    dfs: { ops: [{ valid_nlags: { n_lags: config.n_lags ?? lagRange(config).max } }], expose_as: 'dfs' },
  };
  const filters = Object.keys(config.datafilters).length > 0 ? config.datafilters : fallback;
  const units = tensor(Int32Array.from(config.cids));
  const ofUnits = (mask: Tensor): Tensor => (mask.shape[1] === 1 ? mask : mask.indexSelect(1, units));
  const exposed: Record<string, Tensor> = {};
  for (const { ops, expose_as } of Object.values(filters))
    exposed[expose_as] = ofUnits(makeDatafilter(ops)({ tensors, numFrames, need }));
  let mask = exposed.dfs;
  if (tensors.dfs) mask = and(mask, ofUnits(tensors.dfs.gt(0)));
  if (isWhole) mask = and(mask, isWhole);
  const all = Object.fromEntries(Object.entries(exposed).map(([key, value]) => [key, value.to('float32')]));
  return { dfs: (mask ?? makeDatafilter([])({ tensors, numFrames, need })).to('float32'), exposed: all };
}

const and = (mask: Tensor | undefined, other: Tensor): Tensor => (mask ? mask.logicalAnd(other) : other);

/** The tensors that samples are made of, contiguous, units chosen. */
function serve(
  tensors: Readonly<Record<string, Tensor>>,
  recording: Recording,
  config: DatasetConfig,
): Record<string, Tensor> {
  const units = tensor(Int32Array.from(config.cids));
  const selects = Object.values(config.transforms).some(
    ({ expose_as, ops }) => expose_as === 'robs' && ops.some((op) => 'select_units' in op),
  );
  return Object.fromEntries(
    Object.keys(config.keys_lags).map((key) => {
      let value = tensors[key]!;
      if (key === 'robs') value = (selects ? value : value.indexSelect(1, units)).to('float32');
      if (key === 'robs' && value.shape[1] !== config.cids.length)
        throw new ConfigError(`prepare ${recording.name}`, [
          `transforms: expected robs of ${config.cids.length} units, those of cids, got ${value.shape[1]}`,
        ]);
      if (value.shape[0] !== recording.numFrames)
        throw new ConfigError(`prepare ${recording.name}`, [
          `transforms: expected ${recording.numFrames} frames in "${key}", got [${value.shape.join(', ')}]`,
        ]);
      return [key, value.contiguous()];
    }),
  );
}

/** Frames in which some unit counts, and all of whose lags the recording has. */
function usableFrames({ numFrames }: Recording, dfs: Tensor, config: DatasetConfig): Int32Array {
  const counts = dfs.gt(0).any({ dim: 1 }).toTypedArray();
  const { min, max } = lagRange(config);
  return Int32Array.from({ length: numFrames }, (_, frame) => frame).filter(
    (frame) => counts[frame] !== 0 && frame - max >= 0 && frame - min < numFrames,
  );
}

/** The parts' tensors one behind the other. */
function joinParts(parts: readonly Part[], { config, recordings }: SessionPlan): Record<string, Tensor> {
  const [first] = parts;
  if (parts.length === 1) return first!.tensors;
  return Object.fromEntries(
    Object.keys(first!.tensors).map((key) => {
      const all = parts.map(({ tensors }) => tensors[key]!);
      const describe = ({ dtype, shape }: Tensor): string => `${dtype} [frames, ${shape.slice(1).join(', ')}]`;
      const wide = key === 'dfs' ? scope(() => sameWidth(all, config.cids.length)) : all;
      const odd = wide.findIndex((one) => describe(one) !== describe(wide[0]!));
      if (odd >= 0)
        throw new ConfigError(`prepare the data set "${config.session}"`, [
          `types: expected "${key}" of ${describe(wide[0]!)} in "${recordings[odd]!.type}" as in "${recordings[0]!.type}", got ${describe(wide[odd]!)}`,
        ]);
      const joined = cat(wide); // [T1, ...], [T2, ...] -> [T1 + T2, ...]
      for (const one of new Set([...all, ...wide])) one.dispose();
      return [key, joined];
    }),
  );
}

/** Masks of one width: where some recordings tell units apart, all do. */
function sameWidth(masks: readonly Tensor[], numUnits: number): Tensor[] {
  if (masks.every((mask) => mask.shape[1] === masks[0]!.shape[1])) return [...masks];
  return masks.map((mask) => mask.expand([mask.shape[0]!, numUnits]).contiguous());
}

function joinFrames(parts: readonly Part[], side: 'train' | 'val'): Int32Array {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part[side].length, 0));
  let [at, before] = [0, 0];
  for (const part of parts) {
    joined.set(
      part[side].map((frame) => frame + before),
      at,
    );
    at += part[side].length;
    before += part.numFrames;
  }
  return joined;
}
