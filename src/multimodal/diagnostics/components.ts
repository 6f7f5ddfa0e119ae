// The parts of a model of two modalities, found by the names of parameters.

import type { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';

/** In the order in which a name is asked for them. Source: multimodal_insight_engine, TrainingLoop. */
export const COMPONENTS = [
  'vision_model',
  'text_model',
  'fusion_module',
  'vision_projection',
  'text_projection',
  'cross_attention',
] as const;

export type Component = (typeof COMPONENTS)[number];

/** `visionModel.layers.0` as `vision_model.layers.0`. */
const snake = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();

/** The component that a parameter belongs to: the first of {@link COMPONENTS} that its name has in it, in either spelling; else the model's own module that it lies in.
 *  @example
 *  import { componentOf } from 'sconce/multimodal';
 *  ['model.visionModel.head.weight', 'text_projection.bias', 'head.weight'].map(componentOf); // ['vision_model', 'text_projection', 'head'] */
export function componentOf(name: string): string {
  const spelled = snake(name);
  const component = COMPONENTS.find((each) => spelled.includes(each));
  if (component !== undefined) return component;
  const end = name.indexOf('.');
  return end < 0 ? name : name.slice(0, end);
}

/** Whether a name, of a parameter or of a group, has a word in it: `visionModel` and `vision_model` alike. */
export const isNamed = (name: string, word: string): boolean => snake(name).includes(snake(word));

/** Parameters of one component, as an optimizer takes them. */
export interface ComponentGroup {
  readonly name: string;
  readonly params: (readonly [name: string, parameter: Parameter])[];
}

/** A model's parameters in one group a component, by {@link componentOf}, each with its name: for an optimizer whose components have learning rates of their own.
 *  @example
 *  import { optim } from 'sconce';
 *  import { componentGroups, DualEncoder } from 'sconce/multimodal';
 *  const optimizer = new optim.AdamW(componentGroups(new DualEncoder()), { lr: 1e-4 });
 *  optimizer.paramGroups.map(({ name }) => name); // ['vision_model', 'text_model', 'vision_projection', 'text_projection'] */
export function componentGroups(model: Module): ComponentGroup[] {
  const groups = new Map<string, ComponentGroup>();
  for (const named of model.namedParameters()) {
    const name = componentOf(named[0]);
    const group = groups.get(name) ?? { name, params: [] };
    group.params.push(named);
    groups.set(name, group);
  }
  return [...groups.values()];
}
