// Modules beside the model (a loss that learns and keeps something), and what a subclass does around an epoch.
import { describe, expect, test } from 'vitest';

import { Module, Parameter } from '../nn/index.ts';
import { AdamW } from '../optim/index.ts';
import { load } from '../serial/tensors.ts';
import { manualSeed, noGrad, type Tensor, tensor, zeros } from '../tensor/index.ts';
import type { Logger } from '../tracking/logger.ts';
import { GenericTrainer, type GenericTrainerOptions } from './generic-trainer.ts';
import { optimizerFromConfig } from './optimization/optimizer-from-config.ts';
import {
  type TinyBatch,
  TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from './testing/tiny.ts';

/** Learns a factor, and keeps the last losses. */
class KeepingLoss extends Module {
  readonly factor = new Parameter(tensor(1));
  declare readonly kept: Tensor;
  readonly modes: boolean[] = [];

  constructor() {
    super();
    this.registerBuffer('kept', zeros([3]));
  }

  forward(value: Tensor): Tensor {
    this.modes.push(this.training);
    if (this.training) noGrad(() => this.kept.copy_(this.kept.roll(1, { dims: 0 }).mul(0.5).add(value.detach())));
    return value.mul(this.factor.square().add(0.1)).add(this.kept.mean().mul(this.factor.pow(2)));
  }
}

function trainerWith(options: Partial<GenericTrainerOptions> = {}) {
  manualSeed(7);
  const model = new TinyModel();
  const loss = new KeepingLoss();
  const optimizer = new AdamW([...model.parameters(), ...loss.parameters()], { lr: 0.05 });
  const trainer = new GenericTrainer({ model, modules: { loss }, optimizers: [optimizer], ...options });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: loss.forward(tinyLoss(model, batch)) }));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: loss.forward(tinyLoss(model, batch)) }));
  return { trainer, model, loss };
}

describe('modules of a GenericTrainer', () => {
  test('are in checkpoints with the gradients of a window that is half full: a resumed run ends at the same bits', async () => {
    const config = { performance: { gradientAccumulationSteps: 3 }, checkpoint: { rootDir: temporaryFolder() } };
    const whole = trainerWith({ config: { performance: config.performance } });
    await whole.trainer.fit({ trainLoaders: [tinyLoader(20)], maxEpochs: 2 });
    const path = `${temporaryFolder()}/half.ckpt`;
    const saves: Promise<void>[] = [];
    const first = trainerWith({
      config: { performance: config.performance },
      callbacks: [
        {
          name: 'saver',
          batchEnd: ({ clocks }) => {
            if (clocks.microStep === 4) first.trainer.parts!.context.requestStop('half');
          },
          fitEnd: () => void saves.push(first.trainer.saveCheckpoint(path)),
        },
      ],
    });
    await first.trainer.fit({ trainLoaders: [tinyLoader(20)], maxEpochs: 2 });
    await Promise.all(saves);
    const stored = (await load(path)) as {
      modules: { loss: Record<string, Tensor> };
      gradients: Record<string, Tensor>;
    };
    expect(Object.keys(stored.modules.loss)).toEqual(['factor', 'kept']);
    expect(Object.keys(stored.gradients)).toContain('modules.loss.factor');
    const second = trainerWith({ config: { performance: config.performance }, callbacks: [{ name: 'saver' }] });
    noGrad(() => second.loss.factor.fill_(9));
    await second.trainer.loadCheckpoint(path);
    expect(second.loss.factor.item()).not.toBe(9); // at once
    await second.trainer.fit({ trainLoaders: [tinyLoader(20)], maxEpochs: 2 });
    expect(weightsOf(second.loss)).toEqual(weightsOf(whole.loss));
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    expect(whole.loss.factor.item()).not.toBe(1);
  });

  test('that have a state which a checkpoint lacks are told before anything is loaded', async () => {
    const without = tinyTrainer();
    await without.trainer.fit({ trainLoaders: [tinyLoader(4)] });
    const path = `${temporaryFolder()}/without.ckpt`;
    await without.trainer.saveCheckpoint(path);
    const { trainer, model } = trainerWith();
    const before = weightsOf(model);
    await expect(trainer.loadCheckpoint(path)).rejects.toThrow(
      'expected the state of modules.loss, got a file of a run without',
    );
    expect(weightsOf(model)).toEqual(before);
  });

  test('follow the modes of the model, and validate({ checkpoint }) takes theirs', async () => {
    const { trainer, loss } = trainerWith();
    await trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(2)] });
    expect(loss.modes).toEqual([true, true, false]);
    expect(loss.training).toBe(true);
    const path = `${temporaryFolder()}/a.ckpt`;
    await trainer.saveCheckpoint(path);
    const now = await trainer.validate({ loaders: [tinyLoader(2)] });
    const before = weightsOf(loss);
    noGrad(() => loss.factor.fill_(5));
    const other = await trainer.validate({ loaders: [tinyLoader(2)] });
    expect(await trainer.validate({ loaders: [tinyLoader(2)], checkpoint: path })).toEqual(now);
    expect(other).not.toEqual(now);
    expect(loss.factor.item()).toBe(5);
    expect(before[0]).not.toBe(5);
  });

  test('with updateEpoch and updateStep are told where the run stands, once a step and behind a resume', async () => {
    const told: string[] = [];
    class Following extends Module {
      forward(): undefined {
        return undefined;
      }

      updateEpoch(epoch: number): void {
        told.push(`epoch ${epoch}`);
      }
      updateStep(step: number, totalSteps?: number): void {
        told.push(`${step} of ${totalSteps}`);
      }
    }
    const start = () =>
      tinyTrainer({ modules: { loss: new Following() }, config: { performance: { gradientAccumulationSteps: 2 } } });
    const first = start();
    await first.trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
    expect(told).toEqual(['epoch 0', '0 of 4', '1 of 4', 'epoch 1', '2 of 4', '3 of 4']);
    const path = `${temporaryFolder()}/a.ckpt`;
    await first.trainer.saveCheckpoint(path);
    const second = start();
    await second.trainer.loadCheckpoint(path);
    told.length = 0;
    await second.trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 3 });
    expect(told).toEqual(['epoch 2', '4 of 6', '5 of 6']);
  });

  test('that learn what no optimizer has, and that are none, are refused', () => {
    const model = new TinyModel();
    const optimizers = [new AdamW(model.parameters(), { lr: 0.1 })];
    expect(() => new GenericTrainer({ model, modules: { loss: new KeepingLoss() }, optimizers })).toThrow(
      'modules.loss: expected its parameters in an optimizer, got none that has factor; add module.parameters() to one, or freeze them by requiresGrad_(false)',
    );
    expect(() => new GenericTrainer({ model, modules: { 'a.b': model, c: 3 } as never, optimizers })).toThrow(
      /names of letters, digits and _, got "a.b"[\s\S]*modules\.c: expected a Module, got 3/,
    );
    expect(() => new GenericTrainer({ model, modules: model as never, optimizers })).toThrow('as in { loss }');
  });

  test('optimizerFromConfig() takes their parameters under their name', () => {
    const optimizer = optimizerFromConfig(
      { type: 'sgd', lr: 1, groups: [{ match: 'loss.*', lr: 0.5 }] },
      new TinyModel(),
      { modules: { loss: new KeepingLoss() } },
    );
    expect(optimizer.paramGroups.map(({ params, lr }) => [params.length, lr])).toEqual([
      [4, 1],
      [1, 0.5],
    ]);
  });
});

