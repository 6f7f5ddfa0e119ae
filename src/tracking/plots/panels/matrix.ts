// A table of numbers as a heat map, a confusion matrix for example: counts and per cents in the cells of a small one, colours alone in a large one.
import { replaceUnrepresentable } from '../../markup.ts';
import { formatNumber } from '../../number-format.ts';
import { type Drawing, noValues } from '../drawing.ts';
import { heatMarkup } from '../heat.ts';
import type { Scales } from '../plot-library.ts';
import { nameMarkup, numberMarkup, shownNames, widestOf } from './matrix-words.ts';

/** A table with names, `values[row][column]`. `Matrix`, as it is logged, is one. */
export interface NamedTable {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
  /** What rows are. Default `true class`. */
  readonly rowLabel?: string;
  /** Default `predicted class`. */
  readonly columnLabel?: string;
}

/** A matrix. Up to 10 rows and columns each cell has its number; beyond 100 neighbours are summed up in blocks. */
export interface MatrixPanel {
  readonly kind: 'matrix';
  readonly title?: string;
  readonly matrix: NamedTable;
  /** What a cell's colour and its per cent are measured by: its row's sum (the default: the share of a true class), its column's, the sum of all, or the
   *  greatest value, without per cents (for what is no count). */
  readonly normalize?: 'row' | 'column' | 'all' | 'none';
}

const MAX_NUMBERED = 10;
const MAX_DRAWN = 100;

export function layOutMatrix(panel: MatrixPanel, width: number): Drawing {
  const { normalize = 'row' } = panel;
  const { rows, columns, values, rowLabel = 'true class', columnLabel = 'predicted class' } = blocked(panel.matrix);
  if (rows.length * columns.length === 0)
    return { legend: [], draw: (plot) => ({ x: { axis: null }, y: { axis: null }, marks: [noValues(plot)] }) };
  const size = Math.max(rows.length, columns.length, 1);
  const isNumbered = size <= MAX_NUMBERED;
  const most = (width - 70) / Math.max(1, columns.length);
  const left = 36 + widestOf(shownNames(rows, isNumbered ? 34 : Math.min(16, most)));
  const cell = Math.min(isNumbered ? 58 : 16, (width - left - 20) / Math.max(1, columns.length));
  const columnNames = shownNames(columns, cell);
  const longest = widestOf(columnNames);
  const isTilted = columnNames.length > 0 && longest > (cell * columns.length) / columnNames.length - 4;
  const bottom = isTilted ? longest * 0.72 + 44 : 44;
  const cellHeight = isNumbered ? Math.max(34, Math.min(46, cell)) : cell;
  const plotWidth = cell * columns.length;
  const words = { rowLabel: replaceUnrepresentable(rowLabel), columnLabel: replaceUnrepresentable(columnLabel) };
  const shares = sharesOf(values, normalize);
  return {
    subtitle: describe(panel),
    legend: [{ label: LEGEND[normalize], shape: 'ramp', color: 0 }],
    height: 14 + bottom + cellHeight * rows.length,
    margins: { left, right: width - left - plotWidth, top: 14, bottom },
    draw: (plot) => ({
      x: { domain: [0, columns.length], axis: null },
      y: { domain: [rows.length, 0], axis: null },
      marks: [
        plot.markup((scales) => cellMarkup(shares, scales)),
        plot.frame({ stroke: 'currentColor', strokeOpacity: 0.35 }),
        plot.markup((scales) => (isNumbered ? numberMarkup(values, shares, scales, normalize) : '')),
        plot.markup((scales) =>
          nameMarkup({ rows, columns, ...words }, scales, {
            left,
            longest,
            isTilted,
          }),
        ),
      ],
    }),
  };
}

const LEGEND = {
  row: 'share of its row, 0 to 100 %',
  column: 'share of its column, 0 to 100 %',
  all: 'share of all, 0 to the greatest',
  none: '0 to the greatest',
};

/** What a classifier's matrix says at a glance. */
function describe({ matrix: { rows, columns, values }, normalize }: MatrixPanel): string | undefined {
  const all = values.flat().filter(Number.isFinite);
  const total = all.reduce((sum, value) => sum + value, 0);
  const parts: string[] = [];
  const isSquare = rows.length === columns.length && rows.every((name, index) => name === columns[index]);
  if (isSquare && normalize !== 'none' && total > 0) {
    const right = rows.reduce((sum, _, index) => sum + (values[index]![index] || 0), 0);
    parts.push(
      `${formatNumber(right)} of ${formatNumber(total)} on the diagonal (${((100 * right) / total).toFixed(1)} %)`,
    );
  }
  const most = Math.max(rows.length, columns.length);
  if (most > MAX_DRAWN) parts.push(`${rows.length} × ${columns.length}, in blocks of ${Math.ceil(most / MAX_DRAWN)}`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** At most 100 rows and columns: neighbours summed up, named by the first and the last. */
function blocked(table: NamedTable): NamedTable {
  const block = Math.ceil(Math.max(table.rows.length, table.columns.length) / MAX_DRAWN);
  if (block <= 1) return table;
  const names = (all: readonly string[]): string[] =>
    Array.from({ length: Math.ceil(all.length / block) }, (_, index) => {
      const part = all.slice(index * block, (index + 1) * block);
      return part.length === 1 ? part[0]! : `${part[0]} – ${part.at(-1)}`;
    });
  const [rows, columns] = [names(table.rows), names(table.columns)];
  const values = rows.map(() => columns.map(() => 0));
  for (const [i, row] of table.values.entries()) {
    for (const [j, value] of row.entries()) values[Math.floor(i / block)]![Math.floor(j / block)]! += value;
  }
  return { ...table, rows, columns, values };
}

function sharesOf(values: NamedTable['values'], normalize: NonNullable<MatrixPanel['normalize']>): number[][] {
  const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + finite(value), 0);
  const most = values.flat().reduce((best, value) => Math.max(best, Math.abs(finite(value))), 0);
  const columnSums = (values[0] ?? []).map((_, j) => sum(values.map((row) => row[j]!)));
  const whole = (i: number, j: number): number =>
    normalize === 'row' ? sum(values[i]!) : normalize === 'column' ? columnSums[j]! : most;
  const rowSums = values.map((_, i) => whole(i, 0));
  return values.map((row, i) =>
    row.map((value, j) => {
      const by = normalize === 'row' ? rowSums[i]! : whole(i, j);
      return by > 0 ? Math.abs(finite(value)) / by : 0;
    }),
  );
}

function cellMarkup(shares: readonly (readonly number[])[], { x, y }: Scales): string {
  const cells = shares.flatMap((row, i) =>
    row.map((level, j) => ({ x: x(j), y: y(i), width: x(j + 1) - x(j), height: y(i + 1) - y(i), level })),
  );
  return heatMarkup(cells);
}
