// Opens the CSV file of a run: a new one, or one that goes on, without what an earlier process logged beyond.
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import type { Clocks } from '../../run-format.ts';
import { CLOCK_COLUMNS, headerLine, readHeader, readNumberCell } from './csv-text.ts';

const BLOCK_BYTES = 64 * 1024;

/** A file with its header, and where the next row goes. */
export interface OpenCsv {
  readonly path: string;
  readonly fd: number;
  readonly columns: readonly string[];
  /** Where rows begin, and where those that stay end. */
  readonly start: number;
  readonly end: number;
  /** The row of the very moment from which the run goes on, the last before `end`: cells by column. */
  readonly lastRow: { readonly cells: readonly (number | undefined)[]; readonly start: number } | undefined;
}

export function createCsv(path: string): OpenCsv {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'wx+');
  const header = Buffer.from(headerLine(CLOCK_COLUMNS));
  writeSync(fd, header, 0, header.length, 0);
  return { path, fd, columns: CLOCK_COLUMNS, start: header.length, end: header.length, lastRow: undefined };
}

/** A name that is free beside one that is taken: `metrics-1.csv`. */
export function freePath(path: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = numberedPath(path, number);
    if (!existsSync(candidate)) return candidate;
  }
}

export function numberedPath(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${number}${ext}`);
}

/** Takes up a file, and reads only its header and its end. @returns undefined for one that no CSVLogger wrote. */
export function resumeCsv(path: string, at: Clocks): OpenCsv | undefined {
  const fd = openSync(path, 'r+');
  const size = fstatSync(fd).size;
  const header = headerOf(fd, size);
  if (header === undefined || CLOCK_COLUMNS.some((name, i) => header.columns[i] !== name)) {
    closeSync(fd);
    return undefined;
  }
  const { columns, end: start } = header;
  const { end, lastLine } = lastKept(fd, start, size, at);
  const cells = lastLine?.split(',');
  const isSameMoment = cells !== undefined && Number(cells[0]) === at.step && Number(cells[1]) === at.microStep;
  if (!isSameMoment) return { path, fd, columns, start, end, lastRow: undefined };
  const lastRow = {
    cells: cells.map((cell) => (cell === '' ? undefined : readNumberCell(cell))),
    start: end - lastLine!.length - 1,
  };
  return { path, fd, columns, start, end, lastRow };
}

function headerOf(fd: number, size: number): { columns: string[]; end: number } | undefined {
  for (let length = Math.min(size, BLOCK_BYTES); ; length = Math.min(size, 2 * length)) {
    const text = readAt(fd, 0, length).toString();
    const header = readHeader(text);
    if (header) return { columns: header.columns, end: Buffer.byteLength(text.slice(0, header.end)) };
    if (length === size) return undefined;
  }
}

/** Where the last line ends that is whole and not beyond a moment, looked for from the file's end: rows are in the order in which they were measured. */
function lastKept(fd: number, start: number, size: number, at: Clocks): { end: number; lastLine: string | undefined } {
  let from = size;
  let text = ''; // of the file behind `from`
  let isWhole = false; // what a process that was killed left of its last line is off
  for (;;) {
    if (!isWhole) {
      text = text.slice(0, text.lastIndexOf('\n') + 1);
      isWhole = text !== '';
    }
    while (text !== '') {
      const lineStart = text.lastIndexOf('\n', text.length - 2) + 1;
      if (lineStart === 0 && from > start) break; // begins before what was read
      const line = text.slice(lineStart, -1);
      if (!isBeyond(line, at)) return { end: from + text.length, lastLine: line };
      text = text.slice(0, lineStart);
    }
    if (from === start) return { end: start, lastLine: undefined };
    const next = Math.max(start, from - BLOCK_BYTES);
    text = readAt(fd, next, from - next).toString('latin1') + text;
    from = next;
  }
}

function isBeyond(line: string, at: Clocks): boolean {
  const [step, microStep] = line.split(',', 2).map(Number) as [number, number];
  return step > at.step || (step === at.step && microStep > at.microStep);
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
