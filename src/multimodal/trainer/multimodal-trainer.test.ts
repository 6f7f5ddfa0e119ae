// What a training does epoch by epoch, which of its parts can be replaced, and what of it can be overridden.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { SGD, StepLR } from '../../optim/index.ts';
import { load } from '../../serial/tensors.ts';
import { ones, type Tensor } from '../../tensor/index.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { DataHandler, type NamedBatch } from '../batches/data-handler.ts';
import { Evaluator } from '../evaluation/evaluator.ts';
import { CheckpointManager } from '../stores/checkpoint-manager.ts';
import { MetricsCollector } from '../stores/metrics-collector.ts';
import { Lines, ownFolder, pairLoader, pairTrainer, QueueLoss, TwoTowers } from '../testing/two-towers.ts';
import { MultimodalTrainer } from './multimodal-trainer.ts';
import { TrainingLoop } from './training-loop.ts';

/** The log's values by key, one a record. */
function logged(folder: string, key: string): number[] {
  const lines = readFileSync(join(folder, 'logs/metrics.jsonl'), 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { values?: Record<string, number> });
  return records.flatMap(({ values }) => (values && key in values ? [values[key]!] : []));
}

const filesOf = (folder: string): string[] =>
  readdirSync(join(folder, 'checkpoints'))
    .filter((name) => name.endsWith('.pt'))
    .sort();

