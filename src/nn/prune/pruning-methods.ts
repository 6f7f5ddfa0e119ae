// The ways to choose what is pruned.

import { ShapeError } from '../../errors.ts';
import { rand } from '../../tensor/create.ts';
import { randLike, zerosLike } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { BasePruningMethod } from './pruning-method.ts';

/** How much: a share below 1, or a whole number of elements or slices. A share of all is `{ share: 1 }`: 1 alone is one. */
export type PruneAmount = number | { readonly share: number };

function checkAmount(method: object, amount: PruneAmount): void {
  const isShare = typeof amount === 'object' && amount !== null;
  const value = isShare ? amount.share : amount;
  const isFine = typeof value === 'number' && value >= 0 && (value <= 1 || (!isShare && Number.isInteger(value)));
  if (isFine) return;
  const shown = typeof amount === 'object' ? JSON.stringify(amount) : String(amount);
  throw new RangeError(
    `Cannot make ${method.constructor.name}: expected amount of a share from 0 to 1 or a whole number, got ${shown}`,
  );
}

/** As Python rounds: halves to the even neighbour. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** How many of `size` are pruned.
 *  @throws {RangeError} for more than there are. */
function countOf(amount: PruneAmount, size: number): number {
  if (typeof amount === 'object') return roundHalfToEven(amount.share * size);
  if (!Number.isInteger(amount)) return roundHalfToEven(amount * size);
  if (amount <= size) return amount;
  throw new RangeError(`Cannot prune: expected amount of at most ${size}, got ${amount}`);
}

function checkDim(tensor: Tensor, dim: number): void {
  if (tensor.ndim < 2)
    throw new ShapeError(`Cannot prune by slices: expected at least 2 dimensions, got [${tensor.shape.join(', ')}]`);
  if (!(Number.isInteger(dim) && dim >= -tensor.ndim && dim < tensor.ndim))
    throw new RangeError(`Cannot prune by slices: expected dim of ${tensor.ndim} dimensions, got ${dim}`);
}

/** Prunes nothing; what is pruned later comes on top. Source: torch.nn.utils.prune.Identity. */
export class Identity extends BasePruningMethod {
  readonly pruningType = 'unstructured';

  constructor(options: Readonly<Record<never, never>> = {}) {
    super();
    checkOptions(this, {}, options);
  }

  computeMask(_scores: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
}

export interface AmountOptions {
  amount: PruneAmount;
}

/** Zeros at the `count` first places that `places` gives. */
function without(mask: Tensor, places: Tensor): Tensor {
  const flat = mask.clone({ memoryFormat: 'contiguous_format' }).view([-1]);
  return flat.indexFill_(0, places, 0).view(mask.shape);
}

/** Prunes elements at random. Source: torch.nn.utils.prune.RandomUnstructured. */
export class RandomUnstructured extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  readonly amount: PruneAmount;

  /** @throws {RangeError} for an amount that is none. */
  constructor(options: AmountOptions) {
    super();
    checkOptions(this, { amount: true } satisfies OptionNames<AmountOptions>, options);
    checkAmount(this, options.amount);
    this.amount = options.amount;
  }

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, scores.numel);
    return scope(() =>
      count === 0 ? defaultMask.clone() : without(defaultMask, randLike(scores).view([-1]).topk(count)[1]),
    );
  }
}

/** Prunes the elements that are least by their absolute value. Source: torch.nn.utils.prune.L1Unstructured. */
export class L1Unstructured extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  readonly amount: PruneAmount;

  /** @throws {RangeError} for an amount that is none. */
  constructor(options: AmountOptions) {
    super();
    checkOptions(this, { amount: true } satisfies OptionNames<AmountOptions>, options);
    checkAmount(this, options.amount);
    this.amount = options.amount;
  }

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, scores.numel);
    return scope(() =>
      count === 0
        ? defaultMask.clone()
        : without(defaultMask, scores.abs().reshape([-1]).topk(count, { largest: false })[1]),
    );
  }
}

