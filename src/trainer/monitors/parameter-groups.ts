// What monitors look at: parameters by name, as far as a filter lets them through, in groups.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { norms } from '../../optim/lists.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** 'module': a group for each module of the model's own, as `encoder` of `encoder.layers.0.weight`; 'parameter': one for each parameter; or a function of the name. */
export type GroupBy = 'module' | 'parameter' | ((name: string) => string);

/** A parameter with what it is known by. */
export interface NamedParameter {
  readonly name: string;
  readonly group: string;
  readonly parameter: Parameter;
}

export interface ParameterChoice {
  /** Parts of names: a parameter is looked at where its name has one of them in it. Default: all are. */
  readonly paramFilter?: readonly string[] | undefined;
  /** Default 'module'. */
  readonly groupBy?: GroupBy | undefined;
}

/** Finds the parameters of an optimizer that are to be looked at, once for each. */
export class ParameterGroups {
  readonly #choice: ParameterChoice;
  readonly #found = new WeakMap<AnyOptimizer, { readonly size: number; readonly chosen: readonly NamedParameter[] }>();

  constructor(choice: ParameterChoice) {
    this.#choice = choice;
  }

  /** @param name - the callback's.
   *  @throws {ConfigError} if the filter lets no parameter of the model through. */
  requireSome(model: Module, name: string): void {
    const { paramFilter } = this.#choice;
    const names = Array.from(model.namedParameters(), ([each]) => each);
    if (paramFilter === undefined || names.some((each) => paramFilter.some((part) => each.includes(part)))) return;
    const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
    const got = paramFilter.map((part) => `"${part}"`).join(', ');
    throw new ConfigError('watch parameters', [
      `callbacks.${name}.paramFilter: expected a part of a parameter's name, as in ${shown}, got ${got || 'none'}`,
    ]);
  }

  /** Those of the optimizer, in its order. */
  of(optimizer: AnyOptimizer, model: Module): readonly NamedParameter[] {
    const all = optimizer.parameters();
    const known = this.#found.get(optimizer);
    if (known?.size === all.length) return known.chosen;
    const names = new Map(Array.from(model.namedParameters(), ([name, parameter]) => [parameter, name]));
    const { paramFilter } = this.#choice;
    const chosen = all.flatMap((parameter): NamedParameter[] => {
      const name = names.get(parameter);
      if (name === undefined || (paramFilter && !paramFilter.some((part) => name.includes(part)))) return [];
      return [{ name, group: this.#groupOf(name), parameter }];
    });
    this.#found.set(optimizer, { size: all.length, chosen });
    return chosen;
  }

  #groupOf(name: string): string {
    const { groupBy = 'module' } = this.#choice;
    if (groupBy === 'parameter') return name;
    if (typeof groupBy === 'function') return groupBy(name);
    const end = name.indexOf('.');
    return end < 0 ? name : name.slice(0, end);
  }
}

/** The L2 norm of each, on the first one's device. The device is not waited for. -> [T] */
export function normsOf(tensors: readonly Tensor[]): Tensor {
  const { device } = tensors[0]!;
  const each = norms(tensors.map(elementsOf), 2);
  const isMixed = each.some(({ dtype, device: other }) => dtype !== 'float32' || other !== device);
  return stack(isMixed ? each.map((norm) => norm.to(device).to('float64')) : each);
}

/** Elements of a sparse tensor; halves as float32, whose squares would overflow. */
function elementsOf(tensor: Tensor): Tensor {
  const elements = tensor.layout === 'sparse_coo' ? tensor.coalesce().values() : tensor;
  return elements.dtype === 'float16' || elements.dtype === 'bfloat16' ? elements.to('float32') : elements;
}

/** The norm of tensors as if they were one vector, of their norms. */
export const jointNorm = (each: readonly number[]): number =>
  Math.sqrt(each.reduce((sum, norm) => sum + norm * norm, 0));

/** Values by group, in the order in which groups come. */
export function byGroup(parameters: readonly NamedParameter[], values: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, { group }] of parameters.entries()) {
    const others = groups.get(group);
    if (others) others.push(values[i]!);
    else groups.set(group, [values[i]!]);
  }
  return groups;
}

/** As the log names what several optimizers have: `lr`, or `lr/optimizer_1`. */
export const keyOf = (name: string, optimizerIndex: number, numOptimizers: number): string =>
  numOptimizers === 1 ? name : `${name}/optimizer_${optimizerIndex}`;