describe('MultimodalTrainer.train()', () => {
  test('trains, evaluates, tells and saves', async () => {
    const { trainer, folder, lines } = pairTrainer({ recallKValues: [1] });
    const history = await trainer.train();
    expect(history.train_loss).toHaveLength(2);
    expect(history.train_loss![1]).toBeLessThan(history.train_loss![0]!);
    expect(Object.keys(history)).toEqual(
      expect.arrayContaining([
        'train_accuracy',
        'train_recalls.top1',
        'val_loss',
        'val_global_i2t_recall@1',
        'val_recalls.t2i_R1',
      ]),
    );
    expect(trainer.history).toEqual(history);
    expect([trainer.currentEpoch, trainer.globalStep]).toEqual([1, 8]);
    expect(filesOf(folder)).toEqual(['best_model.pt', ...[1, 2].map((epoch) => `checkpoint_epoch_${epoch}.pt`)]);
    expect(lines.text.match(/^Train: loss=/gm)).toHaveLength(2);
    expect(lines.text.match(/^Val: .*loss=/gm)).toHaveLength(2);
    expect(lines.text.match(/raining issues detected/g)).toHaveLength(1); // from the second epoch on
    expect(logged(folder, 'train/loss').length).toBeGreaterThanOrEqual(8);
    expect(logged(folder, 'val/loss')).toEqual(history.val_loss);
    expect(trainer.model.training).toBe(true);
  });

  test('draws what was measured, from the second epoch on', async () => {
    const picturesBehind = async (numEpochs: number): Promise<string[]> => {
      const { trainer, folder } = pairTrainer({ numEpochs }, { isDrawn: true });
      trainer.evaluate = async () => ({ loss: 1 });
      await trainer.train();
      return readdirSync(join(folder, 'logs')).filter((name) => name.endsWith('.png'));
    };
    expect(await picturesBehind(1)).toEqual([]);
    expect(await picturesBehind(2)).toEqual(expect.arrayContaining(['alignment_metrics.png', 'loss.png']));
  });

  test('measures alignment at log points, for the log and the metrics', async () => {
    const { trainer, folder } = pairTrainer({ logSteps: 2 });
    await trainer.train();
    const { alignment } = trainer.metrics;
    expect(alignment.map(({ step }) => step)).toEqual([2, 6]); // of the first batch and the sixth
    expect(alignment[0]!.alignmentGap).toBeCloseTo(alignment[0]!.diagMean - alignment[0]!.simMean);
    expect(logged(folder, 'train/diag_mean')).toEqual(alignment.map(({ diagMean }) => diagMean));
  });

  test('tells the loss of epochs, and of steps of the whole training', async () => {
    const { trainer } = pairTrainer({ accumulationSteps: 2 });
    await trainer.train();
    expect((trainer.lossFn as QueueLoss).heard).toEqual([
      ...['epoch 0', '0 of 4', '1 of 4'],
      ...['epoch 1', '2 of 4', '3 of 4'],
    ]);
  });

  test('goes on where it stopped, and does nothing where everything is done', async () => {
    const { trainer, lines } = pairTrainer();
    await expect(trainer.train(1 as never)).rejects.toThrow(
      'Cannot train: expected { numEpochs: 1 }, got 1; name what it is',
    );
    await trainer.train({ numEpochs: 1 });
    await trainer.train({ numEpochs: 2 });
    const history = await trainer.train({ numEpochs: 2 });
    expect(history.train_loss).toHaveLength(2);
    expect(lines.text).toContain('Warning: Nothing to train: 2 of 2 epochs are completed');
  });

  test('ends behind so many epochs without a better validation loss', async () => {
    class Worse extends MultimodalTrainer {
      count = 0;
      override async evaluate() {
        return { loss: [0.5, 0.4, 0.6, 0.4, 0.1][this.count++]! };
      }
    }
    const { trainer, folder, lines } = pairTrainer({ numEpochs: 5, earlyStoppingPatience: 2 }, { kind: Worse });
    const history = await trainer.train();
    expect(history.val_loss).toEqual([0.5, 0.4, 0.6, 0.4]);
    expect(lines.text).toContain('Stopped early after 4 epochs');
    const best = (await load(join(folder, 'checkpoints/best_model.pt'))) as { clocks: { epoch: number } };
    expect(best.clocks.epoch).toBe(2);
    await trainer.train();
    expect(trainer.history.val_loss).toHaveLength(4); // stays ended
  });

  test('evaluates inside epochs too, for the log alone', async () => {
    const { trainer, folder } = pairTrainer({ numEpochs: 1, evaluationSteps: 3 });
    await trainer.train();
    expect(trainer.history.val_loss).toHaveLength(1);
    expect(logged(folder, 'val/loss')).toHaveLength(2);
  });

  test('an optimizer step in which nothing is trained is refused with the loss left out', () => {
    const model = new TwoTowers();
    expect(() =>
      pairTrainer({ model, optimizer: new SGD(model.parameters(), { lr: 0.1 }), learningRate: undefined! }),
    ).toThrow('optimizer: expected the parameters of the loss in it, got none that has logit_scale');
  });

  test('tries everything out without a file where the configuration asks for a trial', async () => {
    const { trainer, folder } = pairTrainer({ config: { fastDevRun: 2 } });
    expect((await trainer.train()).val_loss).toHaveLength(1);
    expect(trainer.globalStep).toBe(2);
    expect(filesOf(folder)).toEqual([]);
  });

  test('refuses to go on from a file that is not there', async () => {
    const { trainer, folder } = pairTrainer({ numEpochs: 1 });
    const path = join(folder, 'none.pt');
    await expect(trainer.train({ resume: path })).rejects.toThrow(
      `Cannot train: expected a checkpoint to go on from, got no file "${path}"`,
    );
    expect(trainer.globalStep).toBe(0);
  });

  test('refuses loaders without a batch', () => {
    const empty = new DataLoader({
      dataset: new TensorDataset({ images: ones([3, 2]) }),
      batchSize: 4,
      dropLast: true,
    });
    expect(() => pairTrainer({ trainDataloader: empty, valDataloader: empty })).toThrow(
      /2 problems\n {2}- trainDataloader: expected at least one batch, got none; .*\n {2}- valDataloader: /,
    );
  });

  test('refuses parts that are none when they are set, and a schedule of another optimizer', () => {
    const { trainer } = pairTrainer();
    for (const [name, wanted] of Object.entries({
      ...{ checkpointMgr: 'CheckpointManager', trainingLoop: 'TrainingLoop', metrics: 'MetricsCollector' },
      ...{ evaluator: 'Evaluator', dataHandler: 'DataHandler' },
    }))
      expect(() => Reflect.set(trainer, name, {}, trainer)).toThrow(
        `Cannot set ${name}: expected an instance of a class that extends ${wanted}`,
      );
    const { optimizer, checkpointDir } = trainer;
    const manager = new CheckpointManager({ model: new TwoTowers(), optimizer, checkpointDir });
    expect(() => Object.assign(trainer, { checkpointMgr: manager })).toThrow(
      "Cannot set checkpointMgr: model: expected the trainer's, got another one",
    );
    const model = new TwoTowers();
    const scheduler = new StepLR(new SGD(model.parameters(), { lr: 0.1 }), { stepSize: 1 });
    expect(() => pairTrainer({ model, scheduler })).toThrow('scheduler: expected its optimizer beside it, got none');
    const given = { model, scheduler, optimizer: new SGD(model.parameters(), { lr: 0.1 }), learningRate: undefined! };
    expect(() => pairTrainer(given)).toThrow('scheduler: expected a schedule of the optimizer, got that of another');
  });

  test('refuses to begin beside checkpoints of another training', async () => {
    const { trainer, folder } = pairTrainer({ numEpochs: 1 });
    await trainer.train();
    const other = pairTrainer({ numEpochs: 1 }, { folder });
    await expect(other.trainer.train()).rejects.toThrow(
      /expected no checkpoints in ".*" at the start of a training, got 1; go on/,
    );
    expect(filesOf(folder)).toEqual(['best_model.pt', 'checkpoint_epoch_1.pt']);
  });
});

