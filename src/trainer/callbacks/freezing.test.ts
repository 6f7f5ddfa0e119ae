// Freezing in real fits: what is trained when, what a resume has of it, and every option that is wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Linear, Sequential } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { Freezing, type FreezingOptions } from './freezing.ts';

/** Per step, the parts whose weights it changed. */
async function trainedParts(options: FreezingOptions, maxEpochs = 2): Promise<string[]> {
  const seen: string[] = [];
  let before: number[][] = [];
  const { trainer, model } = tinyTrainer({
    callbacks: [
      new Freezing(options),
      {
        name: 'watch',
        optimizerStepStart: () => {
          before = [weightsOf(model.first), weightsOf(model.second)];
        },
        optimizerStepEnd: () => {
          const after = [weightsOf(model.first), weightsOf(model.second)];
          seen.push(['first', 'second'].filter((_, i) => String(before[i]) !== String(after[i])).join(' '));
        },
      },
    ],
  });
  await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs });
  return seen;
}

describe('Freezing', () => {
  test.each<[string, FreezingOptions, string[]]>([
    ['for the whole run', { parameters: 'first' }, Array(6).fill('second')],
    ['by patterns', { parameters: ['fir*', /nothing|second\.bias/] }, Array(6).fill('second')],
    [
      'until an epoch',
      { parameters: 'first', unfreeze: [{ parameters: 'first', epoch: 1 }] },
      [...Array(3).fill('second'), ...Array(3).fill('first second')],
    ],
    [
      'until a step',
      { parameters: 'first', unfreeze: [{ parameters: 'first.weight', step: 2 }] },
      [...Array(2).fill('second'), ...Array(4).fill('first second')],
    ],
  ])('keeps weights as they are %s', async (_, options, parts) => {
    expect(await trainedParts(options)).toEqual(parts);
  });

  test('gradually() trains one part more every few epochs', async () => {
    const freezing = Freezing.gradually({ parts: ['second', 'first.bias', 'first.weight'], everyNEpochs: 2 });
    expect(freezing.moments).toEqual([2, 4]);
    const { trainer, model } = tinyTrainer({ callbacks: [freezing] });
    const trained: string[][] = [];
    const names = (): string[] =>
      Array.from(model.namedParameters()).flatMap(([name, { requiresGrad }]) => (requiresGrad ? [name] : []));
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
      trained.push(names());
      return { loss: tinyLoss(model, batch) };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 6 });
    expect(trained.map(({ length }) => length)).toEqual([2, 2, 3, 3, 4, 4]);
    expect(trained[2]).toEqual(['first.bias', 'second.weight', 'second.bias']);
  });

  test('inEval keeps batch statistics of what is frozen, and gives them back to training afterwards', async () => {
    const model = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 1));
    const trainer = new GenericTrainer({
      model,
      optimizers: [new SGD(model.parameters(), { lr: 0.1 })],
      callbacks: [new Freezing({ parameters: '1', inEval: true, unfreeze: [{ parameters: '1', epoch: 2 }] })],
    });
    const counts: unknown[] = [];
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
      counts.push(model.stateDict()['1.num_batches_tracked']!.item());
      return { loss: tinyLoss(model, batch) };
    });
    trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 5 });
    expect(counts).toEqual([0, 0, 0, 1, 2]);
  });

  test('is the same in a run that is resumed, inside a window too', async () => {
    const run = async (rootDir: string, stopAt?: number): Promise<number[]> => {
      const stopper: Callback = {
        name: 'stopper',
        batchEnd: ({ clocks }) => {
          if (clocks.microStep === stopAt) process.kill(process.pid, 'SIGUSR1');
        },
      };
      const { trainer, model } = tinyTrainer({
        config: { checkpoint: { rootDir }, performance: { gradientAccumulationSteps: 4 } },
        callbacks: [new Freezing({ parameters: 'first', unfreeze: [{ parameters: 'first', step: 1 }] }), stopper],
      });
      const latest = join(rootDir, 'experiment', 'latest.ckpt');
      const from = existsSync(latest) ? { resumeFromCheckpoint: latest } : {};
      await trainer.fit({ trainLoaders: [tinyLoader(24)], ...from });
      return weightsOf(model);
    };
    const whole = await run(temporaryFolder());
    for (const stopAt of [2, 6]) {
      const rootDir = temporaryFolder();
      await expect(run(rootDir, stopAt)).rejects.toThrow('SIGUSR1');
      expect(await run(rootDir)).toEqual(whole);
    }
  });

  test('looks every name up at the start, and lists every option that is wrong', async () => {
    const unfreeze = [{ parameters: 'third', epoch: 9 }];
    await expect(trainedParts({ parameters: 'first', unfreeze })).rejects.toThrow(
      'Cannot freeze parts of TinyModel: expected names that match "third", got none among 4 parameters',
    );
    const wrong = {
      parameters: 3,
      unfreeze: [{ parameters: 'a' }, { parameters: 'a', epoch: 1, step: -1 }, 5],
      eval: true,
    };
    expect(() => new Freezing(wrong as never)).toThrow(
      [
        'Cannot make Freezing: 6 problems',
        'eval: expected one of parameters, unfreeze, inEval, got an unknown key; did you mean inEval?',
        'parameters: expected names, got 3',
        'unfreeze.0: expected one of epoch and step, got none',
        'unfreeze.1: expected one of epoch and step, got both',
        'unfreeze.1: expected an integer from 0 on, got -1',
        'unfreeze.2: expected a { parameters, epoch } or { parameters, step }, got 5',
      ].join('\n  - '),
    );
    expect(() => Freezing.gradually({ parts: ['a'] })).toThrow('parts: expected a list of at least two, got ["a"]');
  });
});
