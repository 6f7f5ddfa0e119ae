// `ElasticWeightConsolidation`: parameters that mattered to earlier tasks are held near where those left them.

import { CheckpointError, ConfigError } from '../../errors.ts';
import { optionProblems, type Rule } from '../../metrics/options.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Pair } from '../data/loaders.ts';
import { estimateFisher, type FisherDiagonal, type FisherOptions, fisherRules } from './fisher.ts';
import type { ContinualMethod, ContinualModel, LearntTask } from './method.ts';

export interface ElasticWeightConsolidationOptions extends Omit<FisherOptions, 'outputs'> {
  /** λ, 0 or more: how much old tasks count against the new one. Plain SGD is stable as long as learning rate times λ times information stays below 2. Default 100. */
  readonly strength?: number | undefined;
  /** γ from 0 to 1: with it, one sum of informations is kept, in which those of earlier tasks count γ times less with each task, around the parameters of the last task (online EWC). Default: informations and
   *  parameters of every task are kept on their own. */
  readonly decay?: number | undefined;
}

/** What is kept of a task, or with `decay` of all. */
interface Anchor {
  readonly fisher: FisherDiagonal;
  readonly parameters: Readonly<Record<string, Tensor>>;
}

const rules: Readonly<Record<string, Rule>> = {
  strength: ['a number from 0', (value) => Number.isFinite(value) && (value as number) >= 0],
  decay: ['a number from 0 to 1', (value) => (value as number) >= 0 && (value as number) <= 1],
  ...{ numSamples: fisherRules.numSamples!, labels: fisherRules.labels!, seed: fisherRules.seed! },
};

/** Elastic weight consolidation: adds to the loss a spring on each parameter, as stiff as the information that earlier tasks have in it.
 *
 *  Rule: penalty(θ) = (λ/2) Σ_tasks Σ_i F_i (θ_i - θ*_i)², with F the diagonal Fisher information (`estimateFisher`) and θ* the parameters at the end of the task. With `decay` one term: F ← γ F + F_task, θ* those of the
 *  last task.
 *  Memory: two tensors like every parameter that is trained, a task; with `decay`, once. `penalty` does not wait for the device.
 *  @throws {ConfigError} for options that do not fit.
 *  Source: Kirkpatrick et al. 2017, arXiv:1612.00796; `decay`, Schwarz et al. 2018, arXiv:1805.06370; adaptiveneuralnetwork, SynapticConsolidation.
 *  @example
 *  import { ElasticWeightConsolidation } from 'sconce/adaptive';
 *  const model = new nn.Linear(1, 2);
 *  const ewc = new ElasticWeightConsolidation({ strength: 10 });
 *  await ewc.consolidate(model, [tensor([[1], [3]]), tensor([0n, 1n])]);
 *  ewc.penalty(model)!.item(); // 0 */
export class ElasticWeightConsolidation implements ContinualMethod {
  readonly name: string = 'EWC';
  readonly strength: number;
  readonly decay: number | undefined;
  readonly #fisher: FisherOptions;
  #anchors: readonly Anchor[] = [];

  constructor(options: ElasticWeightConsolidationOptions = {}) {
    const problems = optionProblems(options, rules);
    if (problems.length > 0) throw new ConfigError('make an ElasticWeightConsolidation', problems);
    const { strength = 100, decay, ...fisher } = options;
    this.strength = strength;
    this.decay = decay;
    this.#fisher = fisher;
  }

  /** Takes a model as it is for what a task has made of it.
   *  @param samples - of the task, inputs [N, …] and classes [N].  @param options.outputs - between which the task decides. Default: all. */
  async consolidate(
    model: ContinualModel,
    samples: Pair,
    { outputs }: Pick<FisherOptions, 'outputs'> = {},
  ): Promise<void> {
    const fisher = await estimateFisher(model, samples, { ...this.#fisher, ...(outputs ? { outputs } : {}) });
    const trained = Array.from(model.namedParameters()).filter(([name]) => fisher[name]);
    const parameters = Object.fromEntries(trained.map(([name, parameter]) => [name, parameter.detach().clone()]));
    const [before] = this.#anchors;
    if (this.decay === undefined || !before) {
      this.#anchors = [...this.#anchors, { fisher, parameters }];
      return;
    }
    const { decay } = this;
    noGrad(() => {
      for (const [name, sum] of Object.entries(before.fisher))
        if (fisher[name]) fisher[name].add_(sum, { alpha: decay });
    });
    this.#anchors = [{ fisher, parameters }];
  }

  /** The penalty of a model, one element that gradients go through; undefined before the first `consolidate`. */
  penalty(model: ContinualModel): Tensor | undefined {
    if (this.#anchors.length === 0) return undefined;
    return scope(() => {
      const terms = Array.from(model.namedParameters()).flatMap(([name, parameter]) =>
        this.#anchors.flatMap(({ fisher, parameters }) =>
          fisher[name] && parameter.requiresGrad
            ? [parameter.sub(parameters[name]!).square().mul(fisher[name]).sum()]
            : [],
        ),
      );
      return terms.length === 0 ? undefined : terms.reduce((sum, term) => sum.add(term)).mul(this.strength / 2);
    });
  }

  async taskEnd({ model, task }: LearntTask): Promise<void> {
    await this.consolidate(model, task.train, { outputs: task.outputs });
  }

  /** What is kept of each task: `fisher` and `parameters`, tensors by the parameters' names. */
  stateDict(): Record<string, unknown> {
    return { anchors: this.#anchors };
  }

  /** @throws {CheckpointError} for a state of another form. Nothing is changed then. */
  loadStateDict({ anchors }: Readonly<Record<string, unknown>>): void {
    const isTensors = (value: unknown): value is Record<string, Tensor> =>
      typeof value === 'object' && value !== null && Object.values(value).every((item) => item instanceof Tensor);
    const isAnchor = (value: unknown): value is Anchor => {
      const { fisher, parameters } = (value ?? {}) as Partial<Anchor>;
      return isTensors(fisher) && isTensors(parameters) && Object.keys(fisher).every((name) => name in parameters);
    };
    if (!Array.isArray(anchors) || !anchors.every(isAnchor))
      throw new CheckpointError(
        'Cannot load an ElasticWeightConsolidation: expected anchors with fisher and parameters, got something else',
      );
    this.#anchors = anchors.map(({ fisher, parameters }) => ({
      fisher: cloned(fisher),
      parameters: cloned(parameters),
    }));
  }

  state(): Record<string, unknown> {
    return this.stateDict();
  }

  loadState(state: Readonly<Record<string, unknown>>): void {
    this.loadStateDict(state);
  }
}

function cloned(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, value.detach().clone().keep()]));
}