describe('the options of a MultimodalTrainer', () => {
  test('warm up evenly, alone and before a schedule', async () => {
    const ratesOf = async (options: object): Promise<number[]> => {
      const rates: number[] = [];
      const note = ({ optimizers }: LoopContext) => void rates.push(optimizers[0]!.paramGroups[0]!.lr);
      const watch = { name: 'watch', optimizerStepStart: note };
      const { trainer } = pairTrainer({ numEpochs: 2, callbacks: [watch], ...options });
      await trainer.train();
      return rates.map((rate) => Math.round(rate * 1e6) / 1e6);
    };
    expect(await ratesOf({ warmupSteps: 4, learningRate: 0.04 })).toEqual([
      0.01, 0.02, 0.03, 0.04, 0.04, 0.04, 0.04, 0.04,
    ]);
    const model = new TwoTowers();
    const lossFn = new QueueLoss();
    const optimizer = new SGD([...model.parameters(), ...lossFn.parameters()], { lr: 0.04 });
    const scheduler = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
    const options = { model, lossFn, optimizer, scheduler, learningRate: undefined };
    expect(await ratesOf({ ...options, warmupSteps: 4 })).toEqual([0.01, 0.02, 0.03, 0.04, 0.04, 0.04, 0.02, 0.02]);
  });

  test('clip gradients, accumulate, and run in mixed precision', async () => {
    const norms: number[] = [];
    const clipped: number[] = [];
    const normOf = ({ optimizers }: LoopContext): number =>
      Math.sqrt(
        optimizers[0]!
          .parameters()
          .reduce((sum, { grad }) => sum + (grad ? (grad.square().sum().item() as number) : 0), 0),
      );
    const watch = {
      name: 'watch',
      optimizerStepStart: (context: LoopContext) => void norms.push(normOf(context)),
      gradientsClipped: (context: LoopContext) => void clipped.push(normOf(context)),
    };
    const { trainer } = pairTrainer({
      numEpochs: 1,
      callbacks: [watch],
      clipGradNorm: 0.01,
      accumulationSteps: 3,
      mixedPrecision: true,
    });
    await trainer.train();
    expect(trainer.globalStep).toBe(2); // 4 batches in windows of 3
    expect(norms[0]).toBeGreaterThan(0.01);
    expect(clipped[0]).toBeCloseTo(0.01, 4);
  });

  test('balance both towers, by groups of the default optimizer', async () => {
    const { trainer, folder } = pairTrainer({ balanceModalityGradients: true, numEpochs: 3 });
    expect(trainer.optimizer.paramGroups.map(({ name }) => name)).toEqual(['vision_model', 'text_model', 'loss']);
    await trainer.train();
    expect(logged(folder, 'balancing/ratio')).toHaveLength(1); // of 12 steps every tenth
    expect(logged(folder, 'gradients/vision_model/avg_norm').length).toBeGreaterThan(0);
    const model = new TwoTowers();
    const lossFn = new QueueLoss();
    const optimizer = new SGD([...model.parameters(), ...lossFn.parameters()], { lr: 0.1 });
    const options = { model, lossFn, optimizer, learningRate: undefined!, balanceModalityGradients: true };
    expect(() => pairTrainer(options)).toThrow(
      'balanceModalityGradients: optimizer: expected a parameter group each of vision_model, text_model',
    );
  });

  test('arguments are hyperparameters of loggers and checkpoints', async () => {
    const told: unknown[] = [];
    const logger = { name: 'mine', open: (run: unknown) => void told.push(run), logMetrics() {}, close() {} };
    const { trainer, folder } = pairTrainer({ numEpochs: 1, args: { vision: 'vit', width: 3 }, loggers: [logger] });
    await trainer.train();
    expect(told).toMatchObject([{ config: { trainer: { experimentConfig: { vision: 'vit', width: 3 } } } }]);
    const file = await load(join(folder, 'checkpoints/checkpoint_epoch_1.pt'));
    expect(file).toMatchObject({ hyper_parameters: { experimentConfig: { vision: 'vit', width: 3 } } });
  });

  test('are checked all at once', () => {
    const wrong = {
      model: 1,
      numEpochs: 0,
      accumulationSteps: 1.5,
      clipGradNorm: -1,
      device: 'gpu',
      epochs: 3,
    };
    const make = () => new MultimodalTrainer(wrong as never);
    expect(make).toThrow(ConfigError);
    for (const name of [...Object.keys(wrong), 'trainDataloader'])
      expect(make).toThrow(new RegExp(`\\n {2}- ${name}: `));
  });

  test('that need each other, or exclude each other, are told', () => {
    const model = new TwoTowers();
    const lossFn = new QueueLoss();
    const optimizer = new SGD([...model.parameters(), ...lossFn.parameters()], { lr: 0.1 });
    const make = () =>
      pairTrainer({
        ...{ model, lossFn, optimizer, evaluationSteps: 2, earlyStoppingPatience: 2, valDataloader: undefined! },
        config: { performance: { clipGradNorm: 1 }, checkpoint: { rootDir: 'x', asynchronous: true } },
      });
    for (const problem of [
      'learningRate: expected none beside an optimizer',
      'evaluationSteps: expected a valDataloader',
      'earlyStoppingPatience: expected a valDataloader',
      "config.performance.clipGradNorm: expected none, got one; the trainer's option is clipGradNorm",
      "config.checkpoint.rootDir: expected none, got one; the trainer's option is checkpointDir",
      'config.checkpoint.asynchronous: expected none or false',
    ])
      expect(make).toThrow(problem);
  });
});

