// What a network makes of the held-out time of one data set, unit by unit: bits per spike, correlation with repeats, responses around saccades, fields.

import type { Dataset } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { checkOptions, choice, count, flag } from '../../metrics/options.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { poissonBitsPerSpike } from '../objectives/bits-per-spike.ts';
import { type Evaluated, evaluateDataset, type RatesNetwork } from './evaluate-dataset.ts';
import {
  type NoiseCorrectedCorrelation,
  noiseCorrectedCorrelation,
  type RepeatedTrials,
} from './noise-corrected-correlation.ts';
import { rescaleRates } from './rescale-rates.ts';
import { detectSaccades, type EventTriggered, eventTriggeredAverage, spacedEvents } from './saccades.ts';
import { type SpikeTriggered, SpikeTriggeredAverage } from './spike-triggered-average.ts';

/** The parts of the stack, in the order in which they are made. */
export const ANALYSES = ['bps', 'ccnorm', 'saccade', 'sta'] as const;
export type Analysis = (typeof ANALYSES)[number];

export interface EvaluationStackOptions {
  /** Its place among the network's data sets. */
  readonly datasetIdx: number;
  /** Default: all. */
  readonly analyses?: readonly Analysis[];
  /** Default 64. */
  readonly batchSize?: number;
  /** Whether rates get the gain and the offset of each unit that fit best (`rescaleRates`) before they are compared. Default false. */
  readonly rescale?: boolean;
  /** Samples a second, for saccades. Default 120. */
  readonly samplingRate?: number;
}

/** What was made; what the data set has not the values for is left out, and `left` says why. */
export interface EvaluationStack {
  /** Bits per spike of each unit. */
  readonly bps?: number[];
  readonly ccnorm?: NoiseCorrectedCorrelation & { readonly trials: RepeatedTrials };
  readonly saccade?: EventTriggered & { readonly window: readonly [number, number] };
  /** Of counts and of predicted rates; the caller disposes the averages. */
  readonly sta?: { readonly robs: SpikeTriggered; readonly rhat: SpikeTriggered };
  readonly left: Readonly<Partial<Record<Analysis, string>>>;
}

/** Bins around a saccade. Source: VisionCore. */
const WINDOW = [-10, 100] as const;

const RULES = {
  datasetIdx: count(0),
  analyses: [
    `a list of ${ANALYSES.join(', ')}`,
    (value: unknown) => Array.isArray(value) && value.every(choice(...ANALYSES)[1]),
  ],
  batchSize: count(),
  rescale: flag,
  samplingRate: [
    'a number above 0',
    (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value),
  ],
} as const;

/** Plays a data set through a network once and evaluates it, unit by unit:
 *  - `bps`: bits per spike (`poissonBitsPerSpike`).
 *  - `ccnorm`: correlation with the mean of repeated trials, over the greatest possible (`noiseCorrectedCorrelation`). Takes samples with `trial_inds` and `psth_inds`, the trial and the bin in it.
 *  - `saccade`: mean responses from 10 bins before a saccade to 100 behind it, of saccades with 0.1 to 0.5 s to their neighbours. Takes samples with `eyepos`.
 *  - `sta`: spike-triggered averages of counts and of predicted rates over the lags of the stimulus.
 *
 *  The network is evaluated in evaluation mode and has its modes back afterwards; no generator is drawn from.
 *  @param dataset - the samples of one data set in order, as `dm.valDsets[name]`; `keys_lags` says what they have, as `eyepos: 0`.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: VisionCore's eval_stack_single_dataset; its quality of recordings (`qc`) is of files that only its laboratory has. */
export async function evaluationStack(
  network: RatesNetwork,
  dataset: Dataset<{ readonly [key: string]: Tensor | undefined }>,
  options: EvaluationStackOptions,
): Promise<EvaluationStack> {
  checkOptions('evaluate a data set', options, RULES, ['datasetIdx']);
  const { datasetIdx, analyses = ANALYSES, batchSize = 64, rescale = false, samplingRate = 120 } = options;
  if (datasetIdx >= network.names.length)
    throw new ConfigError('evaluate a data set', [
      `datasetIdx: expected one of the ${network.names.length} data sets from 0 on, got ${datasetIdx}`,
    ]);
  const wants = (analysis: Analysis): boolean => analyses.includes(analysis);
  const averages = { robs: new SpikeTriggeredAverage(), rhat: new SpikeTriggeredAverage() };
  const left: Partial<Record<Analysis, string>> = {};
  let evaluated: Evaluated | undefined;
  try {
    evaluated = await evaluateDataset(network, dataset, {
      ...{ datasetIdx, batchSize },
      onBatch: ({ stim, robs, rhat, dfs }) => {
        if (!wants('sta') || !stim) return;
        averages.robs.add(stim, robs, dfs);
        averages.rhat.add(stim, rhat, dfs);
      },
    });
    const { robs, dfs } = evaluated;
    const rhat = rescale ? rescaleRates(evaluated) : evaluated.rhat;
    const responses = {
      shape: robs.shape as [number, number],
      robs: numbers(robs),
      rhat: numbers(rhat),
      dfs: numbers(dfs),
    };
    const trials = wants('ccnorm') ? trialsOf(evaluated, responses) : undefined;
    if (typeof trials === 'string') left.ccnorm = trials;
    const saccade = wants('saccade') ? saccadesOf(evaluated, responses, samplingRate) : undefined;
    if (typeof saccade === 'string') left.saccade = saccade;
    const sta = { robs: averages.robs.compute(), rhat: averages.rhat.compute() };
    if (wants('sta') && !sta.robs) left.sta = 'its samples have no stim';
    return {
      ...(wants('bps') && { bps: bitsOf(robs, rhat, dfs) }),
      ...(typeof trials === 'object' && { ccnorm: { ...noiseCorrectedCorrelation(trials), trials } }),
      ...(typeof saccade === 'object' && { saccade }),
      ...(sta.robs && sta.rhat && { sta: { robs: sta.robs, rhat: sta.rhat } }),
      left,
    };
  } finally {
    averages.robs.dispose();
    averages.rhat.dispose();
    if (evaluated)
      for (const tensor of [evaluated.robs, evaluated.rhat, evaluated.dfs, ...Object.values(evaluated.beside)])
        tensor.dispose();
  }
}

