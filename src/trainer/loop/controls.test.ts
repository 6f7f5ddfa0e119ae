// What a configuration and callbacks tell the loop: where it ends, when it validates, what it does with bad values, what it measures.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../tensor/index.ts';
import { readRun } from '../../tracking/index.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import { TrainingRun } from '../run/run.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import type { Callback } from './events.ts';

const loaders = (maxEpochs = 2) => ({ trainLoaders: [tinyLoader(10)], valLoaders: [tinyLoader(4)], maxEpochs });

describe('a limit', () => {
  test('on steps ends the run inside an epoch, with a record of what there is; a run with a higher one goes on exactly there', async () => {
    const rootDir = temporaryFolder();
    const config = (maxSteps?: number): GenericTrainerConfig => ({
      checkpoint: { rootDir, monitorMetric: 'val/loss' },
      trainLoaderConfig: { epochLengthPolicy: 'sum_of_lengths' },
      performance: { gradientAccumulationSteps: 2 },
      ...(maxSteps === undefined ? {} : { maxSteps }),
    });
    const first = tinyTrainer({ config: config(4) }).trainer;
    const history = await first.fit(loaders(3));
    expect([first.globalStep, first.currentEpoch, first.clocks.batchInEpoch]).toEqual([4, 1, 2]);
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(Object.keys(history[1]!)).toContain('val/loss'); // a last look
    const second = tinyTrainer({ config: config() });
    const resumeFromCheckpoint = join(rootDir, 'experiment', 'latest.ckpt');
    const resumed = await second.trainer.fit({ ...loaders(3), resumeFromCheckpoint });
    const whole = tinyTrainer({ config: { performance: { gradientAccumulationSteps: 2 } } });
    expect(resumed).toEqual(await whole.trainer.fit(loaders(3)));
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
  });

  test('on epochs is moved by a callback, both ways', async () => {
    const epochsWith = async (maxEpochs: number): Promise<number> => {
      const mover: Callback = { name: 'mover', epochStart: (context) => context.setMaxEpochs(maxEpochs) };
      const { trainer } = tinyTrainer({ callbacks: [mover] });
      await trainer.fit(loaders(2));
      return trainer.currentEpoch;
    };
    expect([await epochsWith(1), await epochsWith(4)]).toEqual([1, 4]);
    await expect(epochsWith(0.5)).rejects.toThrow('Cannot set maxEpochs: expected an integer above 0, got 0.5');
  });

  test('on time ends the run at a batch', async () => {
    const wait: Callback = {
      name: 'wait',
      batchEnd: () => {
        const end = performance.now() + 15;
        while (performance.now() < end);
      },
    };
    const timed = tinyTrainer({ config: { maxTime: 0.05 }, callbacks: [wait] }).trainer;
    await timed.fit({ trainLoaders: [tinyLoader(200)], maxEpochs: 1000 });
    expect(timed.globalStep).toBeLessThan(8);
    expect(timed.clocks.elapsedSeconds).toBeGreaterThanOrEqual(0.05);
  });

  test('that somebody asks for ends the run at the next boundary, and the log says why', async () => {
    const folder = temporaryFolder();
    const stopper: Callback = {
      name: 'stopper',
      batchEnd: (context) => void (context.clocks.microStep === 7 && context.requestStop('seven is enough')),
    };
    const run = new TrainingRun(folder, { isResumed: false });
    await run.create({});
    const { trainer } = tinyTrainer({ callbacks: [stopper], run });
    await trainer.fit(loaders(5));
    expect(trainer.clocks).toMatchObject({ step: 7, epoch: 1, batchInEpoch: 2 });
    await run.finish({ status: 'finished', exitCode: 0 });
    const { events } = await readRun(folder);
    expect(events.map((event) => (event.event === 'warning' ? event.message : event.event))).toContain(
      'Stopped: seven is enough',
    );
  });

  test('that is reached already leaves nothing to do, and says so', async () => {
    const rootDir = temporaryFolder();
    const said: string[] = [];
    const listener: Callback = { name: 'listener', warning: (_context, message) => void said.push(message) };
    const { trainer, model } = tinyTrainer({ config: { checkpoint: { rootDir } }, callbacks: [listener] });
    await trainer.fit(loaders(1));
    const weights = weightsOf(model);
    const again = await trainer.fit(loaders(1));
    expect([again.length, weightsOf(model)]).toEqual([1, weights]);
    expect(said).toEqual(['Nothing to train: 1 of 1 epochs are completed']);
  });
});

