// Pruning: masks that keep elements of a parameter at zero, and how several come together.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { onesLike } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { addState, Derivation, derivationsOf, derive, removeState, stateOf, underive } from '../derived-tensor.ts';
import type { Module } from '../module.ts';
import { registry } from '../module-registry.ts';
import { Parameter } from '../parameter.ts';

/** What a method looks at once some is pruned: the elements that are left, the slices that are left, or all. */
export type PruningType = 'unstructured' | 'structured' | 'global';

export interface PruneOptions {
  /** What was pruned before. Shape: the tensor's. Default ones. */
  defaultMask?: Tensor;
  /** What decides instead of the tensor. Shape: the tensor's. */
  importanceScores?: Tensor;
}

/** A module's tensor as what is trained times its mask. */
class Pruned extends Derivation {
  readonly name: string;
  readonly method: BasePruningMethod;

  constructor(name: string, method: BasePruningMethod) {
    super();
    this.name = name;
    this.method = method;
  }

  read(module: Module): Tensor {
    return masked(module, this.name);
  }

  write(): never {
    throw new TypeError(
      `Cannot assign "${this.name}": expected a tensor that is not pruned, got one that is; assign "${this.name}_orig", or remove the pruning`,
    );
  }
}

function masked(module: Module, name: string): Tensor {
  const original = stateOf(module, `${name}_orig`)!;
  return stateOf(module, `${name}_mask`)!.to(original.dtype).mul(original);
}

function prunedOf(module: Module, name: string): Pruned | undefined {
  const derivation = derivationsOf(module).get(name);
  return derivation instanceof Pruned ? derivation : undefined;
}

function checkScores(scores: Tensor, tensor: Tensor): void {
  if (String(scores.shape) === String(tensor.shape)) return;
  throw new ShapeError(
    `Cannot prune: expected importanceScores of shape [${tensor.shape.join(', ')}], got [${scores.shape.join(', ')}]`,
  );
}

/** A way to choose what is pruned. A subclass says its type and computes masks. Source: torch.nn.utils.prune.BasePruningMethod. */
export abstract class BasePruningMethod {
  abstract readonly pruningType: PruningType;

  /** The mask of a tensor: what `defaultMask` has at zero stays there. Shape: the tensor's.
   *  @param scores - what decides: the tensor, or its importance scores. */
  abstract computeMask(scores: Tensor, defaultMask: Tensor): Tensor;

  /** A tensor times its mask, without a module. */
  prune(tensor: Tensor, options: PruneOptions = {}): Tensor {
    readOptions('prune', ['defaultMask', 'importanceScores'], options);
    const { importanceScores = tensor, defaultMask = onesLike(tensor) } = options;
    checkScores(importanceScores, tensor);
    return tensor.mul(noGrad(() => this.computeMask(importanceScores, defaultMask)));
  }

  /** Prunes a parameter of a module by a new method of this class, on top of what was pruned before. What is trained is `<name>_orig`, the mask is the
   *  buffer `<name>_mask`, and `<name>` is their product.
   *  @param options - of the class, and `importanceScores`.  @returns the method, or the container that it was put into.
   *  @throws {TypeError} for a name that is no parameter; nothing has changed then. */
  static apply<O extends object>(
    this: new (
      options: O,
    ) => BasePruningMethod,
    module: Module,
    name: string,
    options: O & { importanceScores?: Tensor },
  ): BasePruningMethod {
    const { importanceScores, ...rest } = options;
    return applyMethod(module, name, new this(rest as unknown as O), importanceScores);
  }
}

/** Methods that were applied to one tensor, the newest last, which decides over what the others left. Source: torch.nn.utils.prune.PruningContainer. */
export class PruningContainer extends BasePruningMethod {
  readonly pruningType = 'global';
  private readonly methods: BasePruningMethod[];

  constructor(...methods: BasePruningMethod[]) {
    super();
    for (const method of methods) checkMethod(method);
    this.methods = methods;
  }

  get length(): number {
    return this.methods.length;
  }

  /** Negative indices count from the end. */
  at(index: number): BasePruningMethod | undefined {
    return this.methods.at(index);
  }

