// `nn.utils.prune`: the functions that prune a module's parameters.

import { noGrad } from '../../tensor/autograd.ts';
import { cat, onesLike } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { stateOf } from '../derived-tensor.ts';
import type { Module } from '../module.ts';
import { type BasePruningMethod, PruningContainer } from './pruning-method.ts';
import {
  type AmountOptions,
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  type LnStructuredOptions,
  RandomStructured,
  RandomUnstructured,
  type StructuredOptions,
} from './pruning-methods.ts';

export {
  BasePruningMethod,
  isPruned,
  type PruneOptions,
  PruningContainer,
  type PruningType,
  remove,
} from './pruning-method.ts';
export {
  type AmountOptions,
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  type LnStructuredOptions,
  type MaskOptions,
  type PruneAmount,
  RandomStructured,
  RandomUnstructured,
  type StructuredOptions,
} from './pruning-methods.ts';

interface Scored {
  /** What decides instead of the parameter. Shape: the parameter's. */
  importanceScores?: Tensor;
}

/** Gives a parameter a mask of ones. Source: torch.nn.utils.prune.identity. */
export function identity<M extends Module>(module: M, name: string): M {
  Identity.apply(module, name, {});
  return module;
}

/** Prunes elements of a parameter at random. Source: torch.nn.utils.prune.random_unstructured. */
export function randomUnstructured<M extends Module>(module: M, name: string, options: AmountOptions): M {
  RandomUnstructured.apply(module, name, options);
  return module;
}

/** Prunes the elements of a parameter that are least by their absolute value. Source: torch.nn.utils.prune.l1_unstructured.
 *  @example
 *  const layer = nn.utils.prune.l1Unstructured(new nn.Linear(4, 2), 'weight', { amount: 0.5 });
 *  layer.weight.eq(0).sum().item(); // 4 */
export function l1Unstructured<M extends Module>(module: M, name: string, options: AmountOptions & Scored): M {
  L1Unstructured.apply(module, name, options);
  return module;
}

/** Prunes whole slices of a parameter at random. Source: torch.nn.utils.prune.random_structured. */
export function randomStructured<M extends Module>(module: M, name: string, options: StructuredOptions): M {
  RandomStructured.apply(module, name, options);
  return module;
}

/** Prunes the slices of a parameter whose norm is least. Source: torch.nn.utils.prune.ln_structured. */
export function lnStructured<M extends Module>(module: M, name: string, options: LnStructuredOptions & Scored): M {
  LnStructured.apply(module, name, options);
  return module;
}

/** Prunes a parameter by a mask. @param mask - ones where elements stay. Shape: the parameter's. Source: torch.nn.utils.prune.custom_from_mask. */
export function customFromMask<M extends Module>(module: M, name: string, mask: Tensor): M {
  CustomFromMask.apply(module, name, { mask });
  return module;
}

/** Prunes parameters together, as if they were one: an amount is of all of them.
 *  @param parameters - each a module and a name.  @param Method - of the type 'unstructured'.
 *  @param options - of the method, and `importanceScores`, one for each parameter that shall have them.
 *  @throws {TypeError} for a method of another type.  Source: torch.nn.utils.prune.global_unstructured. */
export function globalUnstructured<O extends object>(
  parameters: readonly (readonly [module: Module, name: string])[],
  Method: new (options: O) => BasePruningMethod,
  options: O & { importanceScores?: readonly (Tensor | undefined)[] },
): void {
  const { importanceScores = [], ...rest } = options;
  const method = new Method(rest as unknown as O); // what is left are the method's own
  if (method.pruningType !== 'unstructured')
    throw new TypeError(`Cannot prune together: expected an unstructured method, got a ${method.pruningType} one`);
  scope(() =>
    noGrad(() => {
      const tensors = parameters.map(([module, name]) => readTensor(module, name));
      const flat = (each: readonly Tensor[]): Tensor => cat(each.map((tensor) => tensor.reshape([-1])));
      const scores = flat(tensors.map((tensor, i) => importanceScores[i] ?? tensor));
      const before = parameters.map(([module, name], i) => stateOf(module, `${name}_mask`) ?? onesLike(tensors[i]!));
      const mask = new PruningContainer(method).computeMask(scores, flat(before));
      let start = 0;
      for (const [i, [module, name]] of parameters.entries()) {
        const tensor = tensors[i]!;
        customFromMask(module, name, mask.narrow(0, start, tensor.numel).view(tensor.shape));
        start += tensor.numel;
      }
    }),
  );
}

function readTensor(module: Module, name: string): Tensor {
  const value = (module as unknown as Readonly<Record<string, Tensor | undefined>>)[name];
  if (value) return value;
  throw new TypeError(`Cannot prune "${name}": expected a parameter of ${module.constructor.name}, got none`);
}
