// Everything that a trial changes of a model, its optimizers, its loaders and the random numbers: set aside, and put back to the bit.

import type { BatchLoader } from '../../data/index.ts';
import type { Module } from '../../nn/module.ts';
import { registry } from '../../nn/module-registry.ts';
import type { StateDict } from '../../nn/module-state.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { OptimizerStateDict } from '../../optim/state-dict.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { DType } from '../../tensor/dtype.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { allModules } from '../loop/modules-of-run.ts';

export interface KeptParts {
  readonly model: Module;
  /** Beside the model, by name. */
  readonly modules: Readonly<Record<string, Module>>;
  readonly optimizers: readonly AnyOptimizer[];
  readonly loaders: readonly BatchLoader<unknown>[];
}

/** Copies the state of the parts, which takes the memory of the weights and of what the optimizers remember, and takes gradients away.
 *  @returns puts everything back; once. */
export function keepState({ optimizers, loaders, ...run }: KeptParts): () => void {
  const rng = getRngState();
  const all = allModules(run);
  const values = all.map((module) => [module, valuesOf(module), otherStateOf(module)] as const);
  const parameters = all
    .flatMap((module) => module.parameters())
    .map((parameter) => {
      const { grad, requiresGrad } = parameter;
      parameter.grad = undefined; // a trial's would be added into it
      return { parameter, grad, requiresGrad };
    });
  const modules = all
    .flatMap((module) => [...module.modules()])
    .map((module) => ({
      module,
      training: module.training,
      staysInEval: module[registry].staysInEval,
    }));
  const states = optimizers.map((optimizer) => copyOfState(optimizer.ownStateDict?.() ?? optimizer.stateDict()));
  const cursors = loaders.map((loader) => structuredClone(loader.state()));
  return () => {
    for (const [module, stored, others] of values) {
      restoreTensors(module, stored);
      module.loadStateDict(others, { strict: false }); // after the dtype is what it was
    }
    for (const { parameter, grad, requiresGrad } of parameters) {
      parameter.requiresGrad = requiresGrad;
      parameter.grad = grad;
    }
    for (const { module, training, staysInEval } of modules) {
      module[registry].staysInEval = staysInEval;
      module.training = training;
    }
    for (const [i, optimizer] of optimizers.entries()) optimizer.loadStateDict(states[i]!);
    for (const [i, loader] of loaders.entries()) loader.loadState(cursors[i]!);
    for (const [, stored, others] of values) {
      for (const [, copy] of stored) copy.dispose();
      for (const copy of Object.values(others)) if (copy instanceof Tensor) copy.dispose();
    }
    setRngState(rng);
  };
}

/** Parameters and buffers, those that are not saved too. */
const tensorsOf = (model: Module): [string, Tensor][] => [...model.namedParameters(), ...model.namedBuffers()];

/** Of what a state is copied into: not of buffers that modules save and load by themselves, at whatever size. */
function valuesOf(module: Module): [string, Tensor, DType][] {
  const others = otherStateOf(module, (tensor) => tensor);
  return tensorsOf(module).flatMap(([name, tensor]) =>
    Object.hasOwn(others, name) ? [] : [[name, copyOf(tensor), tensor.dtype]],
  );
}

/** What modules put into their state by hooks or as extra state. */
function otherStateOf(module: Module, copy = copyOf): StateDict {
  const own = new Set(tensorsOf(module).map(([, tensor]) => tensor));
  const others = Object.entries(module.stateDict({ keepVars: true })).filter(([, value]) => !own.has(value));
  return Object.fromEntries(others.map(([name, value]) => [name, value instanceof Tensor ? copy(value) : value]));
}

function copyOf(tensor: Tensor): Tensor {
  return noGrad(() => tensor.detach().clone().keep());
}

/** Of a model that a trial may have converted to another precision. */
function restoreTensors(model: Module, values: readonly (readonly [string, Tensor, DType])[]): void {
  const now = new Map(tensorsOf(model));
  const converted = values.find(([name, , dtype]) => now.get(name)!.dtype !== dtype);
  if (converted) model.to({ dtype: converted[2] });
  const tensors = new Map(tensorsOf(model));
  noGrad(() => {
    for (const [name, copy] of values) tensors.get(name)!.detach().copy_(copy);
  });
}

function copyOfState({ state, param_groups }: OptimizerStateDict): OptimizerStateDict {
  const copied = Array.from(state, ([index, entries]) => {
    const copies = Object.entries(entries).map(([name, value]) => [
      name,
      value instanceof Tensor ? copyOf(value) : value,
    ]);
    return [index, Object.fromEntries(copies)] as const;
  });
  return { state: new Map(copied), param_groups: param_groups.map((group) => ({ ...group })) } as OptimizerStateDict;
}
