// Parts of a model in which the two modalities see each other: attention between their tokens, and a mix of their features.

import { GELU, LayerNorm, Linear, Module, MultiheadAttention } from '../../nn/index.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export interface CrossModalAttentionOptions {
  /** Default 4; has to divide the width. */
  readonly numHeads?: number;
  /** Of the attention's weights. Default 0. */
  readonly dropout?: number;
}

export interface CrossModalMasks {
  /** Where there is a token. Shape: [B, N] and [B, T], boolean. Default: everywhere. */
  readonly visionMask?: Tensor | undefined;
  readonly textMask?: Tensor | undefined;
}

/** Tokens of each modality look at those of the other, of the same pair: v' = LayerNorm(v + attention(v, t, t)), t' = LayerNorm(t + attention(t, v, v)).
 *  Shape: vision [B, N, D], text [B, T, D], unchanged.
 *  Source: multimodal_insight_engine's bidirectional cross attention; Lu et al. 2019, arXiv:1908.02265.
 *  @example
 *  import { randn } from 'sconce';
 *  import { CrossModalAttention } from 'sconce/multimodal';
 *  const [vision, text] = new CrossModalAttention(8).forward(randn([2, 5, 8]), randn([2, 3, 8]));
 *  [vision.shape, text.shape]; // [[2, 5, 8], [2, 3, 8]] */
export class CrossModalAttention extends Module {
  readonly vision_to_text: MultiheadAttention;
  readonly text_to_vision: MultiheadAttention;
  readonly vision_norm: LayerNorm;
  readonly text_norm: LayerNorm;

  constructor(dim: number, options: CrossModalAttentionOptions = {}) {
    super();
    readOptions('CrossModalAttention', ['numHeads', 'dropout'], options);
    const { numHeads = 4, dropout = 0 } = options;
    this.vision_to_text = new MultiheadAttention(dim, numHeads, { dropout, batchFirst: true });
    this.text_to_vision = new MultiheadAttention(dim, numHeads, { dropout, batchFirst: true });
    this.vision_norm = new LayerNorm(dim);
    this.text_norm = new LayerNorm(dim);
  }

  /** A pair whose other side has no token at all looks at nothing and keeps what it has. */
  forward(vision: Tensor, text: Tensor, masks: CrossModalMasks = {}): [vision: Tensor, text: Tensor] {
    const seenText = look(this.vision_to_text, vision, text, masks.textMask);
    const seenVision = look(this.text_to_vision, text, vision, masks.visionMask);
    return [this.vision_norm.forward(vision.add(seenText)), this.text_norm.forward(text.add(seenVision))];
  }
}

function look(attention: MultiheadAttention, own: Tensor, other: Tensor, mask: Tensor | undefined): Tensor {
  if (!mask) return attention.forward(own, other, other, { needWeights: false })[0];
  const isThere = mask.ne(0); // [B, T]
  const hasAny = isThere.any({ dim: 1, keepdim: true }); // [B, 1]
  // A softmax over nothing is not a number: such a row looks everywhere, and what it saw is taken away again.
  const keyPaddingMask = isThere.logicalNot().logicalAnd(hasAny);
  const [seen] = attention.forward(own, other, other, { keyPaddingMask, needWeights: false });
  return seen.mul(hasAny.unsqueeze(2).to(seen.dtype));
}

/** Features of each modality with something of the other's: h = GELU(W [v; t]), v' = v + W_v h, t' = t + W_t h.
 *  Shape: vision [B, D], text [B, D], unchanged.
 *  @example
 *  import { randn } from 'sconce';
 *  import { FusionModule } from 'sconce/multimodal';
 *  new FusionModule(8).forward(randn([2, 8]), randn([2, 8])).length; // 2 */
export class FusionModule extends Module {
  readonly joint: Linear;
  readonly act = new GELU();
  readonly to_vision: Linear;
  readonly to_text: Linear;

  constructor(dim: number) {
    super();
    this.joint = new Linear(2 * dim, dim);
    this.to_vision = new Linear(dim, dim);
    this.to_text = new Linear(dim, dim);
  }

  forward(vision: Tensor, text: Tensor): [vision: Tensor, text: Tensor] {
    const joint = this.act.forward(this.joint.forward(cat([vision, text], { dim: 1 }))); // [B, D]
    return [vision.add(this.to_vision.forward(joint)), text.add(this.to_text.forward(joint))];
  }
}
