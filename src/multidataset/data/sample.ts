// What samples and batches of recordings are.

import type { RecordingSample } from '../../data/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Group } from './grouped-dataset.ts';

/** A sample of a recording, or a batch of them: what `keys_lags` of its data set names. `stim` lacks where it names none, for models of behaviour alone. */
export interface MultiDatasetSample extends RecordingSample {
  /** Which units count: 1 where they do. [N], or [1] for all alike. */
  readonly dfs?: Tensor;
  /** What the units did before, [lags, N]. */
  readonly history?: Tensor;
  readonly [key: string]: Tensor | undefined;
}

/** The samples of one data set in a batch, each tensor with the samples in front. */
export type MultiDatasetGroup = Group<MultiDatasetSample>;

/** A batch: a list of groups, or with `homogeneousBatches` one group. */
export type MultiDatasetBatch = MultiDatasetGroup[] | MultiDatasetGroup;
