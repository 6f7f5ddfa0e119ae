// Attention by scaled dot products, where libtorch has no kernel for it too.

import { readOptions } from '../../tensor/arguments.ts';
import { getNative } from '../../tensor/call.ts';
import { ones, zeros } from '../../tensor/create.ts';
import { scaledDotProductAttention as kernel } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { dropout } from './dropout.ts';

export interface AttentionCall {
  /** Places that are attended to: true, or numbers that are added to the products. Shape: broadcasts to [..., T, S]. */
  attnMask?: Tensor | undefined;
  /** Probability of a zero among the weights; whether in training or not. Default 0. */
  dropoutP?: number | undefined;
  /** Nobody sees what comes after. Without a mask. Default false. */
  isCausal?: boolean | undefined;
  /** Default 1 / sqrt(E). */
  scale?: number | undefined;
  /** Each key and value is for several heads of queries. Default false. */
  enableGqa?: boolean | undefined;
}

/** softmax(q k^T * scale + mask) v. Shape: query [..., T, E], key [..., S, E], value [..., S, F] -> [..., T, F].
 *  Uses libtorch's kernel, or the same rule operator by operator before libtorch 2.
 *  @throws {TypeError} for a mask beside `isCausal`.  Source: torch.nn.functional.scaled_dot_product_attention. */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionCall = {},
): Tensor {
  readOptions('scaledDotProductAttention', ['attnMask', 'dropoutP', 'isCausal', 'scale', 'enableGqa'], options);
  if (options.isCausal && options.attnMask)
    throw new TypeError('Cannot attend: expected either attnMask or isCausal, got both');
  if (getNative().hasOperator('scaled_dot_product_attention')) return kernel(query, key, value, options);
  return composed(query, key, value, options);
}

function composed(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall): Tensor {
  const {
    attnMask,
    dropoutP = 0,
    isCausal = false,
    scale = 1 / Math.sqrt(query.size(-1)),
    enableGqa = false,
  } = options;
  const share = (x: Tensor): Tensor => (enableGqa ? x.repeatInterleave(query.size(-3) / x.size(-3), { dim: -3 }) : x);
  const [keys, values] = [share(key), share(value)];
  const device = query.device;
  const mask = isCausal ? ones([query.size(-2), keys.size(-2)], { dtype: 'bool', device }).tril() : attnMask;
  let scores = query.mul(scale).matmul(keys.transpose(-2, -1)); // [..., T, S]
  if (mask?.dtype === 'bool') {
    const refused = zeros(mask.shape, { dtype: query.dtype, device });
    scores = scores.add(refused.maskedFill(mask.logicalNot(), Number.NEGATIVE_INFINITY));
  } else if (mask) scores = scores.add(mask);
  // What may attend to nothing gets zeros, as from the kernel, and gives no gradient. Before the softmax too: NaN would come back out of it.
  const isEmpty = mask && scores.detach().eq(Number.NEGATIVE_INFINITY).all({ dim: -1, keepdim: true }); // [..., T, 1]
  const softmax = (isEmpty ? scores.maskedFill(isEmpty, 0) : scores).softmax(-1);
  const shares = isEmpty ? softmax.maskedFill(isEmpty, 0) : softmax;
  return (dropoutP > 0 ? dropout(shares, { p: dropoutP }) : shares).matmul(values);
}
