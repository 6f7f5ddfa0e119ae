// Checkpoints by a path of one's own: a fit after loading goes on as if it had not been interrupted.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { CheckpointError } from '../../errors.ts';
import { CrossEntropyLoss, Dropout, Linear, Sequential } from '../../nn/index.ts';
import { AdamW, StepLR } from '../../optim/index.ts';
import { liveTensors, manualSeed, rand, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { Trainer } from '../trainer.ts';
import { Callback } from './positional-callback.ts';

function shuffled() {
  const x = tensor([[-3], [-2], [-1], [1], [2], [3]]);
  const dataset = new TensorDataset([x, tensor([0n, 0n, 0n, 1n, 1n, 1n])] as const);
  return new DataLoader({ dataset, batchSize: 2, shuffle: true, seed: 5 });
}

function dropoutTrainer(): Trainer {
  manualSeed(3);
  const model = new Sequential(new Linear(1, 4), new Dropout(0.5), new Linear(4, 2));
  const optimizer = new AdamW(model.parameters(), { lr: 0.1 });
  return new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), seed: 42 });
}

const fitUntil = async (trainer: Trainer, numEpochs: number) => {
  const { optimizer } = trainer;
  const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.9 });
  return trainer.fit({ trainLoader: shuffled(), valLoader: shuffled(), numEpochs, scheduler });
};

describe('Trainer.saveCheckpoint()', () => {
  test('leaves no tensors for a collection, whose memory would count twice until then', async () => {
    const trainer = dropoutTrainer();
    await fitUntil(trainer, 1);
    const path = join(temporaryFolder(), 'model.pt');
    const before = settledTensors();
    await trainer.saveCheckpoint(path);
    expect(liveTensors()).toBe(before);
  });
});

describe('Trainer.loadCheckpoint()', () => {
  test('lets fit go on: epochs, history, schedule, shuffling and dropout as without the interruption', async () => {
    const path = join(temporaryFolder(), 'new', 'model.pt');
    const whole = dropoutTrainer();
    const expected = await fitUntil(whole, 4);
    const first = dropoutTrainer();
    await fitUntil(first, 2);
    await first.saveCheckpoint(path, { best: 3, names: ['a'] });
    const second = dropoutTrainer();
    rand([7]); // the generator stands elsewhere
    const loaded = await second.loadCheckpoint(path);
    expect(loaded).toMatchObject({ epoch: 2, extra: { best: 3, names: ['a'] }, metricsHistory: expected.slice(0, 2) });
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
    expect(second.currentEpoch).toBe(2);
    expect(await fitUntil(second, 4)).toEqual(expected);
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    expect(second.optimizer.paramGroups[0]!.lr).toBe(whole.optimizer.paramGroups[0]!.lr);
  });

  test('takes what a callback saved at the end of an epoch, and what was loaded and not yet trained', async () => {
    const folder = temporaryFolder();
    class Saving extends Callback {
      override async onEpochEnd(epoch: number, trainer: Trainer): Promise<void> {
        if (epoch === 0) await trainer.saveCheckpoint(join(folder, 'inside.pt'));
      }
    }
    const whole = dropoutTrainer();
    whole.callbacks.append(new Saving());
    const expected = await fitUntil(whole, 2);
    const between = dropoutTrainer();
    await between.loadCheckpoint(join(folder, 'inside.pt'));
    await between.saveCheckpoint(join(folder, 'again.pt'));
    const second = dropoutTrainer();
    await second.loadCheckpoint(join(folder, 'again.pt'));
    expect(await fitUntil(second, 2)).toEqual(expected);
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
  });

  test('takes weights alone by name where it is not strict, and one saved before any fit', async () => {
    const folder = temporaryFolder();
    const first = dropoutTrainer();
    await first.saveCheckpoint(join(folder, 'start.pt'));
    const second = dropoutTrainer();
    await second.loadCheckpoint(join(folder, 'start.pt'));
    expect((await fitUntil(second, 1)).length).toBe(1);
    const { trainer, model } = tinyTrainer();
    const before = weightsOf(model);
    await expect(trainer.loadCheckpoint(join(folder, 'start.pt'))).rejects.toThrow(CheckpointError);
    await trainer.loadCheckpoint(join(folder, 'start.pt'), { strict: false }); // it has no weight of this name
    expect(weightsOf(model)).toEqual(before);
    await expect(trainer.loadCheckpoint(join(folder, 'none.pt'))).rejects.toThrow(/none\.pt/);
  });

  test('takes a file of another system, and weights that do not fit change nothing', async () => {
    const file = fileURLToPath(new URL('../../../test/fixtures/trainer/multimodal_insight_engine.pt', import.meta.url));
    const { trainer, optimizer } = tinyTrainer();
    await trainer.loadCheckpoint(file);
    expect(trainer.clocks).toMatchObject({ epoch: 1, step: 3 });
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.005);
    const other = dropoutTrainer();
    const before = weightsOf(other.model);
    await expect(other.loadCheckpoint(file)).rejects.toThrow(CheckpointError);
    expect(weightsOf(other.model)).toEqual(before);
    expect(other.currentEpoch).toBe(0);
  });

  test('is refused inside a step, as saving is', async () => {
    const { trainer } = tinyTrainer();
    let asked: Promise<void> | undefined;
    trainer.setTrainingStep((trainer, batch: { x: never }) => {
      asked ??= trainer.saveCheckpoint(join(temporaryFolder(), 'inside.pt'));
      asked.catch(() => {});
      return { loss: (trainer.model as unknown as { forward(x: never): never }).forward(batch.x) as never };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(1)] });
    await expect(asked).rejects.toThrow('expected one between two batches, as that of epochEnd, got one inside a step');
  });
});