describe('a validation', () => {
  test('by steps has its values in the record of the epoch, and moves what monitors it', async () => {
    const values: number[] = [];
    const listener: Callback = {
      name: 'listener',
      measured: (_context, measured) => {
        if (measured['val/loss'] !== undefined) values.push(measured['val/loss']);
      },
    };
    const { trainer } = tinyTrainer({
      config: { validation: { frequency: 'every_n_steps', everyNSteps: 2 } },
      callbacks: [listener],
    });
    const history = await trainer.fit(loaders(2)); // 5 steps an epoch
    expect(values.length).toBe(5); // behind steps 2, 4, 6, 8, 10
    expect(history.map((record) => record['val/loss'])).toEqual([values[1], values[4]]);
  });

  test('by minutes comes when they are over', async () => {
    let count = 0;
    const listener: Callback = { name: 'listener', validationEnd: () => void count++ };
    const config = { validation: { frequency: 'every_n_minutes', everyNMinutes: 1e-9 } } as const;
    await tinyTrainer({ config, callbacks: [listener] }).trainer.fit(loaders(1));
    expect(count).toBe(5); // behind every step
  });

  test('before the first step looks at a few batches, and changes nothing', async () => {
    const phases: string[] = [];
    const listener: Callback = {
      name: 'listener',
      validationBatchEnd: ({ phase, clocks }) => void phases.push(`${phase} ${clocks.step}`),
      measured: ({ clocks }, values) => void phases.push(`${Object.keys(values).length} ${clocks.step}`),
    };
    const checked = tinyTrainer({ config: { validation: { sanitySteps: 1 } }, callbacks: [listener] });
    const history = await checked.trainer.fit(loaders(1));
    expect(phases).toEqual(['sanity 0', 'validate 5', 'validate 5', '4 5']);
    expect(history).toEqual(await tinyTrainer().trainer.fit(loaders(1)));
  });

  test('of so many batches leaves out the others; of several loaders makes one value as it is told', async () => {
    const run = async (validation: GenericTrainerConfig['validation'], aggregate?: () => number) => {
      const { trainer } = tinyTrainer({ config: { validation }, ...(aggregate ? { aggregate } : {}) });
      trainer.setValidationStep((_trainer, { row }: TinyBatch) => ({ loss: row.to('float32').mean() }));
      const [record] = await trainer.fit({
        trainLoaders: [tinyLoader(2)],
        valLoaders: [tinyLoader(6), tinyLoader(2, { start: 10 })],
      });
      const { 'val/loss': all, 'val/dl_val_dl0/loss': first, 'val/dl_val_dl1/loss': second } = record!;
      return [all, first, second];
    };
    expect(await run({})).toEqual([4.5, 2.5, 10.5]); // rows 0 to 5, 10 and 11
    expect(await run({ limitBatches: 1 })).toEqual([5.5, 0.5, 10.5]);
    expect(await run({ aggregation: 'macro_avg_equal_loaders' })).toEqual([6.5, 2.5, 10.5]);
    expect(await run({ aggregation: 'primary_metric_per_loader' })).toEqual([undefined, 2.5, 10.5]);
    expect(await run({ aggregation: 'custom' }, () => 7)).toEqual([7, 2.5, 10.5]);
    expect(await run({ perLoaderMetrics: false })).toEqual([4.5, undefined, undefined]);
    expect(await run({ globalMetrics: false })).toEqual([undefined, 2.5, 10.5]);
    await expect(run({ aggregation: 'custom' })).rejects.toThrow(
      'aggregate: expected a function with validation.aggregation "custom", got none',
    );
  });
});

describe('fastDevRun', () => {
  test('plays a batch of everything and leaves nothing behind', async () => {
    const rootDir = temporaryFolder();
    const played: string[] = [];
    const listener: Callback = {
      name: 'listener',
      batchEnd: () => void played.push('train'),
      validationBatchEnd: () => void played.push('validate'),
    };
    const { trainer } = tinyTrainer({ config: { fastDevRun: true, checkpoint: { rootDir } }, callbacks: [listener] });
    await trainer.fit(loaders(50));
    expect(played).toEqual(['train', 'validate']);
    expect(readdirSync(rootDir)).toEqual([]);
  });
});

describe('overfitBatches', () => {
  test('trains on the first batches again and again', async () => {
    const rows: unknown[] = [];
    const { trainer, model } = tinyTrainer({ config: { overfitBatches: 2 } });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
      rows.push(batch.row.toArray());
      return { loss: tinyLoss(model, batch) };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(10, { shuffle: true, seed: 4 })], maxEpochs: 3 });
    expect(rows.length).toBe(6);
    expect(rows.slice(2, 4)).toEqual(rows.slice(0, 2));
    expect(rows.slice(4)).toEqual(rows.slice(0, 2));
  });
});

