// Checkpoints of real fits: what is in them, which is best, what happens to foreign, newer, damaged and ill-fitting ones.
import { readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AdamW, LambdaLR } from '../../optim/index.ts';
import { PyFloat } from '../../serial/index.ts';
import { load, save } from '../../serial/tensors.ts';
import { tensor } from '../../tensor/create.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { readRun } from '../../tracking/read-run.ts';
import { ProgressCallback } from '../callbacks/progress.ts';
import type { FitOptions } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import { TrainingRun } from '../run/run.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { CHECKPOINT_KEYS, VERSION } from './format.ts';

type Checkpoint = Record<string, Record<string, unknown>>;
const read = async (path: string): Promise<Checkpoint> => (await load(path, { keepFloats: true })) as Checkpoint;
const loaders = (): FitOptions => ({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(4, { start: 9 })] });

/** Trains an epoch, and gives the path of its checkpoint. */
async function trainedCheckpoint(rootDir: string, callbacks: readonly Callback[] = []): Promise<string> {
  await tinyTrainer({ config: { checkpoint: { rootDir } }, callbacks }).trainer.fit(loaders());
  return join(rootDir, 'experiment', 'latest.ckpt');
}

/** Resumes a checkpoint in another folder for one more epoch. */
function resumeFrom(path: string, callbacks: readonly Callback[] = [], options: Partial<FitOptions> = {}) {
  const { trainer } = tinyTrainer({ config: { checkpoint: { rootDir: temporaryFolder() } }, callbacks });
  return trainer.fit({ ...loaders(), maxEpochs: 2, resumeFromCheckpoint: path, ...options });
}

const counter = (name: string): Callback => ({ name, state: () => ({ count: 1 }), loadState: () => {} });

describe('a checkpoint', () => {
  test('that was written before its process died is what latest and best stand for after the resume', async () => {
    const folder = join(temporaryFolder(), 'run');
    const play = async (isResumed: boolean): Promise<void> => {
      const run = new TrainingRun(folder, { isResumed });
      if (!isResumed) await run.create({ options: {} });
      const config = { checkpoint: { monitorMetric: 'train_loss' } };
      await tinyTrainer({ run, config }).trainer.fit({ ...loaders(), maxEpochs: 3 });
      await run.finish({ status: 'finished', exitCode: 0 });
    };
    await play(false);
    const [first, last] = readdirSync(join(folder, 'checkpoints'))
      .filter((name) => name.startsWith('epoch'))
      .sort()
      .filter((_, i) => i !== 1);
    const links = ['latest', 'best'].map((name) => join(folder, 'checkpoints', `${name}.ckpt`));
    expect(links.map((link) => readlinkSync(link))).toEqual([last, last]);
    for (const link of links) {
      rmSync(link);
      symlinkSync(first!, link); // as at the moment between the file and its links
    }
    await play(true);
    expect(links.map((link) => readlinkSync(link))).toEqual([last, last]);
  });

  test('that only a signal asked for is not ranked: the best are those of a run that nobody stopped', async () => {
    // Every epoch is worse than the one before. A file of its own is due behind the first, for it is the best, and behind every third.
    const play = (rootDir: string, callbacks: readonly Callback[] = [], options: Partial<FitOptions> = {}) => {
      const best = { monitorMetric: 'val/epoch', monitorMode: 'max', keepTopK: 3, saveEveryNEpochs: 3 } as const;
      const { trainer } = tinyTrainer({ config: { checkpoint: { rootDir, ...best } }, callbacks });
      trainer.setValidationStep((it, batch: TinyBatch) => ({
        loss: tinyLoss(it.model as never, batch),
        epoch: tensor(-it.clocks.epoch),
      }));
      return trainer.fit({ ...loaders(), maxEpochs: 3, ...options });
    };
    const best = async (rootDir: string) => (await read(join(rootDir, 'experiment/latest.ckpt'))).metrics!.best;
    const [whole, stopped] = [temporaryFolder(), temporaryFolder()];
    await play(whole);
    const stopper: Callback = {
      name: 'stopper',
      epochEnd: ({ clocks }) => void (clocks.epoch === 2 && process.kill(process.pid, 'SIGTERM')),
    };
    await expect(play(stopped, [stopper])).rejects.toThrow('SIGTERM');
    expect(await best(stopped)).toMatchObject({ top: [{ step: 3 }] });
    await play(stopped, [], { resumeFromCheckpoint: join(stopped, 'experiment') });
    expect(await best(whole)).toMatchObject({ top: [{ step: 3 }, { step: 9 }] });
    expect(await best(stopped)).toEqual(await best(whole));
  });

  test('has its keys in order, and Python floats where Python has them', async () => {
    const rootDir = temporaryFolder();
    const { model } = tinyTrainer();
    const optimizer = new AdamW(model.parameters(), { lr: 1 });
    const { trainer } = tinyTrainer({
      config: { checkpoint: { rootDir, monitorMetric: 'val_loss' } },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new LambdaLR(optimizer, () => 1) }],
    });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit(loaders());
    const checkpoint = await read(join(rootDir, 'experiment', 'latest.ckpt'));
    expect(Object.keys(checkpoint)).toEqual([...CHECKPOINT_KEYS]);
    const [group] = (checkpoint.optimizer_state_dicts as unknown as { param_groups: Record<string, unknown>[] }[])[0]!
      .param_groups;
    expect([group!.lr, group!.eps]).toEqual([new PyFloat(1), new PyFloat(1e-8)]);
    expect(group!.params).toEqual([0, 1, 2, 3]);
    const [schedule] = checkpoint.scheduler_state_dicts as unknown as Record<string, unknown>[];
    expect(schedule).toMatchObject({ base_lrs: [new PyFloat(1)], last_epoch: 3, lr_lambdas: [null] });
    expect((checkpoint.metrics!.best as { value: unknown }).value).toBeInstanceOf(PyFloat);
    expect(checkpoint.gradients).toEqual({});
    const { elapsedSeconds, validatedAtSeconds, savedAtSeconds, ...counts } = checkpoint.clocks!;
    const isTime = [elapsedSeconds, validatedAtSeconds, savedAtSeconds].map((value) => value instanceof PyFloat);
    expect(isTime).toEqual([true, true, true]);
    const at = { step: 3, microStep: 3, epoch: 1, batchInEpoch: 0, samples: 6, validatedAt: 3 };
    expect(counts).toEqual({ ...at, pending: [0] });
  });

  test('inside an accumulation window has a name of its own and the gradients so far', async () => {
    const rootDir = temporaryFolder();
    const stopped: Callback = {
      name: 'stopped',
      batchEnd: ({ clocks }) => void (clocks.microStep === 8 && process.kill(process.pid, 'SIGTERM')),
    };
    const { trainer } = tinyTrainer({
      config: { checkpoint: { rootDir }, performance: { gradientAccumulationSteps: 3 } },
      callbacks: [stopped],
    });
    const error = trainer.fit({ trainLoaders: [tinyLoader(12)], maxEpochs: 2 });
    await expect(error).rejects.toMatchObject({
      signal: 'SIGTERM',
      checkpoint: join(rootDir, 'experiment', 'epoch_001_step_000002_micro_000008.ckpt'),
    });
    const checkpoint = await read(join(rootDir, 'experiment', 'latest.ckpt'));
    expect(Object.keys(checkpoint.gradients!)).toEqual(['first.weight', 'first.bias', 'second.weight', 'second.bias']);
    expect(checkpoint.clocks).toMatchObject({ step: 2, microStep: 8, epoch: 1, batchInEpoch: 2, pending: [2] });
    // The best of epoch 1, which has the same step, is not written over.
    expect(readdirSync(join(rootDir, 'experiment'))).toContain('epoch_001_step_000002.ckpt');
  });
});

