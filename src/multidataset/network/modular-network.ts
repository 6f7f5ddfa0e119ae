// `ModularNetwork`: parts that all data sets share between an adapter and a readout of each.

import { ConfigError, ShapeError } from '../../errors.ts';
import { relu, softplus } from '../../nn/functional/index.ts';
import {
  Identity,
  Module,
  ModuleList,
  Parameter,
  ParameterList,
  type StateDict,
  type UnaryModule,
} from '../../nn/index.ts';
import { full, ones } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { assemblyProblems } from './assembly-problems.ts';
import type { Modulator, Readout } from './parts.ts';

// B batch, C channels, T moments, H rows, W columns, D values of behaviour, U units of a data set.

/** What is added to each unit's output: f(b_u), b trained. */
export interface BaselineOptions {
  readonly activation: 'relu' | 'softplus';
  /** Of every b. Default 0.001. */
  readonly initValue?: number;
}

/** What a network is assembled of. Lists have one entry for each data set, in the order of `names`. */
export interface ModularNetworkParts {
  readonly names: readonly string[];
  readonly adapters: readonly UnaryModule[];
  readonly frontend: UnaryModule;
  readonly convnet: UnaryModule;
  readonly modulator?: Modulator | undefined;
  readonly recurrent: UnaryModule;
  readonly readouts: readonly Readout[];
  /** Default: none, `Identity`. */
  readonly activation?: UnaryModule | undefined;
  readonly baseline?: BaselineOptions | undefined;
  /** From the spikes before, [B, lags · U], to what is added to the readout, [B, U]. */
  readonly spikeHistory?: readonly UnaryModule[] | undefined;
  /** Channels of the stimulus. Default 1. */
  readonly inputChannels?: number;
  /** Rows and columns that every stimulus has to have, where given. Default: any. */
  readonly stimSize?: readonly [height: number | undefined, width: number | undefined];
}

/** What comes into a network. */
export interface NetworkInput {
  /** Shape: [B, C, T, H, W]; absent where only behaviour matters. */
  readonly stim?: Tensor | undefined;
  /** Which data set it is of. Default 0. */
  readonly datasetIdx?: number | undefined;
  /** Shape: [B, D]. */
  readonly behavior?: Tensor | undefined;
  /** What the units did before. Shape: [B, lags, U] or [B, lags · U]. */
  readonly history?: Tensor | undefined;
}

const CANNOT = 'Cannot apply ModularNetwork';

/** One core for many data sets:
 *  stimulus -> adapter of its data set -> frontend -> convnet -> modulator (with behaviour) -> recurrent -> readout of its data set (+ spike history) -> activation (+ baseline).
 *  `buildModel` makes one of a configuration; this constructor takes any modules.
 *  Shape: stim [B, C, T, H, W] -> [B, U]. Pictures need not be square, and each data set may have its own size.
 *  A network without adapter, frontend and convnet needs no stimulus: the modulator gets ones of one pixel.
 *  State: `activation`, `adapters.{i}`, `frontend`, `convnet`, `modulator`, `recurrent`, `readouts.{i}`, `baselines.{i}`, `spike_history.{i}`, as VisionCore's files; with one
 *  data set it takes the names `adapter`, `readout` and `baseline` of files of one data set, too.
 *  Source: VisionCore's ModularV1Model, MultiDatasetV1Model and MultiDatasetV1ModelSpikeHistory.
 *  @example
 *  import { nn, randn } from 'sconce';
 *  import { DynamicGaussianReadout, ModularNetwork } from 'sconce/multidataset';
 *  const network = new ModularNetwork({
 *    names: ['Monday', 'Tuesday'],
 *    adapters: [new nn.Identity(), new nn.Identity()],
 *    frontend: new nn.Identity(),
 *    convnet: new nn.Conv3d(1, 4, 3, { padding: 1 }),
 *    recurrent: new nn.Identity(),
 *    readouts: [new DynamicGaussianReadout(4, 7), new DynamicGaussianReadout(4, 5)],
 *    activation: new nn.Softplus(),
 *  });
 *  network.forward({ stim: randn([2, 1, 3, 9, 6]), datasetIdx: 1 }).shape; // [2, 5] */
export class ModularNetwork extends Module {
  readonly names: readonly string[];
  readonly inputChannels: number;
  readonly stimSize: readonly [height: number | undefined, width: number | undefined];
  readonly activation: UnaryModule;
  readonly adapters: ModuleList<UnaryModule>;
  readonly frontend: UnaryModule;
  readonly convnet: UnaryModule;
  readonly modulator: Modulator | undefined;
  readonly recurrent: UnaryModule;
  readonly readouts: ModuleList<Readout>;
  readonly baselines: ParameterList | undefined;
  readonly baselineActivation: BaselineOptions['activation'] | undefined;
  readonly spike_history: ModuleList<UnaryModule> | undefined;

  /** @throws {ConfigError} that lists every part that is missing or of another number of data sets. */
  constructor(parts: ModularNetworkParts) {
    super();
    const problems = assemblyProblems(parts);
    if (problems.length > 0) throw new ConfigError('make ModularNetwork', problems);
    const { baseline, spikeHistory } = parts;
    this.names = [...parts.names];
    this.inputChannels = parts.inputChannels ?? 1;
    this.stimSize = parts.stimSize ?? [undefined, undefined];
    this.activation = parts.activation ?? new Identity();
    this.adapters = new ModuleList(parts.adapters);
    this.frontend = parts.frontend;
    this.convnet = parts.convnet;
    this.modulator = parts.modulator;
    this.recurrent = parts.recurrent;
    this.readouts = new ModuleList(parts.readouts);
    this.baselineActivation = baseline?.activation;
    this.baselines = baseline && new ParameterList(parts.readouts.map(({ nUnits }) => firstBaseline(nUnits, baseline)));
    this.spike_history = spikeHistory && new ModuleList(spikeHistory);
    if (this.names.length === 1) this.registerLoadStateDictPreHook(takeNamesOfOne);
  }

