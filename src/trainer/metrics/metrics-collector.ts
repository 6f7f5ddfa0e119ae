// `MetricsCollector`: sums that nobody waits for, read at log points only; means per loader and over all of them.

import { noGrad } from '../../tensor/autograd.ts';
import { full } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { record, storedNumber } from '../checkpoint/format.ts';
import { PackedSums } from '../ranks/packed-sums.ts';
import type { RankTimes } from '../ranks/rank-times.ts';
import type { Ranks } from '../ranks/ranks.ts';
import { type Aggregation, aggregate, type LoaderMean } from './aggregation.ts';
import { WeightedValue } from './weighted-value.ts';

/** Weighted sums of one value of one loader. Reading them changes nothing, so that when a run was logged or saved does not show in its results. */
interface Sum {
  /** Of tensors on a device that works beside the host, since `deviceStart` was read from a checkpoint. Kept beyond scopes. */
  onDevice: Tensor | undefined;
  deviceStart: number;
  /** Of numbers, and of tensors in the host's own memory: they are there already. */
  onHost: number;
  weight: number;
  /** What weights on a device add to that, as `onDevice` and `deviceStart`. */
  weightOnDevice: Tensor | undefined;
  weightStart: number;
  /** Sum and weight at the last log point. */
  loggedSum: number;
  loggedWeight: number;
}

interface StoredSum {
  readonly device: number;
  readonly host: number;
  readonly weight: number;
  /** Where some weights came from a device. */
  readonly deviceWeight?: number;
  readonly loggedSum: number;
  readonly loggedWeight: number;
}

/** What a checkpoint keeps of unfinished means: by loader, by name. */
export type MetricsState = Record<string, Record<string, StoredSum>>;

interface ValueOfLoader {
  readonly loaderName: string;
  readonly name: string;
}

const newSum = (): Sum => ({
  onDevice: undefined,
  deviceStart: 0,
  onHost: 0,
  weight: 0,
  weightOnDevice: undefined,
  weightStart: 0,
  loggedSum: 0,
  loggedWeight: 0,
});

/** Values in objects in objects: what is deeper is an object that has itself inside. */
const DEEPEST = 16;

/** Weighted means of named values of one phase. Values are tensors of one element or numbers, and such in plain objects: `{ recalls: { top1 } }` is `train/recalls.top1`; those of `weighted` have weights of their own. A text, as the name of a
 *  phase, is no mean: the newest is kept. Whatever else is among them, as whole outputs, is left out. `add` never waits for the device. */
export class MetricsCollector {
  readonly phase: 'train' | 'val' | 'test';
  readonly #sums = new Map<string, Map<string, Sum>>();
  readonly #texts = new Map<string, string>();
  readonly #isBesideHost: (device: Device) => boolean;
  readonly #aggregation: Aggregation;
  readonly #packed: PackedSums | undefined;
  readonly #times: RankTimes | undefined;

  /** @param options.over - the ranks whose sums are added whenever means are read: all of them read at the same places. Default: none but this one.
   *  @param options.over.times - goes in the same message as `meansSinceLast`.
   *  @param options.aggregation - default 'micro_avg_weighted_by_samples'.
   *  @param options.isBesideHost - whether reading a tensor of a device would wait for it. Default: of all but the CPU. */
  constructor(
    phase: 'train' | 'val' | 'test',
    options: {
      aggregation?: Aggregation;
      isBesideHost?: (device: Device) => boolean;
      over?:
        | { readonly ranks: Ranks; readonly warn: (message: string) => void; readonly times?: RankTimes | undefined }
        | undefined;
    } = {},
  ) {
    this.phase = phase;
    this.#aggregation = options.aggregation ?? 'micro_avg_weighted_by_samples';
    const { over } = options;
    this.#packed = over && !over.ranks.isAlone ? new PackedSums(over.ranks, over.warn) : undefined;
    this.#times = this.#packed && over?.times;
    this.#isBesideHost = options.isBesideHost ?? ((device) => device !== 'cpu');
  }

  /** Adds a batch's values. @param weight - samples in the batch.  @param loss - the value of `loss`, where it lies in the host's memory and was read. */
  add(loaderName: string, values: Readonly<Record<string, unknown>>, weight: number, loss?: number): void {
    let sums = this.#sums.get(loaderName);
    if (!sums) {
      sums = new Map();
      this.#sums.set(loaderName, sums);
    }
    for (const name in values) {
      const value = loss !== undefined && name === 'loss' ? loss : values[name];
      if (value instanceof Tensor ? value.numel === 1 : typeof value === 'number') {
        this.#addOne(sums, name, value as Tensor | number, weight); // what is neither has been told apart
      } else if (typeof value === 'string') this.#texts.set(name, value);
      else if (value instanceof WeightedValue) this.#addWeighted(sums, name, value);
      else if (isTable(value)) this.#addTable(sums, name, value, weight);
    }
  }