describe('playEpoch() of a subclass', () => {
  class Around extends GenericTrainer {
    readonly heard: unknown[] = [];
    around: (play: () => Promise<Readonly<Record<string, number>>>) => Promise<Readonly<Record<string, number>>> = (
      play,
    ) => play();

    protected override playEpoch(play: () => Promise<Readonly<Record<string, number>>>) {
      this.heard.push(this.currentEpoch);
      return this.around(play);
    }
  }

  function around() {
    manualSeed(7);
    const model = new TinyModel();
    const trainer = new Around({ model, optimizers: [new AdamW(model.parameters(), { lr: 0.05 })] });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    return { trainer, model };
  }
  const loaders = () => ({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(2)], maxEpochs: 2 });

  test('is called once an epoch, and its values are the record', async () => {
    const plain = tinyTrainer();
    await plain.trainer.fit(loaders());
    const { trainer, model } = around();
    trainer.around = async (play) => ({ ...(await play()), 'train/mine': 3 });
    const history = await trainer.fit(loaders());
    expect(trainer.heard).toEqual([0, 1]);
    expect(history.map((record) => record['train/mine'])).toEqual([3, 3]);
    expect(history.map((record) => record['val/loss'])).toEqual(
      plain.trainer.history.map((record) => record['val/loss']),
    );
    expect(weightsOf(model)).toEqual(weightsOf(plain.model));
  });

  test('that does not play trains on nothing, and the epoch counts', async () => {
    const { trainer, model } = around();
    const before = weightsOf(model);
    trainer.around = async () => ({ 'train/loss': 0.5 });
    const history = await trainer.fit(loaders());
    expect(history.map((record) => [record.epoch, record['train/loss']])).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    expect(history[0]).toHaveProperty('val/loss');
    expect(weightsOf(model)).toEqual(before);
  });

  test('may play an epoch once only', async () => {
    const { trainer } = around();
    trainer.around = async (play) => {
      await play();
      return play();
    };
    await expect(trainer.fit(loaders())).rejects.toThrow('expected one call of play() an epoch, got a second');
  });
});

test('texts among the values of a step are logged where they change', async () => {
  const texts: string[] = [];
  const logger: Logger = {
    name: 'texts',
    logMetrics: () => {},
    logText: (key, text, { step }) => void texts.push(`${step} ${key} ${text}`),
    close: () => {},
  };
  const { trainer, model } = tinyTrainer({ config: { logEveryNSteps: 2 }, loggers: [logger] });
  trainer.setTrainingStep((_trainer, batch: TinyBatch, index) => ({
    loss: tinyLoss(model, batch),
    current_phase: index < 3 ? 'contrastive' : 'transition',
  }));
  await trainer.fit({ trainLoaders: [tinyLoader(14)] });
  expect(texts).toEqual(['2 train/current_phase contrastive', '4 train/current_phase transition']);
});
