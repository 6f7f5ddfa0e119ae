// `optimizerFromConfig`: an optimizer over a model's parameters as a configuration describes it.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { ParamGroupInput } from '../../optim/param-groups.ts';
import { type ParameterPlace, type ParameterRule, parameterGroups } from '../../optim/parameter-groups.ts';
import { nameFits } from './name-patterns.ts';
import { type OptimizerConfig, type ReadOptimizer, readOptimizerConfig } from './optimizer-config.ts';
import { problemIn } from './option-names.ts';

/** What an optimizer is made for, beside a model. */
export interface OptimizerPlace {
  readonly path?: string;
  readonly modules?: Readonly<Record<string, Module>>;
}

/** Makes the optimizer that a section of a configuration describes.
 *  Groups: one for each combination of hyperparameters that the patterns give, in the order of the model's parameters.
 *  @param place.path - of the section, for messages. Default 'optimizer'.
 *  @param place.modules - what is trained beside the model, by name: their parameters are called `{name}.…` in patterns. Default: nothing.
 *  @throws {ConfigError} that lists everything wrong: types, names and values, and patterns that fit no parameter.
 *  Source: model-training-framework's OptimizerConfig, whose types and keys it takes; classes and defaults are torch.optim's.
 *  @example
 *  import { nn } from 'sconce';
 *  import { optimizerFromConfig } from 'sconce/trainer';
 *  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.LayerNorm(8));
 *  const optimizer = optimizerFromConfig(
 *    { type: 'adamw', lr: 0.001, weight_decay: 0.1, weightDecayOn: 'matrices', groups: [{ match: '1', lrScale: 10 }] },
 *    model,
 *  );
 *  optimizer.paramGroups.map(({ params, lr }) => [params.length, lr]); // [[1, 0.001], [1, 0.001], [2, 0.01]] */
export function optimizerFromConfig(
  config: OptimizerConfig,
  model: Module,
  { path = 'optimizer', modules = {} }: OptimizerPlace = {},
): AnyOptimizer {
  const { optimizer, problems } = readOptimizerConfig(config, path);
  if (optimizer === undefined) throw new ConfigError('make an optimizer', problems);
  const places: readonly (readonly [prefix: string, module: Module])[] = [
    ['', model],
    ...Object.entries(modules).map(([name, module]) => [`${name}.`, module] as const),
  ];
  const unfit = unfitPatterns(optimizer, places, path);
  if (unfit.length > 0) throw new ConfigError('make an optimizer', unfit);
  const isTrained = nameFits(optimizer.parameters ?? ['*']);
  const seen = new Set<Parameter>(); // a loss may have a part of the model in it
  const groups = places.flatMap(([prefix, module]) =>
    parameterGroups<Record<string, unknown>>(module, {
      ...(typeof optimizer.options.lr === 'number' ? { lr: optimizer.options.lr } : {}),
      rules: rulesOf(optimizer, prefix),
    }).flatMap((group) => {
      const params = group.params.flatMap(([name, parameter]) => {
        if (!isTrained(prefix + name) || seen.has(parameter)) return [];
        seen.add(parameter);
        return [[prefix + name, parameter] as const];
      });
      return params.length === 0 ? [] : [{ ...group, params }];
    }),
  );
  try {
    return optimizer.type.make(groups as ParamGroupInput<object>[], optimizer.options);
  } catch (error) {
    throw new ConfigError('make an optimizer', [`${path}: ${problemIn(error)}`], { cause: error });
  }
}

function rulesOf(
  { options: all, weightDecayOn, groups }: ReadOptimizer,
  prefix: string,
): ParameterRule<Record<string, unknown>>[] {
  const noDecay = { where: { maxNdim: 1 }, weightDecay: 0 };
  return [
    ...(weightDecayOn === 'matrices' ? [noDecay] : []),
    ...groups.map(({ match, lrScale, options }) => {
      const fits = nameFits(match);
      const where = ({ name }: ParameterPlace): boolean => fits(prefix + name);
      // A rate, so that a later group's own takes its place.
      return { ...options, where, ...(lrScale === undefined ? {} : { lr: (all.lr as number) * lrScale }) };
    }),
  ];
}

/** A pattern that fits nothing is a name that was misspelt. */
function unfitPatterns(
  { parameters, groups }: ReadOptimizer,
  places: readonly (readonly [prefix: string, module: Module])[],
  path: string,
): string[] {
  const names = places.flatMap(([prefix, module]) => [...module.namedParameters()].map(([name]) => prefix + name));
  const isTrained = nameFits(parameters ?? ['*']);
  const among = (patterns: readonly string[], known: readonly string[], where: string): string[] =>
    patterns
      .filter((pattern) => !known.some(nameFits([pattern])))
      .map((pattern) => `${path}.${where}: expected a pattern that fits one of ${some(known)}, got "${pattern}"`);
  return [
    ...among(parameters ?? [], names, 'parameters'),
    ...groups.flatMap(({ match }, i) => among(match, names.filter(isTrained), `groups.${i}.match`)),
  ];
}

const some = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')}, … (${names.length})`;
