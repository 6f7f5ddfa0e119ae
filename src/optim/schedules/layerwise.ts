// Learning rates by layer: the nearer to the input, the smaller, for fine-tuning what was trained before.

import type { Parameter } from '../../nn/parameter.ts';
import type { ParameterPlace, Where } from '../parameter-groups.ts';
import { checkNames, checkNumber, checkNumbers, describe } from './options.ts';

/** Factors on the learning rate by depth, 0 at the input.
 *  Rule: decay ^ (numLayers - 1 - depth): the last layer has 1.
 *  @throws {RangeError} unless numLayers >= 1 and decay > 0; for a depth outside.
 *  Source: Howard and Ruder 2018 (discriminative fine-tuning), arXiv:1801.06146; Clark et al. 2020 (ELECTRA), arXiv:2003.10555. */
export function layerwiseFactors(options: {
  readonly numLayers: number;
  readonly decay: number;
}): (depth: number) => number {
  checkNames('layerwiseFactors()', options, ['numLayers', 'decay']);
  const { numLayers, decay } = options;
  checkNumbers(
    'layerwiseFactors()',
    { numLayers, decay },
    {
      ...{ numLayers: { min: 1, isInteger: true }, decay: { above: 0 } },
    },
  );
  return (depth) => {
    checkNumber('layerwiseFactors()', 'depth', depth, { min: 0, max: numLayers - 1, isInteger: true });
    return decay ** (numLayers - 1 - depth);
  };
}

export interface LayerwiseOptions {
  /** The last layer's learning rate. */
  readonly lr: number;
  /** Each layer has so much of the rate of the one after it, above 0. */
  readonly decay: number;
  /** From the input to the output: the beginning of its parameters' names (`encoder.0`), a pattern, or a list of those. */
  readonly layers: readonly LayerPattern[];
}

/** Rules for `parameterGroups` that scale learning rates by layer, to go together with others: weight decay by kind, for example.
 *  A parameter belongs to the first layer that its name fits; one that fits none keeps the whole rate.
 *  @throws {RangeError} for no layers, or a decay that is not above 0.
 *  @example
 *  import { optim } from 'sconce';
 *  const model = new nn.Sequential(new nn.Linear(4, 4), new nn.Tanh(), new nn.Linear(4, 2));
 *  const rules: optim.ParameterRule<{ weightDecay: number }>[] = [{ where: optim.NO_DECAY, weightDecay: 0 }, ...optim.layerwiseRules({ decay: 0.5, layers: ['0', '2'] })];
 *  optim.parameterGroups(model, { lr: 0.001, rules }).map(({ lr, weightDecay }) => [lr, weightDecay]); // [[0.0005, undefined], [0.0005, 0], [0.001, undefined], [0.001, 0]] */
export function layerwiseRules(
  options: Omit<LayerwiseOptions, 'lr'>,
): { readonly where: Where; readonly lrScale: number }[] {
  checkNames('layerwiseRules()', options, ['decay', 'layers']);
  const { decay, layers } = options;
  checkLayers('layerwiseRules()', layers);
  const factorOf = layerwiseFactors({ numLayers: layers.length, decay });
  const depthOf = (name: string): number => layers.findIndex((layer) => fits(name, layer));
  const whereOf =
    (depth: number): Where =>
    ({ name }: ParameterPlace) =>
      depthOf(name) === depth;
  return layers.map((_, depth) => ({ where: whereOf(depth), lrScale: factorOf(depth) }));
}

function checkLayers(maker: string, layers: unknown): void {
  if (!Array.isArray(layers) || layers.length === 0)
    throw new RangeError(`Cannot make ${maker}: expected a list of layers, got ${describe(layers)}`);
}

export type LayerPattern = string | RegExp | readonly (string | RegExp)[];

/** Parameter groups, one for each layer, with learning rates that fall towards the input by `layerwiseFactors`.
 *  A name belongs to the first layer that it fits: `encoder.1` fits `encoder.1.weight` and not `encoder.10.weight`.
 *  @param parameters - by name, as `model.namedParameters()` gives them.
 *  @throws {RangeError} for parameters of no layer, and layers without parameters; both are listed.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const model = new nn.Sequential(new nn.Linear(4, 4), new nn.Tanh(), new nn.Linear(4, 2));
 *  const groups = optim.layerwiseGroups(model.namedParameters(), { lr: 1e-3, decay: 0.5, layers: ['0', '2'] });
 *  const optimizer = new optim.AdamW(groups);
 *  optimizer.paramGroups.map(({ lr }) => lr); // [0.0005, 0.001] */
export function layerwiseGroups(
  parameters: Iterable<readonly [name: string, parameter: Parameter]>,
  options: LayerwiseOptions,
): { params: Parameter[]; lr: number }[] {
  checkNames('layerwiseGroups()', options, ['lr', 'decay', 'layers']);
  const { lr, decay, layers } = options;
  checkLayers('layerwiseGroups()', layers);
  checkNumber('layerwiseGroups()', 'lr', lr, { min: 0 });
  const factorOf = layerwiseFactors({ numLayers: layers.length, decay });
  const groups = layers.map((_, depth) => ({ params: [] as Parameter[], lr: lr * factorOf(depth) }));
  const strays: string[] = [];
  for (const [name, parameter] of parameters) {
    const depth = layers.findIndex((layer) => fits(name, layer));
    if (depth < 0) strays.push(name);
    else groups[depth]!.params.push(parameter);
  }
  if (strays.length > 0)
    throw new RangeError(
      `Cannot make layerwiseGroups(): expected every parameter in a layer, got none for ${strays.join(', ')}`,
    );
  const empty = layers.filter((_, depth) => groups[depth]!.params.length === 0);
  if (empty.length > 0)
    throw new RangeError(
      `Cannot make layerwiseGroups(): expected parameters in every layer, got none for ${empty.map(String).join(', ')}`,
    );
  return groups;
}

function fits(name: string, layer: LayerPattern): boolean {
  if (typeof layer === 'string') return layer === '' || name === layer || name.startsWith(`${layer}.`);
  return layer instanceof RegExp ? name.search(layer) >= 0 : layer.some((part) => fits(name, part));
}