  #addWeighted(sums: Map<string, Sum>, name: string, { value, weight }: WeightedValue): void {
    if (typeof weight === 'number' || !this.#isBesideHost(weight.device)) {
      const known = typeof weight === 'number' ? weight : weight.item();
      if (known > 0) this.#addOne(sums, name, value, known);
      return;
    }
    const sum = sumOf(sums, name);
    noGrad(() => {
      const product = weight.to('float64').reshape([]).mul(value);
      sum.onDevice ??= startOnDevice(sum.deviceStart, weight.device);
      sum.onDevice.add_(product.reshape([]));
      sum.weightOnDevice ??= startOnDevice(sum.weightStart, weight.device);
      sum.weightOnDevice.add_(weight.reshape([]));
    });
  }

  #addOne(sums: Map<string, Sum>, name: string, value: Tensor | number, weight: number): void {
    const sum = sumOf(sums, name);
    if (typeof value === 'number') sum.onHost += value * weight;
    else if (this.#isBesideHost(value.device)) addOnDevice(sum, value, weight);
    else sum.onHost += value.item() * weight;
    sum.weight += weight;
  }

  /** Adds what lies in an object among the values. @param depth - of the object in others. */
  #addTable(
    sums: Map<string, Sum>,
    path: string,
    table: Readonly<Record<string, unknown>>,
    weight: number,
    depth = 1,
  ): void {
    if (depth > DEEPEST)
      throw new RangeError(
        `Cannot collect values: expected objects in objects ${DEEPEST} deep at most, got more under "${path.split('.', 4).join('.')}"`,
      );
    for (const name in table) {
      const value = table[name];
      if (value instanceof Tensor ? value.numel === 1 : typeof value === 'number')
        this.#addOne(sums, `${path}.${name}`, value as Tensor | number, weight); // what is neither has been told apart
      else if (value instanceof WeightedValue) this.#addWeighted(sums, `${path}.${name}`, value);
      else if (isTable(value)) this.#addTable(sums, `${path}.${name}`, value, weight, depth + 1);
    }
  }

  /** Means over all batches since `reset`: `train/loss` over all loaders, weighted by samples, and `train/dl_{name}/loss` for each. Waits for the device. */
  means(): Record<string, number> {
    return this.#average((sum) => ({ sum: totalOf(sum), weight: weightOf(sum) }));
  }

  /** The same over the batches since the last call of this method or `reset`. */
  meansSinceLast(): Record<string, number> {
    const part = (sum: Sum): { sum: number; weight: number } => {
      const total = totalOf(sum);
      const weight = weightOf(sum);
      const since = { sum: total - sum.loggedSum, weight: weight - sum.loggedWeight };
      sum.loggedSum = total;
      sum.loggedWeight = weight;
      return since;
    };
    return this.#average(part, this.#times);
  }

  #average(part: (sum: Sum) => { sum: number; weight: number }, times?: RankTimes): Record<string, number> {
    const byName = new Map<string, (LoaderMean & { sum: number })[]>();
    const perLoader: Record<string, number> = {};
    for (const { loaderName, name, sum, weight } of this.#parts(part, times)) {
      if (weight === 0) continue;
      const mean = sum / weight;
      perLoader[`${this.phase}/dl_${loaderName}/${name}`] = mean;
      const loader = { loaderName, mean, numSamples: weight, sum };
      const others = byName.get(name);
      if (others) others.push(loader);
      else byName.set(name, [loader]);
    }
    const global: Record<string, number> = {};
    for (const [name, loaders] of byName) {
      const value = aggregate(loaders, name, this.#aggregation);
      if (value !== undefined) global[`${this.phase}/${name}`] = value;
    }
    return { ...global, ...perLoader };
  }

  /** Each value of each loader, over all ranks. */
  #parts(
    part: (sum: Sum) => { sum: number; weight: number },
    times: RankTimes | undefined,
  ): (ValueOfLoader & { sum: number; weight: number })[] {
    const own = Array.from(this.#sums, ([loaderName, sums]) =>
      Array.from(sums, ([name, entry]) => ({ loaderName, name, ...part(entry) })),
    ).flat();
    if (!this.#packed) return own;
    const keyed = own.map(({ loaderName, name, sum, weight }) => {
      return [JSON.stringify([loaderName, name]), [sum, weight]] as const;
    });
    return Array.from(this.#packed.sum(new Map(keyed), times), ([key, [sum, weight]]) => {
      const [loaderName, name] = JSON.parse(key) as [string, string];
      return { loaderName, name, sum, weight };
    });
  }

  /** The newest of each text among the values, as `train/current_phase`. */
  texts(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#texts, ([name, text]) => [`${this.phase}/${name}`, text]));
  }

  /** Samples of a loader that its mean loss is over, since `reset`. */
  numSamples(loaderName: string): number {
    return this.#sums.get(loaderName)?.get('loss')?.weight ?? 0;
  }

  reset(): void {
    for (const sums of this.#sums.values())
      for (const { onDevice, weightOnDevice } of sums.values()) {
        onDevice?.dispose();
        weightOnDevice?.dispose();
      }
    this.#sums.clear();
    this.#texts.clear();
  }

  state(): MetricsState {
    const store = (sum: Sum): StoredSum => ({
      device: deviceSumOf(sum),
      host: sum.onHost,
      weight: sum.weight,
      ...(weightOf(sum) === sum.weight ? {} : { deviceWeight: weightOf(sum) - sum.weight }),
      loggedSum: sum.loggedSum,
      loggedWeight: sum.loggedWeight,
    });
    const entries = Array.from(this.#sums, ([loader, sums]) => {
      return [loader, Object.fromEntries(Array.from(sums, ([name, sum]) => [name, store(sum)]))] as const;
    });
    return Object.fromEntries(entries);
  }

  /** @param state - what `state()` gave, out of a file: it may be anything.
   *  @throws {CheckpointError} for what it did not give. */
  loadState(state: Readonly<Record<string, unknown>>): void {
    const loaded = Object.entries(state).map(([loader, values]): [string, Map<string, Sum>] => {
      const sums = Object.entries(record(values, `metrics.${loader}`)).map(([name, stored]): [string, Sum] => {
        const key = `metrics.${loader}.${name}`;
        const fields = record(stored, key);
        const number = (field: keyof StoredSum): number => storedNumber(fields[field], `${key}.${field}`);
        const [weight, loggedSum, loggedWeight] = [number('weight'), number('loggedSum'), number('loggedWeight')];
        const weightStart = fields.deviceWeight === undefined ? 0 : number('deviceWeight');
        return [
          name,
          {
            ...newSum(),
            weight,
            weightStart,
            loggedSum,
            loggedWeight,
            deviceStart: number('device'),
            onHost: number('host'),
          },
        ];
      });
      return [loader, new Map(sums)];
    });
    this.reset();
    for (const [loader, sums] of loaded) this.#sums.set(loader, sums);
  }
}

