// `groupCollate`: VisionCore's batches, one for each dataset that the samples come from.

import type { BatchContext } from '../context.ts';
import { type Collated, defaultCollate } from './collate.ts';

/** A sample that knows its dataset, as a `TaggedDataset` gives it. */
export interface TaggedSample {
  readonly datasetIdx: number;
}

/** Makes one batch of samples of one dataset. */
type GroupCollate<S, B> = (samples: S[], context?: Pick<BatchContext, 'indices'>) => B;

/**
 * Groups samples by `datasetIdx`, in the order in which the datasets first come up, and collates each group by type: samples of one dataset have one shape,
 * those of another may have another. For `DataLoader({ collate: groupCollate })`; the batch is then an array. `groupCollateBy` collates groups otherwise.
 * @throws {TypeError} for a sample without a `datasetIdx`.  Source: VisionCore, group_collate.
 * @example
 * import { groupCollate } from 'sconce/data';
 * const batch = groupCollate([
 *   { robs: tensor([1, 2]), datasetIdx: 1 },
 *   { robs: tensor([3]), datasetIdx: 0 },
 *   { robs: tensor([4, 5]), datasetIdx: 1 },
 * ]);
 * batch.map(({ robs }) => robs.toArray()); // [[[1, 2], [4, 5]], [[3]]]
 */
export function groupCollate<S extends TaggedSample>(
  samples: readonly S[],
  context?: Pick<BatchContext, 'indices'>,
): Collated<S>[] {
  return groupsOf(samples, context, defaultCollate);
}

/**
 * As {@link groupCollate}, with a collate of its own for the samples of one dataset, as `padCollate` makes for sequences of different lengths.
 * @example
 * import { groupCollateBy, padCollate } from 'sconce/data';
 * const collate = groupCollateBy(padCollate({ letters: { dtype: 'int64' } }));
 * const batch = collate([{ letters: [1, 2], datasetIdx: 0 }, { letters: [3], datasetIdx: 0 }]);
 * batch[0]!.letters.toArray(); // [[1, 2], [3, 0]]
 */
export function groupCollateBy<S, B>(
  collate: GroupCollate<S, B>,
): (samples: readonly (S & TaggedSample)[], context?: Pick<BatchContext, 'indices'>) => B[] {
  return (samples, context) => groupsOf(samples, context, collate);
}

function groupsOf<S, B>(
  samples: readonly (S & TaggedSample)[],
  context: Pick<BatchContext, 'indices'> | undefined,
  collate: GroupCollate<S & TaggedSample, B>,
): B[] {
  const groups = new Map<number, number[]>();
  samples.forEach((sample, place) => {
    const datasetIdx: unknown = (sample as Partial<TaggedSample> | null)?.datasetIdx;
    if (typeof datasetIdx !== 'number') {
      const where = context ? `the sample at index ${context.indices[place]}` : `sample ${place} of the batch`;
      throw new TypeError(
        `Cannot group samples: expected a datasetIdx that is a number, got ${String(datasetIdx)} in ${where}; wrap each dataset: new TaggedDataset(dataset, number)`,
      );
    }
    const group = groups.get(datasetIdx);
    if (group) group.push(place);
    else groups.set(datasetIdx, [place]);
  });
  return [...groups.values()].map((places) =>
    collate(
      places.map((place) => samples[place]!),
      context && { indices: Int32Array.from(places, (place) => context.indices[place]!) },
    ),
  );
}
