// The network, as a model's YAML file would say it. `spectrogram` and `letters` are parts of network.ts.
import type { ModelConfig } from 'sconce/multidataset';

/** What follows each convolution. */
const rest = { norm_type: 'batch', act_type: 'relu', dropout: 0.1 };
/** Half as many bands. */
const bands = { conv_params: { kernel_size: [3, 5], stride: [1, 2], padding: [1, 2] }, ...rest };
/** What is said just before and just after, 60 ms each way. */
const time = { conv_params: { kernel_size: [7, 1], padding: [3, 0] }, ...rest };

/** A core that all languages share, and for each a readout that spells. */
export const MODEL: ModelConfig = {
  model_type: 'v1multi',
  convnet: {
    type: 'spectrogram',
    params: {
      resnet_shortcut_norm_type: 'batch',
      // Columns of 10 ms become columns of 20 ms, 40 bands become 20.
      stem_config: {
        out_channels: 24,
        conv_params: { kernel_size: [5, 5], stride: [2, 2], padding: [2, 2] },
        norm_type: 'batch',
        act_type: 'relu',
      },
      channels: [32, 64, 96, 96, 96, 96, 96],
      // The third makes channels of all bands that are left.
      block_configs: [
        bands,
        bands,
        { conv_params: { kernel_size: [5, 5], stride: [1, 5], padding: [2, 0] }, ...rest },
        ...[time, time, time, time],
      ],
    },
  },
  readout: { type: 'letters' },
};
