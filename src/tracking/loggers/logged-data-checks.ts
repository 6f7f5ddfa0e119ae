// What is given to be logged beside numbers, looked at before any logger gets it: a picture without bytes, a promise in place of a text.
import type { Histogram, LoggedImage, Matrix } from '../data-records.ts';

type Given<T> = { readonly [K in keyof T]?: unknown } | null | undefined;

/** @throws {TypeError} if it is no histogram. */
export function requireHistogram(key: string, given: Given<Histogram>): void {
  const { edges, counts, count } = given ?? {};
  if (!Array.isArray(edges) || !Array.isArray(counts) || typeof count !== 'number')
    refuse('histogram', key, 'a histogram, as histogramOf(tensor) makes one', given);
  if (edges.length !== counts.length + 1)
    refuse('histogram', key, 'one edge more than counts', `${edges.length} edges and ${counts.length} counts`, true);
}

/** @throws {TypeError} if it is no matrix, or its values do not have its rows and columns. */
export function requireMatrix(key: string, given: Given<Matrix>): void {
  const { rows, columns, values, rowLabel, columnLabel } = given ?? {};
  const isMatrix =
    [rows, columns, values].every(Array.isArray) && [rowLabel, columnLabel].every((label) => typeof label === 'string');
  if (!isMatrix) refuse('matrix', key, '{ rows, columns, values, rowLabel, columnLabel }', given);
  const [numRows, numColumns] = [(rows as unknown[]).length, (columns as unknown[]).length];
  const table = values as unknown[];
  const isWhole = table.length === numRows && table.every((row) => Array.isArray(row) && row.length === numColumns);
  if (!isWhole) refuse('matrix', key, `${numRows} rows of ${numColumns} values`, 'others', true);
}

/** @throws {TypeError} if it is no picture. */
export function requireImage(key: string, given: Given<LoggedImage>): void {
  const { bytes, format, width, height } = given ?? {};
  if (!(bytes instanceof Uint8Array) || typeof width !== 'number' || typeof height !== 'number')
    refuse('image', key, '{ bytes, format, width, height }, as imageOf(tensor) makes it', given);
  if (format !== 'png' && format !== 'jpeg') refuse('image', key, "format 'png' or 'jpeg'", format);
}

/** @throws {TypeError} if it is no text of an SVG file. */
export function requireFigure(key: string, given: unknown): void {
  if (typeof given === 'string' && given.includes('<svg')) return;
  refuse('figure', key, 'the text of an SVG file, as await figure(…).toSvg() gives it', given);
}

/** @throws {TypeError} if it is no text. */
export function requireText(key: string, given: unknown): void {
  if (typeof given !== 'string') refuse('text', key, 'a text', given);
}

function refuse(kind: string, key: string, expected: string, given: unknown, isSaid = false): never {
  throw new TypeError(`Cannot log ${kind} "${key}": expected ${expected}, got ${isSaid ? given : named(given)}`);
}

function named(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given.length > 40 ? `${given.slice(0, 40)}…` : given);
  if (typeof given !== 'object' || given === null) return String(given);
  const { name } = given.constructor ?? {};
  return !name || name === 'Object' ? 'an object without it' : /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}
