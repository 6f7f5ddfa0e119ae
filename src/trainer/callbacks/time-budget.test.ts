// When TimeBudget ends a run, on a clock that moves by what the events cost.
import { expect, test } from 'vitest';
import type { Callback } from '../loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { TimeBudget, type TimeBudgetOptions } from './time-budget.ts';

/** A clock on which every batch takes 100 seconds: what saves really take is nothing beside that. */
class Clock {
  ms = 1_000_000;
  readonly callback: Callback = { name: 'clock', before: ['TimeBudget'], batchEnd: () => this.tick() };
  tick(): void {
    this.ms += 100_000;
  }
  readonly now = (): number => this.ms;
}

async function run(
  options: TimeBudgetOptions,
  { rootDir, clock = new Clock(), numRows = 8 }: { rootDir?: string; clock?: Clock; numRows?: number } = {},
): Promise<{ steps: number; epochs: number; budget: TimeBudget; reason: string | undefined }> {
  const budget = new TimeBudget({ now: clock.now, ...options });
  const { trainer } = tinyTrainer({
    config: rootDir === undefined ? {} : { checkpoint: { rootDir } },
    callbacks: [clock.callback, budget, { name: 'quiet', warning: () => {} }],
  });
  await trainer.fit({ trainLoaders: [tinyLoader(numRows)], maxEpochs: 5 });
  return {
    ...{ steps: trainer.globalStep, epochs: trainer.currentEpoch, budget },
    reason: trainer.parts?.context.stopReason,
  };
}

test('TimeBudget ends a run behind the last step that fits', async () => {
  const { steps, reason, budget } = await run({ budget: 700 });
  expect([steps, budget.spentSeconds]).toEqual([6, 600]); // a seventh might end behind the budget
  expect(reason).toBe(
    'TimeBudget: 100.0 s are left, and the next step with its validation and checkpoint may take 100.0 s',
  );
});

test('TimeBudget leaves a margin, and ends before a deadline', async () => {
  expect((await run({ budget: '100m', marginSeconds: 5600 })).steps).toBe(3);
  const clock = new Clock();
  const deadline = new Date(clock.ms + 500_000);
  expect((await run({ deadline }, { clock })).steps).toBe(4);
  expect((await run({ deadline: new Date(clock.ms - 1) }, { clock })).steps).toBe(0);
});

test('TimeBudget ends a run behind the last epoch that fits; inside the first where that does not', async () => {
  expect(await run({ budget: 1100, endsAt: 'epoch' })).toMatchObject({ steps: 8, epochs: 2 });
  expect(await run({ budget: 1300, endsAt: 'epoch' })).toMatchObject({ steps: 12, epochs: 3 });
  expect(await run({ budget: 300, endsAt: 'epoch' })).toMatchObject({ steps: 2, epochs: 0 });
});

test('TimeBudget leaves what a validation and a checkpoint took', async () => {
  const clock = new Clock();
  const budget = new TimeBudget({ budget: 100, now: clock.now });
  const context = {
    ...{ clocks: { microStep: 0 }, stopReason: undefined as string | undefined },
    durations: { validationMs: 0, checkpointMs: 0, longestSaveMs: 0 },
    requestStop: (reason: string) => {
      context.stopReason = reason;
    },
  };
  const tick = (ms: number, spent: Partial<typeof context.durations> = {}): void => {
    clock.ms += ms;
    Object.assign(context.durations, spent);
    budget.batchEnd(context as never); // what it reads of the loop is there
  };
  budget.fitStart(context as never);
  tick(1000);
  tick(21_000, { validationMs: 20_000 });
  tick(11_000, { checkpointMs: 10_000, longestSaveMs: 15_000 });
  expect(budget.reservedSeconds).toBe(1 + 20 + 15);
  tick(30_900);
  expect(context.stopReason).toMatch(/^TimeBudget: 36\.1 s are left, and the next step .* may take 65\.9 s$/);
});

test('TimeBudget holds over several processes, until a greater one is given', async () => {
  const rootDir = temporaryFolder();
  const first = await run({ budget: 400 }, { rootDir });
  expect(first.steps).toBe(3);
  const again = await run({ budget: 400 }, { rootDir });
  expect([again.steps, again.budget.spentSeconds]).toEqual([3, 300]);
  const more = await run({ budget: 650 }, { rootDir });
  expect([more.steps, more.budget.spentSeconds]).toEqual([6, 600]);
});

test('TimeBudget refuses options that do not fit', () => {
  expect(() => new TimeBudget()).toThrow('Cannot make TimeBudget: budget: expected it, or a deadline, got neither');
  expect(() => new TimeBudget({ budget: 'soon', deadline: 'later', endsAt: 'batch' } as never)).toThrow(
    [
      'Cannot make TimeBudget: 3 problems',
      `budget: expected seconds above 0, or a time as '1h30m', got "soon"`,
      'deadline: expected a date, got "later"',
      'endsAt: expected one of step, epoch, got "batch"',
    ].join('\n  - '),
  );
});
