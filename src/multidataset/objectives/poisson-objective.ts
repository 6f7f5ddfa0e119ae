// Objectives of counts: the Poisson likelihood, and the one with more zeros.

import { checkOptions, flag } from '../../metrics/options.ts';
import { Parameter, ParameterList, PoissonNLLLoss } from '../../nn/index.ts';
import { zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { CountScores } from './count-scores.ts';
import { MaskedLoss, type MaskedObjectiveLoss, tensorOf } from './masked-loss.ts';
import { type DatasetGroup, datasetOf, Objective, type ObjectiveMetric } from './objective.ts';
import { MaskedZIPNLLLoss } from './zero-inflated-poisson.ts';

/** Options of {@link PoissonObjective}. */
export interface PoissonObjectiveOptions {
  /** Whether the model gives logarithms of rates. Default false. */
  readonly logInput?: boolean;
}

/** Counts, masked by `dfs`, of a likelihood. */
abstract class CountObjective extends Objective {
  readonly logInput: boolean;
  override readonly minOutput: number;
  override readonly valuesOfNothing = { bps: 0 };
  protected abstract readonly loss_fn: MaskedObjectiveLoss;

  protected constructor(logInput: boolean) {
    super();
    this.logInput = logInput;
    this.minOutput = logInput ? -20 : 1e-8;
  }

  /** What the likelihood is computed of. */
  protected abstract inputs(output: Tensor, group: DatasetGroup): Record<string, Tensor>;

  /** The mean count that is predicted. */
  protected abstract rate(output: Tensor, group: DatasetGroup): Tensor;

  loss(output: Tensor, group: DatasetGroup): Tensor {
    return this.loss_fn.forward(this.inputs(output, group));
  }

  metric(): ObjectiveMetric {
    return new CountScores((output, group) => {
      const inputs = this.inputs(output, group);
      const { robs, dfs } = inputs as { robs: Tensor; dfs?: Tensor };
      return { sums: this.loss_fn.sums(inputs), rates: { rhat: this.rate(output, group), robs, ...(dfs && { dfs }) } };
    });
  }

  protected counts(output: Tensor, group: DatasetGroup): { rhat: Tensor; robs: Tensor; dfs?: Tensor } {
    const inDtype = (key: string): Tensor => tensorOf(group, key).to(output.dtype);
    return {
      rhat: output,
      robs: inDtype('robs'),
      ...(group.dfs === undefined ? {} : { dfs: inDtype('dfs') }),
    };
  }
}

/** The masked Poisson likelihood of spike counts: rate - count * log(rate + 1e-8), or with `logInput` exp(x) - count * x, as a mean over the units and samples that `dfs` says are valid. In validation the same
 *  over all samples of a data set, `loss`, and its bits per spike, `bps`.
 *  Groups have `robs` [B, N], and `dfs` [B, N], [B, 1] or [B], or none. Outputs are raised to 1e-8, logarithms to -20.
 *  @throws {ConfigError} for unknown options.  Source: VisionCore.
 *  @example
 *  import { PoissonObjective } from 'sconce/multidataset';
 *  const objective = new PoissonObjective({ logInput: true });
 *  objective.loss(tensor([[0, 5]]), { datasetIdx: 0, robs: tensor([[2, 0]]), dfs: tensor([[1, 0]]) }).item(); // 1 */
export class PoissonObjective extends CountObjective {
  protected readonly loss_fn: MaskedLoss;

  constructor(options: PoissonObjectiveOptions = {}) {
    checkOptions('make a PoissonObjective', options, { logInput: flag });
    const { logInput = false } = options;
    super(logInput);
    this.loss_fn = new MaskedLoss(new PoissonNLLLoss({ logInput, reduction: 'none' }));
  }

  protected inputs(output: Tensor, group: DatasetGroup): Record<string, Tensor> {
    return this.counts(output, group);
  }

  protected rate(output: Tensor): Tensor {
    return this.logInput ? output.exp() : output;
  }
}

/** Options of {@link ZeroInflatedPoissonObjective}. */
export interface ZeroInflatedPoissonObjectiveOptions extends PoissonObjectiveOptions {
  /** Units of each data set. */
  readonly numUnits: readonly number[];
}

/** The masked likelihood of counts that are 0 with a probability pi of each unit's own, which is learned, and else of a Poisson distribution: see `ZeroInflatedPoissonNLLLoss`. pi is the sigmoid of `pi_logits.{i}`, one
 *  for each unit, which begin at -3 (pi = 0.047). The rate of which bits per spike are computed is the mean count, (1 - pi) * rate.
 *  VisionCore's had no pi of its own, so that it was the Poisson likelihood.
 *  @throws {ConfigError} for options that do not fit.  Source: VisionCore, loss_type zip; Lambert 1992. */
export class ZeroInflatedPoissonObjective extends CountObjective {
  readonly pi_logits: ParameterList;
  protected readonly loss_fn: MaskedZIPNLLLoss;

  constructor(options: ZeroInflatedPoissonObjectiveOptions) {
    const areCounts = (value: unknown): boolean =>
      Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each > 0);
    checkOptions(
      'make a ZeroInflatedPoissonObjective',
      options,
      { logInput: flag, numUnits: ['a list of integers above 0', areCounts] },
      ['numUnits'],
    );
    const { logInput = false, numUnits } = options;
    super(logInput);
    this.loss_fn = new MaskedZIPNLLLoss({ logInput });
    this.pi_logits = new ParameterList(numUnits.map((units) => new Parameter(zeros([units]).sub(3))));
  }

  protected inputs(output: Tensor, group: DatasetGroup): Record<string, Tensor> {
    return { ...this.counts(output, group), pi: this.#pi(group).to(output.dtype).expandAs(output) };
  }

  protected rate(output: Tensor, group: DatasetGroup): Tensor {
    return (this.logInput ? output.exp() : output).mul(this.#pi(group).neg().add(1));
  }

  /** [N] */
  #pi(group: DatasetGroup): Tensor {
    return this.pi_logits.at(datasetOf(group)).sigmoid();
  }
}
