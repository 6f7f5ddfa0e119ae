// The processes that train with this one, as layers see them. Process groups lie in a later layer: they tell this one that they are there.
import type { Tensor } from '../tensor/tensor.ts';

/** Ranks whose batches count as one. `ProcessGroup` of `sconce/distributed` is one. */
export interface BatchRanks {
  readonly size: number;
  /** The tensors of all ranks, of one shape and dtype, in the order of ranks. Waits. */
  gatherTensor(tensor: Tensor): Tensor; // [ranks, ...shape]
  /** The tensor becomes the sum of those of all ranks, in place. Waits. */
  sumTensor(tensor: Tensor): void;
}

// One for the process, as the default process group is.
let everyone: BatchRanks | undefined;

/** Says who trains with this process: `initProcessGroup` and `destroyProcessGroup` do. @internal */
export function setAllRanks(ranks: BatchRanks | undefined): void {
  everyone = ranks;
}

/** Who trains with this process; undefined where none does. @internal */
export function allRanks(): BatchRanks | undefined {
  return everyone;
}
