// Activations that PyTorch composes of other operators.

import { readOptions } from '../../tensor/arguments.ts';
import type { DType } from '../../tensor/dtype.ts';
import { emptyLike, zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** x / (1 + |x|). Shape: any, unchanged. Source: torch.nn.functional.softsign. */
export function softsign(input: Tensor): Tensor {
  return input.div(input.abs().add(1));
}

/** x - tanh(x). Shape: any, unchanged. Source: torch.nn.functional.tanhshrink. */
export function tanhshrink(input: Tensor): Tensor {
  return input.sub(input.tanh());
}

/** softmax(-x) along a dimension. Shape: any, unchanged.
 *  @param options.dtype - what it is computed in. Default: the input's.  Source: torch.nn.functional.softmin. */
export function softmin(input: Tensor, dim: number, options: { dtype?: DType } = {}): Tensor {
  return input.neg().softmax(dim, options);
}

export interface GumbelSoftmaxOptions {
  /** Temperature: near 0 the samples are near one-hot. Default 1. */
  tau?: number;
  /** Give one-hot vectors, with the gradient of the soft ones. Default false. */
  hard?: boolean;
  /** The dimension whose elements sum to one. Default -1. */
  dim?: number;
}

/** Samples of a categorical distribution that have a gradient. Rule: softmax((logits + g) / tau) with g from Gumbel(0, 1). Shape: any, unchanged.
 *  Source: Jang et al. 2016, arXiv:1611.01144; torch.nn.functional.gumbel_softmax. */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  readOptions('gumbelSoftmax', ['tau', 'hard', 'dim'], options);
  const { tau = 1, hard = false, dim = -1 } = options;
  const gumbels = emptyLike(logits, { memoryFormat: 'contiguous_format' }).exponential_().log().neg();
  const soft = logits.add(gumbels).div(tau).softmax(dim);
  if (!hard) return soft;
  const [, index] = soft.max({ dim, keepdim: true });
  const oneHot = zerosLike(logits, { memoryFormat: 'contiguous_format' }).scatter_(dim, index, 1);
  return oneHot.sub(soft.detach()).add(soft);
}
