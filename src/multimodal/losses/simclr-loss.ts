// The contrast of SimCLR on projected features, in the batch or among samples that were seen before.

import { ShapeError } from '../../errors.ts';
import { reduceLosses } from '../../nn/functional/loss.ts';
import { cat, onesLike } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import {
  crossEntropyAmong,
  crossEntropyBothWays,
  type PositivesOptions,
  type PositivesRule,
  targetsOf,
} from './contrast.ts';
import {
  HARD_NEGATIVE_RULES,
  type HardNegativeOptions,
  type HardNegatives,
  hardNegativeProblems,
  hardNegativesOf,
  hardNegativeWeights,
  weightsBothWays,
} from './hard-negatives.ts';
import { choice, count, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { ntXentOfStack, stackSides } from './nt-xent-loss.ts';
import type { Pairs } from './pairs.ts';
import { sameClass, supervisedOfStack } from './same-class.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';
import { NOISE_RULES, type SmallBatchNoiseOptions, withSmallBatchNoise } from './small-batch-noise.ts';
import {
  type BankModule,
  bankNegatives,
  fillBank,
  fillGlobal,
  type GlobalModule,
  globalNegatives,
  registerBank,
  registerGlobal,
  type StoredNegatives,
} from './stored-negatives.ts';

export type SimCLRLossType = 'infonce' | 'nt_xent' | 'supervised';
export type SamplingStrategy = 'in-batch' | 'memory-bank' | 'global';

export interface SimCLRLossOptions
  extends SimilarityLossOptions,
    HardNegativeOptions,
    PositivesOptions,
    SmallBatchNoiseOptions {
  /** Default true: unlike in other losses. */
  readonly useProjection?: boolean | undefined;
  /** 'infonce' is the cross entropy of `CLIPLoss`, 'nt_xent' that of `NTXentLoss`, 'supervised' needs labels. Default 'infonce'. */
  readonly lossType?: SimCLRLossType | undefined;
  /** Where negatives come from beside the batch: 'memory-bank' keeps the last rows, 'global' the last state of each sample of the data set, for which a
   *  loss is given `indices`. 'auto' takes 'global' below 1,000 samples, 'memory-bank' below 10,000, else, and where `datasetSize` is not given,
   *  'in-batch'. Tables are for 'infonce'. Default 'auto'. */
  readonly samplingStrategy?: SamplingStrategy | 'auto' | undefined;
  /** Rows that the bank keeps. Default 4096. */
  readonly memoryBankSize?: number | undefined;
  /** How many samples there are: for 'auto', and for 'global', whose table has so many rows. */
  readonly datasetSize?: number | undefined;
}

const RULES: LossRules<SimCLRLossOptions> = {
  ...SIMILARITY_RULES,
  ...HARD_NEGATIVE_RULES,
  ...NOISE_RULES,
  positives: choice('all', 'random'),
  lossType: choice('infonce', 'nt_xent', 'supervised'),
  samplingStrategy: choice('in-batch', 'memory-bank', 'global', 'auto'),
  memoryBankSize: count(),
  datasetSize: count(),
};

function strategyOf(options: SimCLRLossOptions): SamplingStrategy {
  const { samplingStrategy: strategy = 'auto', datasetSize: size, lossType = 'infonce' } = options;
  if (strategy !== 'auto') return strategy;
  if (size === undefined || size >= 10_000 || lossType !== 'infonce') return 'in-batch';
  return size < 1000 ? 'global' : 'memory-bank';
}

function problemsOf(given: SimCLRLossOptions): string[] {
  const { samplingStrategy: asked = 'auto', lossType = 'infonce', memoryBankSize, datasetSize } = given;
  const problems = hardNegativeProblems(given);
  const strategy = strategyOf(given);
  const refuse = (option: string, wanted: string, got: unknown): void => {
    problems.push(`${option}: expected ${wanted}, got ${got}`);
  };
  if (strategy !== 'in-batch' && lossType !== 'infonce')
    refuse('samplingStrategy', `"in-batch" with lossType "${lossType}"`, `"${strategy}"`);
  if (strategy === 'global' && datasetSize === undefined)
    refuse('datasetSize', 'the number of samples with samplingStrategy "global"', 'none');
  if (memoryBankSize !== undefined && asked !== 'auto' && asked !== 'memory-bank')
    refuse('memoryBankSize', 'samplingStrategy "memory-bank" beside it', `"${asked}"`);
  if (datasetSize !== undefined && asked !== 'auto' && asked !== 'global')
    refuse('datasetSize', 'samplingStrategy "auto" or "global" beside it', `"${asked}"`);
  if (lossType === 'supervised' && given.useHardNegatives)
    refuse('useHardNegatives', 'lossType "infonce" or "nt_xent" beside it', '"supervised"');
  return problems;
}

/** The contrast of both sides on projected features.
 *  Rule: that of `CLIPLoss`, of `NTXentLoss` or of `supervisedContrastiveLoss`, by `lossType`. With a table, in training, each row is also told from all
 *  that the table holds of the other side and that does not belong to it: (CE([S, V U'], t) + CE([S', T W'], t')) / 2 with U the texts and W the pictures of
 *  the table. The table takes the batch in behind the loss; no gradient flows into it. Evaluation compares within the batch.
 *  In training similarities get noise if the batch is small, see `smallBatchNoise`.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B]; labels [B] or [B, C]; indices [B], below `datasetSize`.
 *  Outputs: loss, v2t_accuracy, t2v_accuracy, accuracy, recalls (within the batch), temperature where it is learned, bank_fill or global_fill from 0 to 1.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: Chen et al. 2020, arXiv:2002.05709; memory banks Wu et al. 2018, arXiv:1805.01978; multimodal_insight_engine, whose tables stay empty.
 *  @example
 *  import { SimCLRLoss } from 'sconce/multimodal';
 *  const criterion = new SimCLRLoss({ useProjection: false, inputDim: 2, samplingStrategy: 'memory-bank', memoryBankSize: 4, smallBatchNoise: false });
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  [criterion.forward(sides).bank_fill, criterion.forward(sides).bank_fill]; // [tensor(0.), tensor(0.5000)] */
export class SimCLRLoss extends SimilarityLoss {
  readonly lossType: SimCLRLossType;
  readonly samplingStrategy: SamplingStrategy;
  /** As it was given. */
  readonly datasetSize: number | undefined;
  readonly positives: PositivesRule;
  readonly hardNegatives: HardNegatives | undefined;
  readonly smallBatchNoise: boolean;

  constructor(options: SimCLRLossOptions = {}) {
    const isObject = typeof options === 'object' && options !== null;
    const given = isObject ? { ...options, useProjection: options.useProjection ?? true } : options;
    super('SimCLRLoss', given, {
      rules: RULES,
      problems: problemsOf,
      usesInputDim: (all: SimCLRLossOptions) => strategyOf(all) !== 'in-batch',
    });
    this.lossType = options.lossType ?? 'infonce';
    this.samplingStrategy = strategyOf(options);
    this.datasetSize = options.datasetSize;
    this.positives = options.positives ?? 'all';
    this.hardNegatives = hardNegativesOf(options);
    this.smallBatchNoise = options.smallBatchNoise ?? true;
    const dim = (this.projection ? (options.projectionDim ?? 256) : options.inputDim) ?? 0;
    if (this.samplingStrategy === 'memory-bank') registerBank(this, options.memoryBankSize ?? 4096, dim);
    if (this.samplingStrategy === 'global') registerGlobal(this, options.datasetSize ?? 0, dim);
  }

  forward(inputs: LossInputs): LossOutput {
    const isGlobal = this.training && this.samplingStrategy === 'global';
    const indices = isGlobal ? indicesOf(inputs, this.datasetSize) : undefined;
    return this.compare(inputs, (pairs) => {
      if (this.lossType !== 'infonce') return this.stacked(pairs, inputs.labels);
      const { vision, text } = pairs;
      const similarity = this.scaled(vision.matmul(text.t())); // [B, B]
      const noisy = this.smallBatchNoise && this.training ? withSmallBatchNoise(similarity) : similarity;
      const told = this.measured(similarity, pairs);
      const at = indices && this.gather(indices.to({ dtype: 'int64', device: vision.device }));
      if (!this.training || this.samplingStrategy === 'in-batch') return { loss: this.inBatch(noisy, pairs), ...told };
      return { ...this.withTable(noisy, pairs, at), ...told };
    });
  }

  private inBatch(similarity: Tensor, pairs: Pairs): Tensor {
    const { positives, reduction } = this;
    const weights = weightsBothWays(similarity, pairs.positives, this.hardNegatives);
    return crossEntropyBothWays(similarity, pairs, { positives, reduction, weights }).loss;
  }

  private stacked(pairs: Pairs, labels: Tensor | undefined): LossOutput {
    const { rows, positives } = pairs;
    if (this.lossType === 'supervised' && labels === undefined)
      throw new TypeError('Cannot compute SimCLRLoss: expected labels with lossType "supervised", got none');
    const stack = stackSides(pairs);
    const table = this.scaled(stack.matmul(stack.t())); // [2B, 2B]
    const loss =
      labels !== undefined && this.lossType === 'supervised'
        ? supervisedOfStack(
            table,
            sameClass('SimCLRLoss', labels, rows, (own) => this.gather(own)),
            this.reduction,
          )
        : ntXentOfStack(table, positives, this);
    return { loss, ...this.measured(table.narrow(0, 0, rows).narrow(1, rows, rows), pairs) };
  }

  /** The loss among the batch and the table, which then takes the batch in. */
  private withTable(similarity: Tensor, pairs: Pairs, indices: Tensor | undefined): LossOutput {
    if (indices !== undefined) {
      const table = this as unknown as GlobalModule; // its buffers are registered with the strategy
      const stored = globalNegatives(table, pairs, indices);
      const loss = this.among(similarity, pairs, stored);
      fillGlobal(table, pairs, indices);
      return { loss, global_fill: stored.fill };
    }
    const bank = this as unknown as BankModule;
    const stored = bankNegatives(bank, pairs);
    const loss = this.among(similarity, pairs, stored);
    fillBank(bank, pairs);
    return { loss, bank_fill: stored.fill };
  }

  private among(similarity: Tensor, pairs: Pairs, stored: StoredNegatives): Tensor {
    if (stored.text.size(1) !== pairs.text.size(1))
      throw new ShapeError(
        `Cannot compute SimCLRLoss: expected features of inputDim ${stored.text.size(1)}, got ${pairs.text.size(1)}`,
      );
    const isNegative = cat([pairs.positives.logicalNot(), stored.isNegative], { dim: 1 }); // [B, B + N]
    const isCounted = cat([onesLike(pairs.positives), stored.isNegative], { dim: 1 });
    const way = (table: Tensor, rows: Tensor, others: Tensor): Tensor => {
      const logits = cat([table, this.scaled(rows.matmul(others.t()))], { dim: 1 }); // [B, B + N]
      const { hardNegatives: hard } = this;
      const weighted = hard ? logits.add(hardNegativeWeights(logits, isNegative, hard)) : logits;
      return crossEntropyAmong(table, weighted, isCounted, targetsOf(pairs, this.positives)); // [B]
    };
    const v2t = way(similarity, pairs.vision, stored.text);
    const t2v = way(similarity.t(), pairs.text, stored.vision);
    return reduceLosses('SimCLRLoss', v2t.add(t2v).div(2), this);
  }
}

/** The places of the batch's samples in the data set. Those that lie on the host are looked at: on a device that would mean to wait for it. */
function indicesOf({ indices, visionFeatures }: LossInputs, size = 0): Tensor {
  const rows = visionFeatures?.shape[0];
  if (!(indices instanceof Tensor) || indices.ndim !== 1 || indices.size(0) !== rows) {
    const got =
      indices instanceof Tensor ? `[${indices.shape.join(', ')}]` : indices === undefined ? 'none' : typeof indices;
    throw new TypeError(
      `Cannot compute SimCLRLoss: expected indices [B] with samplingStrategy "global", got ${got}; give places in the data set, or take "memory-bank"`,
    );
  }
  const known = indices.device === 'cpu' ? Array.from(indices.toTypedArray(), Number) : [];
  const outside = known.find((index) => !(index >= 0 && index < size));
  if (outside !== undefined)
    throw new RangeError(`Cannot compute SimCLRLoss: expected indices from 0 to ${size - 1}, got ${outside}`);
  return indices;
}
