// `parameterGroups`: an optimizer's groups out of a model's parameters by rules, such as no decay for biases and a smaller learning rate for a part.

import { Embedding, EmbeddingBag } from '../nn/layers/embedding.ts';
import type { Module } from '../nn/module.ts';
import type { Parameter } from '../nn/parameter.ts';
import type { NamedParameter, ParamGroupInput } from './param-groups.ts';

/** A parameter and where it is found: in several places if modules share it. */
export interface ParameterPlace {
  /** As in the state dict: the first of its names. */
  readonly name: string;
  readonly parameter: Parameter;
  /** Every module that has it, and under which property. */
  readonly owners: readonly { readonly module: Module; readonly property: string }[];
}

/** Which parameters: a kind of them, names that fit a pattern, those of few dimensions, or what a function says. A list: any of these. */
export type Where =
  | 'biases'
  | 'norms'
  | 'embeddings'
  | RegExp
  | { readonly maxNdim: number }
  | ((place: ParameterPlace) => boolean)
  | readonly Where[];

/** Hyperparameters for some parameters. */
export type ParameterRule<H> = { readonly where: Where; readonly lrScale?: number } & Partial<H>;

/** What rules usually set; for others name the optimizer's own, as in `parameterGroups<optim.AdagradHyperparameters>(…)`. */
export interface UsualHyperparameters {
  weightDecay: number;
  betas: readonly [number, number];
  momentum: number;
  eps: number;
}

/** What weight decay is mostly not for. */
export const NO_DECAY: readonly Where[] = ['biases', 'norms', 'embeddings'];

type Group<H> = { params: NamedParameter[] } & Partial<H> & { lr?: number };

/** Sorts a model's parameters into groups for an optimizer: one for each combination of hyperparameters that the rules give.
 *  Rule: every rule that fits a parameter counts, in order; a later one's value takes the place of an earlier one's, and `lrScale`s are multiplied. 'biases' are parameters
 *  called bias; 'norms' those of layers called …Norm…; 'embeddings' those of Embedding and EmbeddingBag, also where another layer shares them.
 *  @param options.lr - what `lrScale` scales, and each group's learning rate. Left out, groups have the optimizer's.
 *  @returns plain groups with names, in the order of the model; print them by `describeGroups`.
 *  @throws {RangeError} for a pattern that fits no name, and for `lrScale` without `lr`.
 *  @example
 *  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.LayerNorm(8));
 *  const groups = optim.parameterGroups(model, {
 *    lr: 0.001,
 *    rules: [{ where: optim.NO_DECAY, weightDecay: 0 }, { where: /^0\./, lrScale: 0.1 }],
 *  });
 *  groups.map(({ params, lr, weightDecay }) => [params.length, lr, weightDecay]); // [[1, 0.0001, undefined], [1, 0.0001, 0], [2, 0.001, 0]]
 *  new optim.AdamW(groups, { weightDecay: 0.1 }).paramGroups.map((group) => group.weightDecay); // [0.1, 0, 0] */
export function parameterGroups<H extends object = UsualHyperparameters>(
  model: Module,
  options: { readonly lr?: number; readonly rules: readonly ParameterRule<NoInfer<H>>[] },
): Group<NoInfer<H>>[] {
  const { lr, rules, ...unknown } = options;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) throw refused('options of { lr, rules }', `"${stray}"`);
  const places = placesOf(model);
  for (const [i, { where, lrScale }] of rules.entries()) {
    requirePatternsFit(where, places, i);
    if (lrScale === undefined) continue;
    if (!(lrScale >= 0)) throw refused(`lrScale of at least 0 in rule ${i}`, String(lrScale));
    if (lr === undefined) throw refused(`lr beside the lrScale of rule ${i}`, 'undefined');
  }
  const groups = new Map<string, Group<H>>();
  for (const place of places) {
    const settings = settingsFor(place, lr, rules);
    const key = JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? ({ params: [], ...settings } as unknown as Group<H>);
    groups.set(key, group);
    group.params.push([place.name, place.parameter]);
  }
  return [...groups.values()];
}