describe('the best checkpoint', () => {
  /** Validation losses that a test sets. */
  async function bestOf(values: readonly number[], options: { mode: 'min' | 'max'; stops?: readonly number[] }) {
    const rootDir = temporaryFolder();
    const folder = join(rootDir, 'experiment');
    for (const [i, maxEpochs] of (options.stops ?? [values.length]).entries()) {
      const { trainer } = tinyTrainer({
        config: { checkpoint: { rootDir, monitorMetric: 'val_score', monitorMode: options.mode, maxCheckpoints: 1 } },
      });
      trainer.setValidationStep(() => ({ score: values[trainer.currentEpoch]! }));
      const resumed = i === 0 ? {} : { resumeFromCheckpoint: join(folder, 'latest.ckpt') };
      await trainer.fit({ ...loaders(), maxEpochs, ...resumed });
    }
    const files = readdirSync(folder).filter((name) => name.startsWith('epoch'));
    const hasBest = readdirSync(folder).includes('best.ckpt');
    return { best: hasBest ? readlinkSync(join(folder, 'best.ckpt')) : undefined, files: files.sort() };
  }
  const epoch = (number: number): string => `epoch_00${number}_step_0000${String(3 * number).padStart(2, '0')}.ckpt`;

  test('is that of the least value, or the greatest; the first of equal ones; never that of NaN', async () => {
    expect(await bestOf([3, 1, 2, 1], { mode: 'min' })).toEqual({ best: epoch(2), files: [epoch(2), epoch(4)] });
    expect((await bestOf([3, 1, 4, 2], { mode: 'max' })).best).toBe(epoch(3));
    expect((await bestOf([Number.NaN, 5, Number.NaN], { mode: 'min' })).best).toBe(epoch(2));
    expect(await bestOf([Number.NaN, Number.NaN], { mode: 'min' })).toEqual({ best: undefined, files: [epoch(2)] });
  });

  test('is remembered over a resume', async () => {
    expect(await bestOf([3, 1, 2, 4], { mode: 'min', stops: [2, 4] })).toEqual(
      await bestOf([3, 1, 2, 4], { mode: 'min' }),
    );
  });
});

