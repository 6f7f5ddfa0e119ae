// Tar shards behind a shuffle buffer, for loaders with workers.
import { type IterableDataset, ShuffleBuffer, type TarSample, TarShards, type TarShardsOptions } from 'sconce/data';

export interface ShardedSample {
  readonly __key__: string;
  readonly cls: bigint;
  readonly txt: string;
}

export interface ShardedOptions extends TarShardsOptions {
  readonly shards: readonly string[];
  /** Samples in the shuffle buffer; 0 for none. */
  readonly size: number;
}

export default function makeShards({
  shards,
  size,
  ...options
}: ShardedOptions): IterableDataset<TarSample, ShardedSample> {
  const dataset = new TarShards<ShardedSample>(shards, options);
  return size === 0 ? dataset : new ShuffleBuffer(dataset, { size, seed: 5 });
}
