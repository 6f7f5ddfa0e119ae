// What a trainer is to its `CheckpointManager`: it has everything that an exact resume needs, and the manager has the names, the counts and whatever its class adds.

/** What a trainer found in a file that it restored. */
export interface RestoredCheckpoint {
  /** What the manager had put into the file, and its users. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Epochs completed. */
  readonly epoch: number;
  /** Optimizer updates done. */
  readonly step: number;
}

/** A trainer whose state the manager's files hold. */
export interface CheckpointHost {
  /** Writes every part of the run as it is at this call, in Sconce's one format, and makes the folder.
   *  @param extra - what is beside it, plain values and tensors. */
  save(path: string, extra: Readonly<Record<string, unknown>>): Promise<void>;
  /** Restores every part of the run; its next training goes on exactly there.
   *  @param check - looks at what the file says before anything is restored; what it throws ends the load.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's. */
  load(path: string, check: (found: RestoredCheckpoint) => void): Promise<RestoredCheckpoint>;
}

/** The method by which a trainer makes itself the host of a manager, of one that its user assigns too: `manager[ATTACH](host)`; with undefined it lets it go. From then on `saveCheckpoint` writes and `loadCheckpoint` reads through it.
 *  A manager without a host has the state of its model, optimizer and schedule. @internal */
export const ATTACH: unique symbol = Symbol('sconce.attachCheckpointHost');
