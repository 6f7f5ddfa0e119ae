// `TrainingStrategy`: what a stage trains of a model, by which loss, and with which optimizer. The loop does the rest.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { ClippedAdamW } from '../../optim/gradient-clipper.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { WarmupCosineScheduler } from '../../optim/schedules/warmup-decay.ts';
import type { Device } from '../../tensor/device.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import { describeValue, unknownKeys } from '../../trainer/config/problems.ts';
import { DataHandler, type NamedBatch } from '../batches/data-handler.ts';
import { FEATURES } from '../batches/features.ts';
import type { LossInputs, LossOutput, MultimodalLoss } from '../losses/multimodal-loss.ts';
import { type ComponentRate, groupsByRate } from './component-groups.ts';
import { alignmentOf } from './strategy-metrics.ts';

/** The parts of a strategy; what is left out it makes itself, in `initializeStrategy`. */
export interface StrategyParts {
  readonly model: Module;
  readonly optimizer?: AnyOptimizer | undefined;
  readonly scheduler?: StatefulScheduler | undefined;
  readonly lossFn?: MultimodalLoss | undefined;
  /** Where batches go. Default: where the model is. */
  readonly device?: Device | undefined;
}

/** Settings that every strategy has. */
export interface StrategySettings {
  readonly learningRate?: number | undefined;
  /** Default 0.01. */
  readonly weightDecay?: number | undefined;
  /** Steps of the warm-up. */
  readonly warmupSteps?: number | undefined;
  /** Steps after which the rates are at their end; a `MultistageTrainer` says how many its stage has. */
  readonly totalSteps?: number | undefined;
}

/** How a strategy's own optimizer is made. */
export interface RatePlan {
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  readonly rates: readonly ComponentRate[];
  /** Factor on the rate of what belongs to no entry of `rates`. */
  readonly otherFactor: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  /** Where rates end, as a share of each group's. */
  readonly minLrRatio: number;
}

/** How many parameters of a part are trained, in elements. */
export interface ComponentStatus {
  readonly trainable: number;
  readonly frozen: number;
  readonly total: number;
}

const PARTS = ['model', 'optimizer', 'scheduler', 'lossFn', 'device'];
const COUNTS = ['warmupSteps', 'totalSteps'];

/** Base of the strategies of a stage. A subclass says in `initializeStrategy` what is frozen, in `makeLoss` what is minimised, and in `configureOptimizers` how it is trained; every method may be
 *  overridden. A strategy does nothing to the model before `initializeStrategy`, so that those of several stages can be made at once.
 *  Steps neither go backward nor update: the loop does, with accumulation, clipping and precision.
 *  @throws {ConfigError} that lists every setting that does not fit.
 *  Source: multimodal_insight_engine's TrainingStrategy. */
export abstract class TrainingStrategy<S extends StrategySettings = StrategySettings> {
  readonly model: Module;
  readonly device: Device;
  optimizer: AnyOptimizer | undefined;
  scheduler: StatefulScheduler | undefined;
  lossFn: MultimodalLoss | undefined;
  /** As given. */
  readonly config: S;
  protected readonly data: DataHandler;

  /** @param known - the names of all settings of the class. */
  constructor(options: StrategyParts & S, known: readonly (keyof S & string)[]) {
    const { model, optimizer, scheduler, lossFn, device, ...config } = options;
    const problems = unknownKeys(config, [...known]).filter(
      (line) => !PARTS.some((part) => line.startsWith(`${part}:`)),
    );
    for (const [name, value] of Object.entries(config))
      if (typeof value === 'number' && !(value >= 0 && (!COUNTS.includes(name) || Number.isSafeInteger(value))))
        problems.push(
          `${name}: expected ${COUNTS.includes(name) ? 'an integer' : 'a number'} from 0 on, got ${describeValue(value)}`,
        );
    if (problems.length > 0) throw new ConfigError(`make ${new.target.name}`, problems);
    this.model = model;
    this.optimizer = optimizer;
    this.scheduler = scheduler;
    this.lossFn = lossFn;
    this.config = config as unknown as S;
    this.data = new DataHandler({
      model,
      enableDiagnostics: false,
      normalizesFeatures: false,
      ...(device === undefined ? {} : { device }),
    });
    this.device = this.data.device;
  }

  /** Freezes what the stage does not train, and makes the loss, the optimizer and the schedule that are not there. Called once, when the stage begins. */
  initializeStrategy(): void {
    this.freeze();
    this.lossFn ??= this.makeLoss();
    this.lossFn.to({ device: this.device });
    if (this.optimizer) return;
    const [optimizer, scheduler] = this.configureOptimizers();
    this.optimizer = optimizer;
    this.scheduler ??= scheduler;
  }

  /** Freezes and unfreezes parts of the model. */
  abstract freeze(): void;

  /** Makes the loss where none was given. */
  abstract makeLoss(): MultimodalLoss;

  /** How `configureOptimizers` makes them. */
  protected abstract ratePlan(): RatePlan;

