// EMA and SWA in real fits: the numbers of PyTorch's AveragedModel, the model's own weights back after every evaluation, and all of it across a resume.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DataLoader } from '../../data/index.ts';
import { InterruptedError } from '../../errors.ts';
import { BatchNorm1d, Linear, Module, Sequential } from '../../nn/index.ts';
import type { StateDict } from '../../nn/module.ts';
import { AveragedModel, getEmaMultiAvgFn, SGD, StepLR, updateBn } from '../../optim/index.ts';
import { load } from '../../serial/tensors.ts';
import { manualSeed, rand, type Tensor } from '../../tensor/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import {
  type TinyBatch,
  TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from '../testing/tiny.ts';
import { EMA } from './ema.ts';
import { SWA } from './swa.ts';
import type { WeightAveraging } from './weight-averaging.ts';

const numbers = (state: Readonly<StateDict>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, Array.from(tensor.toTypedArray(), Number)]));

/** PyTorch's average of the same moments, by a callback of its own. */
function witness(model: Module, isDue: (event: 'step' | 'epoch', count: number) => boolean, decay?: number) {
  const average = new AveragedModel(model, decay === undefined ? {} : { multiAvgFn: getEmaMultiAvgFn(decay) });
  const callback: Callback = {
    name: 'witness',
    optimizerStepEnd: ({ clocks }) => void (isDue('step', clocks.step) && average.updateParameters(model)),
    epochEnd: ({ clocks }) => void (isDue('epoch', clocks.epoch - 1) && average.updateParameters(model)),
  };
  return { average, callback };
}

