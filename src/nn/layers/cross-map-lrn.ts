// Normalisation over neighbouring feature maps, in the order of sums that PyTorch's function has.

import { ShapeError } from '../../errors.ts';
import { AutogradFunction, type FunctionContext } from '../../tensor/autograd/function.ts';
import { zeros } from '../../tensor/create.ts';
import { emptyLike, stack } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkOptions } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonFloat } from '../python-repr.ts';

interface Numbers {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

type Context = FunctionContext<[input: Tensor, output: Tensor, scale: Tensor]> & { numbers: Numbers };

/** k + alpha / size * (sum of x^2 over `size` neighbouring maps), each sum made from the one before. */
function scaleOf(input: Tensor, { size, alpha, k }: Numbers): Tensor {
  const squares = input.pow(2);
  const channels = input.size(1);
  const reach = Math.trunc((size - 1) / 2 + 1);
  const scale = emptyLike(input); // [N, C, H, W]
  const first = scale.select(1, 0).zero_();
  for (let c = 0; c < Math.min(reach, channels); c++) first.add_(squares.select(1, c));
  for (let c = 1; c < channels; c++) {
    const current = scale.select(1, c).copy_(scale.select(1, c - 1));
    if (c < channels - reach + 1) current.add_(squares.select(1, c + reach - 1));
    if (c > reach) current.add_(squares.select(1, c - reach), { alpha: -1 });
  }
  // Not in place: libtorch's kernel for `mul_` by a number rounds the number to bfloat16 first, which PyTorch's does not.
  return scale.mul(alpha / size).add_(k);
}

class CrossMapNormalisation extends AutogradFunction {
  static forward(ctx: Context, input: Tensor, numbers: Numbers): Tensor {
    ctx.numbers = numbers;
    const scale = scope(() => scaleOf(input, numbers));
    const output = scale.pow(-numbers.beta).mul_(input);
    ctx.saveForBackward(input, output, scale);
    return output;
  }

  static backward(ctx: Context, gradient: Tensor): (Tensor | undefined)[] {
    const [input, output, scale] = ctx.savedTensors;
    const { size, alpha, beta } = ctx.numbers;
    const channels = input.size(1);
    const before = Math.trunc(size - (size - 1) / 2);
    const ratios = gradient.mul(output).div(scale); // [N, C, H, W]
    const [n = 0, , height = 0, width = 0] = input.shape;
    const made = { dtype: input.dtype, device: input.device };
    const empty = zeros([n, height, width], made);
    const padded = (c: number): Tensor => (c < before || c >= before + channels ? empty : ratios.select(1, c - before));
    let sum = empty;
    for (let c = 0; c < size - 1; c++) sum = sum.add(padded(c));
    const sums: Tensor[] = [];
    for (let c = 0; c < channels; c++) {
      sum = sum.add(padded(c + size - 1));
      sums.push(sum);
      sum = sum.sub(padded(c));
    }
    const neighbours = stack(sums, { dim: 1 }); // [N, C, H, W]
    const own = scale.pow(-beta).mul(gradient);
    return [own.addcmul(input, neighbours, { value: (-2 * alpha * beta) / size }), undefined];
  }
}

/** Rule: y = x / (k + alpha / size * sum of x^2 over neighbouring feature maps)^beta. Shape: [N, C, H, W], unchanged.
 *  PyTorch leaves the sum of the maps in reach of the first one in all others too, where `size` is even or there are few channels; so does this.
 *  `LocalResponseNorm` is the newer one. Source: torch.nn.CrossMapLRN2d. */
export class CrossMapLRN2d extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  /** @param size - maps, at least 1.  @param options.alpha - default 1e-4.  @param options.beta - default 0.75.  @param options.k - default 1. */
  constructor(size: number, options: { alpha?: number; beta?: number; k?: number } = {}) {
    super();
    checkOptions(this, { alpha: true, beta: true, k: true }, options);
    if (!(Number.isInteger(size) && size >= 1))
      throw new RangeError(`Cannot make CrossMapLRN2d: expected a size of at least 1, got ${size}`);
    this.size = size;
    this.alpha = options.alpha ?? 1e-4;
    this.beta = options.beta ?? 0.75;
    this.k = options.k ?? 1;
  }

  /** @throws {ShapeError} for other dimensions. */
  forward(input: Tensor): Tensor {
    if (input.ndim !== 4 || input.size(1) === 0)
      throw new ShapeError(`Cannot apply CrossMapLRN2d: expected [N, C, H, W], got [${input.shape.join(', ')}]`);
    const { size, alpha, beta, k } = this;
    return CrossMapNormalisation.apply(input, { size, alpha, beta, k });
  }

  override extraRepr(): string {
    const k = this.k === 1 ? '1' : pythonFloat(this.k); // PyTorch's default is an int, printed as it is
    return `${this.size}, alpha=${pythonFloat(this.alpha)}, beta=${pythonFloat(this.beta)}, k=${k}`;
  }
}