  /** @returns what is predicted of each unit. Shape: [B, U].
   *  @throws {RangeError} for a data set that is not there.  @throws {TypeError} where the stimulus, the behaviour or the history is needed and missing. */
  forward(input: NetworkInput): Tensor {
    const { stim, datasetIdx = 0, behavior, history } = input;
    checkInput(this, datasetIdx, stim);
    const adapted = stim && this.adapters.at(datasetIdx).forward(stim);
    return this.readoutForward(this.coreForward(adapted, behavior), datasetIdx, history);
  }

  /** The shared part. @param adapted - what the data set's adapter made of the stimulus. @returns features. Shape: [B, C, T, H, W]. */
  coreForward(adapted: Tensor | undefined, behavior?: Tensor | undefined): Tensor {
    const features = this.convnet.forward(this.frontend.forward(adapted ?? nothingSeen(this.inputChannels, behavior)));
    return this.recurrent.forward(modulated(this.modulator, features, behavior));
  }

  /** The part of one data set. @param features - what the core made. @param history - what the units did before. */
  readoutForward(features: Tensor, datasetIdx = 0, history?: Tensor | undefined): Tensor {
    const drive = this.readouts.at(datasetIdx).forward(features, history); // [B, U]
    const output = this.activation.forward(
      this.spike_history ? drive.add(this.spike_history.at(datasetIdx).forward(flatHistory(history))) : drive,
    );
    if (!this.baselines) return output;
    const baseline = this.baselines.at(datasetIdx);
    return output.add(this.baselineActivation === 'relu' ? relu(baseline) : softplus(baseline));
  }

  /** Whether no part of the network sees: stimuli are not needed. */
  get isModulatorOnly(): boolean {
    return (
      this.modulator !== undefined &&
      [...this.adapters, this.frontend, this.convnet].every((part) => part instanceof Identity)
    );
  }
}

/** @throws {RangeError | TypeError} for a data set that is not there, and for a stimulus that is missing. */
function checkInput(network: ModularNetwork, datasetIdx: number, stim: Tensor | undefined): void {
  const count = network.names.length;
  if (!Number.isSafeInteger(datasetIdx) || datasetIdx < 0 || datasetIdx >= count)
    throw new RangeError(`${CANNOT}: expected datasetIdx of 0 to ${count - 1}, got ${String(datasetIdx)}`);
  if (stim === undefined) {
    if (network.isModulatorOnly) return;
    throw new TypeError(`${CANNOT}: expected stim [B, C, T, H, W], got none`);
  }
  if (!(stim instanceof Tensor))
    throw new TypeError(`${CANNOT}: expected stim [B, C, T, H, W], got ${describeValue(stim)}`);
  const { shape } = stim;
  const wanted = ['B', network.inputChannels, 'T', network.stimSize[0] ?? 'H', network.stimSize[1] ?? 'W'];
  const isFit = shape.length === 5 && wanted.every((size, dim) => typeof size === 'string' || size === shape[dim]);
  if (!isFit) throw new ShapeError(`${CANNOT}: expected stim [${wanted.join(', ')}], got [${shape.join(', ')}]`);
}

/** Features for a modulator that has nothing to modulate. */
function nothingSeen(channels: number, behavior: Tensor | undefined): Tensor {
  if (!behavior) throw new TypeError(`${CANNOT}: expected behavior in place of stim, got neither`);
  const { shape, dtype, device } = behavior;
  return ones([shape[0] ?? 0, channels, 1, 1, 1], { dtype, device });
}

function modulated(modulator: Modulator | undefined, features: Tensor, behavior: Tensor | undefined): Tensor {
  if (!modulator) return features;
  if (behavior) return modulator.forward(features, behavior);
  // One that keeps the channels can be left out, as VisionCore does; behind another one nothing would fit.
  if (modulator.outChannels === features.shape[1]) return features;
  throw new TypeError(`${CANNOT}: expected behavior [B, D], which its ${modulator.constructor.name} needs, got none`);
}

function flatHistory(history: Tensor | undefined): Tensor {
  if (!history)
    throw new TypeError(
      `${CANNOT}: expected history [B, lags, U], got none; a history without spikes is a tensor of zeros`,
    );
  const { shape } = history;
  if (shape.length !== 2 && shape.length !== 3)
    throw new ShapeError(`${CANNOT}: expected history [B, lags, U] or [B, lags U], got [${shape.join(', ')}]`);
  return history.flatten({ startDim: 1 }); // [B, lags U]
}

const firstBaseline = (nUnits: number, { initValue = 0.001 }: BaselineOptions): Parameter =>
  new Parameter(full([nUnits], initValue));

/** Names of a file of one data set as a network of many has them. */
function takeNamesOfOne(_network: ModularNetwork, state: StateDict, { prefix }: { readonly prefix: string }): void {
  for (const [key, value] of Object.entries(state)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length).replace(/^(adapter|readout)(?=\.)|^(baseline)$/, '$1$2s.0');
    if (key === prefix + name) continue;
    state[prefix + name] = value;
    delete state[key];
  }
}
