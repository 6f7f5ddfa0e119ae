// Parameter groups as they are given: bare parameters, named ones, or groups of either.

import { Parameter } from '../nn/parameter.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { HyperparameterSpec } from './hyperparameters.ts';

/** What schedules note in a group, and leave in its state: where its learning rate comes from and goes to. */
export interface ScheduleEntries {
  /** Learning rate that factors refer to. */
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  swaLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
}

const scheduleEntry = (key: string): HyperparameterSpec<undefined> => ({ key, kind: 'float', initial: undefined });

/** @internal */
export const SCHEDULE_ENTRIES: { readonly [K in keyof ScheduleEntries]-?: HyperparameterSpec } = {
  initialLr: scheduleEntry('initial_lr'),
  maxLr: scheduleEntry('max_lr'),
  minLr: scheduleEntry('min_lr'),
  swaLr: scheduleEntry('swa_lr'),
  maxMomentum: scheduleEntry('max_momentum'),
  baseMomentum: scheduleEntry('base_momentum'),
};

/** A parameter with its name, as `model.namedParameters()` gives them. */
export type NamedParameter = readonly [name: string, parameter: Parameter];

/** What a group is called, as in 'vision_model'; it is in the state dict too. */
export interface GroupName {
  name?: string;
}

/** Parameters with hyperparameters of their own. Names are there if they were given, those of parameters for all groups then. */
export type ParamGroup<H> = { params: Parameter[]; paramNames?: string[] } & H & ScheduleEntries & GroupName;

/** A group as given: what it leaves out comes from the optimizer's options. */
export type ParamGroupInput<H> = { params: Iterable<Parameter | NamedParameter> } & Partial<H> &
  ScheduleEntries &
  GroupName;

/** What an optimizer is made of: parameters, named ones, or groups. */
export type OptimizerParams<H> = Iterable<Parameter> | Iterable<NamedParameter> | Iterable<ParamGroupInput<H>>;

const isPair = (entry: unknown): entry is NamedParameter => Array.isArray(entry);
const isGroup = (entry: unknown): entry is ParamGroupInput<unknown> =>
  typeof entry === 'object' && entry !== null && !isPair(entry) && !(entry instanceof Tensor);

/** The groups of what an optimizer is given; what is no group makes one. @internal */
export function groupsOf<H>(params: OptimizerParams<H>): ParamGroupInput<H>[] {
  const isIterable =
    typeof (params as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === 'function';
  if (!isIterable || params instanceof Tensor || typeof params === 'string') throw noParameters(params);
  const given = [...params] as (Parameter | NamedParameter | ParamGroupInput<H>)[];
  return given.length > 0 && given.every(isGroup) ? given : [{ params: given } as unknown as ParamGroupInput<H>];
}

/** Parameters and names of a group.
 *  @throws {RangeError} for none.  @throws {TypeError} for what are none, and where some have names and others do not. @internal */
export function readParameters(given: unknown): { params: Parameter[]; paramNames?: string[] } {
  const list = given instanceof Parameter ? [given] : given;
  if (typeof (list as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] !== 'function')
    throw noParameters(given);
  const entries: unknown[] = [...(list as Iterable<unknown>)];
  if (entries.length === 0) throw new RangeError('Cannot make an optimizer: expected parameters, got an empty list');
  const pairs = entries.filter(isPair);
  if (pairs.length !== 0 && pairs.length !== entries.length)
    throw new TypeError(
      `Cannot make an optimizer: expected names for all parameters or for none, got ${pairs.length} names for ${entries.length}`,
    );
  const params = entries.map((entry) => (isPair(entry) ? entry[1] : entry));
  for (const parameter of params) if (!(parameter instanceof Parameter)) throw noParameters(parameter);
  if (pairs.length === 0) return { params: params as Parameter[] };
  const bad = pairs.find(([name]) => typeof name !== 'string');
  if (bad) throw new TypeError(`Cannot make an optimizer: expected [name, parameter], got ${typeof bad[0]} for a name`);
  return { params: params as Parameter[], paramNames: pairs.map(([name]) => name) };
}

function noParameters(got: unknown): TypeError {
  const kind = got === null ? 'null' : typeof got;
  return new TypeError(`Cannot make an optimizer: expected parameters, got ${kind}; pass model.parameters()`);
}
