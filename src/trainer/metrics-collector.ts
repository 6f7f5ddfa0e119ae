// `MetricsCollector`: sums on the device, read by the host at log points only; means per loader and over all of them.

import { zeros } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';

interface Sum {
  /** Weighted sum since the last read, where the values are tensors. Kept beyond scopes. */
  onDevice: Tensor | undefined;
  /** Weighted sum of what was read. */
  onHost: number;
  weight: number;
  pendingWeight: number;
  /** Sum and weight at the last log point. */
  loggedSum: number;
  loggedWeight: number;
}

type StoredSum = Pick<Sum, 'onHost' | 'weight' | 'loggedSum' | 'loggedWeight'>;

/** What a checkpoint keeps of unfinished means: by loader, by name. */
export type MetricsState = Record<string, Record<string, StoredSum>>;

const newSum = (): Sum => ({
  onDevice: undefined,
  onHost: 0,
  weight: 0,
  pendingWeight: 0,
  loggedSum: 0,
  loggedWeight: 0,
});

/** Weighted means of named values of one phase. Values are tensors of one element or numbers; `add` never waits for the device. */
export class MetricsCollector {
  readonly phase: 'train' | 'val' | 'test';
  readonly #sums = new Map<string, Map<string, Sum>>();

  constructor(phase: 'train' | 'val' | 'test') {
    this.phase = phase;
  }

  /** Adds a batch's values. @param weight - samples in the batch. */
  add(loaderName: string, values: Readonly<Record<string, unknown>>, weight: number): void {
    let sums = this.#sums.get(loaderName);
    if (!sums) {
      sums = new Map();
      this.#sums.set(loaderName, sums);
    }
    for (const name in values) {
      const value = values[name];
      const isTensor = value instanceof Tensor;
      if (!isTensor && typeof value !== 'number') continue;
      let sum = sums.get(name);
      if (!sum) {
        sum = newSum();
        sums.set(name, sum);
      }
      if (isTensor) {
        if (value.numel !== 1) continue;
        addOnDevice(sum, value, weight);
      } else {
        sum.onHost += value * weight;
        sum.weight += weight;
      }
    }
  }

  /** Means over all batches since `reset`: `train/loss` over all loaders, weighted by samples, and `train/dl_{name}/loss` for each. Waits for the device. */
  means(): Record<string, number> {
    return this.#average(({ onHost, weight }) => ({ sum: onHost, weight }));
  }

  /** The same over the batches since the last call of this method. */
  meansSinceLast(): Record<string, number> {
    return this.#average((sum) => {
      const since = { sum: sum.onHost - sum.loggedSum, weight: sum.weight - sum.loggedWeight };
      sum.loggedSum = sum.onHost;
      sum.loggedWeight = sum.weight;
      return since;
    });
  }

  #average(part: (sum: Sum) => { sum: number; weight: number }): Record<string, number> {
    this.#read();
    const overall = new Map<string, { sum: number; weight: number }>();
    const perLoader: Record<string, number> = {};
    for (const [loader, sums] of this.#sums) {
      for (const [name, entry] of sums) {
        const { sum, weight } = part(entry);
        if (weight === 0) continue;
        perLoader[`${this.phase}/dl_${loader}/${name}`] = sum / weight;
        const total = overall.get(name) ?? { sum: 0, weight: 0 };
        overall.set(name, { sum: total.sum + sum, weight: total.weight + weight });
      }
    }
    const global = Object.fromEntries(
      Array.from(overall, ([name, { sum, weight }]) => [`${this.phase}/${name}`, sum / weight]),
    );
    return { ...global, ...perLoader };
  }

  #read(): void {
    for (const sums of this.#sums.values()) {
      for (const sum of sums.values()) {
        if (!sum.onDevice || sum.pendingWeight === 0) continue;
        sum.onHost += sum.onDevice.item();
        sum.weight += sum.pendingWeight;
        sum.pendingWeight = 0;
        sum.onDevice.zero_();
      }
    }
  }

  reset(): void {
    for (const sums of this.#sums.values()) for (const { onDevice } of sums.values()) onDevice?.dispose();
    this.#sums.clear();
  }

  state(): MetricsState {
    this.#read();
    const entries = Array.from(this.#sums, ([loader, sums]) => {
      const read = Array.from(sums, ([name, { onHost, weight, loggedSum, loggedWeight }]): [string, StoredSum] => [
        name,
        { onHost, weight, loggedSum, loggedWeight },
      ]);
      return [loader, Object.fromEntries(read)] as const;
    });
    return Object.fromEntries(entries);
  }

  loadState(state: MetricsState): void {
    this.reset();
    for (const [loader, values] of Object.entries(state)) {
      const sums = Object.entries(values).map(([name, stored]) => [name, { ...newSum(), ...stored }] as const);
      this.#sums.set(loader, new Map(sums));
    }
  }
}

function addOnDevice(sum: Sum, value: Tensor, weight: number): void {
  // float64, so that an epoch's sum loses nothing.
  sum.onDevice ??= zeros([], { dtype: 'float64', device: value.device }).keep();
  sum.onDevice.add_(value.detach(), { alpha: weight });
  sum.pendingWeight += weight;
}
