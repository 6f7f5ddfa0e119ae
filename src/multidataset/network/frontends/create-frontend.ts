// Frontends by the names that configurations have for them.

import { Identity, type UnaryModule } from '../../../nn/index.ts';
import { AffineAdapter } from '../adapters/affine-adapter.ts';
import { type Component, type ComponentConfig, makeComponent } from '../component.ts';
import { ConvBlock, readBlock, readDim } from '../layers/conv-block.ts';
import { given } from '../option-rules.ts';
import { SettingsReader } from '../settings-reader.ts';
import { DAModel } from './da-model.ts';
import { LearnableTemporalConv } from './learnable-temporal-conv.ts';
import { TemporalBasis } from './temporal-basis.ts';

export interface FrontendContext {
  /** Channels of what comes in. */
  readonly inChannels: number;
  /** Frames a second. Default 240. */
  readonly samplingRate?: number;
}

/** Makes what stands in front of a core: `da` (`DAModel`, at the sampling rate of the model), `temporal_basis` (`TemporalBasis`), `learnable_temporal`
 *  (`LearnableTemporalConv`), `conv` (`ConvBlock`), `adapter` (`AffineAdapter`), or `none`.
 *  @throws {ConfigError} that lists every problem of the configuration.  Source: VisionCore's create_frontend.
 *  @example
 *  import { createFrontend } from 'sconce/multidataset';
 *  const config = { type: 'learnable_temporal', params: { kernel_size: 16, num_channels: 4 } };
 *  createFrontend(config, { inChannels: 2 }).outChannels; // 8 */
export function createFrontend(config: ComponentConfig, context: FrontendContext): Component<UnaryModule> {
  const { inChannels, samplingRate = 240 } = context;
  return makeComponent<Component<UnaryModule>>('frontend', config, {
    none: () => ({ module: new Identity(), outChannels: inChannels }),
    da: (options) => ({ module: new DAModel({ samplingRate, ...given(options) }), outChannels: inChannels }),
    temporal_basis: (options) => {
      const module = new TemporalBasis(given(options));
      return { module, outChannels: inChannels * module.numBasis };
    },
    learnable_temporal: (options) => {
      const { split_MP: splitMP, ...rest } = given<Record<string, unknown>>(options);
      const module = new LearnableTemporalConv({
        ...(splitMP !== undefined && { splitMP: splitMP as boolean }),
        ...rest,
      });
      return { module, outChannels: inChannels * module.numChannels };
    },
    conv: (options) => {
      const read = new SettingsReader(options);
      const plan = readBlock(read, { inChannels, outChannels: read.integer('outChannels'), dim: readDim(read) });
      read.finish('make a ConvBlock');
      return { module: new ConvBlock(plan), outChannels: plan.outChannels };
    },
    adapter: (options) => ({ module: new AffineAdapter(given(options)), outChannels: inChannels }),
  });
}
