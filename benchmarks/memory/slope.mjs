// The slope of a curve that is measured along a run, with an interval that holds although neighbouring measurements resemble each other.

/** Quantiles of Student's t for 95 %, two-sided, by degrees of freedom. */
const T = { 18: 2.101 };
const NUM_BLOCKS = 20;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Fits a line through the means of 20 blocks. What one block still tells of the next (the lag-1 correlation of the residuals, where it is positive)
 *  widens the interval as if there were fewer blocks.
 *  @returns slope, and the half width of its 95 % interval, in units of y a unit of x. */
export function slopeOf(xs, ys) {
  const blocks = Array.from({ length: NUM_BLOCKS }, (_, block) => {
    const range = [Math.round((block * xs.length) / NUM_BLOCKS), Math.round(((block + 1) * xs.length) / NUM_BLOCKS)];
    return { x: mean(xs.slice(...range)), y: mean(ys.slice(...range)) };
  });
  const [x0, y0] = [mean(blocks.map(({ x }) => x)), mean(blocks.map(({ y }) => y))];
  const spread = blocks.reduce((sum, { x }) => sum + (x - x0) ** 2, 0);
  const slope = blocks.reduce((sum, { x, y }) => sum + (x - x0) * (y - y0), 0) / spread;
  const residuals = blocks.map(({ x, y }) => y - y0 - slope * (x - x0));
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  const products = residuals.slice(1).reduce((sum, residual, i) => sum + residual * residuals[i], 0);
  const measured = squares === 0 ? 0 : products / squares;
  // So few residuals show less correlation than there is (Kendall 1954), and a fitted line takes some of it away.
  const correlation = Math.min(0.95, Math.max(0, measured + (2 + 4 * measured) / NUM_BLOCKS));
  const error = Math.sqrt((squares / (NUM_BLOCKS - 2) / spread) * ((1 + correlation) / (1 - correlation)));
  return { slope, halfWidth: T[NUM_BLOCKS - 2] * error };
}
