// The learning-rate finder: losses while the rate rises from step to step, and the rate at which they fall fastest.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { figure } from '../../tracking/index.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import type { Ranks } from '../ranks/ranks.ts';
import { keepState } from './keep-state.ts';
import type { TunedTrainer } from './trial.ts';

export interface LearningRateOptions {
  /** The loaders of the training, or others like them. They stand where they stood afterwards. */
  readonly trainLoaders: readonly BatchLoader<unknown>[];
  /** The rate of the first step. Default 1e-8. */
  readonly minLr?: number;
  /** The rate of the last step. Default 1. */
  readonly maxLr?: number;
  /** Optimizer steps. Default 100. */
  readonly numSteps?: number;
  /** How the rate rises. Default 'exponential': by the same factor at each step. */
  readonly mode?: 'exponential' | 'linear';
  /** The sweep ends where the smoothed loss is more than so many times its least, and where a loss is not finite. Default 4. */
  readonly earlyStopThreshold?: number;
}

/** What a sweep found. */
export interface FoundLearningRate {
  /** The rate at which the smoothed loss fell fastest; undefined where it never fell, or the sweep was over too soon to say. */
  readonly suggestion: number | undefined;
  /** Of each step. */
  readonly rates: readonly number[];
  /** Of each step, the mean over its micro-batches, before the rate of that step acts. */
  readonly losses: readonly number[];
  /** The same, as an exponential mean over about 50 steps that is corrected for its start. */
  readonly smoothedLosses: readonly number[];
  /** A picture of the sweep, as SVG text. */
  plot(): Promise<string>;
}

/** How much of the smoothed loss stays at a step. */
const SMOOTHING = 0.98;
/** Steps at the beginning and the end whose slope says nothing. */
const [SKIP_START, SKIP_END] = [10, 1];

/** Trains for a while with a rising learning rate and puts everything back. Where groups or optimizers have several rates, the greatest is the one that is set, and
 *  the others keep their ratio to it.
 *  Source: Smith 2017, arXiv:1506.01186; smoothing and suggestion as Lightning's lr_find has them.
 *  @throws {ConfigError} that lists every option that is wrong. */
export async function findLearningRate(
  trainer: TunedTrainer,
  options: LearningRateOptions,
): Promise<FoundLearningRate> {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new ConfigError('find a learning rate', problems);
  const { trainLoaders, minLr = 1e-8, maxLr = 1, numSteps = 100, mode = 'exponential' } = options;
  const share = (step: number): number => (numSteps === 1 ? 0 : step / (numSteps - 1));
  const rateAt = (step: number): number =>
    mode === 'linear' ? minLr + (maxLr - minLr) * share(step) : minLr * (maxLr / minLr) ** share(step);
  const sweep = new Sweep(trainer.optimizers, rateAt, options.earlyStopThreshold ?? 4);
  const { model, modules, optimizers } = trainer;
  const restore = keepState({ model, modules, optimizers, loaders: trainLoaders });
  try {
    await trainer.join();
    await trainer.trial({ trainLoaders, maxSteps: numSteps, callback: sweep.callback });
  } finally {
    restore();
  }
  const { rates, losses, smoothedLosses } = sweep;
  const suggestion = steepest(rates, smoothedLosses);
  return { suggestion, rates, losses, smoothedLosses, plot: () => plotSweep(sweep, suggestion, mode) };
}

class Sweep {
  readonly rates: number[] = [];
  readonly losses: number[] = [];
  readonly smoothedLosses: number[] = [];
  readonly callback: Callback;
  readonly #threshold: number;
  /** Of this process: the losses of its micro-batches, and their samples. */
  #window: (readonly [loss: number, batchSize: number])[] = [];
  #mean = 0;
  /** Processes that end together may do so a step later. */
  #isOver = false;

  constructor(optimizers: readonly AnyOptimizer[], rateAt: (step: number) => number, threshold: number) {
    this.#threshold = threshold;
    const groups = optimizers.flatMap(({ paramGroups }) => paramGroups);
    const greatest = Math.max(...groups.map(({ lr }) => lr));
    // All rates 0, as before a warm-up: then all are the same.
    const ratios = groups.map(({ lr }) => (greatest > 0 ? lr / greatest : 1));
    const setRates = (step: number): void => {
      for (const [i, group] of groups.entries()) group.lr = rateAt(step) * ratios[i]!;
    };
    this.callback = {
      name: 'LearningRateSweep',
      fitStart: ({ clocks }) => setRates(clocks.step),
      forwardEnd: ({ loss, batchSize }) => void this.#window.push([loss!.item(), batchSize]),
      optimizerStepEnd: (context) => {
        const { step } = context.clocks;
        const reason = this.#note(rateAt(step - 1), context.ranks);
        if (reason !== undefined) context.requestStop(reason);
        setRates(step);
      },
      warning: () => {}, // that it stopped is no news
    };
  }

