// Precision modes in a real fit: which dtypes weights, batches and operators have, loss scales, and exact resumes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Conv2d, Flatten, Linear, Sequential } from '../../nn/index.ts';
import { AdamW, LambdaLR, SGD } from '../../optim/index.ts';
import { load } from '../../serial/tensors.ts';
import { type DType, libtorchVersion, manualSeed, randn, type Tensor } from '../../tensor/index.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import type { LoopContext } from './loop-context.ts';
import type { PrecisionMode } from './precision.ts';

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
/** The same value with 1e6 times the gradient, which float16 cannot hold under any usual loss scale. */
const steepened = (loss: Tensor): Tensor => loss.mul(1e6).sub(loss.detach().mul(1e6 - 1));
const isOld = libtorchVersion().startsWith('1.');

/** A fit of four steps in a mode. */
async function fitIn(precision: PrecisionMode) {
  const each = tinyTrainer({ config: { performance: { precision } } });
  const seen = new Set<DType>();
  each.trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
    for (const tensor of [batch.x, each.model.first.forward(batch.x)]) seen.add(tensor.dtype);
    // Small enough for the first loss scale, and of operators that libtorch 1.13 has in bfloat16.
    return { loss: each.model.forward(batch.x).sub(batch.y).pow(2).mean().mul(0.01) };
  });
  await each.trainer.fit({ trainLoaders: [tinyLoader(8)] });
  const kept = new Set<DType>(each.model.parameters().map(({ dtype }) => dtype));
  for (const { exp_avg } of each.optimizer.stateDict().state.values()) kept.add(exp_avg!.dtype);
  return { ...each, seen: [...seen], kept: [...kept], weights: weightsOf(each.model) };
}