describe('a subclass of MultimodalTrainer', () => {
  test('overrides trainEpoch, trainStep, evaluate, computeMetrics and saveCheckpoint', async () => {
    const calls: string[] = [];
    class Own extends MultimodalTrainer {
      override async trainEpoch() {
        const values = await super.trainEpoch();
        calls.push(`epoch ${this.currentEpoch}`);
        return { ...values, extra: 7 };
      }
      override trainStep(...given: Parameters<MultimodalTrainer['trainStep']>) {
        const output = super.trainStep(...given);
        return { ...output, tripled: output.loss.detach().mul(3) };
      }
      override async evaluate(...given: Parameters<MultimodalTrainer['evaluate']>) {
        expect(given[0]).toBe(this.valDataloader);
        return { ...(await super.evaluate(...given)), own: 3 };
      }
      override computeMetrics(outputs: { visionFeatures: Tensor }) {
        return { mean: outputs.visionFeatures.mean() };
      }
      override async saveCheckpoint(path: string, extra = {}) {
        calls.push(`save ${path.split('/').at(-1)}`);
        await super.saveCheckpoint(path, { ...extra, experiment: 'exp123' });
      }
    }
    const { trainer, folder } = pairTrainer({}, { kind: Own });
    const history = await trainer.train();
    expect(history.train_extra).toEqual([7, 7]);
    expect(history.train_tripled![1]).toBeCloseTo(3 * history.train_loss![1]!);
    expect(history.val_own).toEqual([3, 3]);
    expect(history.val_mean).toHaveLength(2);
    expect(history.val_loss).toHaveLength(2);
    expect(calls.filter((call) => !call.includes('best'))).toEqual([
      ...['epoch 0', 'save checkpoint_epoch_1.pt', 'epoch 1', 'save checkpoint_epoch_2.pt'],
    ]);
    const best = await load(join(folder, 'checkpoints/best_model.pt'));
    expect(best).toMatchObject({ extra: { experiment: 'exp123' } });
    const state = await pairTrainer({}, { kind: Own }).trainer.loadCheckpoint(
      join(folder, 'checkpoints/checkpoint_epoch_2.pt'),
    );
    expect(state).toMatchObject({ currentEpoch: 2, globalStep: 8, experiment: 'exp123', history });
  });

  test('that trains an epoch itself has it counted, evaluated and saved', async () => {
    class Manual extends MultimodalTrainer {
      override async trainEpoch() {
        return { loss: 0.25, recalls: { top1: 0.5 } } as never;
      }
    }
    const { trainer, folder } = pairTrainer({}, { kind: Manual });
    const history = await trainer.train();
    expect(history).toMatchObject({ train_loss: [0.25, 0.25], 'train_recalls.top1': [0.5, 0.5] });
    expect(history.val_loss).toHaveLength(2);
    expect(filesOf(folder)).toContain('checkpoint_epoch_2.pt');
    expect(trainer.globalStep).toBe(0);
  });

  test('stops by its own rule', async () => {
    class EarlyStoppingTrainer extends MultimodalTrainer {
      readonly minDelta = 0.001;
      override shouldStop() {
        const losses = this.metrics.getMetric('val_loss');
        return losses.length >= 2 && losses.at(-1)! - Math.min(...losses.slice(-2)) > this.minDelta;
      }
      override async evaluate() {
        return { loss: [0.5, 0.4, 0.6, 0.3][this.metrics.getMetric('val_loss').length]! };
      }
    }
    const { trainer } = pairTrainer({ numEpochs: 4 }, { kind: EarlyStoppingTrainer });
    expect((await trainer.train()).val_loss).toEqual([0.5, 0.4, 0.6]);
  });

  test('with a train of its own plays epochs one by one', async () => {
    class Own extends MultimodalTrainer {
      override async train() {
        for (let epoch = 0; epoch < 2; epoch++) this.metrics.logMetrics(await this.trainEpoch(), 'train');
        return this.metrics.toDict();
      }
    }
    const { trainer, folder } = pairTrainer({}, { kind: Own });
    const { train_loss: losses } = await trainer.train();
    expect(losses).toHaveLength(2);
    expect(trainer.globalStep).toBe(8);
    expect(filesOf(folder)).toEqual([]);
    const other = pairTrainer();
    expect((await other.trainer.train()).train_loss).toEqual(losses); // the same epochs, one way or the other
  });
});

