// A stream of samples out of tar shards: files that follow each other under one key belong together.
import { basename } from 'node:path';
import { DataFileError } from '../../../errors.ts';
import type { SampleStream, StreamState } from '../../datasets/iterable.ts';
import { checkStreamState, mismatch } from '../reading/stream-state.ts';
import { type TarEntry, TarReader } from './tar-reader.ts';
import type { TarSample } from './tar-sample.ts';

/** What a stream plays. */
export interface TarStreamOptions {
  /** What messages call the dataset. */
  readonly name: string;
  /** Paths in the order that they are read in. */
  readonly shards: readonly string[];
  /** How many samples each shard has to have, where that is known. */
  readonly numSamples?: readonly number[] | undefined;
  readonly state: StreamState | undefined;
}

const START = { position: 0, shard: '', offset: 0, sample: 0 };

export class TarStream implements SampleStream<TarSample> {
  readonly #options: TarStreamOptions;
  /** Which of the shards is being read. */
  #position: number;
  /** Where the next sample begins in it. */
  #offset: number;
  /** How many samples of it have been given. */
  #sample: number;
  #reader: TarReader | undefined;
  /** The entry that `#offset` names, where it has been read already: the first of the next sample. */
  #entry: SampleFile | undefined;

  /** @throws {CheckpointError} for a state of other shards. */
  constructor(options: TarStreamOptions) {
    const { position, shard, offset, sample } = checkStreamState(options.state, START, options.name);
    const expected = basename(options.shards[position] ?? '');
    if (options.state !== undefined && expected !== shard)
      throw mismatch(
        options.name,
        `shard ${position} of the epoch to be "${shard}"`,
        expected ? `"${expected}"` : 'none',
      );
    this.#options = options;
    this.#position = position;
    this.#offset = offset;
    this.#sample = sample;
  }

  state(): StreamState {
    const shard = basename(this.#options.shards[this.#position] ?? '');
    return { position: this.#position, shard, offset: this.#offset, sample: this.#sample };
  }

  /** A shard that is damaged, or cut short, ends in an error; the stream goes on with the next one. */
  async next(): Promise<TarSample | undefined> {
    for (; this.#position < this.#options.shards.length; await this.#endShard()) {
      let sample: TarSample | undefined;
      try {
        sample = await this.#read(this.#options.shards[this.#position]!);
      } catch (error) {
        await this.#endShard();
        throw error;
      }
      if (sample) return sample;
    }
    return undefined;
  }

  /** The shard's next sample; undefined at its end. */
  async #read(shard: string): Promise<TarSample | undefined> {
    this.#reader ??= new TarReader(shard, this.#offset);
    const reader = this.#reader;
    let entry = this.#entry ?? (await nextFile(reader));
    if (entry === undefined) {
      this.#checkCount(shard);
      return undefined;
    }
    const { key, offset } = entry;
    const files = new Map<string, Uint8Array>();
    for (; entry?.key === key; entry = await nextFile(reader)) {
      if (files.has(entry.end)) {
        throw new DataFileError(
          `Cannot read "${shard}" at byte ${entry.offset}: expected the files of sample "${key}" once each, got "${entry.name}" again`,
          { path: shard },
        );
      }
      files.set(entry.end, await reader.read(entry));
    }
    // Only now is it known to be whole: a shard that is cut short behind it may have lost one of its files.
    this.#entry = entry;
    this.#offset = entry ? entry.offset : this.#offset;
    this.#sample++;
    if (entry === undefined) {
      this.#checkCount(shard);
      await this.#endShard();
    }
    return { key, shard, offset, files: Object.fromEntries(files) };
  }

  #checkCount(shard: string): void {
    const expected = this.#options.numSamples?.[this.#position];
    if (expected !== undefined && expected !== this.#sample)
      throw new DataFileError(
        `Cannot read "${shard}": expected ${expected} samples as the index says, got ${this.#sample}`,
        { path: shard },
      );
  }

  async #endShard(): Promise<void> {
    await this.close();
    this.#position++;
    this.#offset = 0;
    this.#sample = 0;
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#entry = undefined;
    await reader?.close();
  }
}

/** A file of a sample. */
interface SampleFile extends TarEntry {
  readonly key: string;
  /** The rest of its name. */
  readonly end: string;
}

/** The next file that belongs to a sample. Hidden files and files without an end are none's, as in webdataset. */
async function nextFile(reader: TarReader): Promise<SampleFile | undefined> {
  for (;;) {
    const entry = await reader.next();
    if (entry === undefined) return undefined;
    const { name, size, offset } = entry;
    const start = name.lastIndexOf('/') + 1;
    const point = name.indexOf('.', start);
    if (point > start)
      return { name, size, offset, key: name.slice(0, point), end: name.slice(point + 1).toLowerCase() };
  }
}
