// A block beside a shortcut.

import { Module, type UnaryModule } from '../../../nn/index.ts';
import { zeros } from '../../../tensor/create.ts';
import { slice } from '../../../tensor/indexing.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { ConvBlock } from './conv-block.ts';
import { crop, sizesOf } from './crop.ts';

/** y = act(block(x) + shortcut(x)). Where the two differ in size, both are cut to what they have in common: the middle of space, and of time the last
 *  frames, or its middle where the block is not causal.
 *  Shape: [B, C, T, H, W] -> what the block gives. Source: He et al. 2015, arXiv:1512.03385; VisionCore's ResBlock. */
export class ResBlock extends Module {
  readonly main_block: ConvBlock;
  readonly shortcut: UnaryModule;
  readonly post_add_activation: UnaryModule;

  constructor(mainBlock: ConvBlock, shortcut: UnaryModule, postAddActivation: UnaryModule) {
    super();
    this.main_block = mainBlock;
    this.shortcut = shortcut;
    this.post_add_activation = postAddActivation;
  }

  forward(input: Tensor): Tensor {
    const own = this.main_block.forward(input);
    const skip = this.shortcut.forward(input);
    const skipSizes = sizesOf(skip);
    const sizes = sizesOf(own).map((size, axis) => Math.min(size, skipSizes[axis]!));
    const options = { isCausal: this.main_block.causal };
    return this.post_add_activation.forward(crop(own, sizes, options).add(crop(skip, sizes, options)));
  }
}

/** A shortcut without anything to learn: every `stride`th place, and zeros for the channels that are missing.
 *  Shape: [B, C, T, H, W] -> [B, channels, ⌈T / stride⌉, ⌈H / stride⌉, ⌈W / stride⌉], or without T. Source: He et al. 2015, option A. */
export class PaddedShortcut extends Module {
  readonly channels: number;
  readonly stride: readonly number[];

  constructor(channels: number, stride: readonly number[]) {
    super();
    this.channels = channels;
    this.stride = stride;
  }

  forward(input: Tensor): Tensor {
    const places = input.index(slice(), slice(), ...this.stride.map((step) => slice(null, null, step)));
    const [batch = 0, channels = 0, ...sizes] = places.shape;
    const missing = this.channels - channels;
    if (missing === 0) return places;
    const empty = zeros([batch, missing, ...sizes], { dtype: input.dtype, device: input.device });
    return cat([places, empty], { dim: 1 });
  }
}
