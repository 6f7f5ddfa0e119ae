// The file of one recording: what it holds, checked before anything is read, and its tensors.

import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { openSafetensors, type SafetensorsReader } from '../../serial/safetensors.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { DatasetConfig } from './config/dataset-config.ts';
import type { TensorInfo } from './recording.ts';

/** The folder of a data set's recordings. */
export function recordingFolder({
  data_dir,
  session,
  eye,
}: Pick<DatasetConfig, 'data_dir' | 'session' | 'eye'>): string {
  return join(data_dir, session, ...(eye === undefined ? [] : [`${eye}_eye`]));
}

/** The tensors of a recording, not yet read. `close()` it. */
export class RecordingFile {
  /** The file as messages name it. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Frames per second, where the file says it: metadata `sampling_rate`. */
  readonly samplingRate: number | undefined;
  readonly #reader: SafetensorsReader;

  private constructor(name: string, reader: SafetensorsReader) {
    this.name = name;
    this.#reader = reader;
    this.tensors = new Map(
      reader.names.map((key) => {
        const { dtype, shape } = reader.info(key);
        return [key, { dtype, shape }];
      }),
    );
    const { sampling_rate } = reader.metadata;
    this.samplingRate = sampling_rate === undefined ? undefined : Number(sampling_rate);
  }

  /** @returns undefined where there is no file.  @throws {CheckpointError} for a file that is none of that format. */
  static async open(folder: string, type: string): Promise<RecordingFile | undefined> {
    const path = join(folder, `${type}.safetensors`);
    if (!(await isFile(path))) return undefined;
    const short = relative(process.cwd(), path);
    return new RecordingFile(short.startsWith('..') ? path : short, await openSafetensors(path));
  }

  get numFrames(): number {
    const [first] = this.tensors.values();
    return first?.shape[0] ?? 0;
  }

  async read(names: readonly string[]): Promise<Record<string, Tensor>> {
    const tensors = await this.#reader.tensors(names);
    return Object.fromEntries(names.map((name, at) => [name, tensors[at]!]));
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
