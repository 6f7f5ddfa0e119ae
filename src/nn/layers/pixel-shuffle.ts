// Channels moved to pixels and back, and between groups.

import { ShapeError } from '../../errors.ts';
import { channelShuffle, pixelShuffle, pixelUnshuffle } from '../../tensor/ops.generated.ts';
import { libtorchVersion } from '../../tensor/process.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';

/** Shape: [..., C r^2, H, W] -> [..., C, H r, W r]. Source: Shi et al. 2016, arXiv:1609.05158; torch.nn.PixelShuffle. */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super();
    this.upscaleFactor = upscaleFactor;
  }

  forward(input: Tensor): Tensor {
    return pixelShuffle(input, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/** The way back from `PixelShuffle`. Shape: [..., C, H r, W r] -> [..., C r^2, H, W]. Source: torch.nn.PixelUnshuffle. */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super();
    this.downscaleFactor = downscaleFactor;
  }

  forward(input: Tensor): Tensor {
    return pixelUnshuffle(input, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/** Takes the channels in turn from each group. Shape: [N, C, ...], unchanged. Source: Zhang et al. 2017, arXiv:1707.01083; torch.nn.ChannelShuffle. */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(groups: number) {
    super();
    this.groups = groups;
  }

  /** @throws {ShapeError} for channels that the groups do not divide. */
  forward(input: Tensor): Tensor {
    if (input.ndim < 3 || input.size(1) % this.groups !== 0)
      throw new ShapeError(
        `Cannot apply ChannelShuffle: expected at least 3 dimensions and channels that ${this.groups} groups divide, got [${input.shape.join(', ')}]`,
      );
    if (!libtorchVersion().startsWith('1.')) return channelShuffle(input, this.groups);
    // Where libtorch's operator has no gradient on the CPU (1.13), these have.
    const perGroup = input.size(1) / this.groups;
    return input.unflatten(1, [this.groups, perGroup]).transpose(1, 2).flatten({ startDim: 1, endDim: 2 });
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
