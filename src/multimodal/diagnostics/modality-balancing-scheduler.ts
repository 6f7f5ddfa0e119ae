// `ModalityBalancingScheduler`: learning rates by which the two towers of a model take steps of like size.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { PyFloat } from '../../serial/values.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { storedList, storedNumber } from '../../trainer/checkpoint/format.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { byGroup, normsOf, ParameterGroups } from '../../trainer/monitors/parameter-groups.ts';
import { isNamed } from './components.ts';
import { groupProblems, groupsByWord } from './group-sides.ts';
import { type GroupFactors, type HookedOptimizer, RateFactors } from './rate-factors.ts';

export interface ModalityBalancingOptions {
  /** The ratio of the text tower's steps to the vision tower's that is wanted. Default 1. */
  readonly targetRatio?: number;
  /** Optimizer steps between two looks at the gradients. Default 10. */
  readonly checkInterval?: number;
  /** A tower's rate is multiplied by at most this, and divided by at most this. Default 10. */
  readonly maxFactor?: number;
  /** Its name among the callbacks. Default 'ModalityBalancingScheduler'. */
  readonly name?: string;
}

const OPTIONS = ['targetRatio', 'checkInterval', 'maxFactor', 'name'] as const;
const TOWERS = ['vision_model', 'text_model'] as const;
/** How far the ratio may be from its target, and by how much one look may change it. Source: multimodal_insight_engine. */
const [TOLERANCE, LEAST, MOST] = [0.5, 0.5, 2] as const;
/** Looks that are kept. */
const KEPT = 100;

interface Look {
  /** Mean norms of the gradients of a tower's parameters. */
  readonly vision: number;
  readonly text: number;
}

/** Multiplies the learning rates of a model's two towers so that neither dominates. Every `checkInterval` steps, when the gradients of a window are whole and before the optimizer steps, it takes
 *
 *      ratio = (mean norm of text_model's gradients * its factor) / (mean norm of vision_model's gradients * its factor)
 *
 *  and, if it is more than 0.5 from `targetRatio`, changes it by c = clamp(targetRatio / ratio, 0.5, 2): text_model's factor by sqrt(c), vision_model's by 1 / sqrt(c). The optimizer needs parameter groups of both
 *  towers, found by the group's name or by those of its parameters ({@link componentGroups} makes such groups). Factors are in effect while the optimizer steps, so that schedules, logs and checkpoints go on
 *  with the rates that they know; they are a part of the checkpoint. A look waits for the device once.
 *
 *  As a callback it acts in the event optimizerStepStart and logs `balancing/ratio` (of the gradients alone), `balancing/balanced_ratio` (with the factors), `balancing/target`, `balancing/vision_factor` and
 *  `balancing/text_factor`. By hand: `step(model)` between backward and the optimizer's step.
 *
 *  Unlike multimodal_insight_engine's it lowers the rate of the tower whose gradients are larger (there it is raised), counts what it has done already, so that the ratio reaches its target, and stops at `maxFactor`.
 *  It goes by gradients whatever the optimizer does with them: Adam and its like take steps of one size however large they are, and rates that differ are a choice there.
 *  @throws {ConfigError} that lists every option that is wrong; at the start of a run, for an optimizer without such groups.
 *  Source: multimodal_insight_engine, ModalityBalancingScheduler.
 *  @example
 *  import { optim } from 'sconce';
 *  import { componentGroups, DualEncoder, ModalityBalancingScheduler } from 'sconce/multimodal';
 *  const optimizer = new optim.SGD(componentGroups(new DualEncoder()), { lr: 0.1 });
 *  new ModalityBalancingScheduler(optimizer, { targetRatio: 1, checkInterval: 20 }).factors; // { vision: 1, text: 1 } */
export class ModalityBalancingScheduler implements Callback {
  readonly name: string;
  /** `GradientHandler` clips, and what it leaves says nothing of the towers. */
  readonly before = ['GradientHandler'];
  readonly optimizer: HookedOptimizer;
  readonly targetRatio: number;
  readonly checkInterval: number;
  readonly #maxFactor: number;
  readonly #parameters = new ParameterGroups({ groupBy: towerOf });
  readonly #groupFactors: GroupFactors = new Map();
  #factors = { vision: 1, text: 1 };
  #stepCount = 0;
  #looks: Look[] = [];

  constructor(optimizer: HookedOptimizer, options: ModalityBalancingOptions = {}) {
    const { targetRatio = 1, checkInterval = 10, maxFactor = 10, name = 'ModalityBalancingScheduler' } = options;
    const checks = new OptionChecks(options, OPTIONS)
      .expect('targetRatio', Number.isFinite(targetRatio) && targetRatio > 0, 'a number above 0')
      .count('checkInterval')
      .expect('maxFactor', Number.isFinite(maxFactor) && maxFactor >= 1, 'a number of at least 1')
      .text('name');
    if (typeof optimizer?.registerStepPreHook !== 'function')
      checks.problems.push('optimizer: expected an optimizer, got something else');
    checks.throwIfAny('ModalityBalancingScheduler');
    this.name = name;
    this.optimizer = optimizer;
    this.targetRatio = targetRatio;
    this.checkInterval = checkInterval;
    this.#maxFactor = maxFactor;
  }

