// `Registry`: what an experiment names (models, data sets, losses, …) with the function that makes each, the library's and those of the user's modules.

import { ConfigError } from '../../errors.ts';
import { describeValue, editDistance } from '../config/problems.ts';
import type { PartContexts, PartKind, PartResults } from './part-kinds.ts';
import {
  camelCased,
  fillOptions,
  type OptionSpec,
  type OptionsOf,
  optionProblems,
  type PartProblem,
} from './part-options.ts';

/** Of `{type:x}`, which YAML reads as one key `type:x`. */
function missingSpace(spec: unknown): string {
  const key = typeof spec === 'object' && spec !== null && Object.keys(spec).find((each) => each.startsWith('type:'));
  return key ? ` with the key "${key}"; write "${key.replace(':', ': ')}"` : '';
}

/** A part by its name with its options: `{ type: 'adamw', lr: 0.001 }`; or its name alone. */
export type PartSpec = string | { readonly type: string; readonly [option: string]: unknown };

/** How a part is made. */
export interface Part<Context, Result> {
  /** The options that it takes, with defaults. Left out: any, which the builder checks. */
  readonly options?: OptionSpec;
  /** @param registry - to make the parts that a part is made of. */
  build(options: never, context: Context, registry: Registry): Result | Promise<Result>;
  /** Finds what is wrong with options that no declaration tells, by a trial without side effects: it throws. */
  try?(options: Readonly<Record<string, unknown>>, registry: Registry): void;
}

/** A part, or its builder alone, which gets the options in camelCase as they were written. */
export type PartBuilder<K extends PartKind> =
  | Part<PartContexts[K], PartResults[K]>
  | ((
      options: Readonly<Record<string, unknown>>,
      context: PartContexts[K],
    ) => PartResults[K] | Promise<PartResults[K]>);

/** Parts by name, as a module of the user's exports them by default. */
export type Parts = {
  readonly [K in PartKind as (typeof PLURALS)[K]]?: Readonly<Record<string, PartBuilder<K>>>;
};

const PLURALS = {
  model: 'models',
  dataset: 'datasets',
  loss: 'losses',
  optimizer: 'optimizers',
  scheduler: 'schedulers',
  callback: 'callbacks',
  metric: 'metrics',
  step: 'steps',
  transform: 'transforms',
  collate: 'collates',
} as const satisfies Readonly<Record<PartKind, string>>;

/** Every kind of part. */
export const partKinds = Object.keys(PLURALS) as readonly PartKind[]; // its own keys

/** Types the parts of a module, which a configuration names after `modules: [./parts.ts]`. The module exports them as its default.
 *  @example
 *  import { defineParts, part, Registry } from 'sconce/trainer';
 *  const parts = defineParts({
 *    models: {
 *      line: part({ options: { inputs: Number, bias: true }, build: ({ inputs, bias }) => new nn.Linear(inputs, 1, { bias }) }),
 *    },
 *  });
 *  const registry = new Registry().add(parts, './parts.ts');
 *  String(await registry.build('model', { type: 'line', inputs: 3 }, {})); // 'Linear(in_features=3, out_features=1, bias=True)'
 *  registry.check('model', { type: 'line', inputs: 'three' })[0]; // { path: ['inputs'], text: 'expected a number, got "three"' } */
export const defineParts = (parts: Parts): Parts => parts;

/** Types a part with the options that it takes: by name a default, or `Number`, `String`, `Boolean`, `Array`, `Object` for what has to be given. Files may
 *  write the names in snake_case. */
export function part<const S extends OptionSpec, Context, Result>(of: {
  readonly options: S;
  build(options: OptionsOf<S>, context: Context): Result | Promise<Result>;
}): Part<Context, Result> {
  return of as Part<Context, Result>; // the registry gives it the options that it declares
}

interface Entry {
  readonly name: string;
  readonly part: Part<never, unknown>;
  /** Where it comes from, for messages. */
  readonly source: string;
}

/** How many names a message lists. */
const MAX_LISTED = 12;

/** Makes parts by name. Names are compared without case, hyphens and underscores: `cross_entropy` is `CrossEntropy`. */
export class Registry {
  readonly #entries = new Map<PartKind, Map<string, Entry>>();

  /** Adds one part.  @param source - where it comes from, for messages.
   *  @throws {ConfigError} for a name that is taken. */
  register<K extends PartKind>(kind: K, name: string, builder: PartBuilder<K>, source = 'a program'): this {
    const known = this.#of(kind);
    const taken = known.get(plain(name));
    if (taken !== undefined)
      throw new ConfigError(`register ${kind} "${name}" of ${source}`, [
        `expected a name that is free, got one that ${taken.source} has, "${taken.name}"`,
      ]);
    const whole = typeof builder === 'function' ? { build: builder } : builder;
    known.set(plain(name), { name, part: whole as Part<never, unknown>, source });
    return this;
  }

