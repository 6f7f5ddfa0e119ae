// `MultitaskLoss`: a weighted sum of the losses of several tasks, by choice with weights that follow the losses.

import { getWorldSize } from '../../distributed/group/process-group.ts';
import { ModuleDict } from '../../nn/layers/index.ts';
import type { Module } from '../../nn/module.ts';
import { isApart } from '../../nn/ranks.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { ones, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { stack } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { gatherFeatures } from './gather-features.ts';
import { above, checkLossOptions, flag, type LossRules, type Rule, share } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss, takesRawFeatures } from './multimodal-loss.ts';
import { aModule } from './towers.ts';

export interface MultitaskLossOptions {
  /** The losses by the names of their tasks, at least one. */
  readonly lossFunctions: Readonly<Record<string, Module>>;
  /** A weight for each task; their sum is made 1. Default alike. */
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  /** Weight each task by the inverse of its running loss too. Default false. */
  readonly dynamicWeighting?: boolean | undefined;
  /** What stays of a running loss at a step. Default 0.9. */
  readonly momentum?: number | undefined;
}

const each = (rule: Rule, what: string): Rule => [
  what,
  (value) =>
    typeof value === 'object' && value !== null && Object.values(value).every(rule[1]) && Object.keys(value).length > 0,
];
const RULES: LossRules<MultitaskLossOptions> = {
  lossFunctions: each(aModule, 'a module for each task, one at least'),
  lossWeights: each(above(0), 'a number above 0 for each task'),
  dynamicWeighting: flag,
  momentum: share,
};

function problemsOf(given: MultitaskLossOptions): string[] {
  const { lossFunctions, lossWeights, momentum } = given;
  if (lossFunctions === undefined) return ['lossFunctions: expected a module for each task, got none'];
  const problems: string[] = [];
  const [tasks, weighted] = [Object.keys(lossFunctions), Object.keys(lossWeights ?? lossFunctions)];
  if (String([...tasks].sort()) !== String([...weighted].sort()))
    problems.push(`lossWeights: expected ${tasks.join(', ')}, got ${weighted.join(', ')}`);
  if (momentum !== undefined && given.dynamicWeighting !== true)
    problems.push(`momentum: expected dynamicWeighting: true beside it, got ${momentum} alone`);
  return problems;
}

/** Below this a running loss counts as this. */
const LEAST = 1e-8;

/** loss = Σ_t w_t L_t over the tasks that a batch has. The weights are `lossWeights` by their sum, p_t. With `dynamicWeighting`, r_t, a running mean of each
 *  task's loss (1 at first; in training r <- m r + (1 - m) L_t), makes them w_t = (p_t / r_t) / Σ_u p_u / r_u, so that tasks of large losses do not outweigh
 *  the others; losses have to be positive then. The running losses are a buffer.
 *
 *  `forward(inputs)` gives each loss, a `MultimodalLoss`, the same inputs, as a trainer calls it. `forward(inputs, targets)`, objects by task, gives each loss its own two; a task that
 *  is in neither is left out. Gives {task}_loss and {task}_weight, and what else a loss gives as {task}_{name}.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {TypeError} where a task has inputs alone, or targets alone, or there is none.
 *  Source: multimodal_insight_engine.
 *  @example
 *  import { MeanSquaredError, MultitaskLoss } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const loss = new MultitaskLoss({ lossFunctions: { depth: new MeanSquaredError(), edges: new MeanSquaredError() }, lossWeights: { depth: 3, edges: 1 } });
 *  const zero = tensor([[0]]);
 *  loss.forward({ depth: tensor([[2]]), edges: tensor([[4]]) }, { depth: zero, edges: zero }).loss; // tensor(7.) */
export class MultitaskLoss extends MultimodalLoss {
  readonly loss_functions: ModuleDict<Module>;
  readonly dynamicWeighting: boolean;
  readonly momentum: number;
  /** The weights that were given, by their sum. */
  readonly shares: Readonly<Record<string, number>>;
  /** In the order of the tasks, [T]; undefined without dynamic weights. */
  declare running_losses: Tensor | undefined;

