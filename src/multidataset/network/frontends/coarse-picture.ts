// The coarse half of a picture, as two matrices: one octave of a Laplacian pyramid down and up again.

/** The weights of the binomial filter of five taps, which sum to the root of 2: what goes down and up again keeps its mean. */
const BINOMIAL = [1, 4, 6, 4, 1].map((weight) => (weight * Math.SQRT2) / 16);

/** Along an axis of so many pixels or more. */
export const LEAST_PIXELS = 3;

/** What each pixel of an axis becomes of the pixels along it: filtered, every second one kept, zeros put between them, and filtered again. The axis is mirrored at its ends.
 *  @returns rows of a matrix [size, size].  Source: Burt and Adelson 1983; plenoptic's blur_downsample and upsample_blur. */
export function coarseRows(size: number): number[][] {
  const half = Math.ceil(size / 2);
  const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  rows.forEach((row, i) => {
    // Pixel i sees, of the picture with zeros between, the places i - 2 to i + 2, of which every second one has something.
    BINOMIAL.forEach((up, k) => {
      const place = i + k - 2;
      if (place % 2 !== 0) return;
      const coarse = mirrored(place / 2, half);
      BINOMIAL.forEach((down, j) => {
        const pixel = mirrored(2 * coarse + j - 2, size);
        row[pixel] = row[pixel]! + up * down;
      });
    });
  });
  return rows;
}

/** The index that a place outside shows, the pixel at the end not twice. */
function mirrored(index: number, size: number): number {
  if (index < 0) return -index;
  return index < size ? index : 2 * (size - 1) - index;
}
