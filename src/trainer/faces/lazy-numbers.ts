// The numbers of a step for those who are shown them: a tensor is read when somebody looks, so that nobody waits for a device who does not.

import { Tensor } from '../../tensor/tensor.ts';

/** Puts the values of a step that are numbers, or tensors of one element, into `target`. A tensor is read when it is looked at first; look before the step ends. */
export function defineNumbers(target: Record<string, number>, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') target[name] = value;
    else if (value instanceof Tensor && value.numel === 1) defineLazily(target, name, () => value.item() as number);
  }
}

/** A property that is computed when it is looked at first, and then is a plain one. */
export function defineLazily(target: Record<string, number>, name: string, read: () => number): void {
  const settle = (value: number): number => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(target, name, {
    get: () => settle(Number(read())),
    set: settle,
    enumerable: true,
    configurable: true,
  });
}