  constructor(options: MultitaskLossOptions) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    const { lossFunctions, lossWeights = {} } = options;
    this.loss_functions = new ModuleDict<Module>({ ...lossFunctions });
    this.dynamicWeighting = options.dynamicWeighting ?? false;
    this.momentum = options.momentum ?? 0.9;
    const tasks = Object.keys(lossFunctions);
    const sum = tasks.reduce((total, task) => total + (lossWeights[task] ?? 1), 0);
    this.shares = Object.fromEntries(tasks.map((task) => [task, (lossWeights[task] ?? 1) / sum]));
    this.registerBuffer('running_losses', this.dynamicWeighting ? ones([tasks.length]) : undefined);
  }

  override updateEpoch(epoch: number): void {
    for (const loss of this.told()) loss.updateEpoch(epoch);
  }

  override updateStep(step: number, totalSteps?: number): void {
    for (const loss of this.told()) loss.updateStep(step, totalSteps);
  }

  override get takesRawFeatures(): boolean {
    return takesRawFeatures(...this.loss_functions.values());
  }

  private told(): MultimodalLoss[] {
    return [...this.loss_functions.children()].filter((loss) => loss instanceof MultimodalLoss);
  }

  override forward(
    inputs: LossInputs | Readonly<Record<string, unknown>>,
    targets?: Readonly<Record<string, unknown>>,
  ): LossOutput {
    const output: Record<string, unknown> = {};
    const losses = new Map<string, Tensor>();
    for (const [task, loss] of this.loss_functions) {
      const result = targets ? this.ask(task, loss, inputs, targets) : this.askOne(task, loss, inputs);
      if (result === undefined) continue;
      const { loss: own, ...others } = result;
      losses.set(task, own);
      output[`${task}_loss`] = own.detach();
      for (const [key, value] of Object.entries(others)) output[`${task}_${key}`] = value;
    }
    if (losses.size === 0) throw this.refusal('inputs and targets of at least one task', 'none');
    const weights = noGrad(() => this.weigh(losses));
    for (const [task, weight] of Object.entries(weights)) output[`${task}_weight`] = weight;
    const terms = Array.from(losses, ([task, loss]) => loss.mul(weights[task]!));
    return { ...output, loss: terms.reduce((sum, term) => sum.add(term)) };
  }

  private askOne(task: string, loss: Module, inputs: LossInputs): LossOutput {
    if (!(loss instanceof MultimodalLoss))
      throw this.refusal(`targets beside inputs for "${task}", which is no MultimodalLoss`, 'inputs alone');
    return loss.forward(inputs);
  }

  private ask(task: string, loss: Module, inputs: object, targets: object): LossOutput | undefined {
    const [input, target]: unknown[] = [inputs, targets].map((by) => Reflect.get(by, task));
    if (input === undefined && target === undefined) return undefined;
    if (input === undefined || target === undefined)
      throw this.refusal(`inputs and targets of "${task}"`, input === undefined ? 'targets alone' : 'inputs alone');
    const result: unknown = (loss as { forward(input: unknown, target: unknown): unknown }).forward(input, target);
    const output = result instanceof Tensor ? { loss: result } : (result as Partial<LossOutput> | undefined);
    if (!(output?.loss instanceof Tensor) || output.loss.numel !== 1)
      throw this.refusal(
        `a loss of one element from "${task}"`,
        result instanceof Tensor ? `[${result.shape.join(', ')}]` : 'none',
      );
    return output as LossOutput;
  }

  private refusal(expected: string, got: string): TypeError {
    return new TypeError(`Cannot compute ${this.constructor.name}: expected ${expected}, got ${got}`);
  }

  /** The weight of each task. In training the running losses follow first. */
  private weigh(losses: ReadonlyMap<string, Tensor>): Readonly<Record<string, Tensor | number>> {
    const { running_losses: running } = this;
    if (!running) return this.shares;
    const followed = this.training ? overRanks(Object.keys(this.shares), losses) : new Map<string, Tensor>();
    const inverse = Object.entries(this.shares).map(([task, part], position) => {
      const own = running.select(0, position);
      const loss = followed.get(task);
      if (loss) own.mul_(this.momentum).add_(loss, { alpha: 1 - this.momentum });
      return [task, own.clamp({ min: LEAST }).reciprocal().mul(part)] as const;
    });
    const sum = inverse.map(([, value]) => value).reduce((total, value) => total.add(value));
    return Object.fromEntries(inverse.map(([task, value]) => [task, value.div(sum)]));
  }
}

/** The mean loss of each task over the ranks that have it, so that all ranks have the same weights. */
function overRanks(tasks: readonly string[], losses: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  const own = tasks.map((task) => losses.get(task)?.detach().reshape([]));
  if (getWorldSize() > 1 && !isApart()) {
    const values = stack(own.map((loss) => loss?.to('float32') ?? zeros([]))); // [T]
    const isThere = tensor(
      own.map((loss) => (loss ? 1 : 0)),
      { device: values.device },
    );
    const [sums, counts] = gatherFeatures(stack([values, isThere]).unsqueeze(0))
      .sum({ dim: [0] })
      .unbind() as [Tensor, Tensor];
    const numbers = counts.toArray() as number[];
    return new Map(
      tasks.flatMap((task, i) => (numbers[i] === 0 ? [] : [[task, sums.select(0, i).div(numbers[i]!)] as const])),
    );
  }
  return new Map(tasks.flatMap((task, i) => (own[i] ? [[task, own[i]] as const] : [])));
}
