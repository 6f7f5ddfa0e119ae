// Padding as modules: a constant, the input mirrored, its edge, or its other end.

import { pad } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { pythonFloat, pythonTuple } from '../python-repr.ts';

/** One number for every edge, or before and after each dimension, the last dimension first; negative ones cut. */
type Padding = number | readonly number[];

abstract class Pad extends Module {
  /** Before and after each dimension, the last dimension first. */
  readonly padding: readonly number[];

  constructor(dims: number, padding: Padding) {
    super();
    this.padding = typeof padding === 'number' ? new Array<number>(2 * dims).fill(padding) : [...padding];
    if (this.padding.length !== 2 * dims || !this.padding.every(Number.isInteger))
      throw new RangeError(
        `Cannot make ${this.constructor.name}: expected ${2 * dims} integers for padding, got [${this.padding.join(', ')}]`,
      );
  }

  protected padWith(input: Tensor, mode: 'reflect' | 'replicate' | 'circular'): Tensor {
    return pad(input, this.padding, { mode });
  }

  override extraRepr(): string {
    return pythonTuple(this.padding);
  }
}

abstract class ConstantPad extends Pad {
  readonly value: number;

  constructor(dims: number, padding: Padding, value: number) {
    super(dims, padding);
    this.value = value;
  }

  forward(input: Tensor): Tensor {
    return pad(input, this.padding, { mode: 'constant', value: this.value });
  }

  override extraRepr(): string {
    return `padding=${pythonTuple(this.padding)}, value=${pythonFloat(this.value)}`;
  }
}

/** Shape: [..., L] -> [..., L']. Source: torch.nn.ConstantPad1d. */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(1, padding, value);
  }
}

/** Shape: [..., H, W] -> [..., H', W']. Source: torch.nn.ConstantPad2d. */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(2, padding, value);
  }
}

/** Shape: [..., D, H, W] -> [..., D', H', W']. Source: torch.nn.ConstantPad3d. */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(3, padding, value);
  }
}

abstract class ZeroPad extends Pad {
  forward(input: Tensor): Tensor {
    return pad(input, this.padding, { mode: 'constant', value: 0 });
  }
}

/** Shape: [..., L] -> [..., L']. Source: torch.nn.ZeroPad1d. */
export class ZeroPad1d extends ZeroPad {
  constructor(padding: Padding) {
    super(1, padding);
  }
}

/** Shape: [..., H, W] -> [..., H', W']. Source: torch.nn.ZeroPad2d. */
export class ZeroPad2d extends ZeroPad {
  constructor(padding: Padding) {
    super(2, padding);
  }
}

/** Shape: [..., D, H, W] -> [..., D', H', W']. Source: torch.nn.ZeroPad3d. */
export class ZeroPad3d extends ZeroPad {
  constructor(padding: Padding) {
    super(3, padding);
  }
}

abstract class ReflectionPad extends Pad {
  forward(input: Tensor): Tensor {
    return this.padWith(input, 'reflect');
  }
}

/** The input mirrored at its edge, which is not repeated. Shape: [N, C, L] or [C, L]. Source: torch.nn.ReflectionPad1d. */
export class ReflectionPad1d extends ReflectionPad {
  constructor(padding: Padding) {
    super(1, padding);
  }
}

/** Shape: [N, C, H, W] or [C, H, W]. Source: torch.nn.ReflectionPad2d. */
export class ReflectionPad2d extends ReflectionPad {
  constructor(padding: Padding) {
    super(2, padding);
  }
}

/** Shape: [N, C, D, H, W] or [C, D, H, W]. Source: torch.nn.ReflectionPad3d. */
export class ReflectionPad3d extends ReflectionPad {
  constructor(padding: Padding) {
    super(3, padding);
  }
}

abstract class ReplicationPad extends Pad {
  forward(input: Tensor): Tensor {
    return this.padWith(input, 'replicate');
  }
}

/** The edge repeated. Shape: [N, C, L] or [C, L]. Source: torch.nn.ReplicationPad1d. */
export class ReplicationPad1d extends ReplicationPad {
  constructor(padding: Padding) {
    super(1, padding);
  }
}

/** Shape: [N, C, H, W] or [C, H, W]. Source: torch.nn.ReplicationPad2d. */
export class ReplicationPad2d extends ReplicationPad {
  constructor(padding: Padding) {
    super(2, padding);
  }
}

/** Shape: [N, C, D, H, W] or [C, D, H, W]. Source: torch.nn.ReplicationPad3d. */
export class ReplicationPad3d extends ReplicationPad {
  constructor(padding: Padding) {
    super(3, padding);
  }
}

abstract class CircularPad extends Pad {
  forward(input: Tensor): Tensor {
    return this.padWith(input, 'circular');
  }
}

/** The input's other end. Shape: [N, C, L] or [C, L]. Source: torch.nn.CircularPad1d. */
export class CircularPad1d extends CircularPad {
  constructor(padding: Padding) {
    super(1, padding);
  }
}

/** Shape: [N, C, H, W] or [C, H, W]. Source: torch.nn.CircularPad2d. */
export class CircularPad2d extends CircularPad {
  constructor(padding: Padding) {
    super(2, padding);
  }
}

/** Shape: [N, C, D, H, W] or [C, D, H, W]. Source: torch.nn.CircularPad3d. */
export class CircularPad3d extends CircularPad {
  constructor(padding: Padding) {
    super(3, padding);
  }
}
