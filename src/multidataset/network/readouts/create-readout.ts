// Readouts by the names of a model's YAML file.

import { ConfigError } from '../../../errors.ts';
import { type ComponentConfig, type ComponentMaker, makeComponent } from '../component.ts';
import type { Readout } from '../parts.ts';
import { DynamicGaussianReadoutEI } from './ei-readout.ts';
import { DynamicGaussianReadout } from './gaussian-readout.ts';
import { FlattenedLinearReadout } from './linear-readout.ts';
import { withoutNulls } from './readout-options.ts';
import { DynamicGaussianSN } from './sn-readout.ts';

/** What the assembly knows of a readout. */
export interface ReadoutSizes {
  /** Channels of the core's features. */
  readonly inChannels: number;
  /** Units of the data set. */
  readonly nUnits: number;
}

/** Makes the readout that a configuration names: `gaussian` (`DynamicGaussianReadout`), `gaussianei` (`DynamicGaussianReadoutEI`), `gaussiansn` (`DynamicGaussianSN`) or
 *  `linear` (`FlattenedLinearReadout`). Its number of units is the data set's; `n_units` of the file, which VisionCore's files have as a placeholder, changes nothing.
 *  A parameter that is null has its default.
 *  @throws {ConfigError} that lists every problem.
 *  @example
 *  import { createReadout } from 'sconce/multidataset';
 *  const config = { type: 'gaussian', params: { initial_std: 0.5, initial_mean_scale: 0.1 } };
 *  createReadout(config, { inChannels: 8, nUnits: 3 }).nUnits; // 3 */
export function createReadout(config: ComponentConfig, { inChannels, nUnits }: ReadoutSizes): Readout {
  const maker =
    (Class: ReadoutClass): ComponentMaker<Readout> =>
    (options) =>
      new Class(inChannels, nUnits, withoutPlaceholder(options));
  return makeComponent<Readout>('readout', config, {
    gaussian: maker(DynamicGaussianReadout),
    gaussianei: maker(DynamicGaussianReadoutEI),
    gaussiansn: maker(DynamicGaussianSN),
    linear: maker(FlattenedLinearReadout),
  });
}

type ReadoutClass = new (inChannels: number, nUnits: number, options: object) => Readout;

function withoutPlaceholder(options: Readonly<Record<string, unknown>>): object {
  const { nUnits, ...rest } = options;
  if (nUnits !== undefined && nUnits !== null && !(Number.isSafeInteger(nUnits) && (nUnits as number) > 0))
    throw new ConfigError('make a readout', [`nUnits: expected an integer above 0, got ${String(nUnits)}`]);
  return withoutNulls(rest);
}
