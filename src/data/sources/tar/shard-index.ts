// The index of tar shards: a JSON file that lists them with the number of samples in each, in the format of webdataset's wids.
import { basename, dirname, join } from 'node:path';
import { DataFileError } from '../../../errors.ts';
import { reasonOf } from '../reading/byte-source.ts';

/** A shard as an index lists it. */
export interface ShardCount {
  /** Its path; in a file relative to the index. */
  readonly path: string;
  readonly numSamples: number;
}

const KIND = 'wids-shard-index-v1';

/** The text of an index that lies beside the shards. */
export function formatShardIndex(name: string, shards: readonly ShardCount[]): string {
  const shardlist = shards.map(({ path, numSamples }) => ({ url: basename(path), nsamples: numSamples }));
  return `${JSON.stringify({ __kind__: KIND, wids_version: 1, name, shardlist }, undefined, 2)}\n`;
}

/** @throws {DataFileError} naming the index at `path` and what is wrong with it. */
export function parseShardIndex(path: string, text: string): { shards: string[]; numSamples: number[] } {
  try {
    const index = JSON.parse(text) as { __kind__?: unknown; shardlist?: unknown };
    if (index?.__kind__ !== KIND || !Array.isArray(index.shardlist))
      throw new TypeError(`__kind__ ${JSON.stringify(index?.__kind__)}`);
    const entries = index.shardlist.map((entry: { url?: unknown; nsamples?: unknown }, i) => {
      const { url, nsamples } = entry ?? {};
      if (typeof url !== 'string' || /^[a-z]+:/i.test(url))
        throw new TypeError(`url ${JSON.stringify(url)} of shard ${i}`);
      if (!Number.isSafeInteger(nsamples)) throw new TypeError(`nsamples ${JSON.stringify(nsamples)} of shard ${i}`);
      return { shard: join(dirname(path), url), count: nsamples as number };
    });
    return { shards: entries.map(({ shard }) => shard), numSamples: entries.map(({ count }) => count) };
  } catch (cause) {
    throw new DataFileError(
      `Cannot read "${path}": expected an index of shards ("${KIND}") with paths, got ${reasonOf(cause)}`,
      { path, cause },
    );
  }
}
