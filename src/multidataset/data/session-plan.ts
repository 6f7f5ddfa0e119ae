// What has to be read for a data set, and whether its files have it: known before anything is read.

import { ConfigError } from '../../errors.ts';
import type { DatasetConfig } from './config/dataset-config.ts';
import type { TensorInfo } from './files/recording.ts';
import { RecordingFile, recordingFolder } from './files/recording-file.ts';

/** How a data set's stimulus is kept in memory. */
export type StoredDType = 'uint8' | 'bfloat16' | 'float32';

/** A recording of a data set, with the tensors that are wanted of it. */
export interface PlannedRecording {
  readonly type: string;
  readonly file: RecordingFile;
  readonly names: readonly string[];
}

/** What becomes one data set. */
export interface SessionPlan {
  readonly config: DatasetConfig;
  readonly recordings: readonly PlannedRecording[];
  /** Frames that become one. */
  readonly factor: number;
  /** Frames per second of what comes out, where it is known. */
  readonly samplingRate: number | undefined;
}

/** Tensors that are used where they are there. */
const OPTIONAL = ['dfs', 'dpi_valid'];

/** Opens the recordings of a data set.
 *  @param onMissing - 'skip' leaves out types without a file, as long as there is one with.
 *  @throws {ConfigError} that lists everything that lacks or does not fit. The files are closed then. */
export async function planSession(config: DatasetConfig, onMissing: 'error' | 'skip'): Promise<SessionPlan> {
  const folder = recordingFolder(config);
  const problems: string[] = [];
  const files: { type: string; file: RecordingFile }[] = [];
  const missing: string[] = [];
  for (const type of config.types) {
    try {
      const file = await RecordingFile.open(folder, type);
      if (file) files.push({ type, file });
      else missing.push(type);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (missing.length > 0 && (onMissing === 'error' || files.length === 0)) {
    const way = onMissing === 'error' && files.length > 0 ? "; missingTypes: 'skip' leaves out what lacks" : '';
    problems.push(
      `types: expected ${missing.map((type) => `${folder}/${type}.safetensors`).join(', ')}, got no file (nor .parquet)${way}`,
    );
  } else if (missing.length > 0)
    process.emitWarning(
      `The data set "${config.session}" is made without ${missing.join(', ')}: there is no ${missing.map((type) => `${folder}/${type}.safetensors`).join(', ')} or .parquet`,
      'SconceWarning',
    );
  const recordings = files.map(({ type, file }) => ({ type, file, names: wantedNames(config, file, problems) }));
  const rates = new Set([config.sampling?.source_rate, ...files.map(({ file }) => file.samplingRate)]);
  rates.delete(undefined);
  if (rates.size > 1)
    problems.push(
      `sampling.source_rate: expected one rate, got ${config.sampling?.source_rate ?? 'none'}, and in files ${files.map(({ file }) => file.samplingRate ?? 'none').join(', ')}`,
    );
  if (problems.length > 0) {
    await Promise.all(files.map(({ file }) => file.close()));
    throw new ConfigError(`prepare the data set "${config.session}"`, problems);
  }
  const { sampling } = config;
  const factor = sampling ? sampling.source_rate / sampling.target_rate : 1;
  const samplingRate = sampling?.target_rate ?? [...rates][0];
  return { config, recordings, factor, samplingRate };
}

/** The tensors of a file that are wanted. Notes those that lack, or have another shape than their use allows. */
function wantedNames(config: DatasetConfig, file: RecordingFile, problems: string[]): string[] {
  const { transforms, datafilters, keys_lags, cids } = config;
  const needed = new Map<string, string>([
    ['robs', 'the responses'],
    ['trial_inds', 'the split by trial'],
  ]);
  if (Object.values(datafilters).some(({ ops }) => ops.some((op) => 'missing_pct' in op)))
    needed.set('missing_pct', 'the datafilter missing_pct');
  const made = new Set<string>();
  for (const [name, { source, expose_as }] of Object.entries(transforms)) {
    if (!made.has(source)) needed.set(source, `transforms.${name}`);
    made.add(expose_as);
  }
  for (const { expose_as } of Object.values(datafilters)) made.add(expose_as);
  for (const key of Object.keys(keys_lags)) if (!made.has(key) && key !== 'dfs') needed.set(key, `keys_lags.${key}`);
  const names = Object.keys(Object.fromEntries(needed));
  for (const [name, why] of needed)
    if (!file.tensors.has(name))
      problems.push(
        `${file.name}: expected a tensor "${name}" for ${why}, got ${[...file.tensors.keys()].join(', ') || 'none'}`,
      );
  const found = [...names, ...OPTIONAL].filter((name) => file.tensors.has(name));
  const wanted = [...new Set(found)];
  checkShapes(file, wanted, cids, problems);
  return wanted;
}

function checkShapes(file: RecordingFile, names: readonly string[], cids: readonly number[], problems: string[]): void {
  const shapeOf = (name: string): readonly number[] | undefined => file.tensors.get(name)?.shape;
  const expect = (name: string, isFit: (shape: readonly number[]) => boolean, wanted: string): void => {
    const shape = shapeOf(name);
    if (shape && !isFit(shape))
      problems.push(`${file.name}: expected "${name}" of shape ${wanted}, got ${shown(file.tensors.get(name)!)}`);
  };
  const numFrames = shapeOf('robs')?.[0];
  expect('robs', ({ length }) => length === 2, '[frames, units]');
  for (const name of ['trial_inds', 'dpi_valid'])
    if (names.includes(name)) expect(name, ({ length }) => length === 1, '[frames]');
  const numUnits = shapeOf('robs')?.[1];
  for (const name of ['dfs', 'missing_pct'])
    if (names.includes(name)) {
      const isFit = (shape: readonly number[]): boolean =>
        shape.length === 2 && (shape[1] === numUnits || (name === 'dfs' && shape[1] === 1));
      expect(name, isFit, `[frames, ${numUnits} units]`);
    }
  for (const name of names) expect(name, (shape) => shape[0] === numFrames, `[${numFrames} frames as robs, …]`);
  const beyond = numUnits === undefined ? [] : cids.filter((unit) => unit >= numUnits);
  if (beyond.length > 0)
    problems.push(`${file.name}: expected cids below ${numUnits}, the units of robs, got ${beyond.join(', ')}`);
}

const shown = ({ dtype, shape }: TensorInfo): string => `${dtype} [${shape.join(', ')}]`;