  /** Adds what a module exports by default.
   *  @throws {ConfigError} for an export that is something else, and for names that are taken, all of them. */
  add(parts: Parts, source: string): this {
    const problems: string[] = [];
    const isObject = typeof parts === 'object' && parts !== null;
    if (!isObject) problems.push(`expected defineParts({ … }) as its default export, got ${describeValue(parts)}`);
    for (const [key, group] of Object.entries(isObject ? parts : {})) {
      const kind = partKinds.find((each) => PLURALS[each] === key);
      if (kind === undefined) {
        problems.push(`${key}: expected one of ${Object.values(PLURALS).join(', ')}, got an unknown key`);
        continue;
      }
      for (const [name, builder] of Object.entries(group ?? {})) {
        const isBuilder =
          typeof builder === 'function' || typeof (builder as { build?: unknown })?.build === 'function';
        if (!isBuilder)
          problems.push(`${key}.${name}: expected a function or part({ … }), got ${describeValue(builder)}`);
        else if (this.#of(kind).has(plain(name))) {
          const { source: owner, name: taken } = this.#of(kind).get(plain(name))!;
          problems.push(`${key}.${name}: expected a name that is free, got one that ${owner} has, "${taken}"`);
        } else this.register(kind, name, builder as PartBuilder<PartKind>, source);
      }
    }
    if (problems.length > 0) throw new ConfigError(`use the parts of "${source}"`, problems);
    return this;
  }

  /** Whether there is a part of this name. */
  has(kind: PartKind, name: string): boolean {
    return this.#of(kind).has(plain(name));
  }

  /** The names of a kind, in alphabetical order. */
  names(kind: PartKind): string[] {
    return [...this.#of(kind).values()].map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en'));
  }

  /** What is wrong with a part's name and options, without making it; empty where nothing is found. */
  check(kind: PartKind, spec: unknown): PartProblem[] {
    const read = readSpec(spec);
    if (read === undefined)
      return [
        { path: [], text: `expected a name, or an object with type, got ${describeValue(spec)}${missingSpace(spec)}` },
      ];
    const entry = this.#of(kind).get(plain(read.type));
    if (!entry) return [{ path: read.isNameAlone ? [] : ['type'], text: this.#unknown(kind, read.type) }];
    const { part: known } = entry;
    if (known.options) return optionProblems(known.options, read.options);
    if (!known.try) return [];
    try {
      known.try(camelCasedKeys(read.options), this);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map((line) => problemOf(line, read.options));
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      return [{ path: keyNamedIn(error.message, read.options), text: expectation(error) }];
    }
  }

  /** Makes a part.
   *  @throws {ConfigError} for a name or options that are wrong, and where the builder throws, with its error as the cause. */
  async build<K extends PartKind>(kind: K, spec: PartSpec, context: PartContexts[K]): Promise<PartResults[K]> {
    const problems = this.check(kind, spec);
    const { type, options } = readSpec(spec) ?? { type: '', options: {} };
    if (problems.length > 0)
      throw new ConfigError(
        `make ${kind} "${type}"`,
        problems.map(({ path, text }) => (path.length > 0 ? `${path.join('.')}: ${text}` : text)),
      );
    const { part: known } = this.#of(kind).get(plain(type))!;
    const filled = known.options ? fillOptions(known.options, options) : camelCasedKeys(options);
    return (await known.build(filled as never, context as never, this)) as PartResults[K]; // a builder of this kind was registered under it
  }

  #of(kind: PartKind): Map<string, Entry> {
    let known = this.#entries.get(kind);
    if (!known) {
      known = new Map();
      this.#entries.set(kind, known);
    }
    return known;
  }

  #unknown(kind: PartKind, name: string): string {
    const distance = (other: string): number => editDistance(plain(name), plain(other));
    const byDistance = this.names(kind).sort((a, b) => distance(a) - distance(b));
    const [nearest] = byDistance;
    if (nearest === undefined) return `expected a ${kind} of a module, got "${name}"; name the module in modules`;
    const listed = byDistance.slice(0, MAX_LISTED).join(', ');
    const more = byDistance.length > MAX_LISTED ? ` or ${byDistance.length - MAX_LISTED} others` : '';
    const isBeginning = plain(name).length > 2 && plain(nearest).startsWith(plain(name));
    const isNear = isBeginning || distance(nearest) <= Math.max(1, Math.floor(plain(name).length / 3));
    return `expected one of ${listed}${more}, got "${name}"${isNear ? `; did you mean ${nearest}?` : ''}`;
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, '');

function readSpec(
  spec: unknown,
): { type: string; options: Readonly<Record<string, unknown>>; isNameAlone: boolean } | undefined {
  if (typeof spec === 'string') return { type: spec, options: {}, isNameAlone: true };
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return undefined;
  const { type, ...options } = spec as Record<string, unknown>;
  return typeof type === 'string' ? { type, options, isNameAlone: false } : undefined;
}

function camelCasedKeys(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCased(key), value]));
}

/** A problem that a class tells as `patience: expected …`. */
function problemOf(line: string, options: Readonly<Record<string, unknown>>): PartProblem {
  const [, name = '', text = line] = /^(\w+)(?:[\w.]*): (.*)$/s.exec(line) ?? [];
  const key = Object.keys(options).find((each) => camelCased(each) === name);
  return key === undefined ? { path: [], text: line } : { path: [key], text };
}

/** The option that a message is about, where it names one. */
function keyNamedIn(message: string, options: Readonly<Record<string, unknown>>): string[] {
  const words = new Set(message.match(/\w+/g));
  const named = Object.keys(options).filter((key) => words.has(camelCased(key)));
  return named.length === 1 ? named : [];
}

/** What a message says behind `Cannot …: `. */
const expectation = ({ message }: Error): string => message.replace(/^Cannot [^:]*: /, '');
