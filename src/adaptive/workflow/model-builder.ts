// `ModelBuilder`: a model out of a list of layers, as a file has it.

import { firstFile, readConfigFile } from '../../config/find-config.ts';
import { plainValue } from '../../config/node.ts';
import { problemLines } from '../../config/place.ts';
import { ConfigError } from '../../errors.ts';
import { Sequential } from '../../nn/layers/container.ts';
import type { Module } from '../../nn/module.ts';
import { Generator, withGenerator } from '../../tensor/generator.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { LayerRegistry } from './layer-registry.ts';

export interface ModelBuilderOptions {
  /** Default: one with the layers of `nn`. */
  readonly registry?: LayerRegistry;
  /** What initial weights are drawn by, where a model does not say it. Default: the default generator. */
  readonly seed?: number;
}

/** One layer of a list: its type, and its options in snake_case or camelCase. A container has `layers` of its own. */
export interface LayerSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A model as a list of layers. */
export interface LayeredModelConfig {
  readonly name?: string;
  readonly description?: string;
  /** What initial weights are drawn by. */
  readonly seed?: number;
  readonly layers: readonly LayerSpec[];
}

const KEYS = ['name', 'description', 'seed', 'layers'];

/** Builds models out of lists of layers: several become a `Sequential`, one is the model. Weights are drawn in the order of the list; a seed leaves the default generator
 *  as it is.
 *  @throws {ConfigError} that lists every layer and key that is wrong.
 *  Source: adaptiveneuralnetwork, ModelBuilder.
 *  @example
 *  import { zeros } from 'sconce';
 *  import { ModelBuilder } from 'sconce/adaptive';
 *  const layers = [{ type: 'linear', in_features: 4, out_features: 8 }, { type: 'relu' }, { type: 'linear', in_features: 8, out_features: 2 }];
 *  const model = new ModelBuilder({ seed: 42 }).buildFromConfig({ layers });
 *  model.forward(zeros([3, 4])).shape; // [3, 2] */
export class ModelBuilder {
  readonly registry: LayerRegistry;
  readonly seed: number | undefined;

  constructor({ registry = new LayerRegistry(), seed }: ModelBuilderOptions = {}) {
    this.registry = registry;
    this.seed = seed;
  }

  /** Builds a model. Its `forward` takes a tensor, where its first and last layers do. */
  buildFromConfig(config: LayeredModelConfig): Sequential {
    const problems: string[] = [];
    const model = this.build(config, problems);
    if (problems.length > 0) throw new ConfigError('build a model', problems);
    return model as Sequential; // or a layer that is called as one
  }

  /** Reads a file of YAML or JSON, by its ending, and builds its model. */
  async buildFromFile(path: string): Promise<Sequential> {
    const config = await readModelFile(path);
    const problems: string[] = [];
    const model = this.build(config, problems);
    if (problems.length > 0) throw new ConfigError(`build the model of "${path}"`, problems);
    return model as Sequential; // or a layer that is called as one
  }

  private build(config: unknown, problems: string[]): Module | undefined {
    if (!isPlain(config)) {
      problems.push(`model: expected an object with layers, got ${describeValue(config)}`);
      return undefined;
    }
    for (const key of Object.keys(config))
      if (!KEYS.includes(key)) problems.push(`${key}: ${describeUnknown(key, KEYS)}`);
    const { seed = this.seed, layers } = config;
    if (seed !== undefined && !(Number.isSafeInteger(seed) && (seed as number) >= 0))
      problems.push(`seed: expected an integer from 0 on, got ${describeValue(seed)}`);
    if (!Array.isArray(layers) || layers.length === 0) {
      problems.push(`layers: expected a list of at least one layer, got ${describeValue(layers)}`);
      return undefined;
    }
    const make = (): (Module | undefined)[] => layers.map((spec, i) => this.layer(spec, `layers.${i}`, problems));
    const made =
      seed === undefined || problems.length > 0 ? make() : withGenerator(new Generator(seed as number), make);
    if (problems.length > 0) return undefined;
    return made.length === 1 ? made[0] : new Sequential(...(made as never[]));
  }

  private layer(spec: unknown, path: string, problems: string[]): Module | undefined {
    const type: unknown = isPlain(spec) ? spec.type : undefined;
    if (!isPlain(spec) || typeof type !== 'string') {
      problems.push(`${path}: expected an object with type, got ${describeValue(spec)}`);
      return undefined;
    }
    const { type: _, ...options } = spec;
    const before = problems.length;
    for (const [key, value] of Object.entries(options)) {
      const inner = `${path}.${key}`;
      if (key === 'layers' && Array.isArray(value))
        options[key] = value.map((each, i) => this.layer(each, `${inner}.${i}`, problems));
      else if (isPlain(value) && 'type' in value) options[key] = this.layer(value, inner, problems); // the layer of a stack
    }
    if (problems.length > before) return undefined;
    try {
      return this.registry.create(type, options);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      problems.push(`${path}: ${error.message.replace(/^Cannot [^:]*: /, '')}`);
      return undefined;
    }
  }
}

/** What a file says of a model. @throws {ConfigError} for a file that is not there or cannot be read. */
export async function readModelFile(path: string): Promise<unknown> {
  const action = `read the model "${path}"`;
  const found = await firstFile([path]);
  if (found.path === undefined) throw new ConfigError(action, ['expected a file, got none there']);
  const { node, problems } = await readConfigFile(found.path, path);
  if (problems.length > 0 || !node) throw new ConfigError(action, problemLines(problems));
  return plainValue(node);
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
