// `AveragedModel`: a copy of a model whose weights are an average over the training, and `updateBn` for its batch statistics.

import { BatchNorm } from '../nn/layers/batch-norm.ts';
import { Module } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import { tensor } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type AvgFn, getSwaMultiAvgFn, type MultiAvgFn, meanOneByOne } from './averaging-functions.ts';

export interface AveragedModelOptions {
  /** Where the copy lives. Default: where the model is. */
  readonly device?: Device;
  /** How a parameter is averaged. Default: the plain mean. */
  readonly avgFn?: AvgFn;
  /** The same for whole lists; in place of `avgFn`. */
  readonly multiAvgFn?: MultiAvgFn;
  /** Average buffers too, batch statistics for example. Default false: they are copied at each update. */
  readonly useBuffers?: boolean;
}

/** A deep copy of a model with averaged weights: stochastic weight averaging by default, an exponential moving average by `multiAvgFn: getEmaMultiAvgFn(decay)`.
 *  The first update copies the model's weights. State keys: `n_averaged`, and the model's under `module.`; the averaging functions are not in it.
 *  Batch statistics of averaged weights are not those of the model: see `updateBn`, or `useBuffers`.
 *  @throws {TypeError} for unknown options, both functions at once, or a model that cannot be copied (`Module.deepCopy`).
 *  Source: Izmailov et al. 2018, arXiv:1803.05407; torch.optim.swa_utils.AveragedModel.
 *  @example
 *  import { optim } from 'sconce';
 *  const model = new nn.Linear(1, 1, { bias: false });
 *  const average = new optim.AveragedModel(model);
 *  for (const value of [1, 2, 6]) {
 *    noGrad(() => void model.weight.fill_(value));
 *    average.updateParameters(model);
 *  }
 *  average.forward(tensor([1])); // tensor([3.], grad_fn=<SqueezeBackward4>) */
export class AveragedModel<M extends Module = Module> extends Module {
  readonly module: M;
  /** Models that are in the average. */
  declare n_averaged: Tensor;
  readonly useBuffers: boolean;
  readonly avgFn: AvgFn | undefined;
  readonly multiAvgFn: MultiAvgFn | undefined;

  constructor(model: M, options: AveragedModelOptions = {}) {
    super();
    const { device, avgFn, multiAvgFn, useBuffers = false, ...others } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      throw new TypeError(
        `Cannot make AveragedModel: expected options of { device, avgFn, multiAvgFn, useBuffers }, got "${unknown}"`,
      );
    if (!(model instanceof Module))
      throw new TypeError(
        `Cannot make AveragedModel: expected a module, got ${model === null ? 'null' : typeof model}`,
      );
    if (avgFn !== undefined && multiAvgFn !== undefined)
      throw new TypeError('Cannot make AveragedModel: expected one of avgFn and multiAvgFn, got both');
    for (const [name, value] of Object.entries({ avgFn, multiAvgFn }))
      if (value !== undefined && typeof value !== 'function')
        throw new TypeError(`Cannot make AveragedModel: expected ${name} to be a function, got ${typeof value}`);
    this.module = model.deepCopy();
    if (device !== undefined) this.module.to({ device });
    this.registerBuffer('n_averaged', tensor(0n, device === undefined ? {} : { device }));
    this.useBuffers = useBuffers;
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
  }

  forward(...inputs: Parameters<M['forward']>): ReturnType<M['forward']> {
    return this.module.forward(...inputs) as ReturnType<M['forward']>;
  }

  /** Takes the model's weights of now into the average. Waits for the device, as the count is a tensor.
   *  @throws {TypeError} for a model of other parameters or buffers. */
  updateParameters(model: Module): void {
    scope(() => noGrad(() => this.#update(model)), 'updateParameters()');
  }

  #update(model: Module): void {
    refuseCapture('AveragedModel reads how many models it has averaged; EMA and SWA do not');
    const numAveraged = this.n_averaged.item();
    const parameters = pairs(this.module.parameters(), model.parameters(), 'parameters');
    const buffers = pairs(buffersOf(this.module), buffersOf(model), 'buffers');
    const averaged = this.useBuffers ? [...parameters, ...buffers] : parameters;
    if (numAveraged === 0) copyAll(averaged);
    else this.#average(averaged, numAveraged);
    if (!this.useBuffers) copyAll(buffers);
    this.n_averaged.add_(1);
  }

  #average(all: readonly Pair[], numAveraged: number): void {
    const { avgFn, multiAvgFn } = this;
    if (avgFn) {
      for (const [mine, theirs] of all) mine.copy_(avgFn(mine, theirs, numAveraged));
      return;
    }
    for (const group of groupsOf(all)) {
      const update = multiAvgFn ?? (group[0]![0].device === 'cpu' ? meanOneByOne : getSwaMultiAvgFn());
      update(
        group.map(([mine]) => mine),
        group.map(([, theirs]) => theirs),
        numAveraged,
      );
    }
  }
}

