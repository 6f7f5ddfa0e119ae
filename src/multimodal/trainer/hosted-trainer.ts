// The `GenericTrainer` inside a `MultimodalTrainer` or a `TrainingLoop`: the one loop, whose epochs, evaluations and checkpoints go through a host, so that what the host's user has overridden counts.

import { type BatchLoader, FirstBatches } from '../../data/index.ts';
import type { AnyMetric } from '../../metrics/metric.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type {
  CheckpointManager,
  CheckpointOptions,
  RunDescription,
} from '../../trainer/checkpoint/checkpoint-manager.ts';
import type { StateRegistry } from '../../trainer/checkpoint/state.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import {
  type EvaluateOptions,
  type EvaluationResult,
  Evaluator,
  type EvaluatorOptions,
} from '../../trainer/loop/evaluator.ts';
import type { TrainingLoop } from '../../trainer/loop/loop.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import type { LoopOptions } from '../../trainer/loop/loop-options.ts';
import type { StepOutput } from '../../trainer/loop/step.ts';
import type { GenericTrainerOptions } from '../../trainer/trainer-options.ts';

/** Values by name, as `loss`. */
export type Values = Readonly<Record<string, number>>;

/** Plays the batches of an evaluation in the loop: with its events and precision, and until a signal comes. */
export type PlayBatches = (parts: {
  readonly loader: BatchLoader<unknown>;
  readonly step: (batch: unknown) => StepOutput;
  readonly metrics: readonly AnyMetric[];
}) => Promise<EvaluationResult | undefined>;

/** Whose training it is. Names are without the phase in front: `loss`, not `train/loss`. */
export interface TrainingHost {
  /** Around the training part of an epoch. @param play - trains, and gives the epoch's values. */
  playEpoch(play: () => Promise<Values>): Promise<Values>;
  /** Evaluates. @param play - for who wants the loop to play the batches. @returns values, nested or not. */
  evaluate(loader: BatchLoader<unknown>, play: PlayBatches): Promise<unknown>;
  /** Optimizer steps between two evaluations inside an epoch; 0 for none. */
  readonly evaluationSteps: number;
  /** Whether there is an evaluation at the end of an epoch too, as the configuration says. */
  readonly evaluatesEpochs: boolean;
  /** Epochs of the whole training, where that is more than this fit. @param maxEpochs - of the fit. */
  epochsInTotal(maxEpochs: number): number;
  /** Folder of the checkpoints, beside a run's own; undefined where none are written. */
  readonly checkpointFolder: string | undefined;
  /** What a host has to say about how checkpoints are kept. */
  checkpointOptions(options: CheckpointOptions): CheckpointOptions;
}

/** Plays batches without the events around an evaluation. */
class BatchPlayer extends Evaluator {
  play(context: LoopContext, options: EvaluateOptions): Promise<EvaluationResult | undefined> {
    return this.measure(context, options);
  }
}

/** Evaluates by its host, on the first loader. */
class HostedEvaluator extends Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #host: TrainingHost;

  constructor(options: EvaluatorOptions, host: TrainingHost) {
    super(options);
    this.#options = options;
    this.#host = host;
  }

  protected override async measure(
    context: LoopContext,
    options: EvaluateOptions,
  ): Promise<EvaluationResult | undefined> {
    const { phase, loaders = this.#options.data.val, limitBatches = this.#options.limitBatches } = options;
    const [{ name, loader }] = loaders as [(typeof loaders)[number]]; // there is one
    let isStopped = false;
    let played: EvaluationResult | undefined;
    const play: PlayBatches = async ({ loader, step, metrics }) => {
      played = await new BatchPlayer({ ...this.#options, step, metrics }).play(context, {
        ...options,
        loaders: [{ name, loader }],
      });
      isStopped ||= played === undefined;
      return played;
    };
    const limited = limitBatches === undefined ? loader : new FirstBatches(loader, limitBatches);
    const values = flatValues(await this.#host.evaluate(limited, play));
    if (isStopped) return undefined;
    const { matrices = {}, numSamples = 0, times = {} } = played ?? {};
    return { values: prefixed(values, phase === 'test' ? 'test' : 'val'), matrices, numSamples, times };
  }
}

/** Trains for a host. */
export class HostedTrainer extends GenericTrainer {
  readonly #host: TrainingHost;

  constructor(options: GenericTrainerOptions, host: TrainingHost) {
    super(options);
    this.#host = host;
  }

  protected override async playEpoch(play: () => Promise<Values>): Promise<Values> {
    const values = await this.#host.playEpoch(async () => valuesOf(await play(), 'train'));
    return prefixed(flatValues(values), 'train');
  }

  protected override makeEvaluator(options: EvaluatorOptions): Evaluator {
    return new HostedEvaluator(options, this.#host);
  }

  protected override makeTrainingLoop(options: LoopOptions): TrainingLoop {
    const { evaluationSteps: everySteps, evaluatesEpochs } = this.#host;
    if (everySteps === 0) return super.makeTrainingLoop(options);
    const atEnds = evaluatesEpochs ? options.validation : {};
    return super.makeTrainingLoop({ ...options, validation: { ...atEnds, everySteps } });
  }

  protected override epochsInTotal(maxEpochs: number): number {
    return this.#host.epochsInTotal(maxEpochs);
  }

  protected override get ownCheckpointFolder(): string | undefined {
    return this.#host.checkpointFolder;
  }

  protected override makeCheckpointManager(
    options: CheckpointOptions,
    registry: StateRegistry,
    describe: () => RunDescription,
  ): CheckpointManager {
    return super.makeCheckpointManager(this.#host.checkpointOptions(options), registry, describe);
  }
}

/** Those of a phase, over all loaders, without the phase in front of their names. */
export function valuesOf(values: Values, phase: string): Values {
  const isOwn = (name: string): boolean => name.startsWith(`${phase}/`) && !name.startsWith(`${phase}/dl_`);
  const own = Object.entries(values).filter(([name]) => isOwn(name));
  const named = Object.fromEntries(own.map(([name, value]) => [name.slice(phase.length + 1), value]));
  return 'loss' in named ? { loss: named.loss!, ...named } : named; // the loss first, where it is read
}

const prefixed = (values: Values, phase: string): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${phase}/${name}`, value]));

/** The numbers of a nest, those inside with a dot: `recalls.top1`. Tensors of one element are read; whatever else there is, as texts, is left out. */
export function flatValues(tree: unknown, before = ''): Values {
  if (typeof tree !== 'object' || tree === null) return {};
  const entries = Object.entries(tree).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[before + name, value]];
    if (value instanceof Tensor) return value.numel === 1 ? [[before + name, Number(value.item())]] : [];
    return Object.entries(flatValues(value, `${before}${name}.`));
  });
  return Object.fromEntries(entries);
}
