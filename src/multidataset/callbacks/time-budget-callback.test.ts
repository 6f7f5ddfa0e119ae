// What TimeBudgetCallback reckons, on a clock that moves by what batches and validations cost.

import { expect, test } from 'vitest';
import { LinearWarmupCosineAnnealingLR } from '../../optim/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../../trainer/testing/tiny.ts';
import { TimeBudgetCallback, type TimeBudgetCallbackOptions } from './time-budget-callback.ts';

interface Run {
  readonly batchMs?: number;
  readonly rootDir?: string;
  readonly maxSteps?: number;
}

/** Epochs of 10 batches and a validation of 5 seconds. */
async function run(options: Partial<TimeBudgetCallbackOptions>, { batchMs = 1000, rootDir, maxSteps }: Run = {}) {
  let ms = 0;
  const lines: string[] = [];
  const clock: Callback = {
    name: 'clock',
    before: ['TimeBudgetCallback'],
    batchEnd: ({ clocks }) => {
      ms += clocks.batchInEpoch <= 2 ? 9 * batchMs : batchMs; // the first are slow
    },
    validationBatchEnd: () => {
      ms += 5000;
    },
    warning: () => {},
  };
  const stream = { write: (line: string) => lines.push(line.slice('[00:00:00] '.length).trimEnd()) };
  const given = { timeBudgetMinutes: 2, benchmarkSteps: 4, warmupSteps: 2, stream, now: () => ms };
  const budget = new TimeBudgetCallback({ ...given, ...options });
  const checkpoint = rootDir === undefined ? {} : { checkpoint: { rootDir } };
  const { trainer, optimizer } = tinyTrainer({
    config: { ...checkpoint, ...(maxSteps === undefined ? {} : { maxSteps }) },
    callbacks: [clock, budget],
  });
  const scheduler = new LinearWarmupCosineAnnealingLR(optimizer, { warmupEpochs: 2, maxEpochs: 100 });
  trainer.setSchedulers([{ scheduler, interval: 'epoch' }]);
  const loaders = { trainLoaders: [tinyLoader(20)], valLoaders: [tinyLoader(2)] };
  await trainer.fit({ ...loaders, maxEpochs: 100 });
  return {
    epochs: trainer.currentEpoch,
    lines,
    scheduler,
    lr: optimizer.paramGroups[0]!.lr,
    seconds: ms / 1000,
    budget,
  };
}

test('TimeBudgetCallback reckons from batches behind the warm-up, and again with the first validation; schedules end with the run', async () => {
  const { epochs, lines, scheduler, lr, budget } = await run({});
  expect(lines).toEqual([
    '[TimeBudget] avg step: 1.000s | train/epoch: 10.0s | val/epoch: 0.0s | epoch total: 10.0s',
    '[TimeBudget] budget: 2.0min | spent: 22.0s | remaining: 98.0s | max_epochs: 100 -> 10',
    '[TimeBudget] avg step: 1.000s | train/epoch: 10.0s | val/epoch: 5.0s | epoch total: 15.0s',
    '[TimeBudget] budget: 2.0min | spent: 31.0s | remaining: 89.0s | max_epochs: 10 -> 6',
  ]);
  expect([epochs, budget.targetMaxEpochs, scheduler.maxEpochs]).toEqual([6, 6, 6]);
  expect(lr).toBeCloseTo(0, 12); // the cosine's end
});

test('TimeBudgetCallback trains one more epoch at least, without a schedule that the warm-up fills; and changes nothing where the budget is spent', async () => {
  const short = await run({ timeBudgetMinutes: 0.4 });
  expect(short.lines[1]).toMatch(/max_epochs: 100 -> 2$/);
  expect(short.lines[2]).toBe('[TimeBudget] Budget already exceeded! Spent 31s, budget 24s');
  expect([short.epochs, short.scheduler.maxEpochs]).toEqual([2, 100]);
});

test('TimeBudgetCallback keeps what it reckoned when a run goes on', async () => {
  const rootDir = temporaryFolder();
  await run({}, { rootDir, maxSteps: 15 });
  const { epochs, lines, scheduler } = await run({}, { rootDir, batchMs: 50_000 });
  expect(lines).toEqual(['[TimeBudget] Resumed — restoring profiled target: max_epochs: 100 -> 6']);
  expect([epochs, scheduler.maxEpochs]).toEqual([6, 6]);
});

test('TimeBudgetCallback refuses options that do not fit', () => {
  expect(
    () => new TimeBudgetCallback({ timeBudgetMinutes: 0, benchmarkSteps: 0, warmupSteps: -1, steps: 1 } as never),
  ).toThrow(
    [
      'Cannot make TimeBudgetCallback: 4 problems',
      'steps: expected one of timeBudgetMinutes, benchmarkSteps, warmupSteps, stream, now, got an unknown key',
      'timeBudgetMinutes: expected minutes above 0, got 0',
      'benchmarkSteps: expected an integer above 0, got 0',
      'warmupSteps: expected an integer from 0 on, got -1',
    ].join('\n  - '),
  );
  expect(() => new TimeBudgetCallback({} as never)).toThrow('timeBudgetMinutes: expected minutes above 0, got none');
});
