// Which checkpoints stay: pure functions from what is there to what may be deleted or set aside.

/** A file by its name, and the moment of the run that the name tells. */
export interface StoredCheckpoint {
  readonly name: string;
  readonly epoch: number;
  /** Undefined where the name does not tell it: at the end of an epoch, before every step of the next. */
  readonly step?: number;
  /** For a checkpoint inside an accumulation window, which is later than the one at its step. */
  readonly microStep?: number;
}

export interface RetentionPolicy {
  /** Newest checkpoints that stay; undefined keeps all. At least 1. */
  readonly keepLast: number | undefined;
  /** Which of them stay whatever their age. Default: none. */
  readonly stays?: ((checkpoint: StoredCheckpoint) => boolean) | undefined;
}

/** Orders checkpoints by their moment in the run, oldest first. */
export function byMoment(a: StoredCheckpoint, b: StoredCheckpoint): number {
  const isByStep = a.step !== undefined && b.step !== undefined;
  const [stepA, stepB] = [a.step ?? -1, b.step ?? -1];
  const first = isByStep ? stepA - stepB || a.epoch - b.epoch : a.epoch - b.epoch || stepA - stepB;
  return first || (a.microStep ?? -1) - (b.microStep ?? -1);
}

/** The names to delete, oldest first. `protectedNames` (the best one, the one just written) always stay. */
export function expired(
  stored: readonly StoredCheckpoint[],
  policy: RetentionPolicy,
  protectedNames: ReadonlySet<string>,
): string[] {
  if (policy.keepLast === undefined) return [];
  const { stays = () => false } = policy;
  const oldestFirst = stored.filter((checkpoint) => !stays(checkpoint)).sort(byMoment);
  return oldestFirst
    .slice(0, Math.max(0, oldestFirst.length - policy.keepLast))
    .map(({ name }) => name)
    .filter((name) => !protectedNames.has(name));
}

/** The names of checkpoints of a later moment than the one just written: of a time line that the run has left by resuming from an earlier one. They are
 *  not this run's newest any more. */
export function abandoned(stored: readonly StoredCheckpoint[], written: StoredCheckpoint): string[] {
  return stored.filter((other) => byMoment(other, written) > 0).map(({ name }) => name);
}
