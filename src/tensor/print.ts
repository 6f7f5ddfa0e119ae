// How a tensor reads as text: what PyTorch prints, to the character. Source: torch/_tensor_str.py.

import { tensor as makeTensor } from './create.ts';
import { formatExponential, formatFixed } from './number-format.ts';
import { scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

const EDGE_ITEMS = 3;
const SUMMARY_ABOVE = 1000;
const LINE_WIDTH = 80;
const PREFIX = 'tensor(';

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
}

/** As PyTorch prints it: `tensor([1., 2.], requires_grad=True)`. Of a sparse tensor, which PyTorch prints by its parts, only what it is. */
export function formatTensor(tensor: Tensor): string {
  return scope(() => {
    const contents = !hasElements(tensor) ? '...' : tensor.numel === 0 ? '[]' : formatElements(tensor);
    return withSuffixes(PREFIX + contents, suffixesOf(tensor));
  });
}

/** Meta tensors have none, and those of a sparse one would not be told apart from a dense one's. */
function hasElements(tensor: Tensor): boolean {
  return tensor.device !== 'meta' && tensor.layout === 'strided';
}

function formatElements(tensor: Tensor): string {
  const isSummarised = tensor.numel > SUMMARY_ABOVE;
  const isCut = tensor.shape.map((size) => isSummarised && size > 2 * EDGE_ITEMS);
  let edges = tensor.detach();
  isCut.forEach((cut, dim) => {
    if (!cut) return;
    const size = tensor.shape[dim]!;
    edges = edges.indexSelect(dim, makeTensor([0, 1, 2, size - 3, size - 2, size - 1], { dtype: 'int64' }));
  });
  return layout({ shape: edges.shape, isCut, columns: columnsOf(edges) }, 0, 0, PREFIX.length);
}

/** One column, or two for complex numbers: real and imaginary parts. */
function columnsOf(tensor: Tensor): Column[] {
  const elements = tensor.toTypedArray();
  switch (tensor.dtype) {
    case 'complex64':
    case 'complex128':
      return [0, 1].map((part) => floatColumn((elements as Float64Array).filter((_, i) => i % 2 === part)));
    case 'float16':
    case 'bfloat16':
    case 'float32':
    case 'float64':
      return [floatColumn(elements as Float64Array)];
    case 'bool':
      return [textColumn([...elements].map((value) => (value ? 'True' : 'False')))];
    default:
      return [textColumn([...elements].map(String))];
  }
}

function textColumn(texts: readonly string[]): Column {
  const width = Math.max(...texts.map((text) => text.length));
  return { width, format: (position) => texts[position]!.padStart(width) };
}

function floatColumn(values: ArrayLike<number>): Column {
  const numbers = Array.from(values).filter((value) => Number.isFinite(value) && value !== 0);
  const sizes = numbers.map(Math.abs);
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  const isIntegral = numbers.every(Number.isInteger);
  const isScientific = numbers.length > 0 && (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4);
  const show = isScientific ? formatExponential : isIntegral ? formatIntegral : formatFixed;
  const width = Math.max(1, ...numbers.map((value) => show(value).length));
  return {
    width,
    format: (position) => {
      const value = values[position]!;
      const text = Number.isFinite(value) ? show(value) : String(value).toLowerCase().replace('infinity', 'inf');
      return text.padStart(width);
    },
  };
}

function formatIntegral(value: number): string {
  return `${Object.is(value, -0) ? '-0' : value}.`;
}

/** @param first - the position of the first element in row-major order. */
function layout(shown: Shown, dim: number, first: number, indent: number): string {
  const { shape, isCut, columns } = shown;
  if (dim === shape.length) return formatElement(columns, first);
  const rowSize = shape.slice(dim + 1).reduce((product, size) => product * size, 1);
  const isLast = dim === shape.length - 1;
  const parts = Array.from({ length: shape[dim]! }, (_, i) => layout(shown, dim + 1, first + i * rowSize, indent + 1));
  if (isCut[dim]) parts.splice(EDGE_ITEMS, 0, isLast ? ' ...' : '...');
  const newLine = (count: number): string => `,${'\n'.repeat(count)}${' '.repeat(indent + 1)}`;
  if (!isLast) return `[${parts.join(newLine(shape.length - dim - 1))}]`;
  const [real, imaginary] = columns as [Column, Column?];
  const perLine = Math.max(
    1,
    Math.floor((LINE_WIDTH - indent) / (real.width + 2 + (imaginary ? imaginary.width + 1 : 0))),
  );
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

function suffixesOf(tensor: Tensor): string[] {
  const { dtype, device, shape, numel, gradFn } = tensor;
  const suffixes: string[] = [];
  if (device !== 'cpu') suffixes.push(`device='${device}'`);
  if (!hasElements(tensor) || (numel === 0 && shape.length !== 1))
    suffixes.push(`size=(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`);
  // Where no element shows the dtype, only float32 goes without saying.
  const isSaid = numel > 0 && hasElements(tensor);
  const isDefault = dtype === 'float32' || (isSaid && ['complex64', 'int64', 'bool'].includes(dtype));
  if (!isDefault) suffixes.push(`dtype=torch.${dtype}`);
  if (tensor.layout !== 'strided') suffixes.push(`layout=torch.${tensor.layout}`);
  if (gradFn !== undefined) suffixes.push(`grad_fn=<${gradFn}>`);
  else if (tensor.requiresGrad) suffixes.push('requires_grad=True');
  return suffixes;
}

/** Suffixes go on the last line while it has room. */
function withSuffixes(text: string, suffixes: readonly string[]): string {
  let result = text;
  let lineLength = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    const fits = lineLength + suffix.length + 2 <= LINE_WIDTH;
    result += fits ? `, ${suffix}` : `,\n${' '.repeat(PREFIX.length)}${suffix}`;
    lineLength = fits ? lineLength + suffix.length + 2 : PREFIX.length + suffix.length;
  }
  return `${result})`;
}
