// `TarShards`: samples that lie in tar archives, read in sequence (the format of webdataset).
import { readFile } from 'node:fs/promises';
import { DataFileError } from '../../../errors.ts';
import type { SampleContext } from '../../context.ts';
import type { IterableDataset, StreamState } from '../../datasets/iterable.ts';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import { Purpose, permutation } from '../../philox.ts';
import { reasonOf } from '../reading/byte-source.ts';
import { expandBraces } from './brace-pattern.ts';
import { parseShardIndex } from './shard-index.ts';
import { decodeTarSample, type TarDecoder, type TarSample } from './tar-sample.ts';
import { TarStream } from './tar-stream.ts';

/** Options of {@link TarShards}. */
export interface TarShardsOptions {
  /** Read the shards in an order drawn anew for each epoch. Default false: as they are listed. To mix samples, wrap the dataset in a `ShuffleBuffer`. */
  readonly shuffle?: boolean;
  /** With the epoch fixes the order of the shards. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Processes that share the shards, and the number of this one. Defaults 1 and 0. */
  readonly numReplicas?: number;
  readonly rank?: number;
  /**
   * What to make of files by the end of their names, before the defaults; 'bytes' makes nothing of any. Defaults: pictures (jpg, jpeg, png, webp) become uint8
   * tensors [3, H, W], npy tensors, json what it says, txt text, cls and index bigints (int64 in a batch); others stay bytes.
   */
  readonly decoders?: Readonly<Record<string, TarDecoder>> | 'bytes';
  /** Samples in each shard, in the order of the shards: then `length` is known, and a shard with another number is an error. */
  readonly numSamples?: readonly number[] | undefined;
}

const OPTIONS = ['shuffle', 'seed', 'numReplicas', 'rank', 'decoders', 'numSamples'];

/**
 * Samples in tar archives. Files that follow each other and share their name up to its first point are one sample: `0001.jpg` and `0001.cls` become
 * `{ __key__: '0001', jpg, cls }`. Archives (ustar, GNU, pax) are read from the first byte to the last; one whose name ends in .gz or .tgz is decompressed, and to
 * go on in the middle of it, it is decompressed from its beginning.
 *
 * Every rank reads shards of its own: position p of the epoch's order belongs to rank p % numReplicas, so that each sample is played once. A stream's state is
 * the shard and the byte where the next sample begins. A shard that is damaged or cut short ends in an error that names it, the place and the file; a loader
 * with `onSampleError: 'skip'` counts it and goes on with the next shard. What follows the damage is not read, nor is a sample that may have lost a file.
 * Source: webdataset 0.2.
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { DataLoader, TarShards, writeShards } from 'sconce/data';
 * const folder = mkdtempSync('/tmp/shards-');
 * const samples = [{ __key__: 'a', txt: 'one', cls: 1 }, { __key__: 'b', txt: 'two', cls: 2 }, { __key__: 'c', txt: 'three', cls: 3 }];
 * await writeShards(`${folder}/train-%02d.tar`, samples, { maxSamples: 2 });
 * const dataset = new TarShards<{ txt: string; cls: bigint }>(`${folder}/train-{00..01}.tar`);
 * const batches: unknown[] = [];
 * for await (const { txt, cls } of new DataLoader({ dataset, batchSize: 3 })) batches.push(txt, cls.toArray());
 * batches; // [['one', 'two', 'three'], [1, 2, 3]]
 */
export class TarShards<S = Record<string, unknown>> implements IterableDataset<TarSample, S> {
  readonly name: string;
  /** All shards, whichever rank reads them. */
  readonly shards: readonly string[];
  /** Samples of this rank in an epoch, where that is known and the same in every epoch. */
  readonly length: number | undefined;
  readonly numReplicas: number;
  readonly #options: TarShardsOptions;

  /**
   * @param shards - paths, or brace patterns for many (`expandBraces`).
   * @throws {ConfigError} naming every option that is wrong. @throws {SyntaxError} for a pattern that is none.
   */
  constructor(shards: string | readonly string[], options: TarShardsOptions = {}) {
    this.shards = (typeof shards === 'string' ? [shards] : shards).flatMap(expandBraces);
    checkOptions(this.shards, options);
    this.#options = options;
    this.numReplicas = options.numReplicas ?? 1;
    this.name = `TarShards of ${this.shards.length === 1 ? `"${this.shards[0]}"` : `${this.shards.length} shards`}`;
    this.length = this.#countSamples();
  }

