// Operators by name, as a table for a terminal.

import type { OperatorRow } from './operator-profile.ts';

const HEAD = ['Name', 'Self CPU %', 'Self CPU', 'CPU total %', 'CPU total', 'CPU time avg', '# of Calls'];
const MAX_NAME = 55; // as torch.profiler cuts them

/** @param options.maxRows - how many are shown.  @param options.numDropped - how many operators there was no room for. */
export function printRows(
  rows: readonly OperatorRow[],
  { maxRows, numDropped }: { readonly maxRows: number; readonly numDropped: number },
): string {
  const wholeUs = rows.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const percent = (us: number): string => `${(wholeUs === 0 ? 0 : (us / wholeUs) * 100).toFixed(2)}%`;
  const cells = rows.slice(0, maxRows).map(({ name, calls, selfUs, totalUs }) => {
    const shown = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 3)}...` : name;
    return [shown, percent(selfUs), time(selfUs), percent(totalUs), time(totalUs), time(totalUs / calls), `${calls}`];
  });
  const widths = HEAD.map((label, i) => Math.max(label.length, ...cells.map((row) => row[i]!.length)));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('  ');
  const left = rows.length - cells.length;
  return [
    rule,
    line(HEAD),
    rule,
    ...cells.map(line),
    rule,
    `Self CPU time total: ${time(wholeUs)}${left > 0 ? `, ${left} more operators` : ''}`,
    ...(numDropped > 0 ? [`${numDropped} operators were not recorded: there was no room`] : []),
  ].join('\n');
}

/** As torch.profiler writes times. */
function time(us: number): string {
  if (us >= 1e6) return `${(us / 1e6).toFixed(3)}s`;
  return us >= 1e3 ? `${(us / 1e3).toFixed(3)}ms` : `${us.toFixed(3)}us`;
}
