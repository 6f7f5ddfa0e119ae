// A training of many data sets as `multiDatasetTrainer` wires it: what is measured under which names, what is saved, and what begins and ends it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MeanMetric } from '../../metrics/index.ts';
import { Parameter } from '../../nn/index.ts';
import { manualSeed, ones, type Tensor, zeros } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { LaggedDataset } from '../data/lagged-dataset.ts';
import { MultiDatasetModel } from '../model/multi-dataset-model.ts';
import { biasOfRates, meanRates } from '../model/readout-bias.ts';
import { smallData } from '../model/testing/small-data.ts';
import { SMALL_CONFIG, smallGroup, smallModel } from '../model/testing/small-model.ts';
import { GroupMetrics } from '../objectives/group-metrics.ts';
import { type DatasetGroup, Objective, type ObjectiveMetric } from '../objectives/objective.ts';
import { multiDatasetTrainer } from './multi-dataset-trainer.ts';

const regularization = [
  { name: 'sparse', type: 'l1', lambda: 1e-4, apply_to: ['readouts/features'] },
  { name: 'narrow', type: 'proximal_clamp_positive', lambda: 0.4, apply_to: ['readouts/std'] },
] as const;

describe('multiDatasetTrainer()', () => {
  it('measures under VisionCore’s names, keeps the best three and the last, and a checkpoint gives the model back', async () => {
    const log = new KeptLog();
    const rootDir = temporaryFolder();
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, regularization } });
    const trainer = multiDatasetTrainer({
      ...{ model, dm: smallData(), maxEpochs: 6, logEveryNSteps: 2, checkpointDir: rootDir, experimentName: 'small' },
      ...{ loggers: [log], lrScheduler: 'cosine_warmup', warmupEpochs: 2, seed: 1, accumulateGradBatches: 2 },
      config: { profileTraining: false, logging: { logSystemMetrics: false } },
    });
    const history = await trainer.train();
    expect(Object.keys(history[0]!).sort()).toEqual(
      [
        ...['epoch', 'train_loss', 'train_total_loss', 'train_loss/Ada_1', 'train_loss/Ada_2', 'reg_loss/sparse'],
        ...['val_loss', 'val_loss/Ada_1', 'val_loss/Ada_2', 'val_loss/Ada'],
        ...['val_bps/Ada_1', 'val_bps/Ada_2', 'val_bps/Ada', 'val_bps_overall'],
      ].sort(),
    );
    const logged = new Set(log.metrics.flatMap(({ values }) => Object.keys(values)));
    expect([...logged].filter((name) => /(^|\/)(train|val)\//.test(name))).toEqual([]);
    expect(log.series('val_bps_overall').map(([, value]) => value)).toEqual(
      history.map((epoch) => epoch.val_bps_overall),
    );
    expect(history.at(-1)!.train_loss!).toBeLessThan(history[0]!.train_loss!);
    const total = history[2]!.train_loss! + history[2]!['reg_loss/sparse']!;
    expect(history[2]!.train_total_loss).toBeCloseTo(total, 6);
    for (const [name, parameter] of model.namedParameters())
      if (name.includes('.std')) expect(parameter.max().item()).toBeLessThanOrEqual(0.4 + 1e-6); // proximal steps
    const ranked = history
      .map(({ val_bps_overall }, i) => [val_bps_overall!, i + 1] as const)
      .sort(([a], [b]) => b - a);
    const names = readdirSync(join(rootDir, 'small')).filter((name) => name.startsWith('epoch'));
    const expected = [...new Set([...ranked.slice(0, 3).map(([, epoch]) => epoch), 6])].sort();
    expect(names.sort()).toEqual(
      expected.map((epoch) => {
        const bits = history[epoch - 1]!.val_bps_overall!.toFixed(4);
        return `epoch=0${epoch}-val_bps_overall=${bits}-step=${String(epoch * 4).padStart(6, '0')}.ckpt`;
      }),
    );
    const loaded = await MultiDatasetModel.loadFromCheckpoint(join(rootDir, 'small', 'latest.ckpt'));
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(loaded.names).toEqual(['Ada_1', 'Ada_2']);
    expect(loaded.hparams).toMatchObject({ lr: 1e-2, lrScheduler: 'cosine_warmup', warmupEpochs: 2 });
    expect(loaded.regularizers.terms.map(({ name }) => name)).toEqual(['sparse', 'narrow']);
    const values = await trainer.validate({ loaders: [smallData().valDataloader()] });
    expect(values.val_bps_overall).toBeCloseTo(history.at(-1)!.val_bps_overall!, 10);
  });

  it('begins with biases at the units’ rates, ends early, and says which groups it left out', async () => {
    const data = smallData();
    const model = smallModel();
    let first: number[][] = [];
    const look: Callback = {
      name: 'look',
      after: ['ReadoutBias'],
      fitStart: () => {
        first = [...model.model.readouts].map(
          (readout) => (readout as never as { bias: Tensor }).bias.toArray() as number[],
        );
      },
      batchStart: ({ batch, clocks }) => {
        if (clocks.microStep === 0) for (const group of batch as { robs: Tensor }[]) group.robs.fill_(Number.NaN);
      },
    };
    const trainer = multiDatasetTrainer({
      ...{ model, dm: data, maxEpochs: 50, earlyStoppingPatience: 2, lr: 0.5, callbacks: [look] },
      config: { nonFinite: 'error' },
    });
    const history = await trainer.train();
    expect(history.length).toBeLessThan(50);
    for (const [i, name] of data.names.entries()) {
      const rates = await meanRates(data.trainDsets![name]!);
      const softplus = (x: number): number => Math.log1p(Math.exp(x));
      const expected = rates.toArray() as number[];
      for (const [unit, bias] of first[i]!.entries()) expect(softplus(bias)).toBeCloseTo(expected[unit]!, 5);
    }
    expect(history[0]).toMatchObject({ 'train_nan_skip/Ada_1': 1, 'train_nan_skip/Ada_2': 1 });
    expect(history[1]).not.toHaveProperty('train_nan_skip/Ada_1');
    expect(history[0]!.train_loss).toBeGreaterThan(0);
  });

  it('ends where no group has counted for a hundred batches, and not before', async () => {
    const model = smallModel();
    let batches = 0;
    const spoil: Callback = {
      name: 'spoil',
      batchStart: ({ batch }) => {
        for (const group of batch as { robs: Tensor }[]) if (batches !== 60) group.robs.fill_(Number.NaN);
        batches += 1;
      },
    };
    const trainer = multiDatasetTrainer({
      model,
      dm: smallData(),
      maxEpochs: 99,
      logEveryNSteps: 10,
      callbacks: [spoil],
    });
    await expect(trainer.train()).rejects.toThrow(
      'Cannot go on training: expected a group with a finite loss in 100 batches, got none in the last 105',
    );
    expect(batches).toBe(168); // an epoch has 7, the one with a good batch ends at 63
  });

  it('takes a share of the validation, in one order, and at most so many steps an epoch', async () => {
    const seen: string[] = [];
    const count: Callback = {
      name: 'count',
      batchEnd: ({ clocks }) => void seen.push(`${clocks.epoch}`),
      validationBatchEnd: () => void seen.push('v'),
    };
    const trainer = multiDatasetTrainer({
      ...{
        model: smallModel(),
        dm: smallData(),
        maxEpochs: 2,
        stepsPerEpoch: 3,
        limitValBatches: 0.7,
        callbacks: [count],
      },
    });
    await trainer.train();
    expect(seen.join('')).toBe('000vv111vv');
    const few = multiDatasetTrainer({ model: smallModel(), dm: smallData(), limitValBatches: 0.1 });
    await expect(few.train()).rejects.toThrow('limitValBatches: expected a share that has a batch, got 0.1 of 3');
  });

  it.each([
    [['32', '32-true'], 'float32'],
    [['16', '16-mixed'], 'fp16-mixed'],
    [['bf16', 'bf16-mixed'], 'bf16-mixed'],
  ] as const)('takes precisions as Lightning spells them: %j', (spellings, precision) => {
    for (const spelling of spellings) {
      const trainer = multiDatasetTrainer({ model: smallModel(), dm: smallData(), precision: spelling });
      expect(trainer.config.performance.precision).toBe(precision);
    }
  });

  it('a model that does not see gets no stimulus', async () => {
    const modulator = { type: 'concat', params: { behavior_dim: 2 } };
    const config = { ...SMALL_CONFIG, convnet: { type: 'none' }, readout: { type: 'linear' }, modulator };
    const model = smallModel({ modelConfig: config });
    const keys = new Set<string>();
    const look: Callback = {
      name: 'look',
      batchStart: ({ batch }) => {
        for (const group of batch as object[]) for (const key of Object.keys(group)) keys.add(key);
      },
    };
    const trainer = multiDatasetTrainer({ model, dm: smallData(), maxEpochs: 1, callbacks: [look] });
    const [epoch] = await trainer.train();
    expect([...keys].sort()).toEqual(['behavior', 'datasetIdx', 'dfs', 'robs']);
    expect(epoch!.val_loss).toBeGreaterThan(0);
  });

  it('refuses what does not fit before anything is started, all at once', async () => {
    const model = smallModel();
    const dm = smallData();
    const make = (options: object) => () => multiDatasetTrainer({ model, dm, ...options } as never);
    expect(make({ maxEpochs: 0, precision: 'half', earlyStoppingMinDelta: 1, clip: 1 })).toThrow(
      /maxEpochs: expected.*precision: expected one of.*clip: expected one of.*earlyStoppingMinDelta: expected earlyStoppingPatience/s,
    );
    expect(make({ dm: {} })).toThrow('dm: expected a MultiDatasetDM, got an object');
    expect(make({ lrScheduler: 'cosin' })).toThrow('lrScheduler: expected one of "none"');
    await expect(make({ dm: { ...dm, names: ['Ada_2', 'Ada_1'] } })().train()).rejects.toThrow(
      "dm: expected the model's data sets in their order, Ada_1, Ada_2, got Ada_2, Ada_1",
    );
    await expect(
      make({ monitor: 'val_bits', checkpointDir: temporaryFolder(), maxEpochs: 1 })().train(),
    ).rejects.toThrow(/expected one of .*val_bps_overall.*, got "val_bits"/);
  });
});

