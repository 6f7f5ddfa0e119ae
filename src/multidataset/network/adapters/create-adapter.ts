// Adapters by the names that configurations have for them.

import { Identity, type UnaryModule } from '../../../nn/index.ts';
import { type Component, type ComponentConfig, makeComponent } from '../component.ts';
import { given } from '../option-rules.ts';
import { AffineAdapter } from './affine-adapter.ts';

export interface AdapterContext {
  /** Channels of a data set's clips. */
  readonly inChannels: number;
}

/** Makes what stands between the clips of one data set and the shared network: `adapter` (`AffineAdapter`), or `none`.
 *  @throws {ConfigError} that lists every problem of the configuration.  Source: VisionCore's create_frontend.
 *  @example
 *  import { createAdapter } from 'sconce/multidataset';
 *  createAdapter({ type: 'adapter', params: { grid_size: 51 } }, { inChannels: 1 }).outChannels; // 1 */
export function createAdapter(config: ComponentConfig, { inChannels }: AdapterContext): Component<UnaryModule> {
  return makeComponent<Component<UnaryModule>>('adapter', config, {
    none: () => ({ module: new Identity(), outChannels: inChannels }),
    adapter: (options) => ({ module: new AffineAdapter(given(options)), outChannels: inChannels }),
  });
}