  /** @returns why the sweep is over, if it is. */
  #note(rate: number, ranks: Ranks): string | undefined {
    if (this.#isOver) return undefined;
    const loss = this.#meanLoss(ranks);
    this.#window = [];
    this.#isOver = !Number.isFinite(loss);
    if (this.#isOver) return `the loss is ${loss}`;
    const count = this.losses.length + 1;
    this.#mean = SMOOTHING * this.#mean + (1 - SMOOTHING) * loss;
    const smoothed = this.#mean / (1 - SMOOTHING ** count);
    this.rates.push(rate);
    this.losses.push(loss);
    this.smoothedLosses.push(smoothed);
    const least = Math.min(...this.smoothedLosses);
    this.#isOver = count > 1 && smoothed > this.#threshold * least;
    return this.#isOver ? 'the loss has grown' : undefined;
  }

  /** Of the window: over its micro-batches, of several processes over their samples. */
  #meanLoss(ranks: Ranks): number {
    const window = this.#window;
    if (ranks.isAlone) return window.reduce((sum, [loss]) => sum + loss, 0) / window.length;
    const sums = [0, 0];
    for (const [loss, batchSize] of window) {
      sums[0]! += loss * batchSize;
      sums[1]! += batchSize;
    }
    const [sum, count] = ranks.sum(sums);
    return sum! / count!;
  }
}

/** The rate where the curve falls fastest, by central differences. */
function steepest(rates: readonly number[], losses: readonly number[]): number | undefined {
  let [found, slope] = [-1, 0];
  for (let i = SKIP_START + 1; i < losses.length - SKIP_END - 1; i++) {
    const here = (losses[i + 1]! - losses[i - 1]!) / 2;
    if (here < slope) [found, slope] = [i, here];
  }
  return rates[found];
}

async function plotSweep(
  { rates, losses, smoothedLosses }: Sweep,
  suggestion: number | undefined,
  mode: 'exponential' | 'linear',
): Promise<string> {
  const found = rates.indexOf(suggestion ?? Number.NaN);
  return figure({
    title: 'Learning-rate sweep',
    subtitle: suggestion === undefined ? 'no rate to suggest' : `suggestion: ${suggestion.toPrecision(3)}`,
    panels: [
      {
        kind: 'lines',
        yLabel: 'loss',
        xLabel: 'learning rate',
        xScale: mode === 'linear' ? 'linear' : 'log',
        series: [
          { label: 'loss', x: rates, y: losses, kind: 'exact' },
          { label: 'smoothed', x: rates, y: smoothedLosses, kind: 'exact' },
          ...(found < 0
            ? []
            : [{ label: 'suggestion', x: [rates[found]!], y: [smoothedLosses[found]!], kind: 'exact' as const }]),
        ],
      },
    ],
  }).toSvg();
}

function problemsOf(options: LearningRateOptions): string[] {
  const { minLr = 1e-8, maxLr = 1, numSteps = 100, mode = 'exponential', earlyStopThreshold = 4 } = options;
  const problems = unknownKeys(options, ['trainLoaders', 'minLr', 'maxLr', 'numSteps', 'mode', 'earlyStopThreshold']);
  const expect = (isMet: boolean, name: string, wanted: string, got: unknown): void => {
    if (!isMet) problems.push(`${name}: expected ${wanted}, got ${describeValue(got)}`);
  };
  expect(Array.isArray(options.trainLoaders), 'trainLoaders', 'a list of loaders', options.trainLoaders);
  expect(minLr > 0 && Number.isFinite(minLr), 'minLr', 'a number above 0', minLr);
  expect(maxLr > minLr && Number.isFinite(maxLr), 'maxLr', `a number above minLr, ${minLr}`, maxLr);
  expect(Number.isSafeInteger(numSteps) && numSteps > 0, 'numSteps', 'an integer above 0', numSteps);
  expect(mode === 'exponential' || mode === 'linear', 'mode', 'exponential or linear', mode);
  expect(earlyStopThreshold > 1, 'earlyStopThreshold', 'a number above 1', earlyStopThreshold);
  return problems;
}
