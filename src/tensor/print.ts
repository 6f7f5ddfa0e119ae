// How a tensor reads as text: PyTorch's layout, four digits, long dimensions summarised.

import type { NestedArray, Tensor } from './tensor.ts';

const EDGE_ITEMS = 3;
const SUMMARY_ABOVE = 1000;

function formatter(tensor: Tensor, values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const isIntegral = finite.every(Number.isInteger);
  const largest = Math.max(0, ...finite.map(Math.abs));
  const smallest = Math.min(...finite.filter((value) => value !== 0).map(Math.abs), Number.POSITIVE_INFINITY);
  const isFloating = tensor.dtype.includes('float');
  const isScientific =
    isFloating && (largest >= 1e8 || (!isIntegral && (largest / smallest > 1000 || smallest < 1e-4)));
  const show = (value: number): string => {
    if (Number.isNaN(value)) return 'nan';
    if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
    if (!isFloating) return String(value);
    if (isScientific) return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
    return isIntegral ? `${value}.` : value.toFixed(4);
  };
  const width = Math.max(0, ...values.map((value) => show(value).length));
  return (value) => show(value).padStart(width);
}

function flatten(nest: NestedArray, into: number[] = []): number[] {
  if (Array.isArray(nest)) for (const element of nest) flatten(element, into);
  else into.push(Number(nest));
  return into;
}

/** The first and last three of every long dimension, with a hole between. */
function edges(nest: NestedArray, isSummarised: boolean): NestedArray | undefined {
  if (!Array.isArray(nest)) return nest;
  const kept =
    isSummarised && nest.length > 2 * EDGE_ITEMS
      ? [...nest.slice(0, EDGE_ITEMS), undefined, ...nest.slice(-EDGE_ITEMS)]
      : nest;
  return kept.map((element) => (element === undefined ? undefined : edges(element, isSummarised))) as NestedArray;
}

function layout(nest: NestedArray | undefined, indent: number, show: (value: number) => string): string {
  if (nest === undefined) return '...';
  if (!Array.isArray(nest)) return typeof nest === 'boolean' ? (nest ? ' True' : 'False') : show(Number(nest));
  const isFlat = !nest.some(Array.isArray);
  const parts = nest.map((element) => layout(element, indent + 1, show));
  const depth = (level: NestedArray | undefined): number => (Array.isArray(level) ? 1 + depth(level[0]) : 0);
  const separator = isFlat ? ', ' : `,${'\n'.repeat(depth(nest) - 1)}${' '.repeat(indent + 1)}`;
  return `[${parts.join(separator)}]`;
}

/** As PyTorch prints it: `tensor([1., 2.], requires_grad=True)`. */
export function formatTensor(tensor: Tensor): string {
  const prefix = 'tensor(';
  const dtype = tensor.dtype;
  const suffix: string[] = [];
  const shape = tensor.shape;
  const numel = tensor.numel;
  if (numel === 0 && shape.length !== 1) suffix.push(`size=(${shape.join(', ')})`);
  if (!['float32', 'int64', 'bool'].includes(dtype) || (numel === 0 && dtype !== 'float32'))
    suffix.push(`dtype=torch.${dtype}`);
  if (tensor.device !== 'cpu') suffix.push(`device='${tensor.device}'`);
  const gradFn = tensor.gradFn;
  if (gradFn !== undefined) suffix.push(`grad_fn=<${gradFn}>`);
  else if (tensor.requiresGrad) suffix.push('requires_grad=True');
  if (dtype.startsWith('complex') || tensor.device === 'meta')
    return `${prefix}..., ${[`size=(${shape.join(', ')})`, ...suffix].join(', ')})`;
  const shown = numel === 0 ? [] : edges(tensor.toArray(), numel > SUMMARY_ABOVE)!;
  const visible = flatten(shown).filter((value) => value !== undefined);
  return `${prefix}${[layout(shown, prefix.length, formatter(tensor, visible)), ...suffix].join(', ')})`;
}
