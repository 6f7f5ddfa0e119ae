// Refuses sizes that no layer can have, by the name of the option.

/** @throws {RangeError} unless every number is an integer of at least 1. */
export function checkCounts(action: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Cannot ${action}: expected ${name} of at least 1, got ${String(value)}`);
  }
}
