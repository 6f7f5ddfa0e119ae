// A training that is stopped anywhere and resumed by another trainer ends as one that was not, to the last bit.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InterruptedError } from '../../errors.ts';
import { SGD, StepLR } from '../../optim/index.ts';
import { load } from '../../serial/tensors.ts';
import { manualSeed, Tensor } from '../../tensor/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { TrainingRun } from '../../trainer/run/run.ts';
import { ownFolder, pairTrainer, QueueLoss, TwoTowers } from '../testing/two-towers.ts';
import type { History } from './multimodal-trainer.ts';
import type { MultimodalTrainerOptions } from './multimodal-trainer-options.ts';

/** What two equal files may differ in. */
const WALL_CLOCK = ['environment', 'clocks.elapsedSeconds', 'clocks.validatedAtSeconds', 'clocks.savedAtSeconds'];

/** Everything in a file but the wall clock, as plain values. */
function plain(value: unknown, path = ''): unknown {
  if (WALL_CLOCK.includes(path)) return undefined;
  if (value instanceof Tensor)
    return `${value.dtype} [${value.shape}] ${Buffer.from(value.toBytes()).toString('base64')}`;
  if (value instanceof Map) return [...value].map(([key, entry]) => [key, plain(entry, `${path}.${key}`)]);
  if (Array.isArray(value)) return value.map((entry, i) => plain(entry, `${path}.${i}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, plain(entry, path === '' ? key : `${path}.${key}`)]),
  );
}

const fileOf = async (folder: string, name: string): Promise<unknown> =>
  plain(await load(join(folder, 'checkpoints', name)));

/** The values of a log, but for those of clocks and of looks that begin anew. */
function loggedIn(folder: string): unknown[] {
  const lines = readFileSync(join(folder, 'logs/metrics.jsonl'), 'utf8').trim().split('\n');
  const isLasting = (name: string): boolean => !/^(?:profile|system|features)\//.test(name);
  return lines.flatMap((line) => {
    const { kind, step, values } = JSON.parse(line) as { kind: string; step: number; values: object };
    if (kind !== 'metrics') return [];
    const kept = Object.entries(values).filter(([name]) => isLasting(name));
    return kept.length === 0 ? [] : [{ step, ...Object.fromEntries(kept) }];
  });
}

/** Everything that a resume can lose: a queue, a learned temperature, a schedule, windows of 3 in epochs of 4 batches, dropout, shuffled rows, patience. */
function equipped(extra: Partial<MultimodalTrainerOptions> = {}, place = {}) {
  manualSeed(5); // the same weights, whatever was made before
  const model = new TwoTowers();
  const lossFn = new QueueLoss();
  const optimizer = new SGD([...model.parameters(), ...lossFn.parameters()], { lr: 0.1, momentum: 0.9 });
  const scheduler = new StepLR(optimizer, { stepSize: 2, gamma: 0.7 });
  const parts = { model, lossFn, optimizer, scheduler, learningRate: undefined! };
  return pairTrainer(
    { ...parts, accumulationSteps: 3, evaluationSteps: 1, earlyStoppingPatience: 2, numEpochs: 3, ...extra },
    place,
  );
}

/** Stops behind a batch, or at the end of the epoch that it is the last of. */
const stopAt = (microStep: number): Callback => {
  const stop = (context: LoopContext): void => {
    if (context.clocks.microStep === microStep) context.requestStop('the test said so');
  };
  return { name: 'stopper', ...(microStep % 4 === 0 ? { epochEnd: stop } : { batchEnd: stop }) };
};

/** Sends this process a signal in its n-th evaluation. */
const signalIn = (evaluation: number): Callback => {
  let count = 0;
  const send = (): void => {
    if (++count === evaluation) process.kill(process.pid, 'SIGTERM');
  };
  return { name: 'signaller', validationStart: send };
};

/** One that nobody stops. */
let whole: { folder: string; history: History; alignment: unknown };

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-multimodal-'));
  const { trainer } = equipped({}, { folder });
  whole = { folder, history: await trainer.train(), alignment: trainer.metrics.alignment };
});

afterAll(() => rmSync(whole.folder, { recursive: true }));

describe('a MultimodalTrainer that is resumed', () => {
  test.each([
    ['in the middle of the first window', stopAt(2), 'checkpoint_epoch_0_step_000000_micro_000002.pt'],
    ['at the end of an epoch', stopAt(4), 'checkpoint_epoch_1.pt'],
    ['in the evaluation behind the first epoch', signalIn(3), 'checkpoint_epoch_0_step_000002.pt'],
    ['in an evaluation inside the second epoch', signalIn(4), 'checkpoint_epoch_1_step_000003.pt'],
  ])('%s goes on exactly there', async (_where, stopper, name) => {
    const first = equipped({ callbacks: [stopper] });
    await first.trainer.train().catch((error: unknown) => expect(error).toBeInstanceOf(InterruptedError));
    const { folder } = first;
    expect(readdirSync(join(folder, 'checkpoints'))).toContain(name);
    const { trainer } = equipped({}, { folder });
    expect(await trainer.train({ resume: 'latest' })).toEqual(whole.history);
    expect(await fileOf(folder, 'checkpoint_epoch_3.pt')).toEqual(await fileOf(whole.folder, 'checkpoint_epoch_3.pt'));
    // A run that is stopped inside an epoch has a last look at its weights in its log, too.
    expect(loggedIn(folder)).toEqual(expect.arrayContaining(loggedIn(whole.folder)));
    expect(trainer.metrics.alignment).toEqual(whole.alignment);
  });

  test('from the best model goes on behind its epoch', async () => {
    const path = join(whole.folder, 'checkpoints/best_model.pt');
    const best = (await load(path)) as { clocks: { epoch: number } };
    const { trainer } = equipped();
    await trainer.loadCheckpoint(path);
    expect(trainer.currentEpoch).toBe(best.clocks.epoch);
    expect(await trainer.train()).toEqual(whole.history);
  });

  test('stays ended where patience had ended it, and goes on with more of it', async () => {
    const folder = ownFolder();
    const trainerWith = (earlyStoppingPatience: number) => {
      const { trainer } = equipped({ earlyStoppingPatience, numEpochs: 4 }, { folder });
      trainer.evaluate = async () => ({ loss: 1 });
      return trainer;
    };
    expect((await trainerWith(1).train()).val_loss).toHaveLength(2);
    expect((await trainerWith(1).train({ resume: 'latest' })).val_loss).toHaveLength(2);
    expect((await trainerWith(3).train({ resume: 'latest' })).val_loss).toHaveLength(4);
  });

  test("begins where 'latest' finds nothing, and refuses a resume of what has begun", async () => {
    const { trainer } = equipped({ numEpochs: 1 });
    expect((await trainer.train({ resume: 'latest' })).train_loss).toHaveLength(1);
    await expect(trainer.train({ resume: 'latest' })).rejects.toThrow('resume: expected none once training has begun');
  });

  test('in the folder of a run goes on by itself', async () => {
    const folder = ownFolder();
    const play = async (isResumed: boolean, extra: Partial<MultimodalTrainerOptions> = {}) => {
      const run = new TrainingRun(folder, { isResumed });
      if (!isResumed) await run.create({});
      const { trainer } = equipped({ run, ...extra });
      const history = await trainer.train();
      await run.finish({ status: 'interrupted', exitCode: 143 }); // which writes no report
      return history;
    };
    await play(false, { callbacks: [stopAt(6)] });
    expect(await play(true)).toEqual(whole.history);
    const run = new TrainingRun(folder, {
      isResumed: false,
      evaluate: { checkpoint: join(folder, 'checkpoints/best.ckpt') },
    });
    const evaluation = equipped({ run }).trainer.train();
    await expect(evaluation).rejects.toMatchObject({ values: { 'val/loss': Math.min(...whole.history.val_loss!) } });
    const names = readdirSync(join(folder, 'checkpoints'));
    expect(names).toEqual(
      expect.arrayContaining(['best.ckpt', 'best_model.pt', 'checkpoint_epoch_3.pt', 'latest.ckpt']),
    );
  });
});
