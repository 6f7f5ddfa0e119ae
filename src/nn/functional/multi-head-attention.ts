// Attention of several heads as a function of its weights, operator by operator as PyTorch composes it, so that the bits are the same.

import { ShapeError } from '../../errors.ts';
import { zeros } from '../../tensor/create.ts';
import type { DType } from '../../tensor/dtype.ts';
import { isFloatingDType } from '../../tensor/dtype.ts';
import { linear, pad } from '../../tensor/nn-ops.generated.ts';
import { baddbmm, bmm, cat, zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { scaledDotProductAttention } from './attention.ts';
import { dropout } from './dropout.ts';

// T target length, S source length, N batch, E embedding, H heads.

/** The projections, packed in one weight or one by one. @internal */
export interface AttentionWeights {
  readonly inProjWeight: Tensor | undefined;
  readonly separate: readonly [q: Tensor, k: Tensor, v: Tensor] | undefined;
  readonly inProjBias: Tensor | undefined;
  readonly biasK: Tensor | undefined;
  readonly biasV: Tensor | undefined;
  readonly outProjWeight: Tensor;
  readonly outProjBias: Tensor | undefined;
}

/** @internal */
export interface AttentionOptions {
  readonly numHeads: number;
  readonly dropout: number;
  readonly training: boolean;
  readonly addZeroAttn: boolean;
  readonly keyPaddingMask: Tensor | undefined;
  readonly attnMask: Tensor | undefined;
  readonly needWeights: boolean;
  readonly averageAttnWeights: boolean;
  readonly isCausal: boolean;
  /** After their projection. Shape: [N H, S, E / H]. */
  readonly staticK?: Tensor | undefined;
  readonly staticV?: Tensor | undefined;
}

/** A mask as numbers to add: true becomes minus infinity.
 *  @throws {TypeError} for integers. @internal */
export function additiveMask(mask: Tensor | undefined, name: string, dtype: DType): Tensor | undefined {
  if (!mask || isFloatingDType(mask.dtype)) return mask;
  if (mask.dtype !== 'bool')
    throw new TypeError(`Cannot attend: expected ${name} of dtype bool or a floating one, got ${mask.dtype}`);
  return zerosLike(mask, { dtype }).maskedFill_(mask, Number.NEGATIVE_INFINITY);
}

/** Two or three projections by one product, cut apart. */
function projectPacked(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  count: number,
  width: number,
): Tensor[] {
  const projected = linear(input, weight, { bias })
    .unflatten(-1, [count, width])
    .unsqueeze(0)
    .transpose(0, -2)
    .squeeze({ dim: -2 })
    .contiguous(); // [count, T, N, E]
  return projected.unbind();
}

function project(q: Tensor, k: Tensor, v: Tensor, weights: AttentionWeights): readonly Tensor[] {
  const { inProjWeight, separate, inProjBias } = weights;
  const width = q.size(-1);
  const biases = (): (Tensor | undefined)[] => inProjBias?.chunk(3) ?? [];
  const eachBy = (matrices: readonly Tensor[]): Tensor[] => {
    const own = biases();
    return [q, k, v].map((input, i) => linear(input, matrices[i]!, { bias: own[i] }));
  };
  if (separate) return eachBy(separate);
  const weight = inProjWeight!;
  if (k !== v) return eachBy(weight.chunk(3));
  if (q === k) return projectPacked(q, weight, inProjBias, 3, width);
  const [wq, wkv] = weight.split([width, 2 * width]);
  const [bq, bkv] = inProjBias?.split([width, 2 * width]) ?? [];
  return [linear(q, wq!, { bias: bq }), ...projectPacked(k, wkv!, bkv, 2, width)];
}

function checkMask(mask: Tensor, shape: readonly [targets: number, sources: number, heads: number]): Tensor {
  const [targets, sources, heads] = shape;
  const wanted = mask.ndim === 2 ? [targets, sources] : [heads, targets, sources];
  if (String(mask.shape) !== String(wanted))
    throw new ShapeError(
      `Cannot attend: expected attnMask of shape [${targets}, ${sources}] or [${heads}, ${targets}, ${sources}], got [${mask.shape.join(', ')}]`,
    );
  return mask.ndim === 2 ? mask.unsqueeze(0) : mask;
}

function checkStatic(given: Tensor, heads: number, width: number): Tensor {
  if (given.ndim === 3 && given.size(0) === heads && given.size(2) === width) return given;
  throw new ShapeError(
    `Cannot attend: expected staticK and staticV of shape [${heads}, S, ${width}], got [${given.shape.join(', ')}]`,
  );
}

/** softmax(q k^T / sqrt(E / H) + mask) v, by heads. Shape: query [T, N, E], key and value [S, N, ...], with or without N -> [T, N, E], and the
 *  weights where they are asked for: [N, T, S], or [N, H, T, S] not averaged. Source: torch.nn.functional.multi_head_attention_forward. @internal */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weights: AttentionWeights,
  options: AttentionOptions,
): [output: Tensor, weights: Tensor | undefined] {
  const { numHeads, addZeroAttn, needWeights } = options;
  const isBatched = query.ndim === 3;
  const [q0, k0, v0] = isBatched ? [query, key, value] : [query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)];
  let paddingMask = additiveMask(options.keyPaddingMask, 'keyPaddingMask', query.dtype);
  if (paddingMask && !isBatched) paddingMask = paddingMask.unsqueeze(0);
  const [targets = 0, batch = 0, width = 0] = q0.shape;
  if (options.isCausal && !options.attnMask)
    throw new TypeError(
      'Cannot attend: expected attnMask with isCausal, got none; Transformer.generateSquareSubsequentMask makes it',
    );
  // The kernel makes the causal mask itself; the composition below needs it as numbers.
  const leavesMask = options.isCausal && !paddingMask && !needWeights;
  let mask = leavesMask ? undefined : additiveMask(options.attnMask, 'attnMask', query.dtype);
  const isCausal = options.isCausal && !paddingMask;
  if (mask) mask = checkMask(mask, [targets, k0.size(0), batch * numHeads]);

  let [q, k, v] = project(q0, k0, v0, weights) as [Tensor, Tensor, Tensor]; // [T, N, E], [S, N, E] twice
  const widen = (): void => {
    if (mask) mask = pad(mask, [0, 1]);
    if (paddingMask) paddingMask = pad(paddingMask, [0, 1]);
  };
  if (weights.biasK && weights.biasV) {
    k = cat([k, weights.biasK.repeat([1, batch, 1])]);
    v = cat([v, weights.biasV.repeat([1, batch, 1])]);
    widen();
  }
  const headWidth = width / numHeads;
  const byHead = (x: Tensor): Tensor => x.view([x.size(0), batch * numHeads, headWidth]).transpose(0, 1);
  const projected = (given: Tensor | undefined, x: Tensor): Tensor =>
    given ? checkStatic(given, batch * numHeads, headWidth) : byHead(x);
  [q, k, v] = [byHead(q), projected(options.staticK, k), projected(options.staticV, v)]; // [N H, T, E / H], [N H, S, E / H] twice
  if (addZeroAttn) {
    const zero = (like: Tensor): Tensor =>
      zeros([batch * numHeads, 1, headWidth], { dtype: like.dtype, device: like.device });
    k = cat([k, zero(k)], { dim: 1 });
    v = cat([v, zero(v)], { dim: 1 });
    widen();
  }
  const sources = k.size(1);
  if (paddingMask) {
    if (String(paddingMask.shape) !== String([batch, sources]))
      throw new ShapeError(
        `Cannot attend: expected keyPaddingMask of shape [${batch}, ${sources}], got [${paddingMask.shape.join(', ')}]`,
      );
    const spread = paddingMask
      .view([batch, 1, 1, sources])
      .expand([-1, numHeads, -1, -1])
      .reshape([batch * numHeads, 1, sources]);
    mask = mask ? mask.add(spread) : spread;
  }
  const p = options.training ? options.dropout : 0;
  const finish = (mixed: Tensor): Tensor =>
    linear(mixed, weights.outProjWeight, { bias: weights.outProjBias }).view([
      targets,
      batch,
      weights.outProjWeight.size(0),
    ]); // [T, N, E]
  if (!needWeights) {
    if (mask) mask = mask.size(0) === 1 ? mask.unsqueeze(0) : mask.view([batch, numHeads, -1, sources]);
    const split = (x: Tensor): Tensor => x.view([batch, numHeads, x.size(1), headWidth]);
    const attended = scaledDotProductAttention(split(q), split(k), split(v), { attnMask: mask, dropoutP: p, isCausal });
    const output = finish(attended.permute([2, 0, 1, 3]).reshape([batch * targets, width]));
    return [isBatched ? output : output.squeeze({ dim: 1 }), undefined];
  }
  const scaled = q.mul(Math.sqrt(1 / headWidth));
  const scores = mask ? baddbmm(mask, scaled, k.transpose(-2, -1)) : bmm(scaled, k.transpose(-2, -1)); // [N H, T, S]
  let shares = scores.softmax(-1);
  if (p > 0) shares = dropout(shares, { p });
  const output = finish(
    bmm(shares, v)
      .transpose(0, 1)
      .reshape([targets * batch, width]),
  );
  shares = shares.view([batch, numHeads, targets, sources]);
  if (options.averageAttnWeights) shares = shares.mean({ dim: [1] });
  return isBatched ? [output, shares] : [output.squeeze({ dim: 1 }), shares.squeeze({ dim: 0 })];
}
