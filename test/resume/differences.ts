// Compares what files hold, entry by entry, so that a test can say which of them differ.
import { Tensor } from '../../src/tensor/index.ts';

/** Paths at which two values differ, as in `clocks.step`. Tensors are compared bit for bit, with dtype, shape and strides. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (Object.is(a, b)) return [];
  if (a instanceof Tensor && b instanceof Tensor) return facts(a) === facts(b) ? [] : [path];
  if (!isContainer(a) || !isContainer(b) || a.constructor !== b.constructor) return [path];
  const [left, right] = [entriesOf(a), entriesOf(b)];
  if ([...left.keys()].join() !== [...right.keys()].join()) return [path];
  return [...left].flatMap(([key, value]) => differences(value, right.get(key), path === '' ? key : `${path}.${key}`));
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Tensor);

const entriesOf = (value: object): Map<string, unknown> =>
  new Map(value instanceof Map ? Array.from(value, ([key, entry]) => [String(key), entry]) : Object.entries(value));

const facts = (tensor: Tensor): string =>
  [tensor.dtype, tensor.shape, tensor.stride, Buffer.from(tensor.toBytes()).toString('hex')].join(' ');
