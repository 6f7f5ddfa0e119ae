// The words of a matrix: numbers in its cells, names at its sides.
import { escapeMarkup, replaceUnrepresentable } from '../../markup.ts';
import { formatNumber } from '../../number-format.ts';
import { inkClass, paperInkClass } from '../palette.ts';
import type { Scales } from '../plot-library.ts';
import { fitText, textWidth } from '../text-fit.ts';

const NAME_SIZE = 11.5;
const MAX_NAME_WIDTH = 110;

/** The numbers of cells, with their per cents where there is room. */
export function numberMarkup(
  values: readonly (readonly number[])[],
  shares: readonly (readonly number[])[],
  { x, y }: Scales,
  normalize: 'row' | 'column' | 'all' | 'none',
): string {
  const total = values.flat().reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0);
  const [width, height] = [x(1) - x(0), y(1) - y(0)];
  const texts = values.flatMap((row, i) =>
    row.map((value, j) => {
      const level = shares[i]![j]!;
      const number = fitText(formatNumber(value), width - 2, 12);
      const share = normalize === 'all' ? (total > 0 ? value / total : 0) : level;
      const hasShare = normalize !== 'none' && value > 0 && height >= 34 && width >= 30;
      const middle = y(i) + height / 2 + 4;
      const name = level > 0.55 ? paperInkClass : inkClass;
      const fill = level > 0.55 ? '#ffffff' : 'currentColor';
      const per = hasShare
        ? `<tspan x="${(x(j) + width / 2).toFixed(1)}" dy="13" font-size="10" opacity="0.85">${percent(share)}</tspan>`
        : '';
      const top = (hasShare ? middle - 6 : middle).toFixed(1);
      const dim = value === 0 ? ' opacity="0.45"' : '';
      return `<text class="${name}" fill="${fill}" x="${(x(j) + width / 2).toFixed(1)}" y="${top}"${dim}>${number}${per}</text>`;
    }),
  );
  return `<g aria-label="numbers" text-anchor="middle" font-size="12">${texts.join('')}</g>`;
}

const percent = (share: number): string =>
  share >= 0.0995 ? `${Math.round(share * 100)} %` : `${(share * 100).toFixed(1)} %`;

/** Names with their places: all of them, or as many, evenly chosen, as can be read. */
export function shownNames(names: readonly string[], cell: number): [index: number, name: string][] {
  const stride = Math.ceil((NAME_SIZE + 1) / cell);
  return names.flatMap((name, index): [number, string][] =>
    index % stride === 0 ? [[index, fitText(replaceUnrepresentable(name), MAX_NAME_WIDTH, NAME_SIZE, 'ends')]] : [],
  );
}

/** The width of the widest of them. */
export const widestOf = (names: readonly [number, string][]): number =>
  Math.max(14, ...names.map(([, name]) => textWidth(name, NAME_SIZE)));

interface Place {
  readonly left: number;
  readonly longest: number;
  readonly isTilted: boolean;
}

/** The names of rows and columns, and of what they are. */
export function nameMarkup(
  {
    rows,
    columns,
    rowLabel,
    columnLabel,
  }: { rows: readonly string[]; columns: readonly string[]; rowLabel: string; columnLabel: string },
  { x, y }: Scales,
  { left, longest, isTilted }: Place,
): string {
  const foot = y(rows.length);
  const rowNames = shownNames(rows, y(1) - y(0)).map(([index, name]) => {
    return `<text text-anchor="end" x="${left - 6}" y="${(y(index + 0.5) + 4).toFixed(1)}">${escapeMarkup(name)}</text>`;
  });
  const columnNames = shownNames(columns, x(1) - x(0)).map(([index, name]) => {
    const [cx, cy] = [x(index + 0.5).toFixed(1), (foot + 14).toFixed(1)];
    return isTilted
      ? `<text text-anchor="end" transform="translate(${x(index + 0.5).toFixed(1)},${(foot + 10).toFixed(1)}) rotate(-45)">${escapeMarkup(name)}</text>`
      : `<text text-anchor="middle" x="${cx}" y="${cy}">${escapeMarkup(name)}</text>`;
  });
  const under = foot + (isTilted ? longest * 0.72 + 34 : 34);
  const middle = [x(columns.length / 2).toFixed(1), y(rows.length / 2).toFixed(1)];
  return (
    `<g aria-label="rows" font-size="${NAME_SIZE}">${rowNames.join('')}</g><g aria-label="columns" font-size="${NAME_SIZE}">${columnNames.join('')}</g>` +
    `<text text-anchor="middle" font-size="12" x="${middle[0]}" y="${under.toFixed(1)}">${escapeMarkup(columnLabel)}</text>` +
    `<text text-anchor="middle" font-size="12" transform="translate(22,${middle[1]}) rotate(-90)">${escapeMarkup(rowLabel)}</text>`
  );
}
