// Metrics in a fit: of each loader and over all, by every aggregation, with their matrices; of the training epoch, also where it is interrupted.
import { expect, test } from 'vitest';
import { Accuracy, AUROC, BLEUScore, ConfusionMatrix, MeanSquaredError, type Metric } from '../../metrics/index.ts';
import { CrossEntropyLoss, Linear } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { manualSeed, type Tensor } from '../../tensor/index.ts';
import { liveTensors } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { GenericTrainerOptions } from '../generic-trainer.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer } from '../testing/tiny.ts';
import { Trainer } from '../trainer.ts';

const many = { task: 'multiclass', numClasses: 3 } as const;
const classOf = ({ row }: TinyBatch): Tensor => row.remainder(3);

/** Writes down what it is given. */
class Written implements Logger {
  readonly name = 'written';
  readonly values: Record<string, number>[] = [];
  readonly matrices: [key: string, matrix: Matrix][] = [];

  logMetrics(values: Readonly<Record<string, number>>): void {
    this.values.push({ ...values });
  }

  logMatrix(key: string, matrix: Matrix): void {
    this.matrices.push([key, matrix]);
  }

  close(): void {}
}

/** Counts updates; cannot be merged. */
function plainMetric(): Metric & { update(): void } {
  let updates = 0;
  return {
    update: () => {
      updates += 1;
    },
    compute: () => ({ updates }),
    reset: () => {
      updates = 0;
    },
  };
}

function validated(options: Partial<GenericTrainerOptions> = {}) {
  const metrics = [new Accuracy(many), new AUROC(many), new ConfusionMatrix(many)] as const;
  const plain = plainMetric();
  const logger = new Written();
  const made = tinyTrainer({ valMetrics: [...metrics, plain], loggers: [logger], ...options });
  made.trainer.setValidationStep((_trainer, batch: TinyBatch) => {
    for (const metric of metrics) metric.update(batch.x, classOf(batch));
    plain.update();
    return { loss: tinyLoss(made.model, batch), accuracy: 17 }; // the metric's counts
  });
  const loaders = { near: tinyLoader(5), far: tinyLoader(9, { start: 50, batchSize: 3 }) };
  /** What the metrics give for the rows of these loaders. */
  const byHand = async (...names: (keyof typeof loaders)[]): Promise<Record<string, number>> => {
    const own = [new Accuracy(many), new AUROC(many)];
    for (const name of names)
      for await (const batch of loaders[name]) for (const metric of own) metric.update(batch.x, classOf(batch));
    return Object.assign({}, ...own.map((metric) => metric.compute()));
  };
  return { ...made, logger, loaders, byHand };
}

test('metrics have a value for each loader, and over all samples of all', async () => {
  const { trainer, loaders, byHand } = validated();
  const [near, far, both] = [await byHand('near'), await byHand('far'), await byHand('near', 'far')];
  const values = await trainer.validate({ loaders: [loaders.near, loaders.far], loaderNames: ['near', 'far'] });
  expect(values).toMatchObject({
    ...{ 'val/dl_near/accuracy': near.accuracy, 'val/dl_far/accuracy': far.accuracy, 'val/accuracy': both.accuracy },
    ...{ 'val/dl_near/auroc': near.auroc, 'val/dl_far/auroc': far.auroc, 'val/auroc': both.auroc },
    'val/updates': 6,
  });
  expect(both.auroc).not.toBe(((near.auroc ?? 0) + (far.auroc ?? 0)) / 2);
  expect(values).not.toHaveProperty('val/dl_near/updates');
  const one = await trainer.validate({ loaders: [loaders.near], loaderNames: ['near'] });
  expect(one).toMatchObject({ 'val/accuracy': near.accuracy, 'val/dl_near/accuracy': near.accuracy, 'val/updates': 3 });
});

const AGGREGATIONS = [
  ['macro_avg_equal_loaders', (a: number, b: number) => (a + b) / 2],
  ['sum', (a: number, b: number) => a + b],
  ['max', Math.max],
  ['min', Math.min],
  ['primary_metric_per_loader', () => undefined],
  ['custom', (a: number, b: number) => a - b],
] as const;
test.each(AGGREGATIONS)('values of loaders become one by %s', async (aggregation, expected) => {
  const { trainer, loaders, byHand } = validated({
    config: { validation: { aggregation } },
    ...(aggregation === 'custom' ? { aggregate: ([a, b]) => a!.mean - (b?.mean ?? 0) } : {}),
  });
  const [near, far] = [(await byHand('near')).auroc!, (await byHand('far')).auroc!];
  const values = await trainer.validate({ loaders: [loaders.near, loaders.far], loaderNames: ['near', 'far'] });
  expect(values['val/auroc']).toBe(expected(near, far));
  const losses = [values['val/dl_near/loss']!, values['val/dl_far/loss']!] as const;
  expect(values['val/loss']).toBe(expected(...losses));
  expect(values['val/updates']).toBe(6); // it has no values by loader
});

