// How a tensor reads as text: what PyTorch prints, to the character. Source: torch/_tensor_str.py.

import * as aten from './aten.generated.ts';
import { formatElements } from './print-elements.ts';
import { getPrintOptions } from './print-options.ts';
import { scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

const PREFIX = 'tensor(';
/** What goes without saying where an element shows it. */
const DEFAULT_DTYPES: readonly string[] = ['float32', 'complex64', 'int64', 'bool'];

/** As PyTorch prints it: `tensor([1., 2.], requires_grad=True)`. */
export function formatTensor(tensor: Tensor): string {
  return scope(() => {
    const { contents, suffixes } = tensor.layout === 'strided' ? describeDense(tensor) : describeSparse(tensor);
    if (tensor.device !== 'cpu') suffixes.unshift(`device='${tensor.device}'`);
    if (tensor.layout !== 'strided') suffixes.push(`layout=torch.${tensor.layout}`);
    const { gradFn } = tensor;
    if (gradFn !== undefined) suffixes.push(`grad_fn=<${gradFn}>`);
    else if (tensor.requiresGrad) suffixes.push('requires_grad=True');
    return withSuffixes(PREFIX + contents, suffixes, tensor.layout === 'sparse_coo');
  });
}

interface Description {
  readonly contents: string;
  readonly suffixes: string[];
}

function describeDense(tensor: Tensor): Description {
  const { dtype, shape, numel } = tensor;
  const isMeta = tensor.device === 'meta';
  const hasElements = !isMeta && numel > 0;
  const suffixes: string[] = [];
  const isSizeSaid = isMeta || (hasElements ? getPrintOptions().edgeitems === 0 : shape.length !== 1);
  if (isSizeSaid) suffixes.push(`size=${formatSize(shape)}`);
  const isDefault = hasElements ? DEFAULT_DTYPES.includes(dtype) : dtype === 'float32';
  if (!isDefault) suffixes.push(`dtype=torch.${dtype}`);
  return { contents: isMeta ? '...' : formatElements(tensor, PREFIX.length), suffixes };
}

/** A sparse tensor is printed by its parts. */
function describeSparse(tensor: Tensor): Description {
  const isMeta = tensor.device === 'meta';
  const suffixes = [`size=${formatSize(tensor.shape)}`];
  if (!isMeta) suffixes.push(`nnz=${aten._nnz(tensor)}`);
  if (!DEFAULT_DTYPES.includes(tensor.dtype)) suffixes.push(`dtype=torch.${tensor.dtype}`);
  const parts = partsOf(tensor).map(([name, part]) => {
    const head = `${name}=${PREFIX}`;
    const elements = isMeta ? '...' : formatElements(part, PREFIX.length + head.length);
    const size = isMeta || part.numel === 0 ? `, size=${formatSize(part.shape)}` : '';
    return `${head}${elements}${size})`;
  });
  return { contents: parts.join(`,\n${' '.repeat(PREFIX.length)}`), suffixes };
}

function partsOf(tensor: Tensor): [name: string, part: Tensor][] {
  switch (tensor.layout) {
    case 'sparse_coo':
      return [
        ['indices', aten._indices(tensor).detach()],
        ['values', aten._values(tensor).detach()],
      ];
    case 'sparse_csr':
    case 'sparse_bsr':
      return [
        ['crow_indices', tensor.crowIndices().detach()],
        ['col_indices', tensor.colIndices().detach()],
        ['values', tensor.values().detach()],
      ];
    default:
      return [
        ['ccol_indices', tensor.ccolIndices().detach()],
        ['row_indices', tensor.rowIndices().detach()],
        ['values', tensor.values().detach()],
      ];
  }
}

function formatSize(shape: readonly number[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** Suffixes go on the last line while it has room. @param isOnNewLine - the first one does not. */
function withSuffixes(text: string, suffixes: readonly string[], isOnNewLine: boolean): string {
  let result = text;
  let lineLength = text.length - text.lastIndexOf('\n') + 1;
  suffixes.forEach((suffix, i) => {
    const fits = lineLength + suffix.length + 2 <= getPrintOptions().linewidth && !(isOnNewLine && i === 0);
    result += fits ? `, ${suffix}` : `,\n${' '.repeat(PREFIX.length)}${suffix}`;
    lineLength = fits ? lineLength + suffix.length + 2 : PREFIX.length + suffix.length;
  });
  return `${result})`;
}
