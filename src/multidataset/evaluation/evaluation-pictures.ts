// Pictures of an evaluation of one data set.

import type { Tensor } from '../../tensor/tensor.ts';
import type { LoggedImage } from '../../tracking/data-records.ts';
import { type Figure, figure } from '../../tracking/plots/figure.ts';
import type { EvaluationStack } from './evaluation-stack.ts';
import type { Picture } from './kernel-pictures.ts';
import { binMeans } from './noise-corrected-correlation.ts';
import { signedTiles } from './signed-tiles.ts';
import type { SpikeTriggered } from './spike-triggered-average.ts';

export interface EvaluationPictureOptions {
  /** The data set's. */
  readonly name: string;
  /** What was seen, for the key of saccades: 'backimage'. */
  readonly stimulus: string;
}

/** A picture of more units than that is of the first ones, and says so. */
const MAX_UNITS = 64;

/** The pictures of what was evaluated, by key: `bps`, `ccnorm`, `saccade_{stimulus}`, `sta_full`, `sta_peak`. Counts beside predictions in each but the first. */
export function evaluationPictures(
  stack: EvaluationStack,
  { name, stimulus }: EvaluationPictureOptions,
): Record<string, Picture> {
  const { bps, ccnorm, saccade, sta } = stack;
  return {
    ...(bps && { bps: bitsFigure(bps, name) }),
    ...(ccnorm && { ccnorm: repeatsFigure(ccnorm, name) }),
    ...(saccade && { [`saccade_${stimulus}`]: saccadeFigure(saccade, `${stimulus}, ${name}`) }),
    ...(sta && { sta_full: fullAverages(sta), sta_peak: peakAverages(sta) }),
  };
}

/** Bits of each unit; those far below 0 at -0.1. */
function bitsFigure(bps: readonly number[], name: string): Figure {
  const series = [
    {
      label: 'bits per spike',
      x: bps.map((_, unit) => unit),
      y: bps.map((bits) => Math.max(bits, -0.1)),
      kind: 'exact' as const,
    },
  ];
  return figure({
    title: `Bits per spike, ${name}`,
    panelWidth: 880,
    panels: [{ kind: 'lines', xLabel: 'unit', yLabel: 'bits per spike', series }],
  });
}

/** Lines of counts and predictions, a panel a unit. */
function unitPanels(
  title: string,
  units: readonly number[],
  of: (unit: number) => { x: number[]; robs: number[]; rhat: number[]; title: string },
  xLabel: string,
): Figure {
  const shown = units.slice(0, MAX_UNITS);
  const subtitle =
    shown.length < units.length ? { subtitle: `the first ${shown.length} of ${units.length} units` } : {};
  const panels = shown.map((unit) => {
    const { x, robs, rhat, title: panelTitle } = of(unit);
    const series = [
      { label: 'counted', x, y: robs },
      { label: 'predicted', x, y: rhat },
    ];
    return { kind: 'lines' as const, title: panelTitle, xLabel, yLabel: 'spikes a bin', smooth: 0, series };
  });
  return figure({
    title,
    ...subtitle,
    columns: Math.min(8, Math.ceil(Math.sqrt(shown.length))),
    panelWidth: 240,
    panelHeight: 200,
    panels,
  });
}

function repeatsFigure({ trials, ccnorm }: NonNullable<EvaluationStack['ccnorm']>, name: string): Figure {
  const [numTrials, numBins, numUnits] = trials.shape;
  const all = Array.from({ length: numTrials }, (_, trial) => trial);
  const x = Array.from({ length: numBins }, (_, bin) => bin);
  const means = (of: Float64Array, unit: number): number[] => Array.from(binMeans(trials, of, unit, all, 1));
  const units = Array.from({ length: numUnits }, (_, unit) => unit);
  return unitPanels(
    `Means over repeats, ${name}`,
    units,
    (unit) => ({
      ...{ x, robs: means(trials.robs, unit), rhat: means(trials.rhat, unit) },
      title: `${unit}: ccnorm ${Number.isNaN(ccnorm[unit]) ? 'unknown' : ccnorm[unit]!.toFixed(2)}`,
    }),
    'bin',
  );
}

function saccadeFigure({ robs, rhat, window, count }: NonNullable<EvaluationStack['saccade']>, name: string): Figure {
  const x = robs.map((_, i) => window[0] + i);
  const units = (robs[0] ?? []).map((_, unit) => unit);
  const column = (of: readonly number[][], unit: number): number[] => of.map((row) => row[unit]!);
  return unitPanels(
    `Around ${count} saccades, ${name}`,
    units,
    (unit) => ({
      ...{ x, robs: column(robs, unit), rhat: column(rhat, unit) },
      title: `unit ${unit}`,
    }),
    'bins behind the saccade',
  );
}

interface Averages {
  readonly robs: SpikeTriggered;
  readonly rhat: SpikeTriggered;
}

const numbers = (tensor: Tensor): Float32Array => tensor.toTypedArray() as Float32Array;

/** A row of lags from counts, below it one from rates, for each unit. */
function fullAverages({ robs, rhat }: Averages): LoggedImage {
  const [units, lags, height, width] = robs.average.shape as [number, number, number, number];
  const [counted, predicted] = [scored(robs), scored(rhat)];
  const size = lags * height * width;
  const shown = Math.min(units, MAX_UNITS);
  const values = new Float32Array(2 * shown * size);
  for (let unit = 0; unit < shown; unit++) {
    values.set(counted.subarray(unit * size, (unit + 1) * size), 2 * unit * size);
    values.set(predicted.subarray(unit * size, (unit + 1) * size), (2 * unit + 1) * size);
  }
  const caption = `${shown} of ${units} units: ${lags} lags of counts, and below of predicted rates`;
  return signedTiles({ shape: [2 * shown * lags, height, width], values }, { columns: lags, scale: 'each', caption });
}

/** Counts beside rates at the lag of the counts' peak. */
function peakAverages({ robs, rhat }: Averages): LoggedImage {
  const [units, lags, height, width] = robs.average.shape as [number, number, number, number];
  const [counted, predicted] = [scored(robs), scored(rhat)];
  const size = height * width;
  const values = new Float32Array(2 * units * size);
  for (let unit = 0; unit < units; unit++) {
    const at = (unit * lags + robs.peakLag[unit]!) * size;
    values.set(counted.subarray(at, at + size), 2 * unit * size);
    values.set(predicted.subarray(at, at + size), (2 * unit + 1) * size);
  }
  const columns = 2 * Math.max(1, Math.floor(Math.sqrt(units)));
  const caption = `${units} units at the lag of their peak: counts, and beside them predicted rates`;
  return signedTiles({ shape: [2 * units, height, width], values }, { columns, scale: 'each', caption });
}

/** Each lag of each unit less its mean, so that a tile's colours are of its form. */
function scored({ average }: SpikeTriggered): Float32Array {
  const [, , height = 1, width = 1] = average.shape;
  const values = numbers(average).slice();
  const size = height * width;
  for (let start = 0; start < values.length; start += size) {
    const tile = values.subarray(start, start + size);
    const mean = tile.reduce((sum, value) => sum + value, 0) / size;
    for (const [i, value] of tile.entries()) tile[i] = value - mean;
  }
  return values;
}