interface Flat {
  readonly shape: readonly [number, number];
  readonly robs: Float64Array;
  readonly rhat: Float64Array;
  readonly dfs: Float64Array;
}

const numbers = (tensor: Tensor): Float64Array => tensor.toTypedArray() as Float64Array; // made in double precision

function bitsOf(robs: Tensor, rhat: Tensor, dfs: Tensor): number[] {
  const bits = poissonBitsPerSpike({ robs, rhat, dfs });
  const perUnit = bits.toArray() as number[];
  bits.dispose();
  return perUnit;
}

/** The responses by trial and bin, or why there are none. */
function trialsOf({ beside }: Evaluated, { shape: [, numUnits], robs, rhat, dfs }: Flat): RepeatedTrials | string {
  const { trial_inds: trialInds, psth_inds: bins } = beside;
  if (!trialInds || !bins)
    return `its samples have no ${trialInds ? 'psth_inds' : 'trial_inds and psth_inds'}; list them in keys_lags`;
  const [trialOf, binOf] = [numbers(trialInds), numbers(bins)];
  const places = new Map([...new Set(trialOf)].map((trial, place) => [trial, place]));
  const numBins = binOf.reduce((most, bin) => Math.max(most, bin), 0) + 1;
  const size = places.size * numBins * numUnits;
  const trials = { robs: new Float64Array(size).fill(Number.NaN), rhat: new Float64Array(size).fill(Number.NaN) };
  for (const [row, bin] of binOf.entries()) {
    if (bin < 0) continue; // in no bin of a trial
    const start = (places.get(trialOf[row]!)! * numBins + bin) * numUnits;
    for (let unit = 0; unit < numUnits; unit++) {
      const at = row * numUnits + unit;
      if (dfs[at]! <= 0.5) continue;
      trials.robs[start + unit] = robs[at]!;
      trials.rhat[start + unit] = rhat[at]!;
    }
  }
  return { shape: [places.size, numBins, numUnits], ...trials };
}

/** Means around saccades, or why there are none. Stretches of consecutive frames are looked at one by one. */
function saccadesOf(
  { beside: { eyepos }, frames }: Evaluated,
  responses: Flat,
  samplingRate: number,
): EvaluationStack['saccade'] | string {
  if (!eyepos) return 'its samples have no eyepos; list it in keys_lags';
  if (eyepos.ndim !== 2 || eyepos.shape[1] !== 2)
    return `its eyepos is of shape [${eyepos.shape.join(', ')}], not [T, 2]`;
  const places = numbers(eyepos);
  const events: number[] = [];
  for (const [start, end] of stretches(frames)) {
    const axis = (offset: number): number[] =>
      Array.from({ length: end - start }, (_, i) => places[2 * (start + i) + offset]!);
    const found = detectSaccades({ x: axis(0), y: axis(1), samplingRate });
    const spaced = spacedEvents(found, 0.1 * samplingRate, 0.5 * samplingRate);
    const fitting = spaced.filter((at) => at + WINDOW[0] >= 0 && at + WINDOW[1] <= end - start);
    events.push(...fitting.map((at) => start + at));
  }
  if (events.length === 0) return 'no saccade has 0.1 to 0.5 s to its neighbours and 100 bins behind it';
  return { ...eventTriggeredAverage(responses, events, WINDOW), window: WINDOW };
}

/** From and up to: rows whose frames follow one another. */
function stretches(frames: Int32Array): [number, number][] {
  const found: [number, number][] = [];
  let start = 0;
  for (let row = 1; row <= frames.length; row++) {
    if (row < frames.length && frames[row] === frames[row - 1]! + 1) continue;
    found.push([start, row]);
    start = row;
  }
  return found;
}
