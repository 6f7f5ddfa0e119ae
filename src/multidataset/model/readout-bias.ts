// Biases of readouts out of mean rates, so that a model begins with what each unit does on average.

import { ConfigError } from '../../errors.ts';
import { show } from '../../metrics/options.ts';
import { Identity, type Parameter } from '../../nn/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { Tensor, tensor } from '../../tensor/index.ts';
import { where } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { LaggedDataset } from '../data/lagged-dataset.ts';
import { MultiDatasetModel } from './multi-dataset-model.ts';

/** Samples with `robs`, and `dfs` where not all are valid. A view of others has them as `base`. */
export interface RatedDataset {
  readonly length: number;
  readonly base?: unknown;
  readonly getBatch?: ((indices: Int32Array, context: never) => unknown) | undefined;
}

/** Samples that are looked at together, where they are not looked up at once. */
const CHUNK = 1024;

/** The mean count of each unit over the samples of a data set, each sample by its mask: sum(robs * dfs) / max(sum(dfs), 1), [N], in double precision.
 *  @throws {ConfigError} for a data set without `robs`. */
export async function meanRates(dataset: RatedDataset): Promise<Tensor> {
  const { base } = dataset;
  if (base instanceof LaggedDataset) return ratesOf(ofFrames(base));
  if (!dataset.getBatch)
    throw new ConfigError('compute mean rates', [
      'data set: expected one that gathers batches (getBatch), got one without',
    ]);
  let sums: [Tensor, Tensor] | undefined;
  for (let start = 0; start < dataset.length; start += CHUNK) {
    const indices = Int32Array.from({ length: Math.min(CHUNK, dataset.length - start) }, (_, i) => start + i);
    const context = { seed: 0, epoch: 0, position: 0, indices };
    const batch = (await dataset.getBatch(indices, context as never)) as Readonly<Record<string, Tensor | undefined>>;
    const next = weightedSums(batch.robs, batch.dfs);
    sums = sums ? [sums[0].add(next[0]), sums[1].add(next[1])] : next;
  }
  return ratesOf(sums);
}

function ofFrames({ tensors, keysLags, frames }: LaggedDataset): [Tensor, Tensor] {
  const rows = (key: string): Tensor | undefined => {
    const lag = keysLags[key];
    const whole = tensors[key];
    if (whole === undefined || lag === undefined) return undefined;
    const first = typeof lag === 'number' ? lag : lag[0]!;
    return whole.indexSelect(0, tensor(frames.map((frame) => frame - first)));
  };
  return weightedSums(rows('robs'), rows('dfs'));
}

/** [N] and [N] */
function weightedSums(robs: Tensor | undefined, dfs: Tensor | undefined): [Tensor, Tensor] {
  if (!(robs instanceof Tensor))
    throw new ConfigError('compute mean rates', ['data set: expected samples with robs, got none']);
  return noGrad(() =>
    scope((): [Tensor, Tensor] => {
      const counts = robs.to('float64');
      const mask = (dfs ?? counts.mul(0).add(1)).to('float64').expandAs(counts);
      return [counts.mul(mask).sum({ dim: 0 }), mask.sum({ dim: 0 })];
    }),
  );
}

function ratesOf(sums: [Tensor, Tensor] | undefined): Tensor {
  if (!sums) throw new ConfigError('compute mean rates', ['data set: expected samples, got none']);
  return noGrad(() => sums[0].div(sums[1].clamp({ min: 1 })));
}

/** The bias at which a unit's output is its rate: log(max(rate, 1e-8)) where the output is a logarithm; else, of softplus, rate where that is above 20, and log(exp(max(rate, 1e-6)) - 1) below. */
export function biasOfRates(rates: Tensor, isLogarithm: boolean): Tensor {
  return noGrad(() => {
    if (isLogarithm) return rates.clamp({ min: 1e-8 }).log();
    const floor = rates.clamp({ min: 1e-6 });
    return where(floor.gt(20), floor, floor.clamp({ max: 20 }).expm1().log());
  });
}

/** Sets the biases of a model's readouts at the start of a training, and not of one that goes on: see `biasOfRates`. Readouts without a bias stay as they are.
 *  Source: VisionCore, on_fit_start. */
export class ReadoutBias implements Callback {
  readonly name = 'ReadoutBias';
  readonly #model: MultiDatasetModel;
  readonly #datasets: () => Readonly<Record<string, RatedDataset>>;

  /** @param datasets - gives what is trained on, by the name of the data set; asked when the training begins.
   *  @throws {ConfigError} for other arguments. */
  constructor(model: MultiDatasetModel, datasets: () => Readonly<Record<string, RatedDataset>>) {
    const problems = [
      ...(model instanceof MultiDatasetModel ? [] : [`model: expected a MultiDatasetModel, got ${show(model)}`]),
      ...(typeof datasets === 'function'
        ? []
        : [`datasets: expected a function that gives data sets by their names, got ${show(datasets)}`]),
    ];
    if (problems.length > 0) throw new ConfigError('make a ReadoutBias', problems);
    this.#model = model;
    this.#datasets = datasets;
  }

  async fitStart({ clocks }: LoopContext): Promise<void> {
    if (clocks.microStep > 0) return;
    const { names, model } = this.#model;
    const datasets = this.#datasets();
    for (const [i, name] of names.entries()) {
      const dataset = datasets[name];
      const { bias } = model.readouts.at(i) as unknown as { readonly bias?: Parameter };
      if (!dataset || !(bias instanceof Tensor)) continue;
      const rates = await meanRates(dataset);
      const start = biasOfRates(rates, model.activation instanceof Identity);
      noGrad(() => bias.copy_(start.to({ dtype: bias.dtype, device: bias.device })));
    }
  }
}