/** What rates are far from, in place of a likelihood. */
class Squares extends Objective {
  readonly scale = new Parameter(ones([]));

  loss(output: Tensor, { robs }: DatasetGroup): Tensor {
    return output
      .mul(this.scale)
      .sub(robs as Tensor)
      .square()
      .mean();
  }

  metric(): ObjectiveMetric {
    const error = (output: Tensor, { robs }: DatasetGroup): Tensor => output.mul(this.scale).sub(robs as Tensor);
    return new GroupMetrics(
      [new MeanMetric({ name: 'loss' }), (output, group) => [error(output, group).square()]],
      [new MeanMetric({ name: 'mae' }), (output, group) => [error(output, group).abs()]],
    );
  }
}

describe('an Objective of one’s own', () => {
  it('is trained, measured under its own names, ranks checkpoints and is saved with the model', async () => {
    const rootDir = temporaryFolder();
    const model = smallModel({ objective: new Squares() });
    const trainer = multiDatasetTrainer({
      ...{ model, dm: smallData(), maxEpochs: 3, checkpointDir: rootDir, lr: 0.05 },
      ...{ monitor: 'val_mae_overall', monitorMode: 'min' },
    });
    const history = await trainer.train();
    const last = history.at(-1)!;
    expect(Object.keys(last)).toEqual(
      expect.arrayContaining(['val_loss/Ada_1', 'val_mae/Ada_2', 'val_mae/Ada', 'val_loss']),
    );
    expect(last.val_mae_overall).toBeCloseTo((last['val_mae/Ada_1']! + last['val_mae/Ada_2']!) / 2, 12);
    expect(last.train_loss!).toBeLessThan(history[0]!.train_loss!);
    const path = join(rootDir, 'multidataset', 'best.ckpt');
    const loaded = await MultiDatasetModel.loadFromCheckpoint(path, { objective: new Squares() });
    expect(Object.keys(loaded.stateDict())).toContain('loss_fn.scale');
    expect((loaded.loss_fn as Squares).scale.item()).not.toBe(1);
    const [first, second] = [new Squares().metric(), new Squares().metric()];
    first.update(ones([2]), { datasetIdx: 0, robs: zeros([2]) });
    second.update(ones([2]).mul(3), { datasetIdx: 0, robs: zeros([2]) });
    first.merge(second.state());
    expect(first.compute()).toEqual({ loss: 5, mae: 2 });
    second.loadState(first.state());
    expect(second.compute()).toEqual({ loss: 5, mae: 2 });
    expect(() => first.loadState({ 0: {} })).toThrow(
      'Cannot load the state of GroupMetrics: expected 2 parts by their numbers, got "0"',
    );
  });
});

