// The real order of events against the pseudocode that loop.ts opens with, and what its branches do.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../errors.ts';
import { AdamW } from '../../optim/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../generic-trainer.ts';
import { playFit, readPseudocode } from '../testing/pseudocode.ts';
import { recorder, TinyModel, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer } from '../testing/tiny.ts';
import { type Callback, eventNames } from './events.ts';

const code = readPseudocode(fileURLToPath(new URL('loop.ts', import.meta.url)));

/** A fit in numbers, for the pseudocode to be played with. */
interface Fit {
  /** The optimizer of every batch of an epoch. */
  readonly routes: readonly number[];
  readonly maxEpochs: number;
  readonly maxSteps?: number;
  readonly window: number;
  readonly logEvery: number;
  readonly saveEverySteps: number;
  readonly numValidationBatches: number;
  /** Validation by steps; without it by epochs. */
  readonly validateEverySteps?: number;
  readonly sanityBatches?: number;
  readonly isClipped?: boolean;
  readonly warnings?: number;
  /** The micro-step in which a signal comes. */
  readonly signalAt?: number;
  /** The validation batch, counted over the run, in which a signal comes. */
  readonly signalInValidation?: number;
  /** Micro-steps whose loss is bad and left out. */
  readonly bad?: readonly number[];
  /** Where a resumed fit begins. */
  readonly from?: { epoch: number; batch: number; step: number; pending: number[]; validatedAt?: number };
}

const FIT: Fit = {
  routes: [0, 0, 0, 0, 0],
  maxEpochs: 2,
  window: 2,
  logEvery: 2,
  saveEverySteps: 2,
  numValidationBatches: 2,
};

/** The events of a fit by the pseudocode alone. */
function expectedEvents(fit: Fit): string[] {
  const start = fit.from ?? { epoch: 0, batch: 0, step: 0, pending: [0, 0] };
  const pending = [...start.pending];
  let { epoch, batch, step } = start;
  let microStep = epoch * fit.routes.length + batch;
  let validatedAt = start.validatedAt ?? 0;
  let optimizer = 0;
  let hasUpdated = false;
  let numValidated = 0;
  let hasSignal = false;
  let wasStopped = false;
  let isUnfinished = false;
  let limit = fit.numValidationBatches;
  let counts = true; // whether the run is changed by what a validation finds
  const moment = (): string => `${epoch} ${microStep} ${step} ${validatedAt}`;
  let savedAt = fit.from ? moment() : '';
  let savedStep = fit.from ? `${step} ${validatedAt}` : '';
  let end: unknown;
  // An epoch of which nothing is left to play is completed first.
  const isPlayed = (): boolean => batch === fit.routes.length && pending.every((count) => count === 0);
  const isOver = (): boolean =>
    epoch >= fit.maxEpochs || (step >= (fit.maxSteps ?? Number.POSITIVE_INFINITY) && !isPlayed());
  const when =
    (condition: () => boolean) =>
    (body: () => void): void => {
      if (condition()) body();
    };
  const nothing = (): void => {};
  const events: string[] = [];
  playFit(code, {
    conditions: {
      'if it goes on from a checkpoint': when(() => fit.from !== undefined),
      'for each warning of the set-up': (body) => {
        for (let i = 0; i < (fit.warnings ?? 0); i++) body();
      },
      'if a new run is to be checked': when(() => {
        limit = fit.sanityBatches ?? 0;
        counts = false;
        return fit.from === undefined && limit > 0;
      }),
      'until the run is at its end': (body) => {
        limit = fit.numValidationBatches;
        counts = true;
        while (!isOver()) body();
      },
      'if that was inside an epoch': when(() => isUnfinished),
      'if it was an error or a signal': when(() => end !== undefined),
      'unless it is resumed inside': when(() => batch === 0),
      'if it is resumed inside': when(() => batch > 0),
      'for each batch of the schedule, until the run is at its end': (body) => {
        while (batch < fit.routes.length && !isOver()) {
          optimizer = fit.routes[batch]!;
          hasUpdated = false;
          body();
        }
        isUnfinished = isOver();
      },
      'unless the epoch is to stay unfinished': when(() => !isUnfinished),
      'in one scope': (body) => body(),
      'unless the loss is bad and left out': (body) => {
        batch++;
        microStep++;
        if (microStep === fit.signalAt) hasSignal = true;
        if (!fit.bad?.includes(microStep)) body();
      },
      "if the optimizer's window is full": when(() => pending[optimizer] === fit.window),
      'if there was an update': when(() => hasUpdated),
      'if a signal came': when(() => hasSignal),
      'if a signal ended it': when(() => wasStopped),
      'for each window that is part full, until the run is at its end': (body) => {
        pending.forEach((count, i) => {
          optimizer = i;
          if (count > 0 && !isOver()) body();
        });
        isUnfinished = isOver();
      },
      'if validation is due by epochs': when(() => fit.numValidationBatches > 0 && !fit.validateEverySteps),
      'if validation is due by steps or minutes': when(() => {
        const every = fit.validateEverySteps;
        return every !== undefined && step > 0 && step % every === 0 && validatedAt !== step;
      }),
      'if this step is not validated': when(() => {
        counts = false;
        return fit.numValidationBatches > 0 && validatedAt !== step;
      }),
      'for each validation batch, until a signal comes': (body) => {
        for (let i = 0; i < limit && !hasSignal; i++) {
          numValidated++;
          body();
          if (numValidated === fit.signalInValidation) {
            hasSignal = true;
            wasStopped = i + 1 < limit;
          }
        }
        if (counts && !wasStopped) validatedAt = step;
      },
      'if a checkpoint is due by epochs': (body) => body(),
      'if logging is due': when(() => step % fit.logEvery === 0),
      'if a checkpoint is due by steps or minutes, and not written': when(
        () => step > 0 && step % fit.saveEverySteps === 0 && savedStep !== `${step} ${validatedAt}`,
      ),
      'if gradients are clipped by norm': when(() => fit.isClipped ?? false),
      'if the loss is scaled': () => {},
      'if there was a step': (body) => body(),
      'unless this very moment is saved': when(() => savedAt !== moment()),
      'unless this very moment is saved, and no callback has heard that': (body) => body(), // one hears everything
    },
    statements: {
      'forward under the precision -> loss': nothing,
      'backward of loss * weight / window * loss scale, into the parameters of the optimizer that the loader is routed to':
        () => {
          pending[optimizer]!++;
        },
      breathe: nothing,
      'gradients * window / its micro-batches': nothing,
      'gradients / loss scale': nothing,
      'the next loss scale': nothing,
      'step, or not where a gradient overflowed or is bad and left out': () => {
        step++;
        pending[optimizer] = 0;
        hasUpdated = true;
      },
      'clear gradients': nothing,
      'the loaders hear of the losses': nothing,
      "schedules of interval 'step'": nothing,
      "schedules of interval 'metric'": nothing,
      "schedules of interval 'metric' and of interval 'epoch'": nothing,
      'the epoch is completed': () => {
        epoch++;
        batch = 0;
      },
      'end with an InterruptedError': () => {
        throw new InterruptedError('SIGTERM', undefined);
      },
    },
    onEvent: (event) => {
      events.push(event);
      if (event !== 'checkpointSaved') return;
      savedAt = moment();
      savedStep = `${step} ${validatedAt}`;
    },
    onEnd: (error) => {
      if (error !== undefined && !(error instanceof InterruptedError)) throw error;
      end = error;
    },
  });
  return events;
}

