// What a run says about how it goes, and when it keeps silent.
import { expect, test } from 'vitest';
import type { Rule } from '../../tracking/diagnosis/run-view.ts';
import { lossRising } from '../../tracking/diagnosis/tracker-rules.ts';
import type { GenericTrainerOptions } from '../generic-trainer.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { DiagnosisCallback } from './diagnosis-callback.ts';

/** A trainer whose loss in each epoch is the list's. */
function trainerOf(losses: readonly number[], options: Partial<GenericTrainerOptions>) {
  const made = tinyTrainer({ ...options, config: { ...options.config, hooks: { enableDiagnosis: false } } });
  made.trainer.setTrainingStep(({ clocks }, _batch) => ({
    loss: made.model.first.weight.sum().mul(0).add(losses[clocks.epoch]!),
  }));
  return made.trainer;
}

const told = (log: KeptLog): string[] => log.warnings.filter((text) => text.startsWith('Diagnosis: '));

test('tells each finding once, at the end of the epoch that shows it', async () => {
  const log = new KeptLog();
  const callback = new DiagnosisCallback({ rules: [lossRising] });
  await trainerOf([9, 1, 2, 3, 4, 5], { callbacks: [callback], loggers: [log] }).fit({
    trainLoaders: [tinyLoader(2)],
    maxEpochs: 6,
  });
  expect(told(log)).toEqual([
    'Diagnosis: The training loss has risen for three epochs, from 1 to 3; lower the learning rate, or go back to the best checkpoint',
  ]);
  expect(callback.findings.map(({ rule }) => rule)).toEqual(['loss-rising']);
});

test('tells again what has become critical, and notes where they are asked for', async () => {
  const rule: Rule = (run) => {
    const { length } = run.epochs('train/loss');
    return { rule: 'long', severity: length > 2 ? 'critical' : length > 1 ? 'warning' : 'note', message: `${length}` };
  };
  const options = { trainLoaders: [tinyLoader(2)], maxEpochs: 4 };
  const [quiet, loud] = [new KeptLog(), new KeptLog()];
  await trainerOf([1, 1, 1, 1], { callbacks: [new DiagnosisCallback({ rules: [rule] })], loggers: [quiet] }).fit(
    options,
  );
  expect(told(quiet)).toEqual(['Diagnosis: 2', 'Diagnosis: 3']);
  const callback = new DiagnosisCallback({ rules: [rule], tellsNotes: true });
  await trainerOf([1, 1, 1, 1], { callbacks: [callback], loggers: [loud] }).fit(options);
  expect(told(loud)).toEqual(['Diagnosis: 1', 'Diagnosis: 2', 'Diagnosis: 3']);
});

test('a resumed run knows the epochs before, and does not say again what was said', async () => {
  const config = { checkpoint: { rootDir: temporaryFolder() } };
  const [first, second] = [new KeptLog(), new KeptLog()];
  const options = { trainLoaders: [tinyLoader(2)] };
  const losses = [9, 1, 2, 3, 4];
  const make = (log: KeptLog) =>
    trainerOf(losses, { config, callbacks: [new DiagnosisCallback({ rules: [lossRising] })], loggers: [log] });
  await make(first).fit({ ...options, maxEpochs: 3 });
  expect(told(first)).toEqual([]);
  await make(first).fit({ ...options, maxEpochs: 4 });
  expect(told(first)).toHaveLength(1);
  await make(second).fit({ ...options, maxEpochs: 5 });
  expect(told(second)).toEqual([]);
});

test('looks at log points too: a single epoch whose loss does not move', async () => {
  const log = new KeptLog();
  const callbacks = [new DiagnosisCallback()];
  await trainerOf([2], { callbacks, loggers: [log], config: { logEveryNSteps: 1 } }).fit({
    trainLoaders: [tinyLoader(40)],
  });
  expect(told(log)).toEqual([expect.stringContaining('has not moved from the start: it is 2, within 1 %')]);
});

test('knows what steps say of alignment', async () => {
  const log = new KeptLog();
  const trainer = trainerOf([2], {
    callbacks: [new DiagnosisCallback()],
    loggers: [log],
    config: { logEveryNSteps: 1 },
  });
  const loss = trainer.trainingStepFn!;
  const alignment = { diag_mean: 0.31, sim_mean: 0.3, alignment_gap: 0.01, alignment_snr: 3 };
  trainer.setTrainingStep((...given) => ({ ...loss(...given), ...alignment }));
  await trainer.fit({ trainLoaders: [tinyLoader(2)] });
  expect(told(log)).toEqual([
    expect.stringContaining('hardly more similar than others: 0.3100 to 0.3000, a gap of 0.01000'),
  ]);
});

test('onlyWhereLogged keeps silent without a logger; else the process is warned', async () => {
  const rule: Rule = () => ({ rule: 'always', severity: 'warning', message: 'always' });
  const warnings: string[] = [];
  const listen = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listen);
  try {
    for (const onlyWhereLogged of [true, false])
      await trainerOf([1], { callbacks: [new DiagnosisCallback({ rules: [rule], onlyWhereLogged })] }).fit({
        trainLoaders: [tinyLoader(2)],
      });
    await new Promise(setImmediate);
  } finally {
    process.off('warning', listen);
  }
  expect(warnings).toEqual(['Diagnosis: always']);
});

test('refuses options that are wrong', () => {
  expect(() => new DiagnosisCallback({ rules: ['x'], tellsNotes: 1 } as never)).toThrow(
    /rules: expected a list of functions.*\n.*tellsNotes: expected true or false/,
  );
});
