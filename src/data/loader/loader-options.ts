// The options of `DataLoader`, and what has to hold for them.
import type { Collate } from '../collate/collate.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type IterableDataset, isIterableDataset } from '../datasets/iterable.ts';
import { isPositiveInteger } from '../option-problems.ts';
import { RANK_OPTIONS, type RankOptions, SamplerProblems } from '../samplers/option-checks.ts';
import type { Sampler } from '../samplers/sampler.ts';
import { expectWorkers } from '../workers/loader-workers.ts';
import type { BatchTransform } from './finishing.ts';

/** Options of {@link DataLoader}. `S` is a sample, `C` what `collate` makes of them, `B` a batch: what `transform` makes of that. */
export interface DataLoaderOptions<S, C, B = C> extends RankOptions {
  /** Samples by index, or in sequence. */
  readonly dataset: Dataset<S> | IterableDataset<unknown, S>;
  /** Samples in a batch. Default 1. */
  readonly batchSize?: number;
  /** Play samples in an order drawn anew for each epoch. Default false: in the dataset's order. An iterable dataset is shuffled by `ShuffleBuffer`. */
  readonly shuffle?: boolean;
  /** The order of the samples, instead of `shuffle`. Of a dataset with indices, as is `batchSampler`. */
  readonly sampler?: Sampler | undefined;
  /** The samples of every batch, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<Int32Array> | undefined;
  /** Makes a batch of samples. Default: by type (`defaultCollate`), or the dataset's own `getBatch` where it has one. */
  readonly collate?: Collate<S, C> | undefined;
  /** Changes every batch, also one that `getBatch` gave. Synchronous; it owns what it is given. */
  readonly transform?: BatchTransform<C, B> | undefined;
  /** Leave out a last batch that would be shorter. Default false. */
  readonly dropLast?: boolean;
  /** Together with epoch and position fixes every order and every seed. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Calls of the dataset under way at a time, in each worker where there are some. Default 8: what keeps libuv's four threads busy while results are handed over. */
  readonly concurrency?: number;
  /** Batches fetched ahead of the one in use, where fetching takes time; for each worker, where there are some. Default 2. */
  readonly prefetchFactor?: number;
  /** Threads that make batches beside this one. Default 0: batches are made in this thread. Others need a dataset by `datasetModule`. */
  readonly numWorkers?: number;
  /**
   * Seconds that a sample (or a batch by `getBatch`) may take, waiting for the dataset's other calls included; in a worker a whole batch; making
   * its dataset may take ten times as long there. Longer is an error. Default 0: no limit.
   */
  readonly timeout?: number;
  /** `'skip'` leaves out samples that fail and counts them in `numSkipped`: their batch is shorter. A sample that is late is an error all the same. Default 'throw'. */
  readonly onSampleError?: 'throw' | 'skip';
  /** Hand out tensors in page-locked memory, for copies to a GPU. Without one there is a warning, as in PyTorch, and nothing else. Default false. */
  readonly pinMemory?: boolean;
  /** Processes that share an epoch: each plays its part, every sample in one of them alone. Samples are dealt one by one, so that the batches of all at one position make the batch
   *  of a single process that is so much larger; with a `batchSampler` whole batches are dealt. Default 1. A trainer sets it (`forRank`). */
  readonly numReplicas?: number;
  /** Which of them this is, from 0. Default 0. */
  readonly rank?: number;
}

const OPTIONS = [
  'dataset',
  'batchSize',
  'shuffle',
  'sampler',
  'batchSampler',
  'collate',
  'transform',
  'dropLast',
  'seed',
  'concurrency',
  'prefetchFactor',
  'numWorkers',
  'timeout',
  'onSampleError',
  'pinMemory',
  ...RANK_OPTIONS,
];

/** What a timer can wait for, in seconds. */
const LONGEST_TIMEOUT = Math.floor((2 ** 31 - 1) / 1000);

