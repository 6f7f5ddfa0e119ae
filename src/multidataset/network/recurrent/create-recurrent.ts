// Recurrent parts by the names that configurations have for them.

import { Identity, type UnaryModule } from '../../../nn/index.ts';
import { type Component, type ComponentConfig, makeComponent } from '../component.ts';
import { given } from '../option-rules.ts';
import { ConvGRU, type ConvGRUOptions } from './conv-gru.ts';
import { ConvLSTM, type ConvLSTMOptions } from './conv-lstm.ts';
import { RecurrentWrapper, type RecurrentWrapperOptions } from './recurrent-wrapper.ts';

export interface RecurrentContext {
  /** Channels of the features. */
  readonly inputDim: number;
}

/** Makes what goes over the frames of features: `convgru` (`ConvGRU`), `convlstm` (`ConvLSTM`), `gru` and `lstm` (`RecurrentWrapper`, which
 *  has to be told `picture_size`), or `none`.
 *  @throws {ConfigError} that lists every problem of the configuration.  Source: VisionCore's create_recurrent.
 *  @example
 *  import { createRecurrent } from 'sconce/multidataset';
 *  createRecurrent({ type: 'convgru', params: { hidden_dim: 128 } }, { inputDim: 32 }).outChannels; // 128 */
export function createRecurrent(config: ComponentConfig, { inputDim }: RecurrentContext): Component<UnaryModule> {
  const made = (module: ConvGRU | ConvLSTM | RecurrentWrapper): Component<UnaryModule> => ({
    module,
    outChannels: module.outChannels,
  });
  return makeComponent<Component<UnaryModule>>('recurrent', config, {
    none: () => ({ module: new Identity(), outChannels: inputDim }),
    convgru: (options) => made(new ConvGRU(inputDim, given<ConvGRUOptions>(options))),
    convlstm: (options) => made(new ConvLSTM(inputDim, given<ConvLSTMOptions>(options))),
    gru: (options) => made(new RecurrentWrapper('gru', inputDim, given<RecurrentWrapperOptions>(options))),
    lstm: (options) => made(new RecurrentWrapper('lstm', inputDim, given<RecurrentWrapperOptions>(options))),
  });
}
