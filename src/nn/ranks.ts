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

let depth = 0;

/** Runs `body`, in which this process waits for no other: for a forward pass that not all ranks have, as the last of an epoch where some have a batch more. Synchronised batch norms and
 *  losses that compare the rows of all ranks look at the rows of this one there.  Synchronous. */
export function apart<Result>(body: () => Result): Result {
  depth += 1;
  try {
    return body();
  } finally {
    depth -= 1;
  }
}

/** Whether `apart` runs. */
export function isApart(): boolean {
  return depth > 0;
}