/** @throws {ConfigError} naming every option that is wrong. */
export function checkLoaderOptions<S, C, B>(options: DataLoaderOptions<S, C, B>): void {
  const problems = new SamplerProblems();
  problems.expectKnown(options, OPTIONS);
  problems.expectRank(options);
  checkShare(options, problems);
  const { batchSize = 1, seed = 0, concurrency = 8, prefetchFactor = 2, numWorkers = 0, timeout = 0 } = options;
  checkDataset(options, problems);
  checkOrder(options, problems);
  const expectKind = (option: 'collate' | 'transform', kind: string): void =>
    problems.expect(options[option] === undefined || typeof options[option] === kind, option, {
      wanted: `a ${kind}`,
      got: typeof options[option],
    });
  problems.expect(isPositiveInteger(batchSize), 'batchSize', { wanted: 'an integer above 0', got: batchSize });
  expectKind('collate', 'function');
  expectKind('transform', 'function');
  problems.expect(Number.isSafeInteger(seed) && seed >= 0, 'seed', {
    wanted: 'an integer from 0 to 2^53 - 1',
    got: seed,
  });
  problems.expect(isPositiveInteger(concurrency), 'concurrency', { wanted: 'an integer above 0', got: concurrency });
  const isCount = prefetchFactor === 0 || isPositiveInteger(prefetchFactor);
  problems.expect(isCount, 'prefetchFactor', { wanted: 'an integer from 0 on', got: prefetchFactor });
  const isNumber = numWorkers === 0 || isPositiveInteger(numWorkers);
  problems.expect(isNumber, 'numWorkers', { wanted: 'an integer from 0 on', got: numWorkers });
  problems.expect(timeout >= 0 && timeout <= LONGEST_TIMEOUT, 'timeout', {
    wanted: `seconds from 0 (no limit) to ${LONGEST_TIMEOUT}`,
    got: timeout,
  });
  const { onSampleError = 'throw' } = options;
  problems.expect(['throw', 'skip'].includes(onSampleError), 'onSampleError', {
    wanted: "'throw' or 'skip'",
    got: onSampleError,
  });
  for (const flag of ['shuffle', 'dropLast', 'pinMemory'] as const) {
    const value: unknown = options[flag];
    problems.expect(value === undefined || typeof value === 'boolean', flag, { wanted: 'true or false', got: value });
  }
  if (problems.lines.length === 0)
    expectWorkers(problems, { dataset: options.dataset, collate: options.collate, numWorkers });
  problems.throwIfAny('make a DataLoader');
}

function checkDataset({ dataset }: { readonly dataset: unknown }, problems: SamplerProblems): void {
  const given = (dataset ?? {}) as { readonly [key in 'get' | 'length' | 'open']?: unknown };
  const hasGet = typeof given.get === 'function' && typeof given.length === 'number';
  const hasOpen = typeof given.open === 'function';
  const wayOut = Array.isArray(dataset) ? 'an array; wrap it: new ArrayDataset(array)' : typeof dataset;
  problems.expect(hasGet !== hasOpen, 'dataset', {
    wanted: 'an object with length and get, or with open',
    got: hasGet ? 'one with both' : wayOut,
  });
}

/** The options that fix the order exclude each other, and a stream has the order that it has. */
function checkOrder<S, C, B>(options: DataLoaderOptions<S, C, B>, problems: SamplerProblems): void {
  const { dataset, shuffle, sampler, batchSampler } = options;
  if (isIterableDataset(dataset)) {
    problems.expect(!shuffle, 'shuffle', {
      wanted: 'none for an iterable dataset',
      got: `${shuffle}; shuffle it by new ShuffleBuffer(dataset, { size })`,
    });
    for (const option of ['sampler', 'batchSampler'] as const) {
      problems.expect(options[option] === undefined, option, {
        wanted: 'none for an iterable dataset, which has no indices',
        got: 'one',
      });
    }
    return;
  }
  for (const option of ['sampler', 'batchSampler'] as const) {
    const given: Partial<Sampler<unknown>> | undefined = options[option];
    const isSampler = given === undefined || (typeof given?.order === 'function' && typeof given.length === 'number');
    problems.expect(isSampler, option, { wanted: 'an object with length and order', got: typeof given });
  }
  problems.expect(!(shuffle && sampler), 'shuffle', {
    wanted: 'none beside a sampler, which fixes the order',
    got: shuffle,
  });
  if (!batchSampler) return;
  for (const option of ['batchSize', 'shuffle', 'sampler', 'dropLast'] as const) {
    const value: unknown = options[option];
    problems.expect(value === undefined || value === false, option, {
      wanted: 'none beside a batchSampler, which fixes the batches',
      got: option === 'sampler' ? 'one' : value,
    });
  }
}

/** What already is the part of one process is not dealt out once more. */
function checkShare<S, C, B>(options: DataLoaderOptions<S, C, B>, problems: SamplerProblems): void {
  const { numReplicas = 1 } = options;
  if (numReplicas === 1) return;
  for (const option of ['dataset', 'sampler', 'batchSampler'] as const) {
    const own = (options[option] as { readonly numReplicas?: number } | undefined)?.numReplicas ?? 1;
    problems.expect(own === 1, option, {
      wanted: 'the whole epoch beside numReplicas',
      got: `the part of one of ${own}`,
    });
  }
}