/** The average's tensor, and the model's where the average is. */
type Pair = readonly [mine: Tensor, theirs: Tensor];

const buffersOf = (model: Module): Tensor[] => Array.from(model.namedBuffers(), ([, buffer]) => buffer);

function pairs(mine: readonly Tensor[], theirs: readonly Tensor[], what: string): Pair[] {
  const isSame =
    mine.length === theirs.length && mine.every((each, i) => String(each.shape) === String(theirs[i]!.shape));
  if (!isSame)
    throw new TypeError(
      `Cannot average weights: expected ${what} as the averaged model has them, ${shapes(mine)}, got ${shapes(theirs)}`,
    );
  return mine.map((each, i) => [each.detach(), theirs[i]!.detach().to(each.device)]);
}

const shapes = (tensors: readonly Tensor[]): string =>
  tensors.length > 8
    ? `${tensors.length} of them`
    : `[${tensors.map(({ shape }) => `[${shape.join(', ')}]`).join(', ')}]`;

function copyAll(all: readonly Pair[]): void {
  for (const [mine, theirs] of all) mine.copy_(theirs);
}

/** By device and dtype. */
function groupsOf(all: readonly Pair[]): Pair[][] {
  const groups = new Map<string, Pair[]>();
  for (const pair of all) {
    const key = `${pair[0].device} ${pair[0].dtype}`;
    const group = groups.get(key);
    if (group) group.push(pair);
    else groups.set(key, [pair]);
  }
  return [...groups.values()];
}

export interface UpdateBnOptions<B> {
  /** Where batches are moved to. Default: they stay. */
  readonly device?: Device;
  /** What the model gets of a batch. Default: the batch, or its first element where it is an array. */
  readonly input?: (batch: B) => Tensor;
}

/** Computes the batch statistics of a model anew, as plain means over a pass through the data: for averaged weights, whose own statistics nobody has seen.
 *  The model is in training mode meanwhile, and without gradients; its mode and momenta come back whatever happens. Nothing is done without batch norm layers.
 *  @throws {TypeError} for a batch that has no tensor for the model; say by `input` where it is.  Source: torch.optim.swa_utils.update_bn. */
export async function updateBn<B>(
  loader: Iterable<B> | AsyncIterable<B>,
  model: Module,
  options: UpdateBnOptions<B> = {},
): Promise<void> {
  const { device, input = firstOf, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(`Cannot update batch statistics: expected options of { device, input }, got "${unknown}"`);
  const layers = [...model.modules()].filter((module) => module instanceof BatchNorm);
  if (layers.length === 0) return;
  const modes = Array.from(model.modules(), (module) => [module, module.training] as const);
  const momenta = layers.map(({ momentum }) => momentum);
  noGrad(() => {
    for (const { running_mean, running_var, num_batches_tracked } of layers) {
      running_mean?.zero_();
      running_var?.fill_(1);
      num_batches_tracked?.zero_();
    }
  });
  try {
    model.train();
    for (const layer of layers) Object.assign(layer, { momentum: 'cumulative' });
    for await (const batch of loader) scope(() => noGrad(() => void forward(model, input(batch), device)));
  } finally {
    for (const [i, layer] of layers.entries()) Object.assign(layer, { momentum: momenta[i] });
    for (const [module, mode] of modes) module.training = mode;
  }
}

function forward(model: Module, given: Tensor, device: Device | undefined): void {
  if (!(given instanceof Tensor))
    throw new TypeError(
      `Cannot update batch statistics: expected a tensor for the model, got ${given === null ? 'null' : typeof given}; say by \`input\` where it is in a batch`,
    );
  const moved = device === undefined ? given : given.to(device);
  (model.forward as (input: Tensor) => unknown).call(model, moved);
}

const firstOf = (batch: unknown): Tensor => (Array.isArray(batch) ? batch[0] : batch) as Tensor;