describe('EMA and SWA', () => {
  test.each<[string, WeightAveraging, number | undefined, (event: 'step' | 'epoch', count: number) => boolean]>([
    ['after every step', new EMA({ decay: 0.9 }), 0.9, (event) => event === 'step'],
    ['every third step', new EMA({ everyNSteps: 3 }), 0.999, (event, n) => event === 'step' && n % 3 === 0],
    [
      'every second step after 3',
      new EMA({ everyNSteps: 2, startStep: 3 }),
      0.999,
      (event, n) => event === 'step' && n > 3 && n % 2 === 1,
    ],
    ['after every epoch, as EMA', new EMA({ everyNEpochs: 1 }), 0.999, (event) => event === 'epoch'],
    ['after every epoch', new SWA(), undefined, (event) => event === 'epoch'],
    ['from the second epoch on', new SWA({ startEpoch: 1 }), undefined, (event, n) => event === 'epoch' && n >= 1],
    [
      'every second step, as SWA',
      new SWA({ everyNSteps: 2 }),
      undefined,
      (event, n) => event === 'step' && n % 2 === 0,
    ],
  ])('give the bits of AveragedModel %s', async (_, averaging, decay, isDue) => {
    manualSeed(7);
    const model = new TinyModel(); // the model of tinyTrainer, by the same seed
    const { trainer } = own(model, [averaging, witnessOf(model, isDue, decay)]);
    await trainer.fit({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(2)], maxEpochs: 3 });
    expect(averaging.numUpdates).toBe(seen!.n_averaged.item());
    expect(numbers(averaging.averages)).toEqual(numbers(seen!.module.stateDict()));
    expect(numbers(averaging.averages)).not.toEqual(numbers(model.stateDict()));
  });

  let seen: AveragedModel | undefined;
  function witnessOf(...args: Parameters<typeof witness>): Callback {
    const { average, callback } = witness(...args);
    seen = average;
    return callback;
  }
  function own(model: TinyModel, callbacks: readonly Callback[], options: Partial<GenericTrainerOptions> = {}) {
    const optimizer = new SGD(model.parameters(), { lr: 0.3, momentum: 0.9 });
    const trainer = new GenericTrainer({ model, optimizers: [optimizer], callbacks, ...options });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    return { trainer, optimizer };
  }

  test('change nothing of what is trained, and validate on the averages unless told otherwise', async () => {
    const run = async (callbacks: readonly Callback[]) => {
      const { trainer, model } = tinyTrainer({ callbacks });
      const loaders = { trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)] };
      const history = await trainer.fit({ ...loaders, maxEpochs: 2 });
      return { losses: history.map((epoch) => epoch['val/loss']), weights: weightsOf(model), model };
    };
    const plain = await run([]);
    const own = await run([new EMA({ validate: false })]);
    const ema = new EMA();
    const averaged = await run([ema]);
    expect([own.losses, own.weights, averaged.weights]).toEqual([plain.losses, plain.weights, plain.weights]);
    expect(averaged.losses).not.toEqual(plain.losses);
    const { trainer, model } = tinyTrainer();
    ema.applyTo(model);
    const again = await trainer.validate({ loaders: [tinyLoader(4)] });
    expect(again['val/loss']).toBe(averaged.losses[1]);
  });

  test('give the weights back after an error in a validation, and after a signal in one, with the own weights in the checkpoint', async () => {
    for (const how of ['error', 'signal']) {
      const rootDir = temporaryFolder();
      const ema = new EMA({ decay: 0.5 });
      const own: number[][] = [];
      const watch: Callback = { name: 'watch', optimizerStepEnd: ({ model }) => void own.push(weightsOf(model)) };
      const { trainer, model } = tinyTrainer({ config: { checkpoint: { rootDir } }, callbacks: [ema, watch] });
      trainer.setValidationStep(() => {
        expect(weightsOf(model)).not.toEqual(own.at(-1));
        if (how === 'error') throw new Error('no');
        process.kill(process.pid, 'SIGUSR1');
        return {};
      });
      const fit = trainer.fit({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(8)] });
      if (how === 'error') await expect(fit).rejects.toThrow('no');
      else await expect(fit).rejects.toThrow(InterruptedError);
      expect(weightsOf(model)).toEqual(own.at(-1));
      if (how === 'error') continue;
      const checkpoint = (await load(join(rootDir, 'experiment', 'latest.ckpt'))) as { model_state_dict: StateDict };
      expect(Object.values(numbers(checkpoint.model_state_dict)).flat()).toEqual(own.at(-1));
    }
  });

  test.each<[string, () => WeightAveraging]>([
    ['EMA', () => new EMA({ decay: 0.9, everyNSteps: 2 })],
    ['SWA', () => new SWA({ startEpoch: 1, schedule: { swaLr: 0.01, annealEpochs: 3 } })],
    ['SWA by steps', () => new SWA({ everyNSteps: 3, schedule: { swaLr: 0.01, annealEpochs: 5 } })],
  ])('%s goes on from a checkpoint, to the bit', async (_, make) => {
    const run = async (rootDir: string, maxEpochs: number) => {
      const averaging = make();
      const { trainer, model, optimizer } = tinyTrainer({
        config: { checkpoint: { rootDir } },
        callbacks: [averaging],
      });
      const latest = join(rootDir, 'experiment', 'latest.ckpt');
      const from = existsSync(latest) ? { resumeFromCheckpoint: latest } : {};
      const loaders = { trainLoaders: [tinyLoader(10)], valLoaders: [tinyLoader(2)] };
      const history = await trainer.fit({ ...loaders, maxEpochs, ...from });
      const losses = history.map((epoch) => epoch['val/loss']);
      return {
        losses,
        averages: numbers(averaging.averages),
        weights: weightsOf(model),
        lr: optimizer.paramGroups[0]!.lr,
      };
    };
    const whole = await run(temporaryFolder(), 4);
    const rootDir = temporaryFolder();
    for (const maxEpochs of [1, 2, 3]) await run(rootDir, maxEpochs);
    expect(await run(rootDir, 4)).toEqual(whole);
  });

  test('take a state that is not theirs as an error', async () => {
    const rootDir = temporaryFolder();
    const config = { checkpoint: { rootDir } };
    await tinyTrainer({ config, callbacks: [new EMA()] }).trainer.fit({ trainLoaders: [tinyLoader(2)] });
    const resumeFromCheckpoint = join(rootDir, 'experiment', 'latest.ckpt');
    const { trainer } = tinyTrainer({ config, callbacks: [new SWA()] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 2, resumeFromCheckpoint })).rejects.toThrow(
      'Cannot resume: expected an average of kind "swa" under "ema", got "ema"',
    );
    const plain = tinyTrainer({ config }).trainer;
    await expect(plain.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 2, resumeFromCheckpoint })).rejects.toThrow(
      'state that nobody claims: ema',
    );
  });

  test('SWA sets its learning rates after every schedule of the run', async () => {
    const rates: number[] = [];
    const { trainer, optimizer } = own(new TinyModel(), [
      new SWA({ startEpoch: 2, schedule: { swaLr: 0.5, annealEpochs: 2, annealStrategy: 'linear' } }),
      {
        name: 'watch',
        after: ['SWA'],
        batchStart: ({ optimizers }) => void rates.push(optimizers[0]!.paramGroups[0]!.lr),
      },
    ]);
    const scheduled = new GenericTrainer({
      model: trainer.model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }), interval: 'epoch' }],
      callbacks: trainer.callbacks.callbacks,
    });
    scheduled.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(trainer.model as TinyModel, batch) }));
    await scheduled.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 6 });
    const base = 0.3 * 0.25;
    expect(rates).toEqual([0.3, 0.15, base, 0.5 * 0.5 + base * 0.5, 0.5, 0.5]);
  });

  test('work with frozen parameters, shared ones, and one optimizer for each part', async () => {
    class Tied extends Module {
      readonly first = new Linear(3, 3);
      readonly second = new Linear(3, 3);
      readonly head = new Linear(3, 1);

      constructor() {
        super();
        this.second.registerParameter('weight', this.first.weight);
      }

      forward(x: Tensor): Tensor {
        return this.head.forward(this.second.forward(this.first.forward(x).tanh()));
      }
    }
    manualSeed(3);
    const model = new Tied();
    model.freeze('first.bias');
    const ema = new EMA({ decay: 0.8, applyAtEnd: true });
    const body = [...model.first.parameters(), model.second.bias!];
    const { average, callback } = witness(model, (event) => event === 'step', 0.8);
    const trainer = new GenericTrainer({
      config: { perLoaderOptimizerId: [0, 1] },
      model,
      optimizers: [new SGD(body, { lr: 0.1 }), new SGD(model.head.parameters(), { lr: 0.1 })],
      callbacks: [ema, callback],
    });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit({ trainLoaders: [tinyLoader(6), tinyLoader(6)], maxEpochs: 2 });
    const { averages } = ema;
    expect(Object.keys(averages)).toEqual(Object.keys(model.stateDict()));
    expect(numbers(averages)).toEqual(numbers(average.module.stateDict()));
    expect(numbers(model.stateDict())).toEqual(numbers(averages)); // applyAtEnd
  });

  test('keep averages of half precision in float32, so that small steps count, unless told otherwise', async () => {
    const run = async (ema: EMA) => {
      const { trainer, model } = tinyTrainer({ config: { performance: { precision: 'bf16' } }, callbacks: [ema] });
      await trainer.fit({ trainLoaders: [tinyLoader(32)], valLoaders: [tinyLoader(4)], maxEpochs: 2 });
      return { ema, model };
    };
    const wide = await run(new EMA({ decay: 0.999 }));
    const narrow = await run(new EMA({ decay: 0.999, keepsHalves: true }));
    expect(Object.values(wide.ema.averages).map(({ dtype }) => dtype)).toEqual(Array(4).fill('float32'));
    expect(Object.values(narrow.ema.averages).map(({ dtype }) => dtype)).toEqual(Array(4).fill('bfloat16'));
    expect(Object.values(wide.model.stateDict()).map(({ dtype }) => dtype)).toEqual(Array(4).fill('bfloat16'));
    expect(weightsOf(wide.model)).toEqual(weightsOf(narrow.model));
    expect(numbers(wide.ema.averages)).not.toEqual(numbers(narrow.ema.averages));
  });

  test('updateBn gives the averages statistics of their own, in validations and at the end, and the model keeps its own meanwhile', async () => {
    const make = (): Sequential => {
      manualSeed(5);
      return new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 1));
    };
    const loader = (): DataLoader<TinyBatch, TinyBatch> => tinyLoader(8, { batchSize: 4 });
    const run = async (averaging: readonly WeightAveraging[]) => {
      const model = make();
      const statistics = (): number[] => numbers(model.stateDict())['1.running_mean']!;
      const seen: { own: number[]; inside: number[] }[] = [];
      const own: number[] = [];
      const trainer = new GenericTrainer({
        model,
        optimizers: [new SGD(model.parameters(), { lr: 0.2 })],
        callbacks: [
          ...averaging,
          { name: 'watch', optimizerStepEnd: () => void own.splice(0, own.length, ...statistics()) },
        ],
      });
      trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
      trainer.setValidationStep((_trainer, batch: TinyBatch) => {
        seen.push({ own: [...own], inside: statistics() });
        return { loss: tinyLoss(model, batch) };
      });
      await trainer.fit({ trainLoaders: [loader()], valLoaders: [tinyLoader(2)], maxEpochs: 2 });
      return { model, seen, own, random: rand([2]).toArray() };
    };
    const plain = await run([]);
    const input = ({ x }: TinyBatch): Tensor => x;
    const swa = new SWA({ updateBn: { loader: loader(), input }, applyAtEnd: true });
    const { model, seen, own, random } = await run([swa]);
    expect([own, random]).toEqual([plain.own, plain.random]);
    for (const { own, inside } of seen) expect(inside).not.toEqual(own);
    const expected = make();
    swa.applyTo(expected);
    await updateBn(loader(), expected, { input: ({ x }) => x });
    expect(numbers(model.stateDict())).toEqual(numbers(expected.stateDict()));
  });

  test('start anew for a new run, and go on for the same one', async () => {
    const ema = new EMA();
    const first = tinyTrainer({ callbacks: [ema] });
    await first.trainer.fit({ trainLoaders: [tinyLoader(6)] });
    await first.trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
    expect(ema.numUpdates).toBe(6);
    await tinyTrainer({ callbacks: [ema] }).trainer.fit({ trainLoaders: [tinyLoader(6)] });
    expect(ema.numUpdates).toBe(3);
  });

  test('list every option that is wrong', () => {
    const wrong = { decay: 2, everyNSteps: 0, startEpoch: -1, validate: 1, updateBn: {}, rate: 3 };
    expect(() => new EMA(wrong as never)).toThrow(
      [
        'Cannot make EMA: 7 problems',
        'rate: expected one of decay, everyNSteps, startStep, everyNEpochs, startEpoch, useBuffers, validate, applyAtEnd, keepsHalves, updateBn, got an unknown key',
        'decay: expected a number from 0 to 1 or a schedule, got 2',
        'everyNSteps: expected an integer above 0, got 0',
        'startEpoch: expected an integer from 0 on, got -1',
        'validate: expected true or false, got 1',
        'startEpoch: expected none beside steps, got -1',
        'updateBn: expected an object with a loader, got an object',
      ].join('\n  - '),
    );
    expect(() => new SWA({ schedule: {} as never })).toThrow('schedule: expected an object with swaLr, got an object');
    expect(() => new EMA().applyTo(new Linear(1, 1))).toThrow(
      'Cannot apply averages: expected weights in the average, got none; it takes in the first after 1 steps',
    );
  });
});