describe('precision', () => {
  test.each<[PrecisionMode, DType[], DType[], number]>([
    ['bf16-mixed', ['float32', 'bfloat16'], ['float32'], 0.1],
    ...(isOld
      ? []
      : ([['fp16-mixed', ['float32', 'float16'], ['float32'], 0.02]] satisfies [
          PrecisionMode,
          DType[],
          DType[],
          number,
        ][])),
    ['bf16', ['bfloat16'], ['bfloat16'], 0.1],
    ['float64', ['float64'], ['float64'], 1e-5],
  ])('%s computes in %j and keeps weights and optimizer state in %j', async (mode, seen, kept, tolerance) => {
    const [plain, fit] = [await fitIn('float32'), await fitIn(mode)];
    expect([plain.seen, plain.kept]).toEqual([['float32'], ['float32']]);
    expect([fit.seen, fit.kept]).toEqual([seen, kept]);
    expect(fit.weights).not.toEqual(plain.weights);
    expect(distance(fit.weights, plain.weights)).toBeLessThan(tolerance);
  });

  test('useAmp is bf16-mixed', async () => {
    const { trainer, model } = tinyTrainer({ config: { performance: { useAmp: true } } });
    trainer.setTrainingStep((_trainer, { x, y }: TinyBatch) => ({
      loss: model.forward(x).sub(y).pow(2).mean().mul(0.01),
    }));
    await trainer.fit({ trainLoaders: [tinyLoader(8)] });
    expect(weightsOf(model)).toEqual((await fitIn('bf16-mixed')).weights);
  });

  test('is not changed under an optimizer that has stepped', async () => {
    const { trainer, model, optimizer } = tinyTrainer();
    await trainer.fit({ trainLoaders: [tinyLoader(4)] });
    const other = new GenericTrainer({
      model,
      optimizers: [optimizer],
      config: { performance: { precision: 'bf16' } },
    });
    other.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    await expect(other.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow(
      'performance.precision: expected optimizers without state before weights become bfloat16, got one that has stepped',
    );
  });
});

describe.skipIf(isOld)('a loss scale', () => {
  const performance = { precision: 'fp16-mixed', gradientAccumulationSteps: 2, clipGradNorm: 0.5 } as const;

  /** A trainer whose loss overflows in the micro-steps listed. */
  function scaledTrainer(folder: string, overflows: readonly number[]) {
    const each = tinyTrainer();
    const scheduler = new LambdaLR(each.optimizer, (step) => 1 / (1 + step));
    const logged: Record<string, number>[] = [];
    const trainer = new GenericTrainer({
      model: each.model,
      optimizers: [each.optimizer],
      schedulers: [{ scheduler }],
      callbacks: [
        { name: 'log', logged: (_context: LoopContext, values: Record<string, number>) => void logged.push(values) },
      ],
      config: {
        performance,
        logEveryNSteps: 1,
        checkpoint: { rootDir: folder, saveEveryNSteps: 1, maxCheckpoints: 20 },
      },
    });
    trainer.setTrainingStep((_trainer, batch: TinyBatch, batchIdx) => {
      const loss = tinyLoss(each.model, batch).mul(0.01);
      const microStep = trainer.currentEpoch * 6 + batchIdx;
      return { loss: overflows.includes(microStep) ? steepened(loss) : loss };
    });
    return { ...each, trainer, logged, scheduler };
  }

  test('halves where gradients overflow, and that update, its schedule and its moments are left out', async () => {
    const { trainer, optimizer, logged, scheduler } = scaledTrainer(temporaryFolder(), [2]);
    const history = await trainer.fit({ trainLoaders: [tinyLoader(12)] });
    expect(logged.map(({ loss_scale }) => loss_scale)).toEqual([65536, 32768, 32768]);
    expect([trainer.globalStep, scheduler.stateDict().last_epoch]).toEqual([3, 2]);
    expect([...optimizer.stateDict().state.values()].map(({ step }) => step!.item())).toEqual([2, 2, 2, 2]);
    expect(Number.isFinite(history[0]!['train/loss'])).toBe(true);
  });

  test('is resumed inside an epoch, bit for bit, and lies in the checkpoint as PyTorch has it', async () => {
    const a = temporaryFolder();
    const whole = scaledTrainer(a, [2, 9]);
    await whole.trainer.fit({ trainLoaders: [tinyLoader(12)], maxEpochs: 2 });
    for (const file of readdirSync(join(a, 'experiment')).filter((name) => /step_00000[2-5]/.test(name))) {
      const resumed = scaledTrainer(temporaryFolder(), [2, 9]);
      await resumed.trainer.fit({
        trainLoaders: [tinyLoader(12)],
        maxEpochs: 2,
        resumeFromCheckpoint: join(a, 'experiment', file),
      });
      expect(weightsOf(resumed.model), file).toEqual(weightsOf(whole.model));
    }
    const { scaler } = (await load(join(a, 'experiment', 'latest.ckpt'))) as { scaler: Record<string, unknown>[] };
    expect(
      scaler.map((state) => Object.fromEntries(Object.entries(state).map(([key, value]) => [key, Number(value)]))),
    ).toEqual([{ scale: 16384, growth_factor: 2, backoff_factor: 0.5, growth_interval: 2000, _growth_tracker: 1 }]);
  });

  test('ends the run where no scale is small enough', async () => {
    const { trainer, model } = tinyTrainer({
      config: { performance: { precision: 'fp16-mixed' }, logEveryNSteps: 1000 },
    });
    // Its value is 0, its gradient infinite.
    trainer.setTrainingStep(() => ({ loss: model.first.weight.sum().mul(0).sqrt() }));
    await expect(trainer.fit({ trainLoaders: [tinyLoader(100)] })).rejects.toThrow(
      /^Cannot go on training: expected finite gradients, got inf or nan down to a loss scale of 2.98\d*e-8; lower the learning rate/,
    );
    expect(trainer.globalStep).toBeGreaterThan(30);
  });

  test('is missed by a run of another precision', async () => {
    const folder = temporaryFolder();
    await scaledTrainer(folder, []).trainer.fit({ trainLoaders: [tinyLoader(12)] });
    const { trainer } = tinyTrainer({ config: { checkpoint: { rootDir: temporaryFolder() } } });
    await expect(
      trainer.fit({ trainLoaders: [tinyLoader(12)], resumeFromCheckpoint: join(folder, 'experiment', 'latest.ckpt') }),
    ).rejects.toThrow(/of 0, got one of 1|state that nobody claims: scaler/);
  });

  test('is one for each optimizer, whose windows need not end together', async () => {
    manualSeed(3);
    const models = [new Linear(3, 1), new Linear(3, 1)];
    const optimizers = [new SGD(models[0]!.parameters(), { lr: 0.1 }), new AdamW(models[1]!.parameters(), { lr: 0.1 })];
    const logged: Record<string, number>[] = [];
    const trainer = new GenericTrainer({
      model: new Sequential(...models),
      optimizers,
      callbacks: [
        { name: 'log', logged: (_context: LoopContext, values: Record<string, number>) => void logged.push(values) },
      ],
      config: { performance: { precision: 'fp16-mixed' }, perLoaderOptimizerId: [0, 1], logEveryNSteps: 1 },
    });
    trainer.setTrainingStep((_trainer, { x, y }: TinyBatch, _batchIdx, loader) => {
      const loss = models[loader]!.forward(x).sub(y).pow(2).mean().mul(0.01);
      return { loss: loader === 1 ? steepened(loss) : loss };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(4), tinyLoader(4)] });
    expect(logged.at(-1)).toMatchObject({ 'loss_scale/optimizer_0': 65536 });
    expect(logged.at(-1)!['loss_scale/optimizer_1']).toBeLessThan(65536);
  });
});

test('channelsLast keeps weights and pictures in that order, and gives the same losses', async () => {
  const losses: Record<string, number[]> = {};
  for (const channelsLast of [false, true]) {
    manualSeed(5);
    const model = new Sequential(new Conv2d(3, 4, 3), new Flatten(), new Linear(4 * 16, 1));
    const pictures = randn([4, 3, 6, 6]);
    const trainer = new GenericTrainer({
      model,
      optimizers: [new SGD(model.parameters(), { lr: 0.05 })],
      config: { performance: { channelsLast } },
    });
    const strides: unknown[] = [];
    const seen: number[] = [];
    losses[`${channelsLast}`] = seen;
    trainer.setTrainingStep((_trainer, batch: { picture: Tensor }) => {
      strides.push(batch.picture.stride);
      const loss = model.forward(batch.picture).pow(2).mean();
      seen.push(loss.item());
      return { loss };
    });
    const dataset = new TensorDataset({ picture: pictures });
    await trainer.fit({ trainLoaders: [new DataLoader({ dataset, batchSize: 2 })] });
    expect(strides[0]).toEqual(channelsLast ? [108, 1, 18, 3] : [108, 36, 6, 1]);
    expect((model.stateDict()['0.weight'] as Tensor).stride).toEqual(channelsLast ? [27, 1, 9, 3] : [27, 9, 3, 1]);
  }
  expect(distance(losses.true!, losses.false!)).toBeLessThan(1e-5);
});
