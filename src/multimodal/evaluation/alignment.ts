// How far what belongs together is closer than anything else: alignment of the two sides, of a batch and of a whole evaluation.
// Letters of shapes: B pictures, C texts, D size of an embedding, G groups of equal ids.

import { ShapeError } from '../../errors.ts';
import { checkOptions } from '../../metrics/options.ts';
import { groupById } from '../../metrics/retrieval/groups.ts';
import { checkPairs } from '../../metrics/retrieval/pairs.ts';
import { TensorMetric } from '../../metrics/tensor-metric.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { matchCodes } from '../losses/match-ids.ts';
import type { MatchIds } from '../losses/multimodal-loss.ts';
import { toFloat } from '../losses/pairs.ts';

/** Tensors of one element, for `train/diag_mean` and so on. */
export interface Alignment {
  /** Mean cosine of what belongs together. */
  readonly diag_mean: Tensor;
  /** Mean cosine of every picture with every text. */
  readonly sim_mean: Tensor;
  /** diag_mean - sim_mean */
  readonly alignment_gap: Tensor;
  /** |alignment_gap| / (standard deviation of all cosines + 1e-6) */
  readonly alignment_snr: Tensor;
}

const EPS = 1e-6;

/** Alignment of a batch. Rule: S = cosines of all pictures with all texts; diag_mean = mean of S where both belong together (its diagonal, without ids), sim_mean = mean of S,
 *  alignment_gap = diag_mean - sim_mean, alignment_snr = |alignment_gap| / (std(S) + 1e-6) with the n - 1 of torch.std. Of a single pair the gap and its ratio are 0.
 *  Shape: vision and text [B, D], of any length. Gives tensors without gradients; nothing waits for the device.
 *  @param options.matchIds - rows with equal ids belong together, also across. Default: row i to row i.
 *  @throws {ShapeError} for sides of two shapes, and unless there is one id a row.
 *  Source: multimodal_insight_engine, losses/hybrid_pretrain_vicreg_loss.py.
 *  @example
 *  import { alignmentMetrics } from 'sconce/multimodal';
 *  const { alignment_gap } = alignmentMetrics(tensor([[1, 0], [0, 1]]), tensor([[2, 0], [0, 3]]));
 *  alignment_gap.item(); // 0.5 */
export function alignmentMetrics(vision: Tensor, text: Tensor, options: { matchIds?: MatchIds } = {}): Alignment {
  readOptions('alignmentMetrics', ['matchIds'], options);
  if (vision.ndim !== 2 || String(vision.shape) !== String(text.shape) || vision.numel === 0)
    throw new ShapeError(
      `Cannot measure alignment: expected both sides of one shape [B, D], got [${vision.shape.join(', ')}] and [${text.shape.join(', ')}]`,
    );
  return noGrad(() =>
    scope(() => {
      const [left, right] = [normalize(toFloat(vision)), normalize(toFloat(text))];
      const cosines = left.matmul(right.t()); // [B, B]
      const correction = cosines.numel > 1 ? 1 : 0;
      const std = cosines.var({ dim: [0, 1], correction }).sqrt();
      return alignmentOf({ diagMean: meanOfPartners(cosines, options.matchIds), simMean: cosines.mean(), std });
    }, 'alignment'),
  );
}

function meanOfPartners(cosines: Tensor, matchIds: MatchIds | undefined): Tensor {
  if (!matchIds) return cosines.diagonal().mean();
  const codes = matchCodes('alignment', matchIds, cosines.size(0), cosines.device);
  const isPartner = codes.unsqueeze(1).eq(codes.unsqueeze(0)).to(cosines.dtype); // [B, B]
  return cosines.mul(isPartner).sum().div(isPartner.sum());
}

function alignmentOf({ diagMean, simMean, std }: { diagMean: Tensor; simMean: Tensor; std: Tensor }): Alignment {
  const gap = diagMean.sub(simMean);
  const snr = gap.abs().div(std.add(EPS));
  return { diag_mean: diagMean, sim_mean: simMean, alignment_gap: gap, alignment_snr: snr };
}

