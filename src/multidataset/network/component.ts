// A part of a network as a model's YAML file names it (`{ type, params }`), and how one is made of that.

import { camelCased, inSnakeCase, snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/index.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';

/** A part by its type with its parameters, in snake_case as VisionCore's files have them, or in camelCase. */
export interface ComponentConfig {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A part that was made. */
export interface Component<M extends Module = Module> {
  readonly module: M;
  /** Channels of what it gives. */
  readonly outChannels: number;
}

/** What makes a part of one type. @param options - the parameters in camelCase, through all levels. */
export type ComponentMaker<T> = (options: Readonly<Record<string, unknown>>) => T;

/** Makes the part that a configuration names. Types are compared without case.
 *  @param place - where it stands in the file, as `convnet`.
 *  @param makers - by type; each checks its options and throws a ConfigError with all problems.
 *  @throws {ConfigError} whose problems name the place: for a type or key that is not there, and what the maker found. */
export function makeComponent<T>(
  place: string,
  config: unknown,
  makers: Readonly<Record<string, ComponentMaker<T>>>,
): T {
  const { maker, options, problems } = readComponent(place, config, makers);
  if (maker === undefined || problems.length > 0) throw new ConfigError(`build ${place}`, problems);
  try {
    return maker(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `build ${place}`,
      error.problems.map((problem) => {
        const [path = ''] = /^[\w.[\]]+(?=:)/.exec(problem) ?? [];
        return `${place}.params.${snakeCased(path)}${inSnakeCase(problem.slice(path.length), namesIn(problem))}`;
      }),
      { cause: error },
    );
  }
}

function readComponent<T>(
  place: string,
  config: unknown,
  makers: Readonly<Record<string, ComponentMaker<T>>>,
): { maker?: ComponentMaker<T>; options: Readonly<Record<string, unknown>>; problems: string[] } {
  if (!isObject(config))
    return { options: {}, problems: [`${place}: expected { type, params }, got ${describeValue(config)}`] };
  const problems = Object.keys(config)
    .filter((key) => key !== 'type' && key !== 'params')
    .map((key) => `${place}.${key}: ${describeUnknown(key, ['type', 'params'])}`);
  const types = Object.keys(makers);
  const type = typeof config.type === 'string' ? config.type.toLowerCase() : undefined;
  const maker = type !== undefined && Object.hasOwn(makers, type) ? makers[type] : undefined;
  if (maker === undefined)
    problems.push(`${place}.type: expected one of ${types.join(', ')}, got ${describeValue(config.type)}`);
  const params = config.params ?? {};
  if (!isObject(params)) problems.push(`${place}.params: expected an object, got ${describeValue(params)}`);
  const options = isObject(params) ? (camelCasedKeys(params) as Readonly<Record<string, unknown>>) : {};
  return { ...(maker && { maker }), options, problems };
}

/** Plain data with every key in camelCase: what a constructor takes, of what a file says. */
export function camelCasedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCasedKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelCased(key), camelCasedKeys(inner)]));
}

/** What may be a name of an option: every word that begins small. Those of a constructor's message are in camelCase, given or not. */
function namesIn(message: string): ReadonlySet<string> {
  return new Set(message.match(/\b[a-z][A-Za-z0-9]*\b/g));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
