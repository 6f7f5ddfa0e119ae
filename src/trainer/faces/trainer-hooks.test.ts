// The nineteen hooks: their order, their positions, what each is shown, and that those which are not overridden cost nothing.
import { describe, expect, test } from 'vitest';
import { Tensor } from '../../tensor/index.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { callbackOfHooks, HOOK_NAMES, TrainerHooks } from './trainer-hooks.ts';

/** Hooks that write down their names and what they are given beside the trainer. */
function recordingHooks(heard: [string, ...unknown[]][]): TrainerHooks {
  class Recording extends TrainerHooks {}
  for (const name of HOOK_NAMES)
    Object.defineProperty(Recording.prototype, name, {
      value: (_trainer: unknown, ...told: unknown[]) => void heard.push([name, ...told.map(plain)]),
    });
  return new Recording();
}

/** Tensors end with the step: what is kept of them is that they were there. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return 'a tensor';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

describe('TrainerHooks', () => {
  test('are told in the order of model-training-framework, each with its positions', async () => {
    const heard: [string, ...unknown[]][] = [];
    const { trainer } = tinyTrainer({ config: { performance: { clipGradNorm: 1 } } });
    trainer.hookManager.registerHook(recordingHooks(heard));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 1 });
    expect(heard.map(([name]) => name)).toEqual([
      'onTrainStart',
      'onEpochStart',
      'onTrainBatchStart',
      'onBeforeForward',
      'onAfterForward',
      'onBeforeBackward',
      'onAfterBackward',
      'onBeforeOptimizerStep',
      'onGradientClip',
      'onAfterOptimizerStep',
      'onTrainBatchEnd',
      'onValidationStart',
      'onValidationBatchStart',
      'onValidationBatchEnd',
      'onValidationEnd',
      'onEpochEnd',
      'onTrainEnd',
    ]);
    const told = Object.fromEntries(heard.map(([name, ...rest]) => [name, rest]));
    const batch = { x: 'a tensor', y: 'a tensor', row: 'a tensor' };
    const loss = expect.any(Number);
    expect(told).toMatchObject({
      onTrainStart: [],
      onEpochStart: [0],
      onTrainBatchStart: [batch, 0, 'dl0'],
      onAfterForward: [expect.any(Number)],
      onBeforeBackward: ['a tensor'],
      onBeforeOptimizerStep: [0],
      onGradientClip: [expect.any(Number)],
      onTrainBatchEnd: [batch, 0, 'dl0', { loss }],
      onValidationStart: [0],
      onValidationBatchStart: [batch, 0, 'val_dl0'],
      onValidationBatchEnd: [batch, 0, 'val_dl0', { loss }],
      onValidationEnd: [0, { 'val/loss': loss }],
      onEpochEnd: [0, { 'train/loss': loss, 'val/loss': loss }],
    });
    const { loss: ofBatch } = told.onTrainBatchEnd!.at(-1) as { loss: number };
    expect((told.onEpochEnd!.at(-1) as Record<string, number>)['train/loss']).toBeCloseTo(ofBatch, 6);
  });

  test('hear of checkpoints, and of the end of a fit that fails', async () => {
    const rootDir = temporaryFolder();
    const heard: [string, ...unknown[]][] = [];
    const first = tinyTrainer({ config: { checkpoint: { rootDir } } }).trainer;
    first.hookManager.registerHook(recordingHooks(heard));
    await first.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 1 });
    const saved = heard.find(([name]) => name === 'onCheckpointSave')!;
    expect(saved[1]).toMatch(/epoch_001_step_000001\.ckpt$/);
    heard.length = 0;
    const second = tinyTrainer({ config: { checkpoint: { rootDir } } }).trainer;
    second.hookManager.registerHook(recordingHooks(heard));
    second.setTrainingStep(() => {
      throw new Error('the step fails');
    });
    const resumed = second.fit({
      trainLoaders: [tinyLoader(2)],
      maxEpochs: 2,
      resumeFromCheckpoint: saved[1] as string,
    });
    await expect(resumed).rejects.toThrow('the step fails');
    expect(heard.find(([name]) => name === 'onCheckpointLoad')).toEqual(['onCheckpointLoad', saved[1]]);
    expect(heard.at(-1)).toEqual(['onTrainEnd']);
    expect(second.resumeTimeSec).toBeGreaterThan(0);
    expect(second.resumeCheckpointSizeMb).toBeGreaterThan(0.001);
  });

  test('that are not overridden are not heard, and states are passed on', () => {
    class Counting extends TrainerHooks {
      count = 0;
      override onEpochEnd(): void {
        this.count += 1;
      }
      override state(): Record<string, unknown> {
        return { count: this.count };
      }
      override loadState(state: Record<string, unknown>): void {
        this.count = state.count as number;
      }
    }
    const { trainer } = tinyTrainer();
    const hooks = new Counting();
    const callback = callbackOfHooks(hooks, { trainer, output: () => ({}) });
    expect(Object.keys(callback).sort()).toEqual(['epochEnd', 'loadState', 'name', 'state']);
    callback.loadState!({ count: 5 });
    expect(callback.state!()).toEqual({ count: 5 });
    expect(callback.name).toBe('Counting');
  });

  test('are refused where they are none, have a name that is taken, or come while fit runs', async () => {
    const { trainer } = tinyTrainer();
    class Mine extends TrainerHooks {
      override async onEpochEnd(): Promise<void> {
        trainer.hookManager.registerHook(new Other());
      }
    }
    class Other extends TrainerHooks {}
    expect(() => trainer.hookManager.registerHook({ onEpochEnd() {} } as unknown as TrainerHooks)).toThrow(
      'Cannot register a hook: expected an instance of a class that extends TrainerHooks, got an object',
    );
    trainer.hookManager.registerHook(new Mine());
    expect(() => trainer.hookManager.registerHook(new Mine())).toThrow('got "Mine" for the second time');
    expect(trainer.hookManager.hooks.length).toBe(1);
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)] })).rejects.toThrow(
      'expected it before fit(), got it while fit() runs',
    );
    trainer.hookManager.registerHook(new Other());
  });
});
