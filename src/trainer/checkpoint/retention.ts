// Which checkpoints stay: a pure function from what is there to what may be deleted.

export interface StoredCheckpoint {
  readonly name: string;
  readonly step: number;
}

export interface RetentionPolicy {
  /** Newest checkpoints that stay; undefined keeps all. At least 1. */
  readonly keepLast: number | undefined;
}

/** The names to delete, oldest first. `protectedNames` (the best one, the one just written) always stay. */
export function expired(
  stored: readonly StoredCheckpoint[],
  policy: RetentionPolicy,
  protectedNames: ReadonlySet<string>,
): string[] {
  if (policy.keepLast === undefined) return [];
  const newestFirst = [...stored].sort((a, b) => b.step - a.step || (a.name < b.name ? 1 : -1));
  return newestFirst
    .slice(policy.keepLast)
    .filter(({ name }) => !protectedNames.has(name))
    .map(({ name }) => name)
    .reverse();
}
