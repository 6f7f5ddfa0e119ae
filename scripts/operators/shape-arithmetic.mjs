// What operators do to shapes, as arithmetic on lists of sizes. A dimension may be counted from the end.

/** The shape that shapes broadcast to. */
export function broadcast(...shapes) {
  const length = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - length + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

export const positive = (dim, length) => (dim < 0 ? dim + length : dim);
export const replaced = (shape, dim, ...sizes) => shape.toSpliced(positive(dim, shape.length), 1, ...sizes);
export const product = (shape) => shape.reduce((all, size) => all * size, 1);

export function reduced(shape, { dim, keepdim = false } = {}) {
  const dims = (dim === undefined ? shape.map((_, i) => i) : [dim].flat()).map((d) => positive(d, shape.length));
  return keepdim ? shape.map((size, i) => (dims.includes(i) ? 1 : size)) : shape.filter((_, i) => !dims.includes(i));
}

/** A shape with -1 for one size, filled in. */
export const filled = (shape, numel) => shape.map((size) => (size === -1 ? numel / -product(shape) : size));

/** Lengths of pieces of one size, the last one perhaps smaller. */
export const pieces = (length, size) =>
  Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size));

/** Lengths of that many pieces, the first ones one longer where it does not come out. */
export const sections = (length, count) =>
  Array.from({ length: count }, (_, i) => Math.floor(length / count) + (i < length % count ? 1 : 0));

/** The pieces that tensorSplit and its kin cut a shape into at a dimension: at the places given, or into that many. */
export function cut(shape, cuts, dim) {
  const length = shape.at(dim);
  const lengths = Array.isArray(cuts)
    ? [...cuts, length].map((end, i) => end - (cuts[i - 1] ?? 0))
    : sections(length, cuts);
  return lengths.map((piece) => replaced(shape, dim, piece));
}

/** The shape of tensors joined at a dimension. */
export function joined(shapes, dim) {
  const length = shapes.reduce((sum, shape) => sum + shape.at(dim), 0);
  return replaced(shapes[0], dim, length);
}

/** A shape with pairs of numbers added, from the last dimension on. */
export function padded(shape, pad) {
  const amount = (i) => (pad[2 * i] ?? 0) + (pad[2 * i + 1] ?? 0);
  return shape.map((size, i) => size + amount(shape.length - 1 - i));
}

/** How many places a lower triangle with its diagonal has. */
export const triangle = (rows, columns) =>
  Array.from({ length: rows }, (_, i) => Math.min(i + 1, columns)).reduce((a, b) => a + b, 0);
