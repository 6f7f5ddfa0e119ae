// Cells whose colour says how much: a path for each of a few levels of one colour, so that ten thousand cells are a small file.
import { lightColor } from './palette.ts';

/** A rectangle in the picture's units, and how full it is, from 0 to 1. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly level: number;
}

const NUM_LEVELS = 24;

/** The cells as SVG markup in one colour of the palette; the paper shows through those that are not full. Cells of level 0 are left out. */
export function heatMarkup(cells: Iterable<Cell>, color = 0): string {
  const paths = new Map<number, string[]>();
  for (const { x, y, width, height, level } of cells) {
    const bin = Math.ceil(Math.min(1, level) * NUM_LEVELS - 1e-9);
    if (!(bin > 0)) continue;
    // Neighbours share their edges to the digit: no paper shows between them.
    const [left, top] = [tenths(x), tenths(y)];
    const [across, down] = [tenths(x + width) - left, tenths(y + height) - top];
    const path = `M${short(left)},${short(top)}h${short(across)}v${short(down)}h${short(-across)}z`;
    const others = paths.get(bin);
    if (others) others.push(path);
    else paths.set(bin, [path]);
  }
  const parts = [...paths]
    .sort(([a], [b]) => a - b)
    .map(([bin, path]) => {
      return `<path fill-opacity="${short(bin / NUM_LEVELS)}" d="${path.join('')}"/>`;
    });
  return `<g aria-label="cells" class="fill-${color}" fill="${lightColor(color)}" shape-rendering="crispEdges">${parts.join('')}</g>`;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
const short = (value: number): string => String(Number(value.toFixed(2)));
