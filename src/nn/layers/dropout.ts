// Dropout as a module.

import type { Tensor } from '../../tensor/tensor.ts';
import { dropout } from '../functional/dropout.ts';
import { Module } from '../module.ts';
import { pythonFloat } from '../python-repr.ts';

/** Zeroes elements at random in training; nothing in evaluation. Shape: any, unchanged. Source: torch.nn.Dropout. */
export class Dropout extends Module {
  readonly p: number;

  /** @param p - probability of a zero, in [0, 1]. Default 0.5. */
  constructor(p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot make Dropout: expected p from 0 to 1, got ${p}`);
    this.p = p;
  }

  forward(input: Tensor): Tensor {
    return dropout(input, { p: this.p, training: this.training });
  }

  override extraRepr(): string {
    return `p=${pythonFloat(this.p)}, inplace=False`;
  }
}
