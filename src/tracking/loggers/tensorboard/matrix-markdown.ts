// A matrix as a table of text, where there is no better place for it.
import type { Matrix } from '../../data-records.ts';

/** A Markdown table with names on both sides. */
export function matrixMarkdown({ rows, columns, values, rowLabel, columnLabel }: Matrix): string {
  const cell = (text: string): string => text.replaceAll(/[\\|<>&`*_]/g, '\\$&').replaceAll(/\s+/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line([cell(`${rowLabel} \\ ${columnLabel}`), ...columns.map(cell)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row, i) => line([cell(row), ...values[i]!.map(String)])),
  ].join('\n');
}