/** The same fit, for real: loaders of 3 and 2 batches, validation of 2. */
function realFit(
  folder: string,
  fit: Fit,
  callbacks: readonly Callback[],
  options: Partial<GenericTrainerOptions> = {},
) {
  const { validateEverySteps, sanityBatches = 0, isClipped = false, bad, maxSteps } = fit;
  const { trainer, model } = tinyTrainer({
    config: {
      trainLoaderConfig: { dataloaderNames: ['a', 'b'] },
      checkpoint: { rootDir: folder, saveEveryNSteps: fit.saveEverySteps, asynchronous: false },
      performance: { gradientAccumulationSteps: fit.window, ...(isClipped ? { clipGradNorm: 1 } : {}) },
      logEveryNSteps: fit.logEvery,
      validation: {
        sanitySteps: sanityBatches,
        ...(validateEverySteps ? { frequency: 'every_n_steps', everyNSteps: validateEverySteps } : {}),
      },
      ...(maxSteps === undefined ? {} : { maxSteps }),
      ...(bad ? { nonFinite: 'skip' } : {}),
    },
    callbacks,
    ...options,
  });
  if (bad)
    trainer.setTrainingStep((_trainer, batch: never) => {
      const loss = tinyLoss(model, batch);
      return { loss: bad.includes(trainer.clocks.microStep + 1) ? loss.mul(Number.NaN) : loss };
    });
  return trainer;
}

const loaders = () => ({
  trainLoaders: [tinyLoader(6), tinyLoader(3, { start: 10 })],
  valLoaders: [tinyLoader(4, { start: 20 })],
  maxEpochs: 2,
});

/** Sends this process a signal from inside an event. */
function signalling(event: 'batchEnd' | 'validationBatchEnd', count: number): Callback {
  let heard = 0;
  return {
    name: 'signalling',
    [event]: () => {
      heard++;
      if (heard === count) process.kill(process.pid, 'SIGTERM');
    },
  };
}

