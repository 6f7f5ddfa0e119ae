// Modulators by the names that configurations have for them.

import { ConfigError } from '../../../errors.ts';
import { type ComponentConfig, makeComponent } from '../component.ts';
import type { Modulator } from '../parts.ts';
import { ConcatModulator } from './concat-modulator.ts';
import { ConvGRUModulator } from './conv-gru-modulator.ts';
import { FiLMModulator } from './film-modulator.ts';
import { PredictiveCodingModulator } from './predictive-coding-modulator.ts';
import { SpatialTransformerModulator } from './spatial-transformer-modulator.ts';

export interface ModulatorContext {
  /** Channels of the features. */
  readonly featureDim: number;
}

export interface MadeModulator {
  /** Undefined for `none`. */
  readonly module: Modulator | undefined;
  /** Channels behind it, those of the features included where it keeps them. */
  readonly outChannels: number;
}

type ModulatorClass = new (featureDim: number, options: object) => Modulator;

/** Makes what lets behaviour act on features: `concat` (`ConcatModulator`), `film` (`FiLMModulator`), `stn` (`SpatialTransformerModulator`), `convgru`
 *  (`ConvGRUModulator`), `pc` (`PredictiveCodingModulator`), or `none`.
 *  `n_vars` is another name of `behavior_dim`. `feature_dim` is what the part before has, whatever the file says of it, as in VisionCore.
 *  @throws {ConfigError} that lists every problem of the configuration.  Source: VisionCore's create_modulator.
 *  @example
 *  import { createModulator } from 'sconce/multidataset';
 *  const { outChannels } = createModulator({ type: 'concat', params: { behavior_dim: 42 } }, { featureDim: 32 });
 *  outChannels; // 96 */
export function createModulator(config: ComponentConfig, { featureDim }: ModulatorContext): MadeModulator {
  const maker =
    (Class: ModulatorClass) =>
    (options: Readonly<Record<string, unknown>>): MadeModulator => {
      const module = new Class(featureDim, readNames(options));
      return { module, outChannels: module.outChannels };
    };
  return makeComponent<MadeModulator>('modulator', config, {
    none: () => ({ module: undefined, outChannels: featureDim }),
    concat: maker(ConcatModulator),
    film: maker(FiLMModulator),
    stn: maker(SpatialTransformerModulator),
    convgru: maker(ConvGRUModulator),
    pc: maker(PredictiveCodingModulator),
  });
}

/** The options that a modulator takes, of those that a file may have. */
function readNames(options: Readonly<Record<string, unknown>>): object {
  const { featureDim: _, nVars, ...rest } = options;
  if (nVars === undefined || nVars === null) return rest;
  if (rest.behaviorDim !== undefined && rest.behaviorDim !== nVars)
    throw new ConfigError('make a modulator', [
      'nVars: expected the number of behaviorDim, which it means, got another',
    ]);
  return { ...rest, behaviorDim: nVars };
}
