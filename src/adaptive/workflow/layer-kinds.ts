// The layers that a list of layers can name, as adaptiveneuralnetwork names them: the class of each, and its arguments before the options.

import * as nn from '../../nn/layers/index.ts';
import type { Module } from '../../nn/module.ts';

/** A class of layers, whatever it is given. */
export type LayerClass = new (...args: never[]) => Module;

/** A class, and the names of its arguments before the options. */
export type LayerKind = readonly [layer: LayerClass, ...names: string[]];

const CONVOLUTION = ['inChannels', 'outChannels', 'kernelSize'] as const;
const RECURRENT = ['inputSize', 'hiddenSize'] as const;

export const LAYER_KINDS: Readonly<Record<string, LayerKind>> = {
  linear: [nn.Linear, 'inFeatures', 'outFeatures'],
  bilinear: [nn.Bilinear, 'in1Features', 'in2Features', 'outFeatures'],
  identity: [nn.Identity],
  conv1d: [nn.Conv1d, ...CONVOLUTION],
  conv2d: [nn.Conv2d, ...CONVOLUTION],
  conv3d: [nn.Conv3d, ...CONVOLUTION],
  conv_transpose1d: [nn.ConvTranspose1d, ...CONVOLUTION],
  conv_transpose2d: [nn.ConvTranspose2d, ...CONVOLUTION],
  conv_transpose3d: [nn.ConvTranspose3d, ...CONVOLUTION],
  maxpool1d: [nn.MaxPool1d, 'kernelSize'],
  maxpool2d: [nn.MaxPool2d, 'kernelSize'],
  maxpool3d: [nn.MaxPool3d, 'kernelSize'],
  avgpool1d: [nn.AvgPool1d, 'kernelSize'],
  avgpool2d: [nn.AvgPool2d, 'kernelSize'],
  avgpool3d: [nn.AvgPool3d, 'kernelSize'],
  adaptive_avgpool1d: [nn.AdaptiveAvgPool1d, 'outputSize'],
  adaptive_avgpool2d: [nn.AdaptiveAvgPool2d, 'outputSize'],
  adaptive_avgpool3d: [nn.AdaptiveAvgPool3d, 'outputSize'],
  relu: [nn.ReLU],
  leaky_relu: [nn.LeakyReLU],
  prelu: [nn.PReLU],
  elu: [nn.ELU],
  selu: [nn.SELU],
  gelu: [nn.GELU],
  sigmoid: [nn.Sigmoid],
  tanh: [nn.Tanh],
  softmax: [nn.Softmax, 'dim'],
  log_softmax: [nn.LogSoftmax, 'dim'],
  batchnorm1d: [nn.BatchNorm1d, 'numFeatures'],
  batchnorm2d: [nn.BatchNorm2d, 'numFeatures'],
  batchnorm3d: [nn.BatchNorm3d, 'numFeatures'],
  layernorm: [nn.LayerNorm, 'normalizedShape'],
  groupnorm: [nn.GroupNorm, 'numGroups', 'numChannels'],
  instancenorm1d: [nn.InstanceNorm1d, 'numFeatures'],
  instancenorm2d: [nn.InstanceNorm2d, 'numFeatures'],
  instancenorm3d: [nn.InstanceNorm3d, 'numFeatures'],
  dropout: [nn.Dropout, 'p'],
  dropout1d: [nn.Dropout1d, 'p'],
  dropout2d: [nn.Dropout2d, 'p'],
  dropout3d: [nn.Dropout3d, 'p'],
  rnn: [nn.RNN, ...RECURRENT],
  lstm: [nn.LSTM, ...RECURRENT],
  gru: [nn.GRU, ...RECURRENT],
  multihead_attention: [nn.MultiheadAttention, 'embedDim', 'numHeads'],
  transformer: [nn.Transformer],
  transformer_encoder_layer: [nn.TransformerEncoderLayer, 'dModel', 'nhead'],
  transformer_decoder_layer: [nn.TransformerDecoderLayer, 'dModel', 'nhead'],
  transformer_encoder: [nn.TransformerEncoder, 'encoderLayer', 'numLayers'],
  transformer_decoder: [nn.TransformerDecoder, 'decoderLayer', 'numLayers'],
  flatten: [nn.Flatten],
};

/** Arguments that may be left out, where the class has a default. */
export const OPTIONAL_ARGUMENTS: readonly string[] = ['p'];

/** Layers of adaptiveneuralnetwork's files that there are none of, and what there is in their place. */
export const MISSING_LAYERS: Readonly<Record<string, string>> = Object.fromEntries(
  ['convlstm', 'convlstm_cell', 'conv3d_model', 'positional_encoding', 'video_transformer', 'hybrid_video'].map(
    (name) => [
      name,
      'models of video are not part of Sconce: conv3d and transformer_encoder_layer are, and registerFactory takes a model of yours',
    ],
  ),
);
