// Parts of a user's own, which a configuration can name beside those of the library.

import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { type Component, type ComponentConfig, makeComponent } from './component.ts';
import type { Modulator, Readout } from './parts.ts';

/** Makes a part of one type. @param options - the file's parameters, in camelCase through all levels.  @param context - what its place in the network knows. */
export type PartMaker<Context, Made> = (options: Readonly<Record<string, unknown>>, context: Context) => Made;

/** Makers by the type that a file names, compared without case. One of a type of the library's own stands in its place. */
export type PartMakers<Context, Made> = Readonly<Record<string, PartMaker<Context, Made>>>;

/** What a place knows that follows from the parts before. */
export interface InChannels {
  readonly inChannels: number;
}

/** Makers for each place of a network. Those of shared parts and adapters take one tensor and give one, of `outChannels` channels. */
export interface NetworkMakers {
  readonly adapter?: PartMakers<InChannels & { readonly datasetConfig: object }, Component>;
  readonly frontend?: PartMakers<InChannels & { readonly samplingRate: number }, Component>;
  readonly convnet?: PartMakers<InChannels, Component>;
  readonly modulator?: PartMakers<
    { readonly featureDim: number },
    { readonly module: Modulator; readonly outChannels: number }
  >;
  readonly recurrent?: PartMakers<{ readonly inputDim: number }, Component>;
  readonly readout?: PartMakers<InChannels & { readonly nUnits: number; readonly datasetConfig: object }, Readout>;
}

const PLACES = ['adapter', 'frontend', 'convnet', 'modulator', 'recurrent', 'readout'] as const;

/** Where a part of a network comes from. */
export interface PartSource<Context, Made> {
  readonly config: ComponentConfig;
  readonly makers: PartMakers<Context, Made> | undefined;
  readonly context: Context;
  /** Makes those of the library. */
  readonly create: (config: ComponentConfig, context: Context) => Made;
}

/** Makes the part that a configuration names, by the user's maker where there is one of its type. @throws {ConfigError} */
export function makePart<Context, Made>(place: string, source: PartSource<Context, Made>): Made {
  const { config, makers, context, create } = source;
  const type = typeof config?.type === 'string' ? config.type.toLowerCase() : undefined;
  const own = Object.entries(makers ?? {}).find(([name]) => name.toLowerCase() === type);
  if (!own) return create(config, context);
  return makeComponent<Made>(place, config, { [own[0].toLowerCase()]: (options) => own[1](options, context) });
}

/** What is wrong with makers, one line a problem. */
export function makerProblems(makers: NetworkMakers): string[] {
  if (typeof makers !== 'object' || makers === null)
    return [`makers: expected an object, got ${describeValue(makers)}`];
  return Object.entries(makers).flatMap(([place, ofPlace]) => {
    if (!(PLACES as readonly string[]).includes(place)) return [`makers.${place}: ${describeUnknown(place, PLACES)}`];
    const wrong = Object.entries((ofPlace ?? {}) as object).filter(([, maker]) => typeof maker !== 'function');
    return wrong.map(([type, maker]) => `makers.${place}.${type}: expected a function, got ${describeValue(maker)}`);
  });
}
