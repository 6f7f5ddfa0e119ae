// Plays loaders of a `MultiDatasetDM` for tests, and tells which samples came.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '../../../tensor/index.ts';
import type { MultiDatasetDMOptions } from '../dm-options.ts';
import { MultiDatasetDM } from '../multi-dataset-dm.ts';
import type { MultiDatasetBatch, MultiDatasetGroup } from '../sample.ts';

/** Folders that are gone after the tests. */
export class Folders {
  readonly #made: string[] = [];

  async make(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sconce-dm-'));
    this.#made.push(folder);
    return folder;
  }

  async remove(): Promise<void> {
    for (const folder of this.#made) await rm(folder, { recursive: true });
  }
}

export async function setUp(options: MultiDatasetDMOptions): Promise<MultiDatasetDM> {
  const dm = new MultiDatasetDM(options);
  await dm.setup();
  return dm;
}

/** The batches of an epoch as lists of groups. */
export async function play(
  loader: AsyncIterable<MultiDatasetBatch>,
  limit = Number.POSITIVE_INFINITY,
): Promise<MultiDatasetGroup[][]> {
  const batches: MultiDatasetGroup[][] = [];
  for await (const batch of loader) {
    batches.push(Array.isArray(batch) ? batch : [batch]);
    if (batches.length >= limit) break;
  }
  return batches;
}

export const numbers = (x: Tensor | undefined): number[] => Array.from(x!.to('float32').toTypedArray() as Float32Array);

/** The samples of a group as `data set:frame`, of recordings whose unit of column 0 fires as often as the frame's number.
 *  @param column - by data set: where cids has that unit. */
export function samplesOf(group: MultiDatasetGroup, column: readonly number[] = [0, 0]): string[] {
  const { robs, datasetIdx } = group;
  return numbers(robs.select(1, column[datasetIdx]!)).map((frame) => `${datasetIdx}:${frame}`);
}