test('matrices are logged, of each loader too where there are several, and nothing is left behind', async () => {
  const { trainer, loaders, logger } = validated();
  await trainer.fit({
    trainLoaders: [tinyLoader(2)],
    valLoaders: [loaders.near, loaders.far],
    valLoaderNames: ['near', 'far'],
  });
  const counts = Object.fromEntries(
    logger.matrices.map(([key, { values }]) => [key, values.flat().reduce((sum, value) => sum + value, 0)]),
  );
  expect(counts).toEqual({
    'val/confusion_matrix': 14,
    'val/dl_near/confusion_matrix': 5,
    'val/dl_far/confusion_matrix': 9,
  });
  const given: Record<string, Matrix> = {};
  const onMatrix = (name: string, matrix: Matrix): void => {
    given[name] = matrix;
  };
  const before = settledTensors();
  await trainer.test({ loaders: [loaders.near], loaderNames: ['near'], onMatrix });
  expect(Object.keys(given)).toEqual(['test/confusion_matrix']);
  expect(liveTensors()).toBeLessThanOrEqual(before);
});

test('a class out of range ends the validation, and says so', async () => {
  const metric = new Accuracy(many);
  const { trainer } = tinyTrainer({ valMetrics: [metric] });
  trainer.setValidationStep((_trainer, batch: TinyBatch) => {
    metric.update(batch.x, batch.row);
    return {};
  });
  await expect(trainer.validate({ loaders: [tinyLoader(6)] })).rejects.toThrow(
    'Cannot compute Accuracy: expected classes from 0 to 2, got 3 targets outside of them',
  );
});

/** A trainer with metrics of training. */
function trained(options: Partial<GenericTrainerOptions> = {}) {
  const metrics = [new MeanSquaredError(), new AUROC(many), new ConfusionMatrix(many), new BLEUScore()] as const;
  const logger = new Written();
  const made = tinyTrainer({ trainMetrics: metrics, loggers: [logger], ...options });
  const errors: number[] = [];
  made.trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
    const output = made.model.forward(batch.x);
    metrics[0].update(output, batch.y);
    metrics[1].update(batch.x.mul(output), classOf(batch));
    metrics[2].update(batch.x.mul(output), classOf(batch));
    metrics[3].update(['a b c d e'], [[`a b c d ${batch.row.toArray()}`]]);
    errors.push(...(output.sub(batch.y).square().reshape([-1]).toArray() as number[]));
    return { loss: tinyLoss(made.model, batch) };
  });
  return { ...made, logger, errors };
}

test('trainMetrics have the values of each epoch alone, at its end, and logged', async () => {
  const { trainer, logger, errors } = trained();
  const history = await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
  history.forEach((record, epoch) => {
    const own = errors.slice(epoch * 6, (epoch + 1) * 6);
    expect(record['train/mse']).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / 6, 6);
  });
  const logged = logger.values.filter((values) => 'train/mse' in values);
  expect(logged.map((values) => values['train/mse'])).toEqual(history.map((record) => record['train/mse']));
  expect(logged.map((values) => values['epoch_summary/train/mse'])).toEqual(
    history.map((record) => record['train/mse']),
  );
  expect(logger.matrices.map(([key]) => key)).toEqual(['train/confusion_matrix', 'train/confusion_matrix']);
});

test('an epoch that is interrupted and resumed has the train metrics of one that is not, bit for bit', async () => {
  const rootDir = temporaryFolder();
  const loaders = () => ({ trainLoaders: [tinyLoader(10, { shuffle: true })], maxEpochs: 2 });
  const config = { seed: 3, checkpoint: { rootDir, saveEveryNSteps: 1 } };
  const whole = trained({ config: { seed: 3 } });
  const expected = await whole.trainer.fit(loaders());
  const first = trained({ config: { ...config, maxSteps: 7 } });
  await first.trainer.fit(loaders());
  expect(first.trainer.clocks).toMatchObject({ epoch: 1, batchInEpoch: 2 });
  const second = trained({ config });
  const history = await second.trainer.fit({ ...loaders(), resumeFromCheckpoint: 'latest' });
  expect(second.errors.length).toBe(6); // the rest of the epoch
  expect(history).toEqual(expected);
  expect(second.logger.matrices.at(-1)).toEqual(whole.logger.matrices.at(-1));
  const others = trained({ config, trainMetrics: [new MeanSquaredError()] });
  await expect(others.trainer.fit({ ...loaders(), maxEpochs: 3, resumeFromCheckpoint: 'latest' })).rejects.toThrow(
    'Cannot resume: expected 1 states under "metrics.train_metrics", one a metric, got 4',
  );
  const without = tinyTrainer({ config });
  await expect(without.trainer.fit({ ...loaders(), maxEpochs: 3, resumeFromCheckpoint: 'latest' })).rejects.toThrow(
    'state that nobody claims: metrics.train_metrics',
  );
});

test('Trainer gives outputs and targets to its trainMetrics and valMetrics', async () => {
  manualSeed(1);
  const model = new Linear(3, 3);
  const of = { numClasses: 3, task: 'multiclass', name: 'share' } as const;
  const trainer = new Trainer({
    ...{ model, optimizer: new AdamW(model.parameters()), criterion: new CrossEntropyLoss() },
    ...{ trainMetrics: [new Accuracy(of)], valMetrics: [new Accuracy(of)] },
  });
  const loader = () => tinyLoader(8, { transform: (batch: TinyBatch) => [batch.x, classOf(batch)] as never });
  const [record] = await trainer.fit({ trainLoader: loader(), valLoader: loader(), numEpochs: 1 });
  expect(record!.train_share).toBeCloseTo(record!.train_accuracy!, 12);
  expect(record!.val_share).toBeCloseTo(record!.val_accuracy!, 12);
  expect((await trainer.evaluate(loader())).val_share).toBe(record!.val_share);
});
