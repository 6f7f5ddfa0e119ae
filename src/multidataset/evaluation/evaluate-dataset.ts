// Plays a data set through a network once, in order, and keeps what it predicts beside what was counted.

import { setImmediate as breathe } from 'node:timers/promises';
import type { Dataset } from '../../data/index.ts';
import { Identity, type Module } from '../../nn/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { ones } from '../../tensor/create.ts';
import type { DType } from '../../tensor/dtype.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { spreadMask } from '../objectives/masked-loss.ts';

/** What is asked of a network: `ModularNetwork` is one. */
export interface RatesNetwork extends Module {
  readonly names: readonly string[];
  /** `Identity`: what comes out is the logarithm of a rate. */
  readonly activation: Module;
  /** True: it takes no stimulus. */
  readonly isModulatorOnly?: boolean;
  forward(input: { stim?: Tensor; datasetIdx?: number; behavior?: Tensor; history?: Tensor }): Tensor;
}

type Sample = { readonly [key: string]: Tensor | undefined };

export interface EvaluateOptions {
  readonly datasetIdx: number;
  /** Default 64. */
  readonly batchSize?: number;
  /** Sees each batch, while its tensors live. */
  readonly onBatch?: (batch: { stim: Tensor | undefined; robs: Tensor; rhat: Tensor; dfs: Tensor }) => void;
}

/** All samples, in the order of the data set. Tensors are on the CPU, and the caller's. */
export interface Evaluated {
  /** Counts, predicted rates, and 1 where they count, [T, N]. */
  readonly robs: Tensor;
  readonly rhat: Tensor;
  readonly dfs: Tensor;
  /** The frame of each sample in its recording. */
  readonly frames: Int32Array;
  /** Other values of the samples, as the place of the eye: [T, …]. */
  readonly beside: Readonly<Record<string, Tensor>>;
}

/** What samples may have beside, that evaluations look at. */
const BESIDE = ['eyepos', 'trial_inds', 'psth_inds'] as const;

/** Predicts the rates of a data set, in evaluation mode and without gradients; the mode of every module is as before afterwards.
 *  Rates of a network of logarithms are exp(x), x at least -20; of others at least 1e-8.
 *  @throws {RangeError} for a data set without samples. */
export async function evaluateDataset(
  network: RatesNetwork,
  dataset: Dataset<Sample>,
  { datasetIdx, batchSize = 64, onBatch }: EvaluateOptions,
): Promise<Evaluated> {
  if (dataset.length === 0) throw new RangeError('Cannot evaluate a data set: expected samples, got none');
  const mode = network.evalMode();
  const parts: Record<string, Tensor>[] = [];
  try {
    for (let start = 0; start < dataset.length; start += batchSize) {
      const length = Math.min(batchSize, dataset.length - start);
      const batch = await gather(
        dataset,
        Int32Array.from({ length }, (_, i) => start + i),
      );
      parts.push(noGrad(() => scope(() => predict(network, batch, datasetIdx, onBatch))));
      for (const tensor of Object.values(batch)) tensor?.dispose();
      await breathe();
    }
    const names = Object.keys(parts[0]!);
    const whole = Object.fromEntries(names.map((name) => [name, cat(parts.map((part) => part[name]!)).keep()]));
    const { robs, rhat, dfs, ...beside } = whole;
    return { robs: robs!, rhat: rhat!, dfs: dfs!, frames: framesOf(dataset), beside };
  } finally {
    mode.restore();
    for (const part of parts) for (const tensor of Object.values(part)) tensor.dispose();
  }
}

async function gather(dataset: Dataset<Sample>, indices: Int32Array): Promise<Sample> {
  if (!dataset.getBatch)
    throw new TypeError(`Cannot evaluate a data set: expected one with getBatch, got ${dataset.constructor.name}`);
  return (await dataset.getBatch(indices, { seed: 0, epoch: 0, position: 0, indices })) as Sample;
}

function predict(
  network: RatesNetwork,
  batch: Sample,
  datasetIdx: number,
  onBatch: EvaluateOptions['onBatch'],
): Record<string, Tensor> {
  const { device, dtype } = network.parameters()[0] ?? { device: 'cpu', dtype: 'float32' };
  const there = (key: string, as: DType = dtype): Record<string, Tensor> =>
    batch[key] ? { [key]: batch[key].to({ device, dtype: as }) } : {};
  const { stim, robs, dfs } = { ...there('stim'), ...there('robs', 'float32'), ...there('dfs', 'float32') };
  const seen = stim && !network.isModulatorOnly ? { stim } : {};
  const output = network.forward({ ...seen, datasetIdx, ...there('behavior'), ...there('history') });
  const isLog = network.activation instanceof Identity;
  const rhat = isLog ? output.to('float32').clamp({ min: -20 }).exp() : output.to('float32').clamp({ min: 1e-8 }); // [B, N]
  const mask = dfs ? spreadMask(dfs, robs!) : ones(robs!.shape, { device });
  onBatch?.({ stim, robs: robs!, rhat, dfs: mask });
  const kept: Record<string, Tensor> = { robs: robs!, rhat, dfs: mask };
  for (const key of BESIDE) if (batch[key]) kept[key] = batch[key];
  return Object.fromEntries(
    Object.entries(kept).map(([key, value]) => [key, value.to({ device: 'cpu', dtype: 'float64', copy: true }).keep()]),
  );
}

/** A data set of lags knows its frames, also behind a view; in another one samples follow one another. */
function framesOf(dataset: Dataset<Sample>): Int32Array {
  const { frames, base } = dataset as { frames?: unknown; base?: unknown };
  if (frames instanceof Int32Array) return frames;
  if (typeof base === 'object' && base !== null) return framesOf(base as Dataset<Sample>);
  return Int32Array.from({ length: dataset.length }, (_, i) => i);
}
