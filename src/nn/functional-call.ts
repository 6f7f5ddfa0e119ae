// A module called with other tensors than its own.

import { readOptions } from '../tensor/arguments.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { registry } from './module-registry.ts';
import { Parameter } from './parameter.ts';

export interface FunctionalCallOptions {
  /** Put a tensor that is given under one name of a shared parameter in all its places. Default true. */
  tieWeights?: boolean;
  /** Every parameter and buffer must be given. Default false. */
  strict?: boolean;
}

/** Where a tensor of the module lies. */
interface Place {
  readonly owner: Module;
  readonly key: string;
  readonly own: Tensor;
}

/** Every parameter and buffer by each of its names. */
function placesOf(root: Module): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [prefix, owner] of root.namedModules({ removeDuplicate: false })) {
    const add = (key: string, own: Tensor): void => {
      places.set(prefix === '' ? key : `${prefix}.${key}`, { owner, key, own });
    };
    for (const [key, value] of Object.entries(owner)) if (value instanceof Parameter) add(key, value);
    for (const [key, { tensor }] of owner[registry].buffers) if (tensor) add(key, tensor);
  }
  return places;
}

function refuse(root: Module, expected: string, got: string): never {
  throw new TypeError(`Cannot call ${root.constructor.name} with other tensors: expected ${expected}, got ${got}`);
}

/** What comes where: the given tensors, in all places of what is shared. */
function spread(
  root: Module,
  tensors: Readonly<Record<string, Tensor>>,
  options: FunctionalCallOptions,
): Map<string, Place & { given: Tensor }> {
  const { tieWeights = true, strict = false } = options;
  const places = placesOf(root);
  const result = new Map<string, Place & { given: Tensor }>();
  for (const [name, given] of Object.entries(tensors)) {
    const place = places.get(name);
    if (!place) refuse(root, `names of ${[...places.keys()].join(', ')}`, `"${name}"`);
    if (!(given instanceof Tensor)) refuse(root, `a tensor for "${name}"`, given === null ? 'null' : typeof given);
    const same = tieWeights ? [...places].filter(([, { own }]) => own === place.own) : [[name, place] as const];
    for (const [other, at] of same) {
      const before = result.get(other);
      if (before && before.given !== given)
        refuse(
          root,
          `one tensor for ${same.map(([each]) => `"${each}"`).join(' and ')}, which are shared`,
          'two; pass tieWeights: false',
        );
      result.set(other, { ...at, given });
    }
  }
  const missing = strict ? [...places.keys()].filter((name) => !result.has(name)) : [];
  if (missing.length > 0) refuse(root, 'all tensors', `none for ${missing.join(', ')}`);
  return result;
}

/** Calls `module.forward` with other tensors in the places of its parameters and buffers, as for gradients with respect to them or for weights that another
 *  network makes. Its own come back afterwards, after an error too. A buffer that the module assigns anew meanwhile is put into `tensors`.
 *  @param tensors - by their names in the module; what is not given stays.  @param args - of `forward`.
 *  @throws {TypeError} for a name that the module does not have, and two tensors for a shared one.  Source: torch.func.functional_call.
 *  @example
 *  const layer = new nn.Linear(2, 1);
 *  nn.utils.functionalCall(layer, { weight: tensor([[1, 2]]), bias: tensor([3]) }, [ones([1, 2])]); // tensor([[6.]]) */
export function functionalCall<M extends Module>(
  module: M,
  tensors: Record<string, Tensor>,
  args: Parameters<M['forward']>,
  options: FunctionalCallOptions = {},
): ReturnType<M['forward']> {
  readOptions('functionalCall', ['tieWeights', 'strict'], options);
  const changes = [...spread(module, tensors, options)].map(([name, { owner, key, given }]) => ({
    name,
    owner,
    key,
    given,
    before: Object.getOwnPropertyDescriptor(owner, key)!,
  }));
  try {
    for (const { owner, key, given, before } of changes)
      Object.defineProperty(owner, key, {
        configurable: true,
        enumerable: before.enumerable ?? false,
        writable: true,
        value: given,
      });
    return module.forward(...(args as never[])) as ReturnType<M['forward']>; // what forward gives
  } finally {
    for (const { name, owner, key, given, before } of changes) {
      const after: unknown = Reflect.get(owner, key);
      if (after !== given && after instanceof Tensor && name in tensors) tensors[name] = after;
      Object.defineProperty(owner, key, before);
    }
  }
}