describe('resuming', () => {
  test('refuses a file of another format, of a newer version, or without all keys', async () => {
    const folder = temporaryFolder();
    const path = await trainedCheckpoint(folder);
    const change = async (name: string, edit: (checkpoint: Record<string, unknown>) => void): Promise<string> => {
      const checkpoint = (await load(path, { keepFloats: true })) as Record<string, unknown>;
      edit(checkpoint);
      await save(checkpoint, join(folder, name));
      return join(folder, name);
    };
    const weights = join(folder, 'weights.pt');
    await save({ model_state_dict: { weight: 1 } }, weights);
    await expect(resumeFrom(weights)).rejects.toThrow(
      `Cannot resume from "${weights}": expected a checkpoint of Sconce, PyTorch Lightning, model-training-framework, multimodal_insight_engine, adaptiveneuralnetwork, got a file without their keys; warmStart() takes its weights`,
    );
    const newer = await change('newer.ckpt', (checkpoint) => Object.assign(checkpoint, { version: VERSION + 1 }));
    await expect(resumeFrom(newer)).rejects.toThrow(
      `Cannot resume from "${newer}": expected version ${VERSION} or older, got ${VERSION + 1}; update Sconce`,
    );
    const partial = await change('partial.ckpt', (checkpoint) => void Reflect.deleteProperty(checkpoint, 'rng'));
    await expect(resumeFrom(partial)).rejects.toThrow(
      `Cannot resume from "${partial}": expected all keys, got none for rng`,
    );
    await expect(resumeFrom(join(folder, 'none.ckpt'))).rejects.toThrow(
      /^Cannot read checkpoint ".*none\.ckpt": ENOENT/,
    );
  });

  test('lists parts without state and state without parts, and goes on as its message says, telling so', async () => {
    const path = await trainedCheckpoint(temporaryFolder(), [counter('old'), counter('kept')]);
    const messages: string[] = [];
    const warned: Callback = { name: 'warned', warning: (_context, message) => void messages.push(message) };
    const callbacks = [counter('kept'), counter('new'), warned];
    await expect(resumeFrom(path, callbacks)).rejects.toThrow(
      [
        'Cannot resume: expected a checkpoint with the parts of this run, got',
        '  state that nobody claims: callbacks.old',
        '  parts without state: callbacks.new',
        "Go on without them by fit({ …, resume: { drop: ['callbacks.old'], fresh: ['callbacks.new'] } }), or by: npx sconce resume <run> --drop callbacks.old --fresh callbacks.new",
        `  in "${path}"`,
      ].join('\n'),
    );
    const history = await resumeFrom(path, callbacks, {
      resume: { drop: ['callbacks.old'], fresh: ['callbacks.new'] },
    });
    expect(history.length).toBe(2);
    expect(messages).toEqual([
      'Resumed without the saved state of callbacks.old',
      'Resumed with a new start of callbacks.new',
    ]);
  });

  test('says which optimizer, schedule or module does not fit', async () => {
    const path = await trainedCheckpoint(temporaryFolder());
    const { model, optimizer } = tinyTrainer();
    const { trainer } = tinyTrainer({
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new LambdaLR(optimizer, () => 1) }],
      config: { checkpoint: { rootDir: temporaryFolder() } },
    });
    await expect(trainer.fit({ ...loaders(), resumeFromCheckpoint: path })).rejects.toThrow(
      'Cannot resume: expected a list of 1 under "scheduler_state_dicts", got one of 0',
    );
  });

  test('falls back to the newest checkpoint that verifies, and says so in the log and on the progress stream', async () => {
    const folder = temporaryFolder();
    const first = new TrainingRun(folder, { isResumed: false });
    await first.create({});
    const train = async (run: TrainingRun, maxEpochs: number) => {
      let shown = '';
      const stream: ProgressStream = { write: (text) => (shown += text) };
      const config = { hooks: { enableDiagnosis: false } };
      const { trainer, model } = tinyTrainer({ run, config, callbacks: [new ProgressCallback({ stream })] });
      await trainer.fit({ ...loaders(), maxEpochs });
      await run.finish({ status: 'finished', exitCode: 0 });
      return { shown, weights: weightsOf(model) };
    };
    const whole = await train(first, 3);
    truncateSync(join(folder, 'checkpoints', 'epoch_003_step_000009.ckpt'), 1000);
    const { shown, weights } = await train(new TrainingRun(folder, { isResumed: true }), 3);
    const said =
      /Resumed from "epoch_002_step_000006\.ckpt": what is newer is damaged\n {2}Cannot read checkpoint ".*epoch_003_step_000009\.ckpt": /;
    expect(shown).toMatch(new RegExp(`^warning: ${said.source}`, 'm'));
    const { events } = await readRun(folder);
    const warnings = events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringMatching(said)]);
    expect(events.find((event) => event.event === 'resumed')).toMatchObject({
      checkpoint: 'checkpoints/epoch_002_step_000006.ckpt',
      step: 6,
    });
    expect(weights).toEqual(whole.weights);
    expect(readFileSync(join(folder, 'checkpoints', 'latest.ckpt')).length).toBeGreaterThan(1000); // written again
  });
});
