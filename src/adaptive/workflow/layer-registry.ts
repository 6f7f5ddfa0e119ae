// `LayerRegistry`: layers by name, those of `nn` and a program's own.

import { Sequential } from '../../nn/layers/container.ts';
import { ModuleList } from '../../nn/layers/index.ts';
import { Module } from '../../nn/module.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { LAYER_KINDS, type LayerClass, MISSING_LAYERS, OPTIONAL_ARGUMENTS } from './layer-kinds.ts';

/** Makes a layer of its options, whose names are in camelCase. */
export type LayerMaker = (options: Readonly<Record<string, unknown>>) => Module;

/** Layers by name, for lists of layers in files. It begins with those of `nn` under adaptiveneuralnetwork's names (`linear`, `conv2d`, `batchnorm2d`,
 *  `adaptive_avgpool2d`, …); each program adds its own to a registry of its own.
 *  Source: adaptiveneuralnetwork, LayerRegistry, whose one registry all programs of a process share.
 *  @example
 *  import { LayerRegistry } from 'sconce/adaptive';
 *  const registry = new LayerRegistry();
 *  String(registry.create('linear', { in_features: 3, out_features: 2 })); // 'Linear(in_features=3, out_features=2, bias=True)'
 *  registry.registerFactory('twice', ({ size }) => new nn.Linear(Number(size), 2 * Number(size)));
 *  registry.hasLayer('twice'); // true */
export class LayerRegistry {
  private readonly makers = new Map<string, LayerMaker>([
    ...Object.entries(LAYER_KINDS).map(([name, [layer, ...names]]) => [name, makerOf(layer, names)] as const),
    ['sequential', ({ layers }) => new Sequential(...(layersOf(layers) as never[]))],
    ['module_list', ({ layers }) => new ModuleList(layersOf(layers) as never[])],
  ]);

  /** Adds a class.  @param names - its arguments before the options, by name.  @throws {TypeError} for a name that is taken. */
  register(name: string, layer: LayerClass, names: readonly string[] = []): this {
    return this.registerFactory(name, makerOf(layer, names));
  }

  /** Adds a function that makes a layer of options in camelCase.  @throws {TypeError} for a name that is taken. */
  registerFactory(name: string, make: LayerMaker): this {
    if (this.makers.has(name))
      throw new TypeError(`Cannot register layer "${name}": expected a name that is free, got one that is taken`);
    this.makers.set(name, make);
    return this;
  }

  /** Takes a layer out; one that is not there is no error. */
  unregister(name: string): void {
    this.makers.delete(name);
  }

  hasLayer(name: string): boolean {
    return this.makers.has(name);
  }

  /** All names in alphabetical order. */
  listLayers(): string[] {
    return [...this.makers.keys()].sort();
  }

  /** Makes a layer.  @param options - its arguments and options by name, in snake_case or camelCase.
   *  @throws {TypeError} for a name that is not there, and for options that the layer does not take. */
  create(name: string, options: Readonly<Record<string, unknown>> = {}): Module {
    const make = this.makers.get(name);
    if (!make) throw new TypeError(`Cannot make layer "${name}": ${this.unknown(name)}`);
    const made: unknown = make(
      Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCased(key), value])),
    );
    if (made instanceof Module) return made;
    throw new TypeError(`Cannot make layer "${name}": expected a module of its maker, got ${describeValue(made)}`);
  }

  private unknown(name: string): string {
    if (Object.hasOwn(MISSING_LAYERS, name)) return `expected a layer, got "${name}"; ${MISSING_LAYERS[name]}`;
    const told = describeUnknown(name, this.listLayers()).replace('a known key', 'a known layer');
    return told.replace('an unknown key', 'an unknown one');
  }
}

function makerOf(layer: LayerClass, names: readonly string[]): LayerMaker {
  const Layer = layer as new (...args: unknown[]) => Module;
  return (given) => {
    const missing = names.filter((name) => given[name] === undefined && !OPTIONAL_ARGUMENTS.includes(name));
    if (missing.length > 0)
      throw new TypeError(`Cannot make ${layer.name}: expected ${missing.join(', ')} among its options, got none`);
    const args = names.map((name) => given[name]);
    const options = Object.entries(given).filter(([name]) => !names.includes(name));
    return options.length > 0 ? new Layer(...args, Object.fromEntries(options)) : new Layer(...args);
  };
}

function layersOf(layers: unknown): readonly Module[] {
  if (Array.isArray(layers) && layers.every((each) => each instanceof Module)) return layers;
  throw new TypeError(`Cannot make a list of layers: expected layers, a list, got ${describeValue(layers)}`);
}
