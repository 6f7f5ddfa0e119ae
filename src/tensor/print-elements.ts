// The elements of a dense tensor as text: columns of one width, rows in brackets, the middle of large tensors left out.

import { isComplexDType, isFloatingDType } from './dtype.ts';
import { formatExponential, formatFixed } from './number-format.ts';
import { cat } from './ops.generated.ts';
import { getPrintOptions, type PrintOptions } from './print-options.ts';
import type { Tensor } from './tensor.ts';

/** How the elements of one tensor are written: all alike. */
interface Column {
  readonly width: number;
  readonly format: (position: number) => string;
}

/** What is shown of a tensor: the elements at the edges, and what each dimension leaves out between them. */
interface Shown {
  readonly shape: readonly number[];
  readonly isCut: readonly boolean[];
  readonly columns: readonly Column[];
  readonly options: PrintOptions;
}

/** The elements in brackets. @param indent - characters before the first bracket. */
export function formatElements(tensor: Tensor, indent: number): string {
  if (tensor.numel === 0) return '[]';
  const options = getPrintOptions();
  const { edgeitems } = options;
  const isSummarised = tensor.numel > options.threshold;
  if (isSummarised && edgeitems === 0 && tensor.ndim > 0) return '[...]';
  const isCut = tensor.shape.map((size) => isSummarised && size > 2 * edgeitems);
  let edges = tensor.detach();
  isCut.forEach((cut, dim) => {
    if (!cut) return;
    const last = tensor.shape[dim]! - edgeitems;
    edges = cat([edges.narrow(dim, 0, edgeitems), edges.narrow(dim, last, edgeitems)], { dim });
  });
  return layout({ shape: edges.shape, isCut, columns: columnsOf(edges, options), options }, 0, 0, indent);
}

/** One column, or two for complex numbers: real and imaginary parts. */
function columnsOf(tensor: Tensor, options: PrintOptions): Column[] {
  const { dtype } = tensor;
  const elements = tensor.toTypedArray();
  if (isComplexDType(dtype))
    return [0, 1].map((part) =>
      floatColumn(
        (elements as Float64Array).filter((_, i) => i % 2 === part),
        options,
      ),
    );
  if (dtype === 'float8_e8m0fnu') {
    // It has no zero, and PyTorch compares with its smallest number instead; nor does PyTorch find its nan.
    return [floatColumn(elements as Float32Array, options, (value) => value !== 2 ** -127)];
  }
  if (isFloatingDType(dtype)) return [floatColumn(elements as Float64Array, options)];
  const texts = Array.from<number | bigint, string>(
    elements,
    dtype === 'bool' ? (value) => (value ? 'True' : 'False') : String,
  );
  const width = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
  return [{ width, format: (position) => texts[position]!.padStart(width) }];
}

/** @param isMeasured - whether a value has a say in how all are written. */
function floatColumn(
  values: ArrayLike<number>,
  { precision, sciMode }: PrintOptions,
  isMeasured: (value: number) => boolean = (value) => Number.isFinite(value) && value !== 0,
): Column {
  const numbers = Array.from(values).filter(isMeasured);
  const smallest = numbers.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const isWide = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
  const isScientific = numbers.length > 0 && (sciMode ?? isWide);
  const isIntegral = numbers.every(Number.isInteger);
  const show = (value: number): string => {
    if (!Number.isFinite(value)) return String(value).toLowerCase().replace('infinity', 'inf');
    if (isScientific) return formatExponential(value, precision);
    return isIntegral ? `${formatFixed(value, 0)}.` : formatFixed(value, precision);
  };
  const width = numbers.reduce((longest, value) => Math.max(longest, show(value).length), 1);
  return { width, format: (position) => show(values[position]!).padStart(width) };
}

/** @param first - the position of the first element in row-major order. */
function layout(shown: Shown, dim: number, first: number, indent: number): string {
  const { shape, isCut, columns, options } = shown;
  if (dim === shape.length) return formatElement(columns, first);
  const rowSize = shape.slice(dim + 1).reduce((product, size) => product * size, 1);
  const isLast = dim === shape.length - 1;
  const parts = Array.from({ length: shape[dim]! }, (_, i) => layout(shown, dim + 1, first + i * rowSize, indent + 1));
  if (isCut[dim]) parts.splice(options.edgeitems, 0, isLast ? ' ...' : '...');
  const newLine = (count: number): string => `,${'\n'.repeat(count)}${' '.repeat(indent + 1)}`;
  if (!isLast) return `[${parts.join(newLine(shape.length - dim - 1))}]`;
  const [real, imaginary] = columns as [Column, Column?];
  const elementWidth = real.width + 2 + (imaginary ? imaginary.width + 1 : 0);
  const perLine = Math.max(1, Math.floor((options.linewidth - indent) / elementWidth));
  const lines = Array.from({ length: Math.ceil(parts.length / perLine) }, (_, i) =>
    parts.slice(i * perLine, (i + 1) * perLine).join(', '),
  );
  return `[${lines.join(newLine(1))}]`;
}

function formatElement(columns: readonly Column[], position: number): string {
  const [real, imaginary] = columns.map((column) => column.format(position)) as [string, string?];
  if (imaginary === undefined) return real;
  const trimmed = imaginary.trimStart();
  return `${real}${trimmed.startsWith('-') ? '' : '+'}${trimmed}j`;
}
