import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InterruptedError, type StopSignal } from '../../errors.ts';
import { load } from '../../serial/tensors.ts';
import type { Callback } from '../loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer } from '../testing/tiny.ts';

const send = (signal: StopSignal): boolean => process.kill(process.pid, signal);

/** What a promise is rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => undefined).catch((error) => error);

describe('a stop signal', () => {
  it('ends a validation, a test and a prediction, in their last batch too', async () => {
    for (const phase of ['validate', 'test', 'predict'] as const) {
      for (const at of [1, 3]) {
        const { trainer, model } = tinyTrainer();
        let numBatches = 0;
        const step = (_trainer: unknown, batch: TinyBatch) => {
          if (++numBatches === at) send('SIGTERM');
          return { loss: tinyLoss(model, batch) };
        };
        trainer.setValidationStep(step).setTestStep(step).setPredictStep(step);
        const error = await rejection(trainer[phase]({ loaders: [tinyLoader(6)] }));
        expect([phase, at, error]).toEqual([phase, at, new InterruptedError('SIGTERM', undefined)]);
        expect(numBatches).toBe(at);
      }
    }
  });

  it('is told to callbacks before the save, which has what they did, also where the moment was saved already', async () => {
    const rootDir = temporaryFolder();
    const heard: string[] = [];
    const listener: Callback = {
      name: 'listener',
      // At the end of an epoch: its checkpoint is written next, and is of the moment at which the run ends.
      epochEnd: () => void send('SIGUSR1'),
      preempted: ({ extra }, signal) => {
        heard.push(`preempted by ${signal}`);
        extra.left = 'the machine';
      },
      checkpointSaved: (_context, path) => void heard.push(`saved ${path.slice(rootDir.length)}`),
    };
    const { trainer } = tinyTrainer({
      config: { checkpoint: { rootDir, asynchronous: false } },
      callbacks: [listener],
    });
    const error = await rejection(trainer.fit({ trainLoaders: [tinyLoader(4)], maxEpochs: 3 }));
    const name = '/experiment/epoch_001_step_000002.ckpt';
    expect(error).toEqual(new InterruptedError('SIGUSR1', join(rootDir, name)));
    expect(heard).toEqual([`saved ${name}`, 'preempted by SIGUSR1', `saved ${name}`]);
    const { extra } = (await load(join(rootDir, name))) as { extra: unknown };
    expect(extra).toEqual({ left: 'the machine' });
  });

  it('is not watched where it is not among preemption.signals', async () => {
    const heard: string[] = [];
    const listener = (signal: string): void => void heard.push(signal);
    process.on('SIGTERM', listener);
    const rootDir = temporaryFolder();
    const { trainer } = tinyTrainer({
      config: { preemption: { signals: ['SIGUSR2'] }, checkpoint: { rootDir } },
      callbacks: [{ name: 'signaller', batchEnd: () => void send('SIGTERM') }],
    });
    await trainer.fit({ trainLoaders: [tinyLoader(4)] });
    await new Promise(setImmediate);
    process.off('SIGTERM', listener);
    expect(heard.length).toBeGreaterThan(0);
    expect(trainer.currentEpoch).toBe(1);
    expect(existsSync(join(rootDir, 'experiment', 'latest.ckpt'))).toBe(true);
  });
});