  /**
   * The shards that an index lists, as `writeShards` or webdataset's `widsindex` write it, with the number of samples in each. Their paths are beside the index.
   * @throws {DataFileError} naming the index, where it is none.
   */
  static async fromIndex<S = Record<string, unknown>>(
    path: string,
    options: Omit<TarShardsOptions, 'numSamples'> = {},
  ): Promise<TarShards<S>> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      throw new DataFileError(`Cannot read "${path}": expected an index of shards, got ${reasonOf(cause)}`, {
        path,
        cause,
      });
    }
    const { shards, numSamples } = parseShardIndex(path, text);
    return new TarShards<S>(shards, { ...options, numSamples });
  }

  /** Opens the shards of this rank. @throws {CheckpointError} for a state of other shards, or of another order. */
  open(epoch: number, state?: StreamState): TarStream {
    const { numSamples } = this.#options;
    const order = this.#order(epoch);
    return new TarStream({
      name: this.name,
      shards: order.map((shard) => this.shards[shard]!),
      numSamples: numSamples && order.map((shard) => numSamples[shard]!),
      state,
    });
  }

  async decode(sample: TarSample, context: SampleContext): Promise<S> {
    return (await decodeTarSample(sample, this.#options.decoders ?? {}, context)) as S; // S says what the user knows of his shards
  }

  /** This rank's shards in the order of an epoch, by their numbers. */
  #order(epoch: number): number[] {
    const { shuffle = false, seed = 0, numReplicas = 1, rank = 0 } = this.#options;
    const all = shuffle
      ? Array.from(permutation(this.shards.length, { seed, epoch, purpose: Purpose.shards }))
      : this.shards.map((_, shard) => shard);
    return all.filter((_, position) => position % numReplicas === rank);
  }

  #countSamples(): number | undefined {
    const { numSamples, shuffle = false, numReplicas = 1 } = this.#options;
    if (!numSamples) return undefined;
    const isEven = numSamples.every((count) => count === numSamples[0]) && numSamples.length % numReplicas === 0;
    if (shuffle && numReplicas > 1 && !isEven) return undefined; // it depends on which shards an epoch gives to this rank
    return this.#order(0).reduce((sum, shard) => sum + numSamples[shard]!, 0);
  }
}

function checkOptions(shards: readonly string[], options: TarShardsOptions): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  const { seed = 0, numReplicas = 1, rank = 0, numSamples, decoders = {} } = options;
  const isReplicas = isPositiveInteger(numReplicas);
  problems.expect(isReplicas, 'numReplicas', { wanted: 'an integer above 0', got: numReplicas });
  const isRank = Number.isInteger(rank) && rank >= 0 && (!isReplicas || rank < numReplicas);
  problems.expect(isRank, 'rank', { wanted: `an integer from 0 to ${numReplicas - 1}`, got: rank });
  const isEnough = shards.length >= (isReplicas ? numReplicas : 1);
  problems.expect(isEnough, 'shards', { wanted: `at least one a process (${numReplicas})`, got: shards.length });
  const isSeed = Number.isSafeInteger(seed) && seed >= 0;
  problems.expect(isSeed, 'seed', { wanted: 'an integer from 0 to 2^53 - 1', got: seed });
  const areDecoders = decoders === 'bytes' || Object.values(decoders).every((decoder) => typeof decoder === 'function');
  problems.expect(areDecoders, 'decoders', {
    wanted: "'bytes' or functions by the end of a name",
    got: typeof decoders,
  });
  if (numSamples) {
    const got = numSamples.length;
    problems.expect(got === shards.length, 'numSamples', { wanted: `one a shard, ${shards.length}`, got });
    const areCounts = numSamples.every((count) => Number.isSafeInteger(count) && count >= 0);
    problems.expect(areCounts, 'numSamples', { wanted: 'integers from 0 on', got: numSamples });
  }
  problems.throwIfAny('make TarShards');
}
