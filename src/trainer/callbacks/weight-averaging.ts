// `WeightAveraging`: what EMA and SWA have in common. When the average moves, when it is in the model, and how it lies in a checkpoint.

import { CheckpointError, ConfigError } from '../../errors.ts';
import { BatchNorm } from '../../nn/layers/batch-norm.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { updateBn } from '../../optim/averaged-model.ts';
import type { AveragedWeights } from '../../optim/averaged-weights.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { record, storedNumber } from '../checkpoint/format.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import type { SwaRates } from './swa-rates.ts';

export interface WeightAveragingOptions {
  /** The average takes in the weights after every so many optimizer steps. In place of epochs. */
  readonly everyNSteps?: number;
  /** Optimizer steps before the average begins. Default 0. */
  readonly startStep?: number;
  /** The average takes in the weights at the end of every so many epochs, before they are validated. In place of steps. */
  readonly everyNEpochs?: number;
  /** Epochs before the average begins. Default 0. */
  readonly startEpoch?: number;
  /** Average floating buffers too, batch statistics for example. Default false: the averages are evaluated with the model's own. */
  readonly useBuffers?: boolean;
  /** Run every evaluation on the averages: they are in the model from `validationStart` to `validationEnd`. Default true. */
  readonly validate?: boolean;
  /** Put the averages into the model at the end of the run, behind the last checkpoint. A fit that goes on afterwards starts at them. Default false. */
  readonly applyAtEnd?: boolean;
  /** Keep averages of bfloat16 and float16 weights in their own dtype, as PyTorch does, in which a slow average does not move. Default false: in float32. */
  readonly keepsHalves?: boolean;
  /** Compute batch statistics anew, over a pass through this loader, whenever the averages go into the model: those of the model belong to other weights. */
  readonly updateBn?: BatchStatisticsOptions;
}

export interface BatchStatisticsOptions {
  /** The training data, in a loader of its own: it is played from the beginning each time. */
  readonly loader: AsyncIterable<unknown> & { setEpoch?(epoch: number): void };
  /** What the model gets of a batch. Default: the batch, or its first element where it is an array. */
  readonly input?: (batch: never) => Tensor;
}

/** The names of what every average takes. */
export const AVERAGING_OPTIONS = [
  ...['everyNSteps', 'startStep', 'everyNEpochs', 'startEpoch'],
  ...['useBuffers', 'validate', 'applyAtEnd', 'keepsHalves', 'updateBn'],
];

/** When an average moves. */
type Cadence =
  | { readonly unit: 'steps'; readonly every: number; readonly start: number }
  | { readonly unit: 'epochs'; readonly every: number; readonly start: number };

/** A callback that keeps an average of the model's weights. A run has one at most: its state is the key `ema` of a checkpoint, with the averages by name, so that
 *  in Python `model.load_state_dict({**c['model_state_dict'], **c['ema']['averages']})` takes them. */
export abstract class WeightAveraging implements Callback {
  abstract readonly name: string;
  readonly stateKey = 'ema';
  readonly #options: WeightAveragingOptions;
  readonly #cadence: Cadence;
  readonly #rates: SwaRates | undefined;
  #average: AveragedWeights | undefined;
  #loaded: { readonly num_updates: number; readonly averages: StateDict } | undefined;
  /** The last epoch that the average took in, where it goes by epochs. */
  #takenEpoch = -1;
  /** The model's own batch statistics while those of the averages are in it. */
  #statistics: readonly (readonly [buffer: Tensor, own: Tensor])[] = [];

  protected constructor(options: WeightAveragingOptions, cadence: Cadence, rates?: SwaRates) {
    this.#options = options;
    this.#cadence = cadence;
    this.#rates = rates;
  }

  /** An average of the model that has taken in nothing yet. */
  protected abstract make(
    model: Module,
    options: { readonly useBuffers: boolean; readonly widensHalves: boolean },
  ): AveragedWeights;

  /** Times that the average took in the model's weights. */
  get numUpdates(): number {
    return this.#average?.numUpdates ?? 0;
  }

  /** The averages by name, as tensors of their own on the same memory; none before the first update. */
  get averages(): StateDict {
    return this.#average?.stateDict().averages ?? {};
  }

