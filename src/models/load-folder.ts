// Loads a Hugging Face folder into a model: configuration, names of older files, tied weights, and a report of what does not fit.

import { join } from 'node:path';
import { CheckpointError, ConfigError } from '../errors.ts';
import { withoutInit } from '../nn/init.ts';
import type { StateDict } from '../nn/module.ts';
import { readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import type { Device } from '../tensor/device.ts';
import { type DType, dtypes, isFloatingDType } from '../tensor/dtype.ts';
import { equal } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { PretrainedClass, PretrainedModel } from './pretrained-model.ts';
import { readJsonObject, readWeights } from './weight-files.ts';

export interface LoadOptions {
  /** Of the parameters: 'auto' for what config.json or else the weights say, as transformers 5 does. Default 'auto'. */
  dtype?: DType | 'auto';
  /** Default 'cpu'. */
  device?: Device;
  /** Fields in place of those of config.json, as in `{ num_labels: 3 }`. */
  config?: Readonly<Record<string, unknown>>;
  /** Fields of config.json that are passed over, unknown as they are. */
  ignoreConfigFields?: readonly string[];
  /** Keys, or beginnings of keys up to a dot, that the files need not have: they start as drawn, as in `['classifier']`. */
  fresh?: readonly string[];
  /** Keys, or beginnings of keys up to a dot, of the files that the model has no use for, as in `['cls']`. */
  drop?: readonly string[];
}

const OPTIONS = ['dtype', 'device', 'config', 'ignoreConfigFields', 'fresh', 'drop'];

/** See `PretrainedModel.fromPretrained`. @internal */
export async function loadFolder<M extends PretrainedModel>(
  modelClass: PretrainedClass<M>,
  folder: string,
  options: LoadOptions,
): Promise<M> {
  readOptions('fromPretrained', OPTIONS, options);
  const file = await readJsonObject(join(folder, 'config.json'));
  const config = configOf(modelClass, file, options);
  const Model = modelClass as unknown as new (fields: Readonly<Record<string, unknown>>) => M;
  // Weights that are all read need no draws; one that starts anew is drawn after those that come before it.
  const { fresh = [] } = options;
  const model = fresh.length === 0 ? withoutInit(() => new Model(config)) : new Model(config);
  const { weights, areApart } = await readWeights(folder);
  const dtype = dtypeOf(file, weights, options.dtype ?? 'auto');
  model.to({ dtype, ...(options.device === undefined ? {} : { device: options.device }) });
  scope(() => fill(model, modelClass, weights, { ...options, folder, areApart }), 'fromPretrained()');
  return model.eval();
}

function configOf(
  { name, schema }: PretrainedClass,
  file: Readonly<Record<string, unknown>>,
  { config = {}, ignoreConfigFields = [] }: LoadOptions,
): Readonly<Record<string, unknown>> {
  if (file.model_type !== schema.modelType)
    throw new ConfigError(`load ${name}`, [
      `expected config.json with model_type "${schema.modelType}", got ${JSON.stringify(file.model_type) ?? 'none'}`,
    ]);
  const kept = Object.entries(file).filter(([field]) => !ignoreConfigFields.includes(field));
  return { ...Object.fromEntries(kept), ...config };
}

function dtypeOf(file: Readonly<Record<string, unknown>>, weights: StateDict, wanted: DType | 'auto'): DType {
  if (wanted !== 'auto') {
    if (isFloatingDType(wanted)) return wanted;
    throw new TypeError(`Cannot load a model: expected a floating dtype or "auto", got "${wanted}"`);
  }
  const named = file.dtype ?? file.torch_dtype;
  const known = (dtypes as readonly unknown[]).includes(named) && isFloatingDType(named as DType);
  if (known) return named as DType;
  return Object.values(weights).find((tensor) => isFloatingDType(tensor.dtype))?.dtype ?? 'float32';
}

/** The weights under the model's own names: keys of older files, and a model without its head or the reverse. */
function renamed(own: ReadonlySet<string>, modelClass: PretrainedClass, weights: StateDict): StateDict {
  const prefix = `${modelClass.baseModelPrefix}.`;
  const entries = Object.entries(weights).flatMap(([name, tensor]): [string, Tensor][] => {
    const key = modelClass.renameKey(name);
    return key === undefined ? [] : [[key, tensor]];
  });
  const hasBase = [...own].some((name) => name.startsWith(prefix));
  const givesBase = entries.some(([key]) => key.startsWith(prefix));
  const keyOf = (key: string): string => {
    if (hasBase && !givesBase && !own.has(key)) return prefix + key;
    if (!hasBase && givesBase && key.startsWith(prefix)) return key.slice(prefix.length);
    return key;
  };
  return Object.fromEntries(entries.map(([key, tensor]) => [keyOf(key), tensor]));
}

/** One tensor under two names is in files under either; under both it has to be the same.
 *  @returns lines on those that are not. */
function completeTies(model: PretrainedModel, state: StateDict): string[] {
  return Object.entries(model.tiedKeys).flatMap(([copy, original]) => {
    const [one, other] = [state[original], state[copy]];
    if (one && !other) state[copy] = one;
    if (!one && other) state[original] = other;
    if (!one || !other || equal(one, other)) return [];
    return [`"${copy}": expected the same as "${original}", got another; { config: { tie_word_embeddings: false } }`];
  });
}

const isUnder = (name: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`));

/** Puts weights into the model: those whose memory is their own as they are, the others by a copy. */
function adopt(model: PretrainedModel, loaded: StateDict, areApart: boolean): void {
  const places = [...model.namedParameters(), ...model.namedBuffers()];
  noGrad(() => {
    for (const [name, place] of places) {
      const source = loaded[name];
      if (!source) continue;
      if (areApart && source.dtype === place.dtype && source.device === place.device) place.setData(source);
      else place.copy_(source);
    }
  });
}

/** Fills the model. @throws {CheckpointError} that lists what does not fit, before anything is copied. */
function fill(
  model: PretrainedModel,
  modelClass: PretrainedClass,
  weights: StateDict,
  { folder, areApart, fresh = [], drop = [] }: LoadOptions & { folder: string; areApart: boolean },
): void {
  const own = model.stateDict();
  const state = renamed(new Set(Object.keys(own)), modelClass, weights);
  const problems = completeTies(model, state);
  const missing = Object.keys(own).filter((name) => !Object.hasOwn(state, name) && !isUnder(name, fresh));
  const unexpected = Object.keys(state).filter((name) => !Object.hasOwn(own, name) && !isUnder(name, drop));
  if (missing.length > 0) problems.push(`missing: ${missing.join(', ')}; list them in fresh to start them anew`);
  if (unexpected.length > 0) problems.push(`unexpected: ${unexpected.join(', ')}; list them in drop to do without`);
  const loaded: StateDict = {};
  for (const [name, target] of Object.entries(own)) {
    const source = state[name];
    if (source === undefined || isUnder(name, fresh)) continue;
    if (String(source.shape) === String(target.shape)) loaded[name] = source;
    else problems.push(`"${name}": expected shape [${target.shape.join(', ')}], got [${source.shape.join(', ')}]`);
  }
  if (problems.length > 0)
    throw new CheckpointError(
      `Cannot load "${folder}" into ${modelClass.name}: expected its names and shapes, got\n  ${problems.join('\n  ')}`,
      { path: folder },
    );
  adopt(model, loaded, areApart);
}
