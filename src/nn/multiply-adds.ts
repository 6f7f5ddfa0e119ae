// How many products a layer adds up in one call: the matrix products of its weights, which are nearly all of a network's work.

import { Tensor } from '../tensor/tensor.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './layers/conv-transpose.ts';
import { Convolution } from './layers/convolution.ts';
import { Bilinear, Linear } from './layers/linear.ts';
import { MultiheadAttention } from './layers/multihead-attention.ts';
import { GRU, LSTM, RNN } from './layers/rnn.ts';
import { GRUCell, LSTMCell, RNNCell } from './layers/rnn-cell.ts';
import type { Module } from './module.ts';

const TRANSPOSED = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];
const RECURRENT = [RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell];

/** Elements of the first tensor of what a layer took or gave; a packed sequence counts its data. */
function numelOf(value: unknown): number {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first instanceof Tensor) return first.numel;
  const data = (first as { data?: unknown } | null | undefined)?.data;
  return data instanceof Tensor ? data.numel : 0;
}

/** Projections of queries, keys and values, two products with the attention's weights, and the output's projection. */
function attentionProducts(layer: MultiheadAttention, inputs: readonly unknown[]): number {
  const [query, key] = inputs as readonly [Tensor, Tensor];
  const { embedDim, kdim, vdim, batchFirst } = layer;
  const lengthOf = (tensor: Tensor): number => tensor.size(tensor.ndim === 3 && batchFirst ? 1 : 0);
  const numQueries = query.numel / embedDim; // N L
  const numKeys = key.numel / kdim; // N S
  const numAttended = lengthOf(key) + (layer.bias_k ? 1 : 0) + (layer.addZeroAttn ? 1 : 0);
  const projections = 2 * numQueries * embedDim * embedDim + numKeys * embedDim * (kdim + vdim);
  return projections + 2 * numQueries * numAttended * embedDim;
}

/** Multiply-adds of one call, or undefined for a layer without matrix products of its own.
 *  @param inputs - of forward.  @param output - what it gave. @internal */
export function multiplyAdds(layer: Module, inputs: readonly unknown[], output: unknown): number | undefined {
  if (layer instanceof Linear) return numelOf(output) * layer.inFeatures;
  if (layer instanceof Bilinear) return numelOf(output) * layer.in1Features * layer.in2Features;
  if (layer instanceof Convolution) {
    return TRANSPOSED.some((each) => layer instanceof each)
      ? (numelOf(inputs[0]) * layer.weight.numel) / layer.inChannels
      : (numelOf(output) * layer.weight.numel) / layer.outChannels;
  }
  if (layer instanceof MultiheadAttention) return attentionProducts(layer, inputs);
  const recurrent = RECURRENT.find((each) => layer instanceof each);
  if (recurrent === undefined) return undefined;
  const { inputSize } = layer as LSTM;
  const matrices = layer.parameters().filter(({ ndim }) => ndim === 2);
  return (numelOf(inputs[0]) / inputSize) * matrices.reduce((sum, { numel }) => sum + numel, 0);
}
