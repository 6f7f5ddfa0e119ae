// Samples that take random time, and say what they depend on; one of them may fail in a way that is asked for.
import { Generator, numThreads, rand, type Tensor, withGenerator } from 'sconce';
import type { Dataset, SampleContext } from 'sconce/data';

export type Failure = 'throw' | 'exit' | 'wait' | 'spin' | 'stray' | 'draw' | 'function' | 'fill';

export interface TimedOptions {
  readonly length: number;
  /** Milliseconds that a sample takes at most. */
  readonly pause?: number;
  readonly fail?: { readonly index: number; readonly how: Failure };
  /** Counts, of every thread: calls of get, and datasets made. */
  readonly calls?: Int32Array;
  /** Its elements go into every sample. */
  readonly weight?: Tensor;
}

export interface TimedSample {
  readonly index: number;
  readonly seen: { readonly epoch: number; readonly seed: string };
  readonly noise: Float32Array;
  readonly weight: Float32Array;
  readonly numThreads: number;
  readonly source: string;
  readonly more?: unknown;
}

export default (options: TimedOptions): Dataset<TimedSample> => {
  const { length, pause = 0, fail, calls, weight } = options;
  if (calls) Atomics.add(calls, 1, 1);
  return {
    name: 'Timed',
    length,
    async get(index: number, { epoch, seed }: SampleContext): Promise<TimedSample> {
      if (calls) Atomics.add(calls, 0, 1);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
      const noise = withGenerator(new Generator(seed), () => rand([3]));
      const sample = {
        index,
        seen: { epoch, seed: String(seed) },
        noise: Float32Array.from(noise.toArray() as number[]),
        weight: Float32Array.from((weight?.toArray() ?? []) as number[]),
        numThreads: numThreads(),
        source: import.meta.url,
      };
      noise.dispose();
      if (index !== fail?.index) return sample;
      if (fail.how === 'function') return { ...sample, source: (() => 'made later') as never };
      await failBy(fail.how);
      return sample;
    },
  };
};

async function failBy(how: Failure): Promise<void> {
  switch (how) {
    case 'throw':
      throw new RangeError('no such picture');
    case 'exit':
      return process.exit(7);
    case 'wait':
      return new Promise(() => undefined);
    case 'spin':
      for (;;);
    case 'stray':
      setTimeout(() => {
        throw new RangeError('on its own');
      });
      return new Promise(() => undefined);
    case 'draw':
      rand([2]);
      return;
    case 'fill':
      for (const kept: object[] = []; ; ) kept.push({ at: kept.length, others: [kept.length] }); // small ones: V8 ends the process where it finds large ones all at once
  }
}
