// Sizes of windows: one number for every dimension, or one a dimension.

/** One number for every dimension, or one a dimension. */
export type Sizes = number | readonly number[];

/** One number a dimension.
 *  @param layer - for the message.  @throws {RangeError} for a list of another length, or numbers that are no sizes. */
export function expandSizes(sizes: Sizes, dims: number, layer: string, name: string, least = 0): readonly number[] {
  return sizesFor(`make ${layer}`, sizes, dims, name, least);
}

/** As `expandSizes`, whatever it is that the sizes are for.
 *  @param action - for the message: 'make Conv2d', 'call unfold'. */
export function sizesFor(action: string, sizes: Sizes, dims: number, name: string, least = 0): readonly number[] {
  const expanded = typeof sizes === 'number' ? new Array<number>(dims).fill(sizes) : [...sizes];
  if (expanded.length !== dims)
    throw new RangeError(`Cannot ${action}: expected ${dims} numbers for ${name}, got [${expanded.join(', ')}]`);
  if (expanded.every((size) => Number.isInteger(size) && size >= least)) return expanded;
  throw new RangeError(
    `Cannot ${action}: expected integers of at least ${least} for ${name}, got ${typeof sizes === 'number' ? sizes : `[${expanded.join(', ')}]`}`,
  );
}

/** As PyTorch prints what it was given: a number, or a tuple. */
export function showSizes(sizes: Sizes): string {
  return typeof sizes === 'number' ? String(sizes) : `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
}