/** One line for each group, and one for each of its parameters.
 *  @example
 *  const layer = new nn.Linear(2, 3);
 *  const groups = optim.parameterGroups(layer, { rules: [{ where: 'biases', weightDecay: 0 }] });
 *  optim.describeGroups(groups).split('\n')[2]; // 'group 1: 1 parameter, 3 elements, weightDecay 0' */
export function describeGroups<H>(groups: readonly ParamGroupInput<H>[]): string {
  const lines = groups.flatMap(({ params, ...settings }, i) => {
    const entries = [...params].map((entry) => (Array.isArray(entry) ? entry : ['(no name)', entry]) as NamedParameter);
    const numElements = entries.reduce((sum, [, { numel }]) => sum + numel, 0);
    const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
    const own = Object.entries(settings).map(([name, value]) => `, ${name} ${String(value)}`);
    return [
      `group ${i}: ${plural(entries.length, 'parameter')}, ${plural(numElements, 'element')}${own.join('')}`,
      ...entries.map(([name, { shape }]) => `  ${name} [${shape.join(', ')}]`),
    ];
  });
  return lines.join('\n');
}

function refused(expected: string, got: string): RangeError {
  return new RangeError(`Cannot make parameter groups: expected ${expected}, got ${got}`);
}

function placesOf(model: Module): ParameterPlace[] {
  const places = new Map<
    Parameter,
    { name: string; parameter: Parameter; owners: { module: Module; property: string }[] }
  >();
  for (const [prefix, module] of model.namedModules())
    for (const [property, parameter] of module.namedParameters({ recurse: false })) {
      const name = prefix === '' ? property : `${prefix}.${property}`;
      const place = places.get(parameter) ?? { name, parameter, owners: [] };
      place.owners.push({ module, property });
      places.set(parameter, place);
    }
  return [...places.values()];
}

function settingsFor<H>(
  place: ParameterPlace,
  lr: number | undefined,
  rules: readonly ParameterRule<H>[],
): Record<string, unknown> {
  const settings: Record<string, unknown> = lr === undefined ? {} : { lr };
  let scale = 1;
  for (const { where, lrScale, ...own } of rules) {
    if (!fits(where, place)) continue;
    Object.assign(settings, own);
    scale *= lrScale ?? 1;
  }
  return scale === 1 ? settings : { ...settings, lr: (settings.lr as number) * scale };
}

function fits(where: Where, place: ParameterPlace): boolean {
  const { name, parameter, owners } = place;
  if (typeof where === 'function') return where(place);
  if (where instanceof RegExp) return new RegExp(where.source, where.flags.replace(/[gy]/g, '')).test(name);
  if (Array.isArray(where)) return (where as readonly Where[]).some((each) => fits(each, place));
  if (where === 'biases') return owners.some(({ property }) => /(^|_)bias(_|\d|$)/.test(property));
  if (where === 'norms') return owners.some(({ module }) => isNorm(module));
  if (where === 'embeddings')
    return owners.some(({ module }) => module instanceof Embedding || module instanceof EmbeddingBag);
  if (typeof where === 'object' && where !== null && 'maxNdim' in where) return parameter.ndim <= where.maxNdim;
  throw new TypeError(
    `Cannot make parameter groups: expected "biases", "norms", "embeddings", a RegExp, { maxNdim } or a function for where, got ${typeof where === 'string' ? `"${where}"` : typeof where}`,
  );
}

/** By its class or one that it derives from: whoever writes a norm of his own calls it so. */
function isNorm(module: Module): boolean {
  let prototype: object | null = Object.getPrototypeOf(module);
  while (prototype !== null) {
    if (/norm/i.test(prototype.constructor.name)) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/** A pattern that fits nothing is a name that was misspelt. */
function requirePatternsFit(where: Where, places: readonly ParameterPlace[], rule: number): void {
  if (Array.isArray(where)) for (const each of where as readonly Where[]) requirePatternsFit(each, places, rule);
  else if (where instanceof RegExp && !places.some((place) => fits(where, place)))
    throw refused(`a name that fits ${String(where)} of rule ${rule}`, places.map(({ name }) => name).join(', '));
}