describe('the parts of a MultimodalTrainer', () => {
  test('are used by train() when they are replaced', async () => {
    const calls = new Set<string>();
    class OwnLoop extends TrainingLoop {
      override trainStep(
        batch: NamedBatch,
        ...rest: Parameters<TrainingLoop['trainStep']> extends [unknown, ...infer R] ? R : never
      ) {
        calls.add('trainStep');
        expect(Object.keys(batch)).toEqual(['images', 'textData', 'matchIds']);
        return super.trainStep(batch, ...rest);
      }
      override async trainEpoch(options: Parameters<TrainingLoop['trainEpoch']>[0]) {
        calls.add(`trainEpoch ${options.epoch} of ${options.numEpochs}`);
        return { ...(await super.trainEpoch(options)), looped: 1 };
      }
    }
    class OwnEvaluator extends Evaluator {
      override computeMetrics() {
        calls.add('computeMetrics');
        return { rows: 5 };
      }
    }
    class OwnManager extends CheckpointManager {
      custom = 'exp123';
      override async saveCheckpoint(path: string, state = {}) {
        calls.add('saveCheckpoint');
        await super.saveCheckpoint(path, { ...state, custom: this.custom });
      }
      override async loadCheckpoint(path: string) {
        const state = await super.loadCheckpoint(path);
        this.custom = `${state.custom} again`;
        return state;
      }
    }
    class OwnMetrics extends MetricsCollector {
      override update(...given: Parameters<MetricsCollector['update']>) {
        calls.add('update');
        super.update(...given);
      }
    }
    class OwnHandler extends DataHandler {
      override prepareModelInputs(batch: NamedBatch) {
        calls.add('prepareModelInputs');
        return super.prepareModelInputs(batch);
      }
    }
    const equip = (options = {}, place = {}) => {
      const made = pairTrainer({ logSteps: undefined!, ...options }, place);
      const { trainer } = made;
      const { model, optimizer, lossFn, checkpointDir } = trainer;
      trainer.trainingLoop = new OwnLoop({ model, optimizer, lossFn, accumulationSteps: 2 });
      trainer.evaluator = new OwnEvaluator({ model });
      trainer.checkpointMgr = new OwnManager({ model, optimizer, checkpointDir });
      trainer.metrics = new OwnMetrics({ stream: new Lines() });
      trainer.dataHandler = new OwnHandler({ model });
      return made;
    };
    const { trainer, folder } = equip({ numEpochs: 1 });
    const history = await trainer.train();
    expect([...calls].sort()).toEqual(
      ['computeMetrics', 'prepareModelInputs', 'saveCheckpoint', 'trainEpoch 0 of 1', 'trainStep', 'update'].sort(),
    );
    expect(trainer.globalStep).toBe(2); // the loop's own settings
    expect(history).toMatchObject({ val_rows: [5], train_looped: [1] });
    expect(trainer.checkpointManager).toBe(trainer.checkpointMgr);
    expect(trainer.metricsCollector).toBe(trainer.metrics);
    const resumed = equip({ numEpochs: 2 }, { folder }).trainer;
    await resumed.train({ resume: 'latest' });
    expect((resumed.checkpointMgr as OwnManager).custom).toBe('exp123 again');
    expect(resumed.history.train_loss).toHaveLength(2);
  });

  test('of another model, or with other settings once training has begun, are refused', async () => {
    const { trainer } = pairTrainer({ numEpochs: 1 });
    const { model, optimizer, lossFn } = trainer;
    expect(() => {
      trainer.trainingLoop = new TrainingLoop({ model: new TwoTowers(), optimizer, lossFn });
    }).toThrow("model: expected the trainer's, got another one");
    expect(() => {
      trainer.trainingLoop = new TrainingLoop({ model, optimizer, lossFn, logSteps: 2 });
    }).toThrow(
      'logSteps: expected what the trainer was told, got another; give the loop logSteps: trainer.trainingLoop.logSteps',
    );
    await trainer.train();
    expect(() => {
      trainer.trainingLoop = new TrainingLoop({ model, optimizer, lossFn, logSteps: 1, accumulationSteps: 3 });
    }).toThrow('accumulationSteps: expected the same once training has begun');
    expect(() => {
      trainer.checkpointMgr = {} as never;
    }).toThrow('expected an instance of a class that extends CheckpointManager');
  });
});

