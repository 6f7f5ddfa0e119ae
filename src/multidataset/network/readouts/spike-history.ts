// What reads the spikes that the units of a data set have fired before, as a model's YAML file names it.

import { ConfigError } from '../../../errors.ts';
import type { UnaryModule } from '../../../nn/index.ts';
import { type ComponentConfig, makeComponent } from '../component.ts';
import { MLP, type MLPOptions } from '../mlp.ts';
import { withoutNulls } from './readout-options.ts';

type Options = Readonly<Record<string, unknown>>;

/** Makes the part that stands under `history_encoder`: an `mlp` from the last `num_lags` moments (default 5) of all units to what is added to each unit's drive. Other
 *  parameters are those of `MLP`, without its widths of input and output.
 *  Shape: [B, lags · U] -> [B, U].
 *  @throws {ConfigError} that lists every problem.  Source: VisionCore's MultiDatasetV1ModelSpikeHistory.
 *  @example
 *  import { randn } from 'sconce';
 *  import { createSpikeHistory } from 'sconce/multidataset';
 *  const config = { type: 'mlp', params: { num_lags: 4, hidden_dims: [32, 10], spectral_norm: true } };
 *  createSpikeHistory(config, { nUnits: 3 }).forward(randn([2, 12])).shape; // [2, 3] */
export function createSpikeHistory(config: ComponentConfig, { nUnits }: { readonly nUnits: number }): UnaryModule {
  const mlp = (options: Options): UnaryModule => {
    const { numLags, ...rest } = withoutNulls(options);
    const lags = numLags ?? 5;
    const problems = ['inputDim', 'outputDim']
      .filter((name) => name in rest)
      .map((name) => `${name}: expected none, for lags and units say it, got ${String(rest[name])}`);
    const isCount = typeof lags === 'number' && Number.isSafeInteger(lags) && lags > 0;
    if (!isCount) problems.push(`numLags: expected an integer above 0, got ${String(lags)}`);
    if (!isCount || problems.length > 0) throw new ConfigError('make a history encoder', problems);
    return new MLP({ ...rest, inputDim: lags * nUnits, outputDim: nUnits } as MLPOptions); // which checks them
  };
  return makeComponent('history_encoder', config, { mlp });
}
