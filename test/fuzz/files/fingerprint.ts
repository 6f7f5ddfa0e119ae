// What a reader made of a file, as text: two values with one text are the same to every user.
import { createHash } from 'node:crypto';
import { Parameter } from '../../../src/nn/parameter.ts';
import { PyDevice, PyDType, PyFloat, PyTuple } from '../../../src/serial/values.ts';
import { Tensor } from '../../../src/tensor/index.ts';

/** Elements of a tensor that is looked at; what expands to more came of a lie about its strides. */
const maxElements = 2_000_000;

/** A text that tells values apart, and the tensors in them. Walks with a stack of its own, and what is shared once. */
export function fingerprint(value: unknown): { readonly text: string; readonly tensors: readonly Tensor[] } {
  const hash = createHash('sha256');
  const numbers = new Map<object, number>();
  const tensors: Tensor[] = [];
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const item = stack.pop();
    if (typeof item !== 'object' || item === null) {
      hash.update(`${typeof item} ${Object.is(item, -0) ? '-0' : String(item)}\n`);
      continue;
    }
    const seen = numbers.get(item);
    if (seen !== undefined) {
      hash.update(`again ${seen}\n`);
      continue;
    }
    numbers.set(item, numbers.size);
    if (item instanceof Tensor) {
      tensors.push(item);
      hash.update(describeTensor(item));
    } else if (item instanceof PyFloat || item instanceof PyDType || item instanceof PyDevice) {
      hash.update(`${item.constructor.name} ${JSON.stringify(Object.values(item).map(String))}\n`);
    } else if (ArrayBuffer.isView(item)) {
      hash.update(item as Uint8Array);
    } else {
      const kind = Array.isArray(item) ? (item instanceof PyTuple ? 'tuple' : 'list') : item.constructor?.name;
      const children = Array.isArray(item) || item instanceof Set ? [...item] : entriesOf(item);
      hash.update(`${kind} ${children.length}\n`);
      for (const child of children.reverse()) stack.push(child);
    }
  }
  return { text: hash.digest('hex'), tensors };
}

function entriesOf(item: object): unknown[] {
  return (item instanceof Map ? [...item] : Object.entries(item)).flat(1);
}

function describeTensor(tensor: Tensor): string {
  const { dtype, shape, stride, requiresGrad } = tensor;
  const layout = JSON.stringify([dtype, shape, stride, requiresGrad, tensor instanceof Parameter]);
  if (tensor.numel > maxElements) return `${layout}\n`;
  return `${layout} ${createHash('sha256').update(tensor.toBytes()).digest('hex')}\n`;
}