export interface StructuredOptions extends AmountOptions {
  /** The dimension whose slices are pruned. Default -1. */
  dim?: number;
}

/** Ones in the slices that are kept, and the mask from before on top. */
function keeping(scores: Tensor, defaultMask: Tensor, dim: number, kept: Tensor): Tensor {
  const mask = zerosLike(scores).indexFill_(dim, kept, 1);
  return mask.mul_(defaultMask.to(mask.dtype));
}

/** Prunes whole slices at random, as all weights of one output. Source: torch.nn.utils.prune.RandomStructured. */
export class RandomStructured extends BasePruningMethod {
  readonly pruningType = 'structured';
  readonly amount: PruneAmount;
  readonly dim: number;

  /** @throws {RangeError} for an amount that is none. */
  constructor(options: StructuredOptions) {
    super();
    checkOptions(this, { amount: true, dim: true } satisfies OptionNames<StructuredOptions>, options);
    checkAmount(this, options.amount);
    this.amount = options.amount;
    this.dim = options.dim ?? -1;
  }

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    checkDim(scores, this.dim);
    const size = scores.size(this.dim);
    const count = countOf(this.amount, size);
    if (count === 0) return defaultMask;
    return scope(() => {
      const chances = rand([size]);
      const kept = chances.gt(chances.kthvalue(count)[0]).nonzero().squeeze({ dim: 1 });
      return keeping(scores, defaultMask, this.dim, kept.to(scores.device));
    });
  }
}

export interface LnStructuredOptions extends StructuredOptions {
  /** The norm of a slice: a number, `Infinity`, 'fro' or 'nuc'. */
  n: number | 'fro' | 'nuc';
}

/** Prunes the slices whose norm is least. Source: torch.nn.utils.prune.LnStructured. */
export class LnStructured extends BasePruningMethod {
  readonly pruningType = 'structured';
  readonly amount: PruneAmount;
  readonly n: number | 'fro' | 'nuc';
  readonly dim: number;

  /** @throws {RangeError} for an amount that is none. */
  constructor(options: LnStructuredOptions) {
    super();
    checkOptions(this, { amount: true, n: true, dim: true } satisfies OptionNames<LnStructuredOptions>, options);
    checkAmount(this, options.amount);
    this.amount = options.amount;
    this.n = options.n;
    this.dim = options.dim ?? -1;
  }

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    checkDim(scores, this.dim);
    const size = scores.size(this.dim);
    const count = countOf(this.amount, size);
    if (count === 0) return defaultMask;
    return scope(() => {
      const own = this.dim < 0 ? this.dim + scores.ndim : this.dim;
      const others = scores.shape.flatMap((_, i) => (i === own ? [] : [i]));
      const [, kept] = scores.norm({ p: this.n, dim: others }).topk(size - count);
      return keeping(scores, defaultMask, this.dim, kept);
    });
  }
}

export interface MaskOptions {
  /** Ones where elements stay. Shape: the tensor's. */
  mask: Tensor;
}

/** Prunes by a mask that is given. Source: torch.nn.utils.prune.CustomFromMask. */
export class CustomFromMask extends BasePruningMethod {
  readonly pruningType = 'global';
  readonly mask: Tensor;

  constructor(options: MaskOptions) {
    super();
    checkOptions(this, { mask: true } satisfies OptionNames<MaskOptions>, options);
    // Its own: what was given may be freed with a scope while the module lives on.
    this.mask = options.mask.detach().clone().keep();
  }

  /** @throws {ShapeError} for a mask of another shape. */
  computeMask(_scores: Tensor, defaultMask: Tensor): Tensor {
    if (String(this.mask.shape) !== String(defaultMask.shape))
      throw new ShapeError(
        `Cannot prune: expected a mask of shape [${defaultMask.shape.join(', ')}], got [${this.mask.shape.join(', ')}]`,
      );
    return defaultMask.mul(this.mask.to(defaultMask.dtype));
  }
}
