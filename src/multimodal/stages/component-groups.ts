// Parts of a model by name: which parameters they have, at which rate each is trained, and whether it is frozen.

import type { Module } from '../../nn/module.ts';
import type { NamedParameter } from '../../optim/param-groups.ts';
import type { ComponentConfig } from './stage-config.ts';

/** Some parameters and the factor on their learning rate. */
export interface ComponentRate {
  /** Of the group. */
  readonly name: string;
  readonly fits: (parameter: string) => boolean;
  readonly factor: number;
}

/** A group of an optimizer, with names of its own and of its parameters. */
export interface NamedGroup {
  readonly name: string;
  readonly params: NamedParameter[];
  readonly lr: number;
}

/** Whether a parameter's name has one of some texts in it. */
export const nameHas =
  (...parts: readonly string[]) =>
  (name: string): boolean =>
    parts.some((part) => name.includes(part));

/** One group for each entry of `rates` that some parameter belongs to, and one called `other` for the rest. A parameter belongs to the first entry that it fits. Frozen ones are there too:
 *  they get no gradient and stay as they are, and once they are unfrozen, they are trained.
 *  @param beside - further modules that learn, whose parameters make the group `loss`, at the whole rate. */
export function groupsByRate(
  model: Module,
  rates: readonly ComponentRate[],
  { lr, otherFactor, beside }: { lr: number; otherFactor: number; beside?: Module | undefined },
): NamedGroup[] {
  const all = [...rates, { name: 'other', fits: () => true, factor: otherFactor }];
  const groups = all.map(({ name, factor }) => ({ name, params: [] as NamedParameter[], lr: lr * factor }));
  const own = new Set<unknown>();
  for (const [name, parameter] of model.namedParameters()) {
    own.add(parameter);
    groups[all.findIndex(({ fits }) => fits(name))]!.params.push([name, parameter]);
  }
  const others = beside ? [...beside.namedParameters()].filter(([, parameter]) => !own.has(parameter)) : [];
  const learned = others.filter(([, { requiresGrad }]) => requiresGrad);
  groups.push({ name: 'loss', params: learned.map(([name, parameter]) => [`loss.${name}`, parameter]), lr });
  return groups.filter(({ params }) => params.length > 0);
}

/** The names that the documents have for parts, and under which models have them. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  vision_model: ['vision_model'],
  text_model: ['text_model'],
  vision_projection: ['vision_projection', 'vision_proj'],
  text_projection: ['text_projection', 'text_proj'],
  cross_attention: ['cross_attention', 'bidirectional_cross_attention'],
  fusion_module: ['fusion_module', 'fusion_layer'],
};

/** The path of a component's module in the model; undefined where the model does not have it. */
export function pathOf(model: Module, component: string): string | undefined {
  const names = Object.hasOwn(KNOWN, component) ? KNOWN[component]! : [component];
  const modules = new Set(Array.from(model.namedModules({ removeDuplicate: false }), ([name]) => name));
  return names.find((name) => name !== '' && modules.has(name));
}

/** A component that the model lacks is a slip, unless it is one of those that only some models have. */
export function componentProblems(model: Module, components: readonly ComponentConfig[], path: string): string[] {
  return components.flatMap(({ name }, i) => {
    if (Object.hasOwn(KNOWN, name) || pathOf(model, name) !== undefined) return [];
    const own = Array.from(model.namedChildren(), ([child]) => child);
    return [`${path}.${i}.name: expected a module of the model, as ${own.join(', ')}, got "${name}"`];
  });
}

/** The components that the model has, each with its rate. */
export function ratesOf(model: Module, components: readonly ComponentConfig[]): ComponentRate[] {
  return components.flatMap(({ name, lrMultiplier }) => {
    const path = pathOf(model, name);
    if (path === undefined) return [];
    return [{ name, factor: lrMultiplier, fits: (each: string) => each === path || each.startsWith(`${path}.`) }];
  });
}

/** Freezes and unfreezes the components that the model has. */
export function freezeComponents(model: Module, components: readonly ComponentConfig[]): void {
  for (const { name, freeze } of components) {
    const path = pathOf(model, name);
    if (path === undefined || model.getSubmodule(path).parameters().length === 0) continue;
    if (freeze) model.freeze(path);
    else model.unfreeze(path);
  }
}
