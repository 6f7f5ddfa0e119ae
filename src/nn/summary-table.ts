// A summary as text: a tree with its numbers in columns.

import { formatBytes } from '../tensor/format-bytes.ts';
import type { ModuleSummary, SummaryRow } from './summary.ts';

const NONE = '–';

/** 1234567 as 1,234,567. */
const formatCount = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** Powers of 1000, three significant digits: 812, 1.50 M, 15.6 G. */
function formatLarge(count: number): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P'];
  let scaled = count;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return unit === 0 ? String(scaled) : `${scaled.toPrecision(3)} ${units[unit]}`;
}

function formatShapes({ outputShapes, numCalls, sameAs }: SummaryRow): string {
  if (sameAs !== undefined) return `same as ${sameAs === '' ? 'the model' : sameAs}`;
  if (numCalls === 0) return NONE;
  const shapes = outputShapes.map((shape) => `[${shape.join(', ')}]`);
  const shown = shapes.length > 3 ? [...shapes.slice(0, 3), `… ${shapes.length - 3} more`] : shapes;
  return `${shown.join(' ') || 'no tensor'}${numCalls > 1 ? ` × ${numCalls}` : ''}`;
}

/** Each row's parameters as they add up to the total: a row with rows below has its own alone; what rows above have is in parentheses. */
function formatParameters(row: SummaryRow): string {
  if (row.sameAs !== undefined) return NONE;
  const count = row.isOpen ? row.numOwn : row.numParameters;
  if (count === 0) return NONE;
  const added = count - row.numShared;
  if (row.numShared === 0) return formatCount(count);
  return added === 0 ? `(${formatCount(count)})` : `${formatCount(added)} (+${formatCount(row.numShared)})`;
}

function formatMemory({ addedBytes }: SummaryRow): string {
  return addedBytes === 0 ? NONE : formatBytes(addedBytes);
}

function formatTrained(row: SummaryRow): string {
  if (row.sameAs !== undefined || row.numParameters === 0) return NONE;
  if (row.numTrainable === row.numParameters) return 'yes';
  return row.numTrainable === 0 ? 'no' : 'in part';
}

/** As parameters: what a row's own call adds to the total. */
function formatProducts(row: SummaryRow): string {
  const products = row.isOpen ? row.ownMultiplyAdds : row.multiplyAdds;
  return products === undefined || row.sameAs !== undefined ? NONE : formatLarge(products);
}

/** The lines before each row that show what lies below what. */
function branches(rows: readonly SummaryRow[]): string[] {
  return rows.map(({ depth }, i) => {
    let text = '';
    for (let level = 1; level <= depth; level++) {
      const next = rows.slice(i + 1).find((row) => row.depth <= level);
      const goesOn = next?.depth === level;
      text += level === depth ? (goesOn ? '├─ ' : '└─ ') : goesOn ? '│  ' : '   ';
    }
    return text;
  });
}

/** Right-aligned columns but for the first ones. */
function alignColumns(table: readonly (readonly string[])[], numLeft: number): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  return table.map((cells) =>
    cells
      .map((cell, column) => (column < numLeft ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** @internal `ModuleSummary.toString`. */
export function formatSummary(summary: ModuleSummary): string {
  const { rows } = summary;
  const hasRun = summary.activationBytes !== undefined;
  const before = branches(rows);
  const body = rows.map((row, i) => {
    const name = row.name.slice(row.name.lastIndexOf('.') + 1);
    return [
      `${before[i]}${name === '' ? row.kind : `${name}: ${row.kind}`}`,
      ...(hasRun ? [formatShapes(row)] : []),
      formatParameters(row),
      formatMemory(row),
      formatTrained(row),
      ...(hasRun ? [formatProducts(row)] : []),
    ];
  });
  const header = [
    'Layer',
    ...(hasRun ? ['Output'] : []),
    'Parameters',
    'Memory',
    'Trained',
    ...(hasRun ? ['Multiply-adds'] : []),
  ];
  const lines = alignColumns([header, ...body], hasRun ? 2 : 1);
  const rule = '─'.repeat(Math.max(...lines.map(({ length }) => length)));
  return [lines[0], rule, ...lines.slice(1), rule, ...totals(summary)].join('\n');
}

function totals(summary: ModuleSummary): string[] {
  const { numParameters, numTrainable, numBufferElements, parameterBytes, bufferBytes } = summary;
  const { inputBytes, activationBytes, multiplyAdds, rows } = summary;
  const frozen = numParameters - numTrainable;
  const facts: [string, string][] = [
    ['Parameters', `${formatCount(numParameters)}, ${frozen === 0 ? 'all' : formatCount(numTrainable)} trained`],
    [
      'Memory',
      `parameters ${formatBytes(parameterBytes)}, buffers ${formatBytes(bufferBytes)} (${formatCount(numBufferElements)} elements)`,
    ],
  ];
  if (activationBytes !== undefined)
    facts.push(
      ['', `inputs ${formatBytes(inputBytes!)}, outputs of layers ${formatBytes(activationBytes)}`],
      ['Multiply-adds', `${formatLarge(multiplyAdds!)} in linear, convolution, recurrent and attention layers`],
    );
  if (rows.some(({ numShared, sameAs }) => numShared > 0 && sameAs === undefined))
    facts.push(['( )', 'parameters that a layer above has too, counted there']);
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}
