// What lazy layers share: they wait for their first input, or for a state, and then become the plain layer.

import type { Tensor } from '../../tensor/tensor.ts';
import type { Module } from '../module.ts';
import type { RemovableHandle } from '../module-hooks.ts';
import { registry } from '../module-registry.ts';
import { ownProperties } from '../module-tree.ts';
import { isLazy } from '../uninitialized.ts';

/** The parameters and buffers of a module itself by name, those that wait for their shape among them. */
function* ownTensors(module: Module): Generator<[name: string, tensor: Tensor]> {
  for (const [name, value] of ownProperties(module))
    if ('numel' in value || isLazy(value)) yield [name, value as Tensor];
  for (const [name, { tensor }] of module[registry].buffers) if (tensor) yield [name, tensor];
}

/** Whether any parameter or buffer of a module itself waits for its shape. */
export function hasUninitializedParams(module: Module): boolean {
  for (const [, tensor] of ownTensors(module)) if (isLazy(tensor)) return true;
  return false;
}

/** The hooks that a waiting module has. A property, so that a copy has its own. */
const waiting: unique symbol = Symbol('sconce.waiting');

interface Waiting extends Module {
  [waiting]?: { readonly forward: RemovableHandle; readonly load: RemovableHandle };
}

/** Lets a module wait: before its first forward `initialize` gives shapes and numbers, and the module's class becomes `Plain`. A state that is loaded
 *  before gives the shapes too.
 *  @param initialize - is called once, with what the first forward is called with; where it throws, the module goes on waiting. @internal */
export function waitForInput<M extends Module>(
  module: M,
  Plain: { readonly prototype: object },
  initialize: (module: M, input: Tensor) => void,
): void {
  const forward = module.registerForwardPreHook((called: Module, inputs) => {
    initialize(called as M, (inputs as readonly Tensor[])[0]!); // a layer's input
    const own = called as Waiting;
    own[waiting]?.forward.remove();
    own[waiting]?.load.remove();
    delete own[waiting];
    Object.setPrototypeOf(called, Plain.prototype);
    return undefined;
  });
  const load = module.registerLoadStateDictPreHook((loaded: Module, state, { prefix }) => {
    for (const [name, tensor] of ownTensors(loaded)) {
      const given = state[prefix + name];
      if (isLazy(tensor) && given && !isLazy(given)) tensor.materialize(given.shape);
    }
  });
  (module as Waiting)[waiting] = { forward, load };
}

/** The options that the plain layer is made with, so that nothing is drawn and no memory taken. What is no options object is left to it to refuse. @internal */
export function plainOptions<O extends object>(options: O, without: Partial<O>): O {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  return isObject ? { ...options, ...without } : options;
}