describe('a loss that is not finite', () => {
  /** Trains with a bad value in some micro-steps. */
  async function train(policy: 'error' | 'skip' | 'warn', bad: readonly number[], config: GenericTrainerConfig = {}) {
    const said: string[] = [];
    const listener: Callback = { name: 'listener', warning: (_context, message) => void said.push(message) };
    const { trainer, model } = tinyTrainer({
      config: { nonFinite: policy, logEveryNSteps: 1, ...config },
      callbacks: [listener],
    });
    const rows: unknown[] = [];
    trainer.setTrainingStep((_trainer, batch: TinyBatch): { loss: Tensor } => {
      const loss = tinyLoss(model, batch);
      if (bad.includes(trainer.clocks.microStep + 1)) return { loss: loss.mul(Number.POSITIVE_INFINITY) };
      rows.push(batch.row.toArray());
      return { loss };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(12)], maxEpochs: 1 });
    return { trainer, model, said, rows };
  }

  test('is left out with its batch, and its window takes another', async () => {
    const skipped = await train('skip', [2], { performance: { gradientAccumulationSteps: 2 } });
    expect(skipped.said).toEqual([
      'Left out: expected a finite loss, got Infinity for batch 1 of loader "dl0" in step 1',
    ]);
    // Five batches are left, of which the last makes a window of one.
    expect(skipped.rows.length).toBe(5);
    expect(skipped.trainer.globalStep).toBe(3);
    expect(weightsOf(skipped.model).every(Number.isFinite)).toBe(true);
  });

  test('that only warns goes on, and is told once between two log points', async () => {
    const { said, model } = await train('warn', [2, 3, 4], { logEveryNSteps: 6 });
    expect(said).toEqual([
      'expected a finite loss, got Infinity for batch 1 of loader "dl0" in step 2, and 4 more since the last log point',
    ]);
    expect(weightsOf(model).some(Number.isNaN)).toBe(true);
  });

  test('is an error where nothing else comes', async () => {
    const { trainer, model } = tinyTrainer({ config: { nonFinite: 'skip' } });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch).mul(Number.NaN) }));
    await expect(trainer.fit({ trainLoaders: [tinyLoader(400)] })).rejects.toThrow(
      'Cannot go on training: expected one good batch in 100, got none, the last time: a finite loss, got NaN for batch 99 of loader "dl0" in step 1',
    );
  });

  test('has gradients to match: with a finite loss they are named, or their window is left out', async () => {
    const run = async (policy: 'error' | 'skip') => {
      const { trainer, model } = tinyTrainer({ config: { nonFinite: policy, performance: { clipGradNorm: 1 } } });
      trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({
        // The root of zero: 0 forward, infinite backward.
        loss: tinyLoss(model, batch).add(model.second.bias!.mul(0).sum().sqrt()),
      }));
      const before = weightsOf(model);
      await trainer.fit({ trainLoaders: [tinyLoader(4)] });
      return { before, after: weightsOf(model), steps: trainer.globalStep };
    };
    await expect(run('error')).rejects.toThrow(
      'Cannot go on training: expected finite gradients, got inf or nan in "second.bias" in step 1; lower the learning rate',
    );
    const { before, after, steps } = await run('skip');
    expect([after, steps]).toEqual([before, 2]);
  });
});

describe('detectAnomaly', () => {
  test('names the operator whose backward is bad, and where it was called', async () => {
    const { trainer, model } = tinyTrainer({ config: { detectAnomaly: true } });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({
      loss: tinyLoss(model, batch).add(model.second.bias!.mul(0).sum().sqrt().mul(0)),
    }));
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow(
      /expected gradients that are numbers, got NaN in output 0 of SqrtBackward0\nSqrtBackward0 was recorded by the call/,
    );
  });
});

describe('profileTraining', () => {
  test('logs the mean times of the parts of steps, by loader', async () => {
    const keysOf = async (config: GenericTrainerConfig) => {
      const folder = temporaryFolder();
      const run = new TrainingRun(folder, { isResumed: false });
      await run.create({});
      const { trainer } = tinyTrainer({ config: { logEveryNSteps: 2, ...config }, run });
      await trainer.fit(loaders(1));
      await run.finish({ status: 'interrupted', exitCode: 1 });
      const { metrics } = await readRun(folder);
      return [...new Set(metrics.flatMap(({ values }) => Object.keys(values)))].filter((key) => /^profile/.test(key));
    };
    const parts = ['data', 'forward', 'backward', 'optimizer', 'batch_wait', 'rest'];
    // The event loop need not have had a turn that took time.
    const keys = (await keysOf({})).filter((key) => key !== 'profile/train/time_turns_ms');
    expect(keys.sort()).toEqual(
      [
        ...parts.map((part) => `profile/train/dl_dl0/time_${part}_ms`),
        ...['data', 'forward'].map((part) => `profile/val/dl_val_dl0/time_${part}_ms`),
        ...['logging', 'validation'].map((part) => `profile/train/time_${part}_ms`),
      ].sort(),
    );
    expect(await keysOf({ profileTraining: false })).toEqual([]);
  });
});
