// Samples that take random time, and say what they depend on; one of them may fail in a way that is asked for.
import { Generator, numThreads, ones, rand, type Tensor, withGenerator } from 'sconce';
import type { BatchContext, Dataset, SampleContext } from 'sconce/data';

export type Failure =
  | 'throw'
  | 'exit'
  | 'wait'
  | 'spin'
  | 'stray'
  | 'draw'
  | 'function'
  | 'fill'
  | 'lengthen'
  | 'unmade';

export interface TimedOptions {
  readonly length: number;
  /** Milliseconds that a sample takes at most. */
  readonly pause?: number;
  readonly fail?: { readonly index?: number; readonly how: Failure };
  /** Counts calls of get in every thread. */
  readonly calls?: Int32Array;
  /** Goes into every sample. */
  readonly weight?: Tensor;
}

export interface TimedSample {
  readonly index: number;
  readonly noise: Tensor;
  readonly bytes: Uint8Array;
  readonly place: string;
  readonly facts: readonly [numThreads: number, weight: number];
}

const isWorker = numThreads() === 1 && process.env.SCONCE_MAIN_THREADS !== '1';

export default function timed(options: TimedOptions): Dataset<TimedSample> {
  const { length, pause = 0, fail, calls, weight = ones([1]) } = options;
  return {
    name: 'Timed',
    length,
    async get(index: number, context: SampleContext): Promise<TimedSample> {
      if (calls) Atomics.add(calls, 0, 1);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
      if (fail && index === fail.index) await failBy(fail.how);
      const noise = withGenerator(new Generator(context.seed), () => rand([3]));
      const sample = {
        index,
        noise,
        bytes: Uint8Array.of(index, context.epoch),
        place: import.meta.url,
        facts: [numThreads(), weight.item() as number] as const,
      };
      if (fail?.how === 'function' && index === fail.index) return { ...sample, place: (() => 1) as never };
      return sample;
    },
  };
}

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
  }
}