/** What the states of several ranks are together. */
export function addMetrics(states: readonly MetricsState[]): MetricsState {
  const sums: MetricsState = {};
  for (const state of states)
    for (const [loader, values] of Object.entries(state))
      for (const [name, stored] of Object.entries(values)) {
        sums[loader] ??= {};
        const before = sums[loader][name];
        sums[loader][name] = before ? addStored(before, stored) : stored;
      }
  return sums;
}

const addStored = (a: StoredSum, b: StoredSum): StoredSum => ({
  device: a.device + b.device,
  host: a.host + b.host,
  weight: a.weight + b.weight,
  ...(a.deviceWeight === undefined && b.deviceWeight === undefined
    ? {}
    : { deviceWeight: (a.deviceWeight ?? 0) + (b.deviceWeight ?? 0) }),
  loggedSum: a.loggedSum + b.loggedSum,
  loggedWeight: a.loggedWeight + b.loggedWeight,
});

/** Whether something is a plain object, whose entries are values too. */
function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  let sum = sums.get(name);
  if (!sum) {
    sum = newSum();
    sums.set(name, sum);
  }
  return sum;
}

/** float64, so that an epoch's sum loses nothing. */
const startOnDevice = (value: number, device: Device): Tensor => full([], value, { dtype: 'float64', device }).keep();

function addOnDevice(sum: Sum, value: Tensor, weight: number): void {
  noGrad(() => {
    sum.onDevice ??= startOnDevice(sum.deviceStart, value.device);
    sum.onDevice.add_(value.reshape([]), { alpha: weight });
  });
}

const deviceSumOf = ({ onDevice, deviceStart }: Sum): number => onDevice?.item() ?? deviceStart;
const totalOf = (sum: Sum): number => deviceSumOf(sum) + sum.onHost;
const weightOf = ({ weight, weightOnDevice, weightStart }: Sum): number =>
  weight + (weightOnDevice?.item() ?? weightStart);
