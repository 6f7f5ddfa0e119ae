// Batch normalisation by the statistics of the batches of several processes, with its gradient.
import { ShapeError } from '../../errors.ts';
import { AutogradFunction, type FunctionContext } from '../../tensor/autograd/function.ts';
import { isGradEnabled } from '../../tensor/autograd.ts';
import { full, zeros } from '../../tensor/create.ts';
import { batchNorm, batchNormUpdateStats, cat, emptyLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BatchRanks } from '../ranks.ts';

/** What is normalised by and where its statistics go. */
export interface RankNorm {
  readonly ranks: BatchRanks;
  readonly eps: number;
  /** The running statistics that take the batch in, if any. */
  readonly running: { readonly mean: Tensor; readonly variance: Tensor; readonly momentum: number } | undefined;
}

interface Context
  extends FunctionContext<[input: Tensor, weight: Tensor | undefined, mean: Tensor, invstd: Tensor, count: Tensor]> {
  ranks: BatchRanks;
}

/** A value for each channel, so that it meets dimension 1 of an input. */
const perChannel = (values: Tensor, { ndim }: Tensor): Tensor => values.view([-1, ...Array<number>(ndim - 2).fill(1)]);

const exceptChannels = ({ ndim }: Tensor): number[] => [0, ...Array.from({ length: ndim - 2 }, (_, i) => i + 2)];

/** Means, variances and numbers of values of this rank's channels, in a dtype that sums exactly enough. */
function ownStatistics(input: Tensor): Tensor {
  const dtype = input.dtype === 'float64' ? 'float64' : 'float32';
  const channels = input.size(1);
  const options = { dtype, device: input.device } as const;
  if (input.numel === 0) return zeros([2 * channels + 1], options);
  const [mean, variance] = batchNormUpdateStats(input.to(dtype), undefined, undefined, 0);
  return cat([mean, variance, full([1], input.numel / channels, options)]);
}

/** Rule: y = (x - mean) / sqrt(var + eps) * weight + bias with the mean and the variance over all ranks, each counted by its number of values.
 *  Gradients of weight and bias are this rank's share, which is averaged with all others.
 *  Source: torch.nn.modules._functions.SyncBatchNorm. */
class NormOverRanks extends AutogradFunction {
  static forward(
    ctx: Context,
    input: Tensor,
    weight: Tensor | undefined,
    bias: Tensor | undefined,
    { ranks, eps, running }: RankNorm,
  ): Tensor {
    const channels = input.size(1);
    const gathered = ranks.gatherTensor(ownStatistics(input)); // [ranks, 2 * channels + 1]
    const means = gathered.narrow(1, 0, channels);
    const counts = gathered.narrow(1, 2 * channels, 1);
    const count = counts.sum();
    // Waits for the device where this rank alone has too few.
    if (input.numel < 2 * channels && (count.item() as number) < 2) {
      throw new ShapeError(
        `Cannot apply SyncBatchNorm: expected more than one value per channel over all ranks to take the variance of, got [${input.shape.join(', ')}]`,
      );
    }
    const shares = counts.div(count);
    const mean = means.mul(shares).sum({ dim: 0 });
    const spread = means
      .sub(mean)
      .square()
      .add(gathered.narrow(1, channels, channels));
    const variance = spread.mul(shares).sum({ dim: 0 });
    if (running !== undefined) {
      const { momentum } = running;
      running.mean.mul_(1 - momentum).add_(mean, { alpha: momentum });
      const unbiased = variance.mul(count.div(count.sub(1)));
      running.variance.mul_(1 - momentum).add_(unbiased, { alpha: momentum });
    }
    ctx.ranks = ranks;
    ctx.saveForBackward(input, weight, mean, variance.add(eps).rsqrt(), count);
    if (input.numel === 0) return emptyLike(input);
    const { dtype } = mean;
    return batchNorm(input, weight?.to(dtype), bias?.to(dtype), mean, variance, false, 0, eps, true);
  }

  static backward(ctx: Context, gradient: Tensor): (Tensor | undefined)[] {
    if (isGradEnabled()) {
      throw new TypeError(
        'Cannot differentiate SyncBatchNorm over ranks twice: expected backward without createGraph, got one with it; use BatchNorm there',
      );
    }
    const [input, weight, mean, invstd, count] = ctx.savedTensors;
    const [wantsInput, wantsWeight, wantsBias] = ctx.needsInputGrad;
    const channels = input.size(1);
    const dim = exceptChannels(input);
    const { dtype } = mean;
    const centred = input.sub(perChannel(mean, input));
    const sums = cat([gradient.sum({ dim, dtype }), gradient.mul(centred).sum({ dim, dtype })]);
    const weightGradient = wantsWeight ? sums.narrow(0, channels, channels).mul(invstd).to(weight!.dtype) : undefined;
    const biasGradient = wantsBias ? sums.narrow(0, 0, channels).clone() : undefined;
    if (!wantsInput) return [undefined, weightGradient, biasGradient, undefined];
    ctx.ranks.sumTensor(sums);
    const scale = weight === undefined ? invstd : invstd.mul(weight.to(dtype));
    const offset = sums.narrow(0, 0, channels).mul(scale).div(count).neg();
    const slope = sums.narrow(0, channels, channels).mul(invstd.square()).mul(scale).div(count).neg();
    const inputGradient = gradient
      .mul(perChannel(scale, input))
      .addcmul_(centred, perChannel(slope, input))
      .add_(perChannel(offset, input))
      .to(input.dtype);
    return [inputGradient, weightGradient, biasGradient, undefined];
  }
}

/** Batch normalisation of an input, [N, C, ...], by what all ranks have: every one calls it, with as many channels. N may differ, and be 0.
 *  @throws {ShapeError} where all ranks together have fewer than two values a channel. @internal */
export function normOverRanks(
  input: Tensor,
  weight: Tensor | undefined,
  bias: Tensor | undefined,
  norm: RankNorm,
): Tensor {
  return NormOverRanks.apply(input, weight, bias, norm);
}
