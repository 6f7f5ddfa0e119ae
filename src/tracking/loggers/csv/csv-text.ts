// The text of a CSV file as pandas and spreadsheets read it: cells, the header, and the header read back.

/** Columns before those of the metrics. */
export const CLOCK_COLUMNS = ['step', 'micro_step', 'epoch', 'time'] as const;

/** A number as pandas reads it: 0.1, 1e-7, NaN, inf, -inf. */
export function numberCell(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
}

export const readNumberCell = (cell: string): number =>
  cell === 'inf' ? Number.POSITIVE_INFINITY : cell === '-inf' ? Number.NEGATIVE_INFINITY : Number(cell);

/** A text cell, quoted where it has to be. A lone carriage return would end a line for some readers. */
function textCell(text: string): string {
  return /[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const headerLine = (columns: readonly string[]): string => `${columns.map(textCell).join(',')}\n`;

/** Reads a header. @returns its cells and where it ends; undefined for a text in which it does not end. */
export function readHeader(text: string): { columns: string[]; end: number } | undefined {
  const columns: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i]!;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === ',' || letter === '\n') {
      columns.push(cell);
      cell = '';
      if (letter === '\n') return { columns, end: i + 1 };
    } else cell += letter;
  }
  return undefined;
}