  /** Runs `body` with the averages in the model that was trained, and puts its own weights back, however that ends.
   *  @returns what `body` returns, a Promise included. @throws {Error} before the first update. */
  withAverages<T>(body: () => T): T {
    return this.#requireAverage('evaluate averages').withAverages(body);
  }

  /** Puts the averages into the model that was trained, or another one like it.
   *  @throws {Error} before the first update. @throws {CheckpointError} for other names or shapes. */
  applyTo(model: Module): void {
    this.#requireAverage('apply averages').copyTo(model);
  }

  #requireAverage(action: string): AveragedWeights {
    if (this.#average && this.numUpdates > 0) return this.#average;
    const { unit, every, start } = this.#cadence;
    throw new Error(
      `Cannot ${action}: expected weights in the average, got none; it takes in the first after ${start + every} ${unit}`,
    );
  }

  fitStart(context: LoopContext): void {
    this.#begin(context);
    this.#setRates(context);
  }

  #begin({ model, clocks }: LoopContext): void {
    if (clocks.microStep === 0) this.#rates?.reset();
    const loaded = this.#loaded;
    this.#loaded = undefined;
    const isOther = this.#average !== undefined && this.#average.model !== model;
    if (loaded || isOther || clocks.microStep === 0) {
      this.#average = undefined;
      if (!loaded) this.#takenEpoch = -1;
    }
    if (!loaded || loaded.num_updates === 0) return;
    this.#average = this.#make(model);
    this.#average.loadStateDict(loaded);
  }

  #make(model: Module): AveragedWeights {
    const { useBuffers = false, keepsHalves = false } = this.#options;
    return this.make(model, { useBuffers, widensHalves: !keepsHalves });
  }

  #take(model: Module): void {
    this.#average ??= this.#make(model);
    this.#average.update();
  }

  #takeEpoch(model: Module, epoch: number): void {
    const { unit, every, start } = this.#cadence;
    if (unit === 'steps' || !isDue(epoch + 1 - start, every) || epoch <= this.#takenEpoch) return;
    this.#takenEpoch = epoch; // inside a validation that is stopped and begun again, once is enough
    this.#take(model);
  }

  /** After whatever the run's own schedules did. */
  #setRates({ optimizers, clocks }: LoopContext): void {
    const { unit, start } = this.#cadence;
    this.#rates?.set(optimizers, (unit === 'epochs' ? clocks.epoch : clocks.step) - start);
  }

  optimizerStepEnd(context: LoopContext): void {
    const { model, clocks } = context;
    const { unit, every, start } = this.#cadence;
    if (unit === 'steps' && isDue(clocks.step - start, every)) this.#take(model);
    this.#setRates(context);
  }

  async validationStart({ model, phase, clocks, batchesPerEpoch }: LoopContext): Promise<void> {
    if (phase === 'validate' && clocks.batchInEpoch >= batchesPerEpoch) this.#takeEpoch(model, clocks.epoch);
    if (this.#options.validate === false || this.numUpdates === 0) return;
    this.#average!.swapIn();
    if (this.#options.updateBn === undefined) return;
    this.#statistics = batchStatisticsOf(model);
    await this.#updateBn(model);
  }

  validationEnd(): void {
    this.#average?.swapOut();
    noGrad(() => {
      for (const [buffer, own] of this.#statistics) buffer.copy_(own);
    });
    this.#statistics = [];
  }

  epochEnd(context: LoopContext): void {
    this.#takeEpoch(context.model, context.clocks.epoch - 1);
    this.#setRates(context);
  }

  async fitEnd({ model }: LoopContext): Promise<void> {
    if (this.#options.applyAtEnd !== true || this.numUpdates === 0) return;
    this.applyTo(model);
    await this.#updateBn(model);
  }

  async #updateBn(model: Module): Promise<void> {
    const { updateBn: options } = this.#options;
    if (options === undefined) return;
    const rng = getRngState();
    options.loader.setEpoch?.(0);
    const device = model.parameters()[0]?.device;
    try {
      await updateBn(options.loader, model, {
        ...(device === undefined ? {} : { device }),
        ...(options.input === undefined ? {} : { input: options.input as (batch: unknown) => Tensor }),
      });
    } finally {
      setRngState(rng);
    }
  }

  /** Kind of average, as its checkpoint says it. */
  get #kind(): string {
    return this.name.toLowerCase();
  }

  state(): Record<string, unknown> {
    return {
      kind: this.#kind,
      num_updates: this.numUpdates,
      taken_epoch: this.#takenEpoch < 0 ? null : this.#takenEpoch,
      averages: this.averages,
      base_rates: this.#rates?.state() ?? null,
    };
  }

  loadState(state: Record<string, unknown>): void {
    const { kind, num_updates, taken_epoch, averages, base_rates } = state;
    if (kind !== this.#kind)
      throw new CheckpointError(
        `Cannot resume: expected an average of kind "${this.#kind}" under "ema", got ${describeValue(kind)}`,
      );
    this.#loaded = {
      num_updates: storedNumber(num_updates, 'ema.num_updates', { isCount: true }),
      averages: record(averages, 'ema.averages') as StateDict,
    };
    this.#takenEpoch = taken_epoch === null ? -1 : storedNumber(taken_epoch, 'ema.taken_epoch', { isCount: true });
    this.#rates?.loadState(base_rates ?? null);
  }
}

/** @param count - steps or epochs since the start. */
const isDue = (count: number, every: number): boolean => count > 0 && count % every === 0;

/** The buffers of batch norm layers with copies that live on whatever the scope. */
function batchStatisticsOf(model: Module): (readonly [buffer: Tensor, own: Tensor])[] {
  const layers = [...model.modules()].filter((module) => module instanceof BatchNorm);
  const buffers = layers.flatMap((layer) => Array.from(layer.namedBuffers(), ([, buffer]) => buffer));
  return noGrad(() => buffers.map((buffer) => [buffer, buffer.clone().keep()] as const));
}

/** The moments that the options ask for, by steps unless they say epochs, or `unit` does. */
export function cadenceOf(options: WeightAveragingOptions, unit: 'steps' | 'epochs'): Cadence {
  const { everyNSteps, startStep, everyNEpochs, startEpoch } = options;
  const isBySteps =
    unit === 'steps' ? (everyNEpochs ?? startEpoch) === undefined : (everyNSteps ?? startStep) !== undefined;
  if (isBySteps) return { unit: 'steps', every: everyNSteps ?? 1, start: startStep ?? 0 };
  return { unit: 'epochs', every: everyNEpochs ?? 1, start: startEpoch ?? 0 };
}

/** @throws {ConfigError} that lists every option that is wrong. */
export function checkAveraging(
  maker: string,
  options: WeightAveragingOptions,
  others: { readonly known: readonly string[]; readonly problems: readonly string[] },
): void {
  const problems = [...unknownKeys(options, [...others.known, ...AVERAGING_OPTIONS]), ...others.problems];
  const expect = (isMet: boolean, name: keyof WeightAveragingOptions, wanted: string): void => {
    if (options[name] !== undefined && !isMet)
      problems.push(`${name}: expected ${wanted}, got ${describeValue(options[name])}`);
  };
  for (const name of ['everyNSteps', 'everyNEpochs'] as const)
    expect(isCount(options[name], 1), name, 'an integer above 0');
  for (const name of ['startStep', 'startEpoch'] as const)
    expect(isCount(options[name], 0), name, 'an integer from 0 on');
  for (const flag of ['useBuffers', 'validate', 'applyAtEnd', 'keepsHalves'] as const)
    expect(typeof options[flag] === 'boolean', flag, 'true or false');
  const { everyNSteps, startStep, updateBn: statistics } = options;
  for (const name of ['everyNEpochs', 'startEpoch'] as const)
    expect(everyNSteps === undefined && startStep === undefined, name, 'none beside steps');
  const isLoader = typeof statistics?.loader === 'object' && Symbol.asyncIterator in statistics.loader;
  expect(isLoader, 'updateBn', 'an object with a loader');
  expect(options.useBuffers !== true, 'updateBn', 'none beside useBuffers');
  expect(options.validate !== false || options.applyAtEnd === true, 'updateBn', 'none without validate and applyAtEnd');
  if (problems.length > 0) throw new ConfigError(`make ${maker}`, problems);
}

const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;
