// A curriculum: who is told what, when, and that a resumed run plays the same batches.
import { describe, expect, test } from 'vitest';
import { BatchSampler, ByDatasetBatchSampler, DataLoader, DistributedSampler } from '../../data/index.ts';
import type { Sampler } from '../../data/samplers/sampler.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { Callback } from '../loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyData, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { CurriculumCallback, type CurriculumCallbackOptions } from './curriculum.ts';

/** Plays sample `step` of what it was told 8 batches before. */
class Following implements Sampler {
  readonly length = 24;
  readonly told: number[] = [];
  #step = 0;

  setStep(step: number): void {
    this.told.push(step);
    this.#step = step;
  }
  input() {
    return { step: this.#step };
  }
  setInput(input: unknown): void {
    this.#step = (input as { step: number }).step;
  }
  order() {
    return { length: this.length, at: (_: number, input?: unknown) => (input as { step: number }).step };
  }
}

const loaderOf = (sampler: Sampler) =>
  new DataLoader<TinyBatch, TinyBatch>({ dataset: tinyData(24), batchSize: 1, sampler });

async function told(options: CurriculumCallbackOptions): Promise<number[]> {
  const values: number[] = [];
  const { trainer } = tinyTrainer({
    config: { performance: { gradientAccumulationSteps: 2 } },
    callbacks: [new CurriculumCallback({ apply: (value) => void values.push(value), ...options })],
  });
  await trainer.fit({ trainLoaders: [tinyLoader(8)], maxEpochs: 3 });
  return values;
}

describe('CurriculumCallback', () => {
  test('tells a value once for each step, or epoch, where it changes', async () => {
    expect(await told({})).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await told({ schedule: (step) => Math.min(step, 2) * 0.5 })).toEqual([0, 0.5, 1]);
    expect(await told({ interval: 'epoch', schedule: (epoch) => 2 ** epoch })).toEqual([1, 2, 4]);
    await expect(told({ schedule: () => Number.NaN })).rejects.toThrow(
      'Cannot follow the curriculum "CurriculumCallback": expected the schedule to give a number at step 0, got NaN',
    );
  });

  test('moves the samplers of the training loaders, whose batches follow 9 batches later', async () => {
    const sampler = new Following();
    const rows: number[] = [];
    const listener: Callback = {
      name: 'x',
      batchStart: ({ batch }) => void rows.push((batch as TinyBatch).row.item()),
    };
    const { trainer } = tinyTrainer({ callbacks: [new CurriculumCallback(), listener] });
    await trainer.fit({ trainLoaders: [loaderOf(sampler)] });
    expect(sampler.told).toEqual(Array.from({ length: 24 }, (_, step) => step));
    expect(rows).toEqual(Array.from({ length: 24 }, (_, batch) => Math.max(0, batch - 9)));
  });

  test('finds samplers behind others, and refuses loaders without one', async () => {
    const [inner, plain] = [new Following(), new Following()];
    const batchSampler = new BatchSampler(new DistributedSampler(inner, { numReplicas: 1, rank: 0 }), { batchSize: 2 });
    const behind = new DataLoader({ dataset: tinyData(24), batchSampler });
    const { trainer } = tinyTrainer({ config: { overfitBatches: 2 }, callbacks: [new CurriculumCallback()] });
    await trainer.fit({ trainLoaders: [behind, loaderOf(plain)] });
    expect([inner.told, plain.told]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    await expect(
      tinyTrainer({ callbacks: [new CurriculumCallback()] }).trainer.fit({ trainLoaders: [tinyLoader(2)] }),
    ).rejects.toThrow(
      'Cannot follow a curriculum: callbacks.CurriculumCallback: expected a training loader whose sampler has setStep, got 1 without; give samplers or apply',
    );
  });

  test('plays the same after a resume inside an epoch', async () => {
    const loaders = (stepAt: 'batch' | 'epoch') => [
      new DataLoader<TinyBatch, TinyBatch>({
        dataset: tinyData(48),
        batchSampler: new ByDatasetBatchSampler({
          cat: { datasets: [{ length: 48 }] },
          name2idx: { a: 0 },
          contrastScores: { a: Float32Array.from({ length: 48 }, (_, i) => (1 + i) / 8) },
          ...{ batchSize: 2, warmupSteps: 40, stepAt },
        }),
      }),
    ];
    for (const stepAt of ['batch', 'epoch'] as const) {
      const whole = tinyTrainer({ callbacks: [new CurriculumCallback()] });
      await whole.trainer.fit({ trainLoaders: loaders(stepAt), maxEpochs: 2 });
      const config = { checkpoint: { rootDir: temporaryFolder() } };
      for (const maxSteps of [7, 24, 31, undefined]) {
        const limit = maxSteps === undefined ? {} : { maxSteps };
        const callbacks = [new CurriculumCallback(), { name: 'quiet', warning: () => {} }];
        const part = tinyTrainer({ config: { ...config, ...limit }, callbacks });
        await part.trainer.fit({ trainLoaders: loaders(stepAt), maxEpochs: 2 });
        if (maxSteps === undefined) expect(weightsOf(part.model)).toEqual(weightsOf(whole.model));
      }
    }
  });

  test('is in the log at log points', async () => {
    const values: unknown[] = [];
    const logger: Logger = {
      name: 'values',
      logMetrics: (all, { step }) => {
        if ('curriculum/noise' in all) values.push([step, all['curriculum/noise']]);
      },
      close: () => {},
    };
    const noise = new CurriculumCallback({ name: 'noise', schedule: (step) => 1 / (1 + step), apply: () => {} });
    const { trainer } = tinyTrainer({ config: { logEveryNSteps: 2 }, loggers: [logger], callbacks: [noise] });
    await trainer.fit({ trainLoaders: [tinyLoader(8)] });
    expect(values).toEqual([
      [2, 0.5],
      [4, 0.25],
    ]);
  });

  test('refuses options that do not fit', () => {
    expect(() => new CurriculumCallback({ samplers: [{}], apply: 3, interval: 'batch' } as never)).toThrow(
      [
        'Cannot make CurriculumCallback: 3 problems',
        'samplers: expected a list of what has setStep, got [an object]',
        'apply: expected a function, got 3',
        'interval: expected one of step, epoch, got "batch"',
      ].join('\n  - '),
    );
  });
});
