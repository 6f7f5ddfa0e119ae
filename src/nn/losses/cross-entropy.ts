// Cross entropy as a module.

import type { Tensor } from '../../tensor/tensor.ts';
import { type CrossEntropyOptions, crossEntropy } from '../functional/loss.ts';
import { Module } from '../module.ts';

/** Cross entropy between logits and targets. Shape: input [N, C, ...]; target [N, ...] int64 or [N, C, ...]. Source: torch.nn.CrossEntropyLoss. */
export class CrossEntropyLoss extends Module {
  readonly #options: CrossEntropyOptions;
  declare weight: Tensor | undefined;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    const { weight, ...rest } = options;
    this.#options = rest;
    this.registerBuffer('weight', weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.weight ? { ...this.#options, weight: this.weight } : this.#options);
  }
}
