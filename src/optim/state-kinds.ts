// The kinds of state that optimizers keep of a parameter: what is taken from a state dict, and what is given to one.

import { full, zeros } from '../tensor/create.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Problem } from './hyperparameters.ts';

/** What an optimizer remembers under one name. */
export type StateValue = Tensor | number | readonly Tensor[];

/** How one entry of a parameter's state is read and written. */
export interface StateKind {
  /** What is wrong with the value of a state dict, if anything. @param place - for messages, as in `"exp_avg" of parameter 0`. */
  problem(value: unknown, parameter: Tensor, place: string): Problem | undefined;
  /** The optimizer's own copy, in dtype, device and memory format as its kernels expect. Undefined where there is nothing to keep. */
  adopt(value: unknown, parameter: Tensor): StateValue | undefined;
  /** What PyTorch's optimizer would have in a state dict. */
  give(value: StateValue): unknown;
  /** Not in every state. */
  readonly isOptional?: boolean;
  /** Python holds a float. */
  readonly isFloat?: boolean;
}

export function optional(kind: StateKind): StateKind {
  return { ...kind, isOptional: true };
}

function shaped(shapeOf: (parameter: Tensor) => readonly number[], make: (parameter: Tensor) => Tensor): StateKind {
  return {
    problem(value, parameter, place) {
      if (!(value instanceof Tensor)) return [`a tensor for ${place}`, value === null ? 'null' : typeof value];
      const shape = shapeOf(parameter);
      if (String(value.shape) !== String(shape))
        return [`${place} in shape [${shape.join(', ')}]`, `[${value.shape.join(', ')}]`];
      if (isComplexDType(value.dtype) && !isComplexDType(parameter.dtype))
        return [`real numbers for ${place}`, value.dtype];
      return undefined;
    },
    adopt: (value, parameter) => {
      const tensor = value as Tensor;
      return make(parameter).copy_(tensor.layout === 'strided' ? tensor : tensor.toDense());
    },
    give: (value) => (value as Tensor).detach(),
  };
}

/** A tensor like the parameter. */
export const LIKE = shaped(
  (parameter) => parameter.shape,
  (parameter) => zerosLike(parameter, { memoryFormat: 'preserve_format' }),
);

/** A tensor of the parameter's dtype in another shape. */
export function inShape(shapeOf: (parameter: Tensor) => readonly number[]): StateKind {
  return shaped(shapeOf, (parameter) =>
    zeros(shapeOf(parameter), { dtype: parameter.dtype, device: parameter.device }),
  );
}

function numberIn(value: unknown): number | undefined {
  if (value instanceof Tensor) return value.ndim === 0 ? Number(value.item()) : undefined;
  const plain = typeof value === 'object' && value !== null ? value.valueOf() : value;
  return typeof plain === 'number' ? plain : undefined;
}

function scalarProblem(value: unknown, place: string): Problem | undefined {
  if (value instanceof Tensor)
    return value.ndim === 0 ? undefined : [`${place} in shape []`, `[${value.shape.join(', ')}]`];
  // Before 1.12 PyTorch counted steps in plain numbers.
  return numberIn(value) === undefined ? [`a tensor for ${place}`, value === null ? 'null' : typeof value] : undefined;
}

/** A count or another number that a kernel reads, so it lies in a tensor beside the parameter. */
export const SCALAR: StateKind = {
  problem: (value, _, place) => scalarProblem(value, place),
  adopt: (value, parameter) => full([], numberIn(value)!, { device: parameter.device }),
  give: (value) => (value as Tensor).detach(),
};

/** A number that PyTorch keeps in a tensor of float32, on the CPU. */
export const NUMBER: StateKind = {
  problem: (value, _, place) => scalarProblem(value, place),
  adopt: (value) => numberIn(value)!,
  give: (value) => full([], value as number),
};

/** A number that PyTorch keeps as Python's int. */
export const INT: StateKind = {
  problem: (value, _, place) => {
    const number = numberIn(value);
    return Number.isInteger(number) ? undefined : [`an integer for ${place}`, String(number ?? typeof value)];
  },
  adopt: (value) => numberIn(value)!,
  give: (value) => value,
};

/** A number that PyTorch keeps as Python's float, or in a tensor. */
export const FLOAT: StateKind = {
  problem: (value, _, place) => (numberIn(value) === undefined ? [`a number for ${place}`, typeof value] : undefined),
  adopt: (value) => numberIn(value)!,
  give: (value) => value,
  isFloat: true,
};

/** In the parameter's dtype; for complex parameters in its own, as their parts lie in vectors of real numbers. */
function ownCopy(tensor: Tensor, parameter: Tensor): Tensor {
  const dtype = isComplexDType(parameter.dtype) ? tensor.dtype : parameter.dtype;
  return tensor.to({ dtype, device: parameter.device, copy: true });
}

/** Tensors in a list, of the parameter's dtype. */
export const LIST: StateKind = {
  problem: (value, _, place) =>
    Array.isArray(value) && value.every((each) => each instanceof Tensor)
      ? undefined
      : [`a list of tensors for ${place}`, typeof value],
  adopt: (value, parameter) => (value as Tensor[]).map((each) => ownCopy(each, parameter)),
  give: (value) => (value as readonly Tensor[]).map((each) => each.detach()),
};

/** One tensor of any shape, of the parameter's dtype. */
export const WHOLE: StateKind = {
  problem: (value, _, place) => (value instanceof Tensor ? undefined : [`a tensor for ${place}`, typeof value]),
  adopt: (value, parameter) => ownCopy(value as Tensor, parameter),
  give: (value) => (value as Tensor).detach(),
};

/** Working space that PyTorch leaves in its state: taken, and not kept. */
export const SCRATCH: StateKind = {
  problem: () => undefined,
  adopt: () => undefined,
  give: (value) => value,
  isOptional: true,
};