describe('outside of train()', () => {
  test('evaluate and evaluateTest work by themselves', async () => {
    const { trainer } = pairTrainer({ testDataloader: pairLoader(5, { start: 30 }) });
    const values = await trainer.evaluate(trainer.valDataloader!);
    expect(values.loss).toBeGreaterThan(0);
    expect(await trainer.evaluateTest()).toMatchObject({ 'global_i2t_recall@5': 1 });
    expect(trainer.history.test_loss).toHaveLength(1);
    expect(trainer.model.training).toBe(true);
    expect(trainer.lossFn.training).toBe(true);
    expect((trainer.lossFn as QueueLoss).filled.item()).toBe(0); // an evaluation fills no queue
  });

  test('evaluateTest() without a loader gives nothing and says so', async () => {
    const warning = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(await pairTrainer().trainer.evaluateTest()).toEqual({});
    expect((await warning).message).toBe('There is no testDataloader to evaluate on');
  });

  test('what is saved between two epochs is loaded as it was', async () => {
    const { trainer, folder } = pairTrainer();
    await trainer.trainEpoch();
    const path = join(folder, 'mine/now.pt');
    await trainer.saveCheckpoint(path, { note: 'mine' });
    const next = await trainer.trainEpoch();
    const other = pairTrainer();
    const state = await other.trainer.loadCheckpoint(path);
    expect(state).toMatchObject({ currentEpoch: 1, globalStep: 4, note: 'mine' });
    expect(other.trainer.currentEpoch).toBe(1);
    expect(await other.trainer.trainEpoch()).toEqual(next);
    expect(await other.trainer.loadCheckpoint(join(ownFolder(), 'none.pt'))).toEqual({});
  });
});