describe('the events of a fit', () => {
  test('come in the order of the pseudocode: two loaders, a window cut short, validation, checkpoints by steps and epochs', async () => {
    const heard: string[] = [];
    await realFit(temporaryFolder(), FIT, [recorder(heard)]).fit(loaders());
    expect(heard).toEqual(expectedEvents(FIT));
    // The text is played for real: the numbers that follow from the configuration are there.
    const count = (event: string): number => heard.filter((name) => name === event).length;
    expect([count('batchEnd'), count('optimizerStepEnd'), count('logged')]).toEqual([10, 6, 3]);
    expect([count('checkpointSaved'), count('validationBatchEnd'), count('close')]).toEqual([5, 4, 1]);
    const never = eventNames.filter((event) => !heard.includes(event) && !event.startsWith('prediction'));
    expect(never).toEqual(['checkpointLoaded', 'warning', 'gradientsClipped', 'preempted', 'exception']);
  });

  test.each([
    ['whose windows end apart', { window: 2 }],
    ['and a limit between the windows that the epoch cuts short', { window: 4, maxSteps: 1 }],
  ])('come in that order with an optimizer for each loader, %s', async (_what, limits) => {
    const model = new TinyModel();
    const optimizers = [new AdamW(model.first.parameters()), new AdamW(model.second.parameters())];
    const heard: string[] = [];
    const fit = { ...FIT, routes: [0, 1, 0, 1, 0], ...limits };
    const trainer = new GenericTrainer({
      config: {
        perLoaderOptimizerId: [0, 1],
        checkpoint: { rootDir: temporaryFolder(), saveEveryNSteps: 2, asynchronous: false },
        performance: { gradientAccumulationSteps: fit.window },
        logEveryNSteps: 2,
        ...(fit.maxSteps === undefined ? {} : { maxSteps: fit.maxSteps }),
      },
      model,
      optimizers,
      callbacks: [recorder(heard)],
    });
    trainer.setTrainingStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    trainer.setValidationStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit(loaders());
    expect(heard).toEqual(expectedEvents(fit));
  });

  // Inside a window; after an update whose checkpoint was just written; at the last batch, before the window that it leaves; in the second epoch.
  for (const signalAt of [1, 3, 4, 5, 7]) {
    test(`come in that order when a signal comes in micro-step ${signalAt}, and when the run is resumed`, async () => {
      const folder = temporaryFolder();
      const heard: string[] = [];
      const first = realFit(folder, FIT, [recorder(heard), signalling('batchEnd', signalAt)]);
      await expect(first.fit(loaders())).rejects.toThrow(InterruptedError);
      expect(heard).toEqual(expectedEvents({ ...FIT, signalAt }));
      heard.length = 0;
      const epoch = Math.floor((signalAt - 1) / 5);
      const batch = signalAt - 5 * epoch;
      const from = { epoch, batch, step: 3 * epoch + Math.floor(batch / 2), pending: [batch % 2, 0] };
      const resumed = realFit(folder, FIT, [recorder(heard)]);
      await resumed.fit({ ...loaders(), resumeFromCheckpoint: `${folder}/experiment/latest.ckpt` });
      expect(heard).toEqual(expectedEvents({ ...FIT, from }));
      expect(heard).toContain('fitEnd');
    });
  }

  test('come in that order when a signal comes in a validation, which is begun again on resume', async () => {
    const folder = temporaryFolder();
    const heard: string[] = [];
    const first = realFit(folder, FIT, [recorder(heard), signalling('validationBatchEnd', 1)]);
    await expect(first.fit(loaders())).rejects.toThrow(InterruptedError);
    expect(heard).toEqual(expectedEvents({ ...FIT, signalInValidation: 1 }));
    expect(heard.slice(-5)).toEqual(['validationEnd', 'preempted', 'checkpointSaved', 'exception', 'close']);
    heard.length = 0;
    const resumed = realFit(folder, FIT, [recorder(heard)]);
    await resumed.fit({ ...loaders(), resumeFromCheckpoint: `${folder}/experiment/latest.ckpt` });
    expect(heard).toEqual(expectedEvents({ ...FIT, from: { epoch: 0, batch: 5, step: 3, pending: [0, 0] } }));
    expect(heard.slice(0, 3)).toEqual(['fitStart', 'checkpointLoaded', 'validationStart']);
  });

  const others: Readonly<Record<string, Fit>> = {
    'validation by steps, also behind a window that the epoch cuts short': { ...FIT, validateEverySteps: 3 },
    'a look at the validation data before the first step, and clipping': { ...FIT, sanityBatches: 1, isClipped: true },
    'batches that are left out': { ...FIT, bad: [2, 5, 6] },
    'a limit on steps inside an epoch': { ...FIT, maxSteps: 4 },
    'a limit on steps inside an epoch, at a step that is validated': { ...FIT, maxSteps: 4, validateEverySteps: 2 },
    'a limit on steps at the end of an epoch': { ...FIT, maxSteps: 3 },
    'a limit that leaves a window part full': { ...FIT, maxSteps: 2 },
  };
  for (const [what, fit] of Object.entries(others)) {
    test(`come in that order with ${what}`, async () => {
      const heard: string[] = [];
      await realFit(temporaryFolder(), fit, [recorder(heard)]).fit(loaders());
      expect(heard.filter((event) => event !== 'warning')).toEqual(expectedEvents(fit));
    });
  }

  test('come in that order when a signal comes in a validation inside an epoch, and when the run is resumed', async () => {
    const folder = temporaryFolder();
    const heard: string[] = [];
    const fit = { ...FIT, validateEverySteps: 2 };
    const first = realFit(folder, fit, [recorder(heard), signalling('validationBatchEnd', 1)]);
    await expect(first.fit(loaders())).rejects.toThrow(InterruptedError);
    expect(heard).toEqual(expectedEvents({ ...fit, signalInValidation: 1 }));
    heard.length = 0;
    const resumed = realFit(folder, fit, [recorder(heard)]);
    await resumed.fit({ ...loaders(), resumeFromCheckpoint: `${folder}/experiment/latest.ckpt` });
    expect(heard).toEqual(expectedEvents({ ...fit, from: { epoch: 0, batch: 4, step: 2, pending: [0, 0] } }));
    expect(heard.slice(0, 3)).toEqual(['fitStart', 'checkpointLoaded', 'validationStart']);
  });

  test('begin with what the set-up has to warn of', async () => {
    const heard: string[] = [];
    const messages: string[] = [];
    const warned: Callback = { name: 'warned', warning: (_context, message) => void messages.push(message) };
    const config = { checkpoint: { saveEveryNSteps: 5 } };
    await tinyTrainer({ config, callbacks: [recorder(heard), warned] }).trainer.fit({ trainLoaders: [tinyLoader(2)] });
    expect(heard.slice(0, 3)).toEqual(['fitStart', 'warning', 'epochStart']);
    expect(messages).toEqual(['checkpoint changes nothing without checkpoint.rootDir: no checkpoints are written']);
  });
});

