// Two small towers for tests, examples and first tries: patches of a picture, and the words of a text.

import { Conv2d, Embedding, GELU, LayerNorm, Linear, Module, Sequential } from '../../nn/index.ts';
import { readOptions } from '../../tensor/arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export interface SmallVisionModelOptions {
  /** Default 3. */
  readonly channels?: number;
  /** Edge of a patch, in pixels. Default 4. */
  readonly patchSize?: number;
  /** Width of the features. Default 64. */
  readonly dim?: number;
}

export interface SmallTextModelOptions {
  /** Words that there are, word 0 for none. Default 1000. */
  readonly vocabularySize?: number;
  /** Width of the features. Default 64. */
  readonly dim?: number;
}

/** y = x + MLP(LayerNorm(x)), a hidden layer of twice the width. Shape: [..., D], unchanged. */
class SmallBlock extends Module {
  readonly norm: LayerNorm;
  readonly mlp: Sequential;

  constructor(dim: number) {
    super();
    this.norm = new LayerNorm(dim);
    this.mlp = new Sequential(new Linear(dim, 2 * dim), new GELU(), new Linear(2 * dim, dim));
  }

  forward(input: Tensor): Tensor {
    return input.add(this.mlp.forward(this.norm.forward(input)) as Tensor);
  }
}

/** One feature vector for each patch of a picture. Shape: [B, C, H, W], both edges at least a patch's -> [B, N, D].
 *  @example
 *  import { rand } from 'sconce';
 *  import { SmallVisionModel } from 'sconce/multimodal';
 *  new SmallVisionModel({ dim: 8 }).forward(rand([2, 3, 16, 16])).shape; // [2, 16, 8] */
export class SmallVisionModel extends Module {
  readonly embedDim: number;
  readonly patches: Conv2d;
  readonly layer: SmallBlock;

  constructor(options: SmallVisionModelOptions = {}) {
    super();
    readOptions('SmallVisionModel', ['channels', 'patchSize', 'dim'], options);
    const { channels = 3, patchSize = 4, dim = 64 } = options;
    this.embedDim = dim;
    this.patches = new Conv2d(channels, dim, patchSize, { stride: patchSize });
    this.layer = new SmallBlock(dim);
  }

  forward(images: Tensor): Tensor {
    const tokens = this.patches.forward(images).flatten({ startDim: 2 }).transpose(1, 2); // [B, N, D]
    return this.layer.forward(tokens);
  }
}

/** One feature vector for each word, without regard to their order. Shape: [B, T] int64, 0 for no word -> [B, T, D] and a mask [B, T], which says where there is a word.
 *  @example
 *  import { tensor } from 'sconce';
 *  import { SmallTextModel } from 'sconce/multimodal';
 *  new SmallTextModel({ vocabularySize: 10, dim: 8 }).forward(tensor([[4n, 7n, 0n]])).lastHiddenState.shape; // [1, 3, 8] */
export class SmallTextModel extends Module {
  readonly embedDim: number;
  readonly words: Embedding;
  readonly layer: SmallBlock;

  constructor(options: SmallTextModelOptions = {}) {
    super();
    readOptions('SmallTextModel', ['vocabularySize', 'dim'], options);
    const { vocabularySize = 1000, dim = 64 } = options;
    this.embedDim = dim;
    this.words = new Embedding(vocabularySize, dim, { paddingIdx: 0 });
    this.layer = new SmallBlock(dim);
  }

  forward(words: Tensor): { lastHiddenState: Tensor; attentionMask: Tensor } {
    return { lastHiddenState: this.layer.forward(this.words.forward(words)), attentionMask: words.ne(0) };
  }
}