describe('meanRates()', () => {
  it('is each unit’s mean over the valid samples, and biasOfRates() turns the activation around', async () => {
    manualSeed(3);
    const { robs, dfs } = smallGroup(0, 5) as unknown as { robs: Tensor; dfs: Tensor };
    const dataset = {
      length: 5,
      getBatch: (indices: Int32Array) => ({ robs: robs.narrow(0, indices[0]!, indices.length), dfs }),
    };
    const expected = [0, 1, 2].map((unit) => {
      const [counts, mask] = [robs, dfs].map((each) => each.select(1, unit).toArray() as number[]);
      const valid = Math.max(
        1,
        mask!.reduce((a, b) => a + b),
      );
      return counts!.reduce((sum, value, i) => sum + value * mask![i]!, 0) / valid;
    });
    const rates = await meanRates(dataset);
    const [means, bias, logs] = [rates, biasOfRates(rates, false), biasOfRates(rates, true)].map(
      (each) => each.toArray() as number[],
    );
    for (const [unit, rate] of expected.entries()) {
      expect(means![unit]).toBeCloseTo(rate, 12);
      expect(Math.log1p(Math.exp(bias![unit]!))).toBeCloseTo(Math.max(1e-6, rate), 9);
      expect(Math.exp(logs![unit]!)).toBeCloseTo(Math.max(1e-8, rate), 9);
    }
    const frames = Int32Array.of(1, 2, 3, 4, 5);
    const behind = (each: Tensor): Tensor => cat([zeros([1, 3]), each, zeros([4, 3])]); // a frame before, and some that no sample has
    const tensors = { robs: behind(robs), dfs: behind(dfs) };
    const lagged = new LaggedDataset({ name: 'lagged', tensors, frames, keysLags: { robs: 0, dfs: 0 } });
    const late = new LaggedDataset({
      name: 'late',
      tensors,
      frames: frames.map((at) => at + 2),
      keysLags: { robs: 2, dfs: [2] },
    });
    for (const base of [lagged, late]) expect((await meanRates({ length: 5, base })).toArray()).toEqual(means);
    await expect(meanRates({ length: 1, getBatch: () => ({}) })).rejects.toThrow(
      'expected samples with robs, got none',
    );
  });
});