describe('TrainingLoop', () => {
  test('gives the event loop a turn between steps that take a few milliseconds', async () => {
    let numTurns = 0;
    let isOver = false;
    const turn = (): void => {
      numTurns++;
      if (!isOver) setImmediate(turn);
    };
    const slow: Callback = {
      name: 'slow',
      fitStart: turn,
      batchEnd: () => {
        const end = performance.now() + 4.1;
        while (performance.now() < end);
      },
      fitEnd: () => {
        isOver = true;
      },
    };
    await tinyTrainer({ callbacks: [slow] }).trainer.fit({ trainLoaders: [tinyLoader(20)] });
    expect(numTurns).toBeGreaterThan(10); // one for each of ten batches, beside the first
  });

  test('names the batch, its loader and the step of a loss that is not finite', async () => {
    const { trainer, model } = tinyTrainer({ config: { logEveryNSteps: 4 } });
    let steps = 0;
    trainer.setTrainingStep((_trainer, batch: never) => {
      steps++;
      return { loss: steps === 7 ? tinyLoss(model, batch).mul(Number.NaN) : tinyLoss(model, batch) };
    });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(40)] })).rejects.toThrow(
      'Cannot go on training: expected a finite loss, got NaN for batch 6 of loader "dl0" in step 7; lower the learning rate, clip gradients, or look at the data',
    );
    expect(steps).toBe(7);
  });

  test('logs and saves after an update of a window that the epoch cut short, as after every other', async () => {
    const heard: string[] = [];
    const steps: number[] = [];
    const at: Callback = { name: 'at', logged: ({ clocks }) => void steps.push(clocks.step) };
    const fit = { ...FIT, logEvery: 3, saveEverySteps: 3 };
    await realFit(temporaryFolder(), fit, [recorder(heard), at]).fit(loaders());
    expect(steps).toEqual([3, 6]); // both are the third update of an epoch
    expect(heard).toEqual(expectedEvents(fit));
  });

  test('leaves nothing of a batch in the context, also where a step throws', async () => {
    let seen: unknown = 'nothing';
    const watch: Callback = {
      name: 'watch',
      exception: (context) => {
        seen = [context.batch, context.loss];
      },
    };
    const { trainer } = tinyTrainer({ callbacks: [watch] });
    trainer.setTrainingStep(() => {
      throw new Error('a bad step');
    });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)] })).rejects.toThrow('a bad step');
    expect(seen).toEqual([undefined, undefined]);
  });
});