  /** AdamW over groups of parts at their rates, and a warm-up with half a cosine behind it. */
  configureOptimizers(): [optimizer: AnyOptimizer, scheduler: StatefulScheduler] {
    const plan = this.ratePlan();
    const { learningRate: lr, otherFactor, betas, eps, minLrRatio, totalSteps } = plan;
    const groups = groupsByRate(this.model, plan.rates, { lr, otherFactor, beside: this.lossFn });
    const optimizer = new ClippedAdamW(groups, { lr, betas, eps, weightDecay: this.config.weightDecay ?? 0.01 });
    const scheduler = new WarmupCosineScheduler(optimizer, {
      warmupSteps: Math.min(plan.warmupSteps, totalSteps),
      totalSteps,
      minLr: groups.map((group) => group.lr * minLrRatio),
    });
    return [optimizer, scheduler];
  }

  /** What the model is given of a batch. */
  prepareBatch(batch: NamedBatch): Record<string, unknown> {
    return { ...this.data.prepareModelInputs(batch) };
  }

  /** What the loss is given: the features as the model gives them, pooled, not normalised; the losses of angles do that themselves. */
  prepareLossInputs(batch: NamedBatch, outputs: unknown): LossInputs {
    return this.data.prepareLossInputs(batch, outputs);
  }

  /** Forward and loss of a training batch; the loop goes backward from its `loss`. */
  trainingStep(batch: unknown): LossOutput {
    return this.#run(batch)[0];
  }

  /** The same of a validation batch, with what `alignmentOf` measures: `alignment_score`, `recall@5`, … */
  validationStep(batch: unknown): LossOutput {
    const [output, inputs] = this.#run(batch);
    return { ...output, ...alignmentOf(inputs), loss: output.loss };
  }

  #run(batch: unknown): [output: LossOutput, inputs: LossInputs] {
    if (!this.lossFn)
      throw new TypeError(
        `Cannot run a step of ${this.constructor.name}: expected a loss, got none; call initializeStrategy() first`,
      );
    const placed = this.data.toDevice(batch);
    const outputs = (this.model.forward as (inputs: object) => unknown).call(this.model, this.prepareBatch(placed));
    const inputs = this.prepareLossInputs(placed, outputs);
    const output = this.lossFn.forward(inputs);
    const { visionFeatures: vision, textFeatures: text } = inputs;
    return [vision && text ? { ...output, [FEATURES]: { vision, text } } : output, inputs];
  }

  /** Freezes parameters whose names have one of the texts in them. A name that no parameter has changes nothing. @returns how many parameters there are. */
  freezeParameters(components: readonly string[]): number {
    return this.#setFrozen(components, true);
  }

  /** The reverse. @param except - parameters with one of these in their names stay as they are. */
  unfreezeParameters(components: readonly string[], except: readonly string[] = []): number {
    return this.#setFrozen(components, false, except);
  }

  #setFrozen(components: readonly string[], isFrozen: boolean, except: readonly string[] = []): number {
    const has = (name: string, parts: readonly string[]): boolean => parts.some((part) => name.includes(part));
    const found = [...this.model.namedParameters()].filter(([name]) => has(name, components) && !has(name, except));
    for (const [, parameter] of found) {
      parameter.requiresGrad = !isFrozen;
      if (isFrozen) parameter.grad = undefined;
    }
    return found.length;
  }

  /** By the first part of the parameters' names. */
  parameterStatus(): Record<string, ComponentStatus> {
    const status: Record<string, ComponentStatus> = {};
    for (const [name, { numel, requiresGrad }] of this.model.namedParameters()) {
      const component = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'other';
      const { trainable, frozen, total } = status[component] ?? { trainable: 0, frozen: 0, total: 0 };
      status[component] = {
        trainable: trainable + (requiresGrad ? numel : 0),
        frozen: frozen + (requiresGrad ? 0 : numel),
        total: total + numel,
      };
    }
    return status;
  }

  /** The rate of each group of the optimizer, by its name. */
  getLearningRates(): Record<string, number> {
    const groups = this.optimizer?.paramGroups ?? [];
    return Object.fromEntries(groups.map(({ name, lr }, i) => [name ?? `group_${i}`, lr]));
  }

  /** Told when an epoch begins, and when a stage goes on inside one: what it does has to be a function of the epoch. @param _epoch - from 0. */
  onEpochStart(_epoch: number): void {}

  /** Told when an epoch is completed. @param _epoch - from 0. */
  onEpochEnd(_epoch: number): void {}
}

/** The top layers of the towers by the beginning of their parameters' names: of each tower's longest list of modules the last `count`.
 *  @param towers - names of modules. */
export function topLayers(model: Module, towers: readonly string[], count: number): string[] {
  const names = Array.from(model.namedModules({ removeDuplicate: false }), ([name]) => name);
  return towers.flatMap((tower) => {
    const lists = new Map<string, number[]>();
    for (const name of names) {
      const [, list, place] = /^(.*)\.(\d+)$/.exec(name) ?? [];
      if (list === undefined || !(list === tower || list.startsWith(`${tower}.`))) continue;
      lists.set(list, [...(lists.get(list) ?? []), Number(place)]);
    }
    const [list, places] = [...lists].sort((a, b) => b[1].length - a[1].length)[0] ?? ['', []];
    const last = [...places].sort((a, b) => a - b).slice(Math.max(0, places.length - count));
    return last.map((place) => `${list}.${place}.`);
  });
}
