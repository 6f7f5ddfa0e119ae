// The datasets of the loader campaign: samples that follow from index and seed alone, and take a time that follows from nothing.
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Dataset, IterableDataset, SampleContext, SampleStream, StreamState } from 'sconce/data';

/** What a dataset is made of: plain data, so that it can be made again in a worker. */
export interface DatasetPlan {
  readonly kind: 'map' | 'gather' | 'stream';
  /** Samples in an epoch; a stream has one less in every other epoch. */
  readonly length: number;
  /** Whether a stream says how many samples it has. */
  readonly isSized?: boolean;
  /** Samples that fail. */
  readonly broken: readonly number[];
  /** The greatest time that a sample takes, in ms; about half take none, not even a turn of the event loop. */
  readonly noise: number;
}

export interface Sample {
  readonly index: bigint;
  readonly seed: bigint;
  readonly values: Float32Array;
  readonly name: string;
}

export default function make(plan: DatasetPlan): Dataset<Sample> | IterableDataset<number, Sample> {
  if (plan.kind === 'stream') return new Stream(plan);
  const get = (index: number, context: SampleContext): Sample | Promise<Sample> =>
    late(plan, () => sample(plan, index, context));
  return { name: 'noisy samples', length: plan.length, get };
}

class Stream implements IterableDataset<number, Sample> {
  readonly name = 'noisy stream';
  readonly length: number | undefined;
  readonly #plan: DatasetPlan;

  constructor(plan: DatasetPlan) {
    this.#plan = plan;
    this.length = plan.isSized ? plan.length : undefined;
  }

  open(epoch: number, state?: StreamState): SampleStream<number> {
    let next = (state as number | undefined) ?? 0;
    const end = this.#plan.length - (this.#plan.isSized ? 0 : epoch % 2);
    return {
      next: () => late(this.#plan, () => (next < end ? next++ : undefined)),
      state: () => next,
      close: () => undefined,
    };
  }

  decode(raw: number, context: SampleContext): Sample | Promise<Sample> {
    return late(this.#plan, () => sample(this.#plan, raw, context));
  }
}

function sample({ broken }: DatasetPlan, index: number, { seed, epoch }: SampleContext): Sample {
  if (broken.includes(index)) throw new Error(`sample ${index} is broken`);
  return {
    index: BigInt(index),
    seed: BigInt(seed),
    values: Float32Array.of(index / 3, epoch, seed % 1000),
    name: `${index}`,
  };
}

/** Does `make` at once, in a later turn of the event loop, or some milliseconds later: by chance, and not by the seed. */
function late<T>({ noise }: DatasetPlan, make: () => T): T | Promise<T> {
  if (noise === 0 || Math.random() < 0.5) return make();
  const time = Math.random() * noise;
  return (time < 0.2 ? setImmediate() : setTimeout(time)).then(make);
}
