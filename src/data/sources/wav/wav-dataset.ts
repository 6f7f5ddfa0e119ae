// `WavDataset`: sounds of a list of WAV files or of a folder with one folder a class.
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { DataFileError } from '../../../errors.ts';
import { hostBuffer, type Tensor } from '../../../tensor/index.ts';
import type { SampleContext } from '../../context.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import { Purpose, RandomStream } from '../../philox.ts';
import { openByteSource, reasonOf } from '../reading/byte-source.ts';
import { readFrames } from './wav.ts';
import { readWavLayout } from './wav-format.ts';

/** A sound and its class. */
export interface WavSample {
  /** Amplitudes as `readWav` gives them: float32 [channels, frames]. */
  readonly waveform: Tensor;
  /** The number of the sound's class, where the dataset has targets: int64 in a batch. */
  readonly target?: bigint;
}

/** Options of {@link WavDataset}. */
export interface WavDatasetOptions {
  /** Frames a second that every file has to have: nothing is resampled. */
  readonly sampleRate: number;
  /** Frames of every sample, so that they make a batch: longer sounds are cropped, shorter ones have zeros behind. Default: as long as each file. */
  readonly numFrames?: number | undefined;
  /** What is kept of a longer sound: its beginning, or a part drawn for each sample of each epoch. Default 'start'. */
  readonly crop?: 'start' | 'random';
  /** Channels that every file has to have. Default: any. */
  readonly numChannels?: number | undefined;
  /** A class a file. Default: samples have no target. */
  readonly targets?: ArrayLike<number> | undefined;
  /** Names of the classes, for `dataset.classes`. */
  readonly classes?: readonly string[] | undefined;
}

const OPTIONS = ['sampleRate', 'numFrames', 'crop', 'numChannels', 'targets', 'classes'];

/**
 * Sounds of WAV files, read when they are asked for; of a cropped one only the part. Errors name the file.
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { DataLoader, WavDataset, writeWav } from 'sconce/data';
 * const folder = mkdtempSync('/tmp/wav-');
 * const paths = [`${folder}/a.wav`, `${folder}/b.wav`];
 * for (const path of paths) await writeWav(path, zeros([1, 900]), { sampleRate: 8000 });
 * const dataset = new WavDataset(paths, { sampleRate: 8000, numFrames: 800, targets: [0, 1] });
 * const shapes: unknown[] = [];
 * for await (const { waveform, target } of new DataLoader({ dataset, batchSize: 2 })) shapes.push(waveform.shape, target!.toArray());
 * shapes; // [[2, 1, 800], [0, 1]]
 */
export class WavDataset implements Dataset<WavSample> {
  readonly name: string = 'WavDataset';
  readonly length: number;
  readonly paths: readonly string[];
  /** Names of the classes: of a folder those of its subfolders. */
  readonly classes: readonly string[] | undefined;
  readonly #options: WavDatasetOptions;

  /** @throws {ConfigError} naming every option that is wrong. */
  constructor(paths: readonly string[], options: WavDatasetOptions) {
    checkOptions(paths, options);
    this.paths = paths;
    this.length = paths.length;
    this.classes = options.classes;
    this.#options = options;
  }

  /**
   * All .wav files below `folder`, whose direct subfolders are the classes, in the order of their names.
   * @throws {Error} where there is no folder, or no such file in it.
   */
  static async fromFolder(
    folder: string,
    options: Omit<WavDatasetOptions, 'targets' | 'classes'>,
  ): Promise<WavDataset> {
    const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw new Error(`Cannot read "${folder}": expected a folder, got ${reasonOf(cause)}`, { cause });
    });
    const sounds = names.filter((name) => /\.wav$/i.test(name) && name.includes(sep)).sort(compare);
    if (sounds.length === 0)
      throw new Error(`Cannot read "${folder}": expected folders with .wav files, one folder a class, got none`);
    const classOf = (name: string): string => name.slice(0, name.indexOf(sep));
    const classes = [...new Set(sounds.map(classOf))].sort(compare);
    const targets = sounds.map((name) => classes.indexOf(classOf(name)));
    const paths = sounds.map((name) => join(folder, name));
    return new WavDataset(paths, { ...options, targets, classes });
  }

  async get(index: number, context?: SampleContext): Promise<WavSample> {
    const path = this.paths[index]!;
    const { targets } = this.#options;
    const waveform = await this.#read(path, context);
    return targets ? { waveform, target: BigInt(targets[index]!) } : { waveform };
  }

  async #read(path: string, context: SampleContext | undefined): Promise<Tensor> {
    const { sampleRate, numChannels, crop, numFrames } = this.#options;
    const source = await openByteSource(path, 'read WAV');
    try {
      const layout = await readWavLayout(source);
      const check = (what: string, wanted: number | undefined, got: number): void => {
        if (wanted !== undefined && wanted !== got)
          throw new DataFileError(
            `Cannot read WAV "${path}": expected ${what} ${wanted}, got ${got}; convert the files to one`,
            { path },
          );
      };
      check('a sample rate of', sampleRate, layout.sampleRate);
      check('channels:', numChannels, layout.numChannels);
      const rowLength = numFrames ?? layout.numFrames;
      const spare = layout.numFrames - rowLength;
      const frameOffset = crop === 'random' && spare > 0 ? drawOffset(spare, context) : 0;
      const { data, tensor: waveform } = hostBuffer('float32', [layout.numChannels, rowLength]);
      const into = data as Float32Array;
      if (spare < 0) into.fill(0);
      await readFrames(source, layout, { frameOffset, into, rowLength });
      return waveform;
    } finally {
      await source.close();
    }
  }
}

function drawOffset(spare: number, context: SampleContext | undefined): number {
  if (context === undefined) {
    throw new TypeError(
      'Cannot crop a sound at random: expected the context of a sample, got none; give get() { seed, epoch }, or take samples from a DataLoader',
    );
  }
  return new RandomStream({ ...context, purpose: Purpose.soundCrop }).below(spare + 1);
}

function checkOptions(paths: readonly string[], options: WavDatasetOptions): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  problems.expect(Array.isArray(paths), 'paths', { wanted: 'an array of paths', got: paths });
  problems.throwIfAny('make a WavDataset');
  const { sampleRate, numFrames = 1, crop = 'start', numChannels = 1, targets } = options;
  problems.expect(isPositiveInteger(sampleRate), 'sampleRate', { wanted: 'an integer above 0', got: sampleRate });
  problems.expect(isPositiveInteger(numFrames), 'numFrames', { wanted: 'an integer above 0', got: numFrames });
  problems.expect(isPositiveInteger(numChannels), 'numChannels', { wanted: 'an integer above 0', got: numChannels });
  problems.expect(crop === 'start' || crop === 'random', 'crop', { wanted: 'start or random', got: crop });
  const isCropped = crop === 'start' || options.numFrames !== undefined;
  problems.expect(isCropped, 'crop', { wanted: 'numFrames beside it', got: 'none' });
  if (targets) {
    problems.expect(targets.length === paths.length, 'targets', {
      wanted: `one a file, ${paths.length}`,
      got: targets.length,
    });
    const wrong = Array.from(targets).findIndex((target) => !Number.isSafeInteger(target) || target < 0);
    problems.expect(wrong < 0, 'targets', { wanted: 'integers from 0 on', got: `${targets[wrong]} for file ${wrong}` });
  }
  problems.throwIfAny('make a WavDataset');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
