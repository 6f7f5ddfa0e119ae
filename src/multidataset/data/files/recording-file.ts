// The files of one recording: what they hold, known before anything is read, and their tensors.

import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Tensor } from '../../../tensor/index.ts';
import type { DatasetConfig } from '../config/dataset-config.ts';
import { openParquetSource } from './parquet-source.ts';
import type { TensorInfo, TensorSource } from './recording.ts';
import { openSafetensorsSource } from './safetensors-source.ts';

/** The folder of a data set's recordings. */
export function recordingFolder({
  data_dir,
  session,
  eye,
}: Pick<DatasetConfig, 'data_dir' | 'session' | 'eye'>): string {
  return join(data_dir, session, ...(eye === undefined ? [] : [`${eye}_eye`]));
}

const OPENERS = { safetensors: openSafetensorsSource, parquet: openParquetSource };

/** The tensors of a recording, not yet read: those of `{type}.safetensors` and of `{type}.parquet`, where there are both together. `close()` it. */
export class RecordingFile {
  /** The files as messages name them. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Frames per second, where a file says it. */
  readonly samplingRate: number | undefined;
  readonly #sources: readonly TensorSource[];

  private constructor(sources: readonly TensorSource[]) {
    this.#sources = sources;
    this.name = sources.map(({ name }) => name).join(' and ');
    this.tensors = new Map(sources.flatMap(({ tensors }) => [...tensors]));
    this.samplingRate = sources.map(({ samplingRate }) => samplingRate).find((rate) => rate !== undefined);
  }

  /** @returns undefined where there is no file.  @throws for a file that is none of its format, and for a tensor or another rate in both. */
  static async open(folder: string, type: string): Promise<RecordingFile | undefined> {
    const sources: TensorSource[] = [];
    try {
      for (const [ending, open] of Object.entries(OPENERS)) {
        const path = join(folder, `${type}.${ending}`);
        if (await isFile(path)) sources.push(await open(path, shortName(path)));
      }
      if (sources.length === 0) return undefined;
      const [first, second] = sources;
      const twice = [...(second?.tensors.keys() ?? [])].filter((name) => first!.tensors.has(name));
      if (twice.length > 0)
        throw new Error(
          `Cannot read ${first!.name}: expected each tensor in one file, got ${twice.join(', ')} in ${second!.name} too`,
        );
      const rates = new Set(sources.flatMap(({ samplingRate }) => samplingRate ?? []));
      if (rates.size > 1)
        throw new Error(
          `Cannot read ${first!.name}: expected the sampling_rate of ${second!.name}, got ${[...rates].join(' and ')}`,
        );
      return new RecordingFile(sources);
    } catch (error) {
      await Promise.all(sources.map((source) => source.close()));
      throw error;
    }
  }

  async read(names: readonly string[]): Promise<Record<string, Tensor>> {
    const parts = await Promise.all(
      this.#sources.map((source) => source.read(names.filter((name) => source.tensors.has(name)))),
    );
    return Object.assign({}, ...parts) as Record<string, Tensor>;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }
}

function shortName(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