  /** Steps that it has counted. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** What the towers' learning rates are multiplied by. */
  get factors(): { readonly vision: number; readonly text: number } {
    return { ...this.#factors };
  }

  /** Mean norms at the last 100 looks. */
  get visionGradHistory(): readonly number[] {
    return this.#looks.map(({ vision }) => vision);
  }

  get textGradHistory(): readonly number[] {
    return this.#looks.map(({ text }) => text);
  }

  fitStart({ optimizers, model }: LoopContext): void {
    const problems = optimizers.includes(this.optimizer)
      ? groupProblems(this.optimizer, model, TOWERS)
      : ['optimizer: expected one of the trainer, got another'];
    if (problems.length > 0)
      throw new ConfigError(
        'fit',
        problems.map((problem) => `callbacks.${this.name}.${problem}`),
      );
  }

  optimizerStepStart({ optimizers, optimizerIndex, model, logger, clocks }: LoopContext): void {
    if (optimizers[optimizerIndex] !== this.optimizer) return;
    const look = this.step(model);
    if (!look) return;
    const ratio = look.text / look.vision;
    const { vision, text } = this.#factors;
    const values = { ratio, balanced_ratio: (ratio * text) / vision, target: this.targetRatio };
    const logged = { ...values, vision_factor: vision, text_factor: text };
    logger.logMetrics(
      Object.fromEntries(Object.entries(logged).map(([name, value]) => [`balancing/${name}`, value])),
      clocks,
    );
  }

  close(): void {
    this.detach();
  }

  /** Counts a step; at each `checkInterval`-th looks at the gradients and sets the factors.
   *  @returns what it has seen; undefined where it did not look, or where a tower has no gradient that says something.
   *  @throws {ConfigError} for an optimizer without groups of both towers. */
  step(model: Module): Look | undefined {
    RateFactors.of(this.optimizer).add(this.#groupFactors);
    this.#setGroups(model);
    this.#stepCount += 1;
    if (this.#stepCount % this.checkInterval !== 0) return undefined;
    const look = this.#look(model);
    this.#looks = [...this.#looks, look].slice(-KEPT);
    if (!(look.vision > 0 && look.text > 0 && Number.isFinite(look.vision + look.text))) return undefined;
    const { vision, text } = this.#factors;
    const ratio = (look.text * text) / (look.vision * vision);
    if (Math.abs(ratio - this.targetRatio) > TOLERANCE) {
      const change = Math.sqrt(Math.min(MOST, Math.max(LEAST, this.targetRatio / ratio)));
      const within = (factor: number): number => Math.min(this.#maxFactor, Math.max(1 / this.#maxFactor, factor));
      this.#factors = { vision: within(vision / change), text: within(text * change) };
      this.#setGroups(model);
    }
    return look;
  }

  /** The optimizer's steps go by its own rates again, until the next `step` or fit. */
  detach(): void {
    RateFactors.of(this.optimizer).remove(this.#groupFactors);
  }

  #setGroups(model: Module): void {
    const problems = this.#groupFactors.size > 0 ? [] : groupProblems(this.optimizer, model, TOWERS);
    if (problems.length > 0) throw new ConfigError('balance modalities', problems);
    const { groups } = groupsByWord(this.optimizer, model, TOWERS);
    for (const tower of TOWERS)
      for (const i of groups.get(tower)!)
        this.#groupFactors.set(i, this.#factors[tower === 'vision_model' ? 'vision' : 'text']);
  }

  #look(model: Module): Look {
    const parameters = this.#parameters
      .of(this.optimizer, model)
      .filter(({ group, parameter }) => group !== '' && parameter.grad);
    if (parameters.length === 0) return { vision: 0, text: 0 };
    const norms = scope(() =>
      noGrad(() => normsOf(parameters.map(({ parameter }) => parameter.grad!)).toArray() as number[]),
    );
    const means = byGroup(parameters, norms);
    const mean = (norms: readonly number[] = []): number =>
      norms.reduce((sum, norm) => sum + norm, 0) / Math.max(1, norms.length);
    return { vision: mean(means.get('vision_model')), text: mean(means.get('text_model')) };
  }

  state(): Record<string, unknown> {
    const list = (values: readonly number[]): PyFloat[] => values.map((value) => new PyFloat(value));
    return {
      step_count: this.#stepCount,
      vision_factor: new PyFloat(this.#factors.vision),
      text_factor: new PyFloat(this.#factors.text),
      vision_grad_history: list(this.visionGradHistory),
      text_grad_history: list(this.textGradHistory),
    };
  }

  loadState(state: Record<string, unknown>): void {
    const key = (name: string): string => `callbacks.${this.name}.${name}`;
    const number = (name: string): number => storedNumber(state[name], key(name));
    const list = (name: string): number[] =>
      storedList(state[name], key(name)).map((value) => storedNumber(value, key(name)));
    const stepCount = storedNumber(state.step_count, key('step_count'), { isCount: true });
    const factors = { vision: number('vision_factor'), text: number('text_factor') };
    const [visions, texts] = [list('vision_grad_history'), list('text_grad_history')];
    this.#stepCount = stepCount;
    this.#factors = factors;
    this.#looks = visions.map((vision, i) => ({ vision, text: texts[i] ?? Number.NaN }));
    for (const i of this.#groupFactors.keys()) this.#groupFactors.delete(i);
  }
}

const towerOf = (name: string): string => TOWERS.find((tower) => isNamed(name, tower)) ?? '';