  /** @throws {TypeError} for what is no method. */
  addPruningMethod(method: BasePruningMethod): void {
    checkMethod(method);
    this.methods.push(method);
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this.methods[Symbol.iterator]();
  }

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    const method = this.methods.at(-1);
    if (!method) throw new RangeError('Cannot prune: expected a method in the container, got none');
    return scope(() => combine(method, scores, defaultMask));
  }
}

function checkMethod(method: unknown): void {
  if (method instanceof BasePruningMethod) return;
  throw new TypeError(`Cannot prune: expected a BasePruningMethod, got ${method === null ? 'null' : typeof method}`);
}

/** The mask with what a method prunes of the part that is left. */
function combine(method: BasePruningMethod, scores: Tensor, mask: Tensor): Tensor {
  const next = mask.to(scores.dtype, { copy: true });
  if (method.pruningType === 'unstructured') {
    const left = mask.eq(1);
    const part = method.computeMask(scores.index(left), mask.index(left));
    return next.indexPut_([left], part.to(next.dtype));
  }
  if (method.pruningType === 'global') return next.copy_(method.computeMask(scores, mask));
  const { dim: given } = method as { dim?: unknown };
  if (typeof given !== 'number')
    throw new TypeError('Cannot prune: expected a property dim of a structured method, got none');
  const dim = given < 0 ? given + scores.ndim : given;
  if (!(dim >= 0 && dim < scores.ndim))
    throw new RangeError(`Cannot prune: expected dim of ${scores.ndim} dimensions, got ${given}`);
  const others = scores.shape.flatMap((_, i) => (i === dim ? [] : [i]));
  const left = mask.sum({ dim: others }).ne(0).nonzero().squeeze({ dim: 1 });
  const part = method.computeMask(scores.indexSelect(dim, left), mask.indexSelect(dim, left));
  return next.indexCopy_(dim, left, part.to(next.dtype));
}

/** @internal */
export function applyMethod(
  module: Module,
  name: string,
  method: BasePruningMethod,
  importanceScores: Tensor | undefined,
): BasePruningMethod {
  const before = prunedOf(module, name);
  const original = before ? undefined : stateOf(module, name);
  if (!before && !(original instanceof Parameter))
    throw new TypeError(`Cannot prune "${name}": expected a parameter of ${module.constructor.name}, got none`);
  const combined = before ? withMethod(before.method, method) : method;
  const mask = scope(() =>
    noGrad(() => {
      const current = original ?? masked(module, name);
      if (importanceScores) checkScores(importanceScores, current);
      const defaultMask = before ? stateOf(module, `${name}_mask`)!.clone() : onesLike(current);
      return combined.computeMask(importanceScores ?? current, defaultMask);
    }),
  );
  if (original) addState(module, `${name}_orig`, original);
  module.registerBuffer(`${name}_mask`, mask);
  derive(module, name, new Pruned(name, combined));
  return combined;
}

/** A container of both; a new one, so that an error leaves the old one as it is. */
function withMethod(before: BasePruningMethod, method: BasePruningMethod): PruningContainer {
  return before instanceof PruningContainer
    ? new PruningContainer(...before, method)
    : new PruningContainer(before, method);
}

/** Makes the pruning of a tensor last: `<name>` is a parameter again, the same object as before, with its zeros, and trains freely.
 *  @throws {TypeError} for a tensor that is not pruned.  Source: torch.nn.utils.prune.remove. */
export function remove<M extends Module>(module: M, name: string): M {
  if (!prunedOf(module, name))
    throw new TypeError(
      `Cannot remove the pruning of "${name}": expected a pruned parameter of ${module.constructor.name}, got one that is not`,
    );
  const original = stateOf(module, `${name}_orig`)!;
  original.setData(scope(() => noGrad(() => masked(module, name))));
  underive(module, name);
  removeState(module, `${name}_orig`);
  module[registry].removeBuffer(module, `${name}_mask`);
  addState(module, name, original);
  return module;
}

/** Whether anything of a module, or of what is below it, is pruned. Source: torch.nn.utils.prune.is_pruned. */
export function isPruned(module: Module): boolean {
  for (const each of module.modules())
    for (const derivation of derivationsOf(each).values()) if (derivation instanceof Pruned) return true;
  return false;
}