/** Alignment of all pictures of an evaluation with all of its texts: `diag_mean`, `sim_mean`, `alignment_gap`, `alignment_snr` by the rule of `alignmentMetrics`. Exact, though only sums are kept:
 *  the mean of all N x M cosines is the product of both sides' sums of unit vectors, the mean of their squares that of V^T V and T^T T. State: these, D x D of float64; with ids every embedding.
 *  Shape: update takes vision [B, D], text [C, D], ids [B] and ids of the texts [C] as `RetrievalRecall`. Sync: `update` never waits, `compute` does.
 *  @example
 *  import { AlignmentMetric } from 'sconce/multimodal';
 *  const alignment = new AlignmentMetric();
 *  alignment.update(tensor([[1, 0]]), tensor([[2, 0]]));
 *  alignment.update(tensor([[0, 1]]), tensor([[0, 3]]));
 *  alignment.compute().alignment_gap; // 0.5 */
export class AlignmentMetric extends TensorMetric {
  constructor(options: Readonly<Record<string, never>> = {}) {
    checkOptions('make an AlignmentMetric', options, {});
    const added = { kind: 'combined', combine: (own: Tensor, other: Tensor) => own.add(other) } as const;
    const list = { kind: 'list', isOptional: true } as const;
    super('AlignmentMetric', {
      ...{ vision_sum: added, vision_squares: added, text_sum: added, text_squares: added },
      counts: { kind: 'sum', shape: [2], dtype: 'float64' },
      partners: { kind: 'sum', shape: [1], dtype: 'float64' },
      ...{ vision: list, text: list, vision_ids: list, text_ids: list },
    });
  }

  /** Takes a batch. @throws {ShapeError} for sides that do not belong together.  @throws {TypeError} where some batches have ids and others not. */
  update(vision: Tensor, text: Tensor, visionIds?: Tensor, textIds: Tensor | undefined = visionIds): void {
    checkPairs(this.label, {
      left: vision,
      right: text,
      leftIds: visionIds,
      rightIds: textIds === visionIds ? undefined : textIds,
    });
    if (!this.isEmpty && (visionIds === undefined) === this.has('vision'))
      throw new TypeError(`Cannot update ${this.label}: expected ids for every batch or for none`);
    if (vision.size(0) === 0 && text.size(0) === 0) return;
    this.gather(vision.device, () => {
      const [left, right] = [normalize(vision.to('float64')), normalize(text.to('float64'))];
      for (const [name, side] of [
        ['vision', left],
        ['text', right],
      ] as const) {
        this.combine(`${name}_sum`, side.sum({ dim: [0] }));
        this.combine(`${name}_squares`, side.t().matmul(side)); // [D, D]
      }
      this.sum('counts').add_(tensor([left.size(0), right.size(0)], { dtype: 'float64', device: vision.device }));
      const partners = visionIds ? zeros([1], { dtype: 'float64', device: vision.device }) : left.mul(right).sum();
      this.sum('partners').add_(partners);
      if (!visionIds || !textIds) return;
      this.append('vision', left.to('float32'));
      this.append('text', right.to('float32'));
      this.append('vision_ids', visionIds);
      this.append('text_ids', textIds);
    });
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    return this.reading(() => {
      const [rows, columns] = this.read('counts').toArray() as [number, number];
      const all = rows * columns;
      const simMean = this.read('vision_sum').mul(this.read('text_sum')).sum().div(all);
      const squares = this.read('vision_squares').mul(this.read('text_squares')).sum();
      const variance = squares
        .sub(simMean.square().mul(all))
        .div(Math.max(1, all - 1))
        .clampMin(0);
      const diagMean = this.has('vision') ? this.#meanOfGroups() : this.read('partners').select(0, 0).div(rows);
      const values = Object.entries(alignmentOf({ diagMean, simMean, std: variance.sqrt() }));
      return Object.fromEntries(values.map(([name, value]) => [name, value.item() as number]));
    });
  }

  /** The sum over partners of a group is the product of its sums. */
  #meanOfGroups(): Tensor {
    const ids = [this.read('vision_ids'), this.read('text_ids')] as const;
    const { left, right } = groupById(ids[0].size(0), ...ids);
    const numGroups = 1 + Math.max(left.numbers.at(-1) ?? 0, right.numbers.at(-1) ?? 0);
    const sums = (
      [
        ['vision', left],
        ['text', right],
      ] as const
    ).map(([name, { order, numbers }]) => {
      const side = this.read(name).to('float64');
      const sorted = order ? side.indexSelect(0, tensor(order, { device: side.device })) : side;
      const index = tensor(BigInt64Array.from(numbers, BigInt), { device: side.device });
      return side.newZeros([numGroups, side.size(1)]).indexAdd_(0, index, sorted); // [G, D]
    });
    const numPartners = left.partners.reduce((sum, count) => sum + count, 0);
    return sums[0]!.mul(sums[1]!).sum().div(numPartners);
  }
}
