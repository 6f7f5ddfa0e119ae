// Golden messages: what a user is told of a wrong configuration, options or loaders. All problems at once, before anything is started or written.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { MeanSquaredError } from '../metrics/index.ts';
import { Linear, MSELoss } from '../nn/index.ts';
import { AdamW, LambdaLR, LBFGS } from '../optim/index.ts';
import { manualSeed, rand } from '../tensor/index.ts';
import type { GenericTrainerConfig } from './config/types.generated.ts';
import { type FitOptions, GenericTrainer, type GenericTrainerOptions } from './generic-trainer.ts';
import { TinyModel, temporaryFolder, tinyLoader, tinyTrainer } from './testing/tiny.ts';
import { Trainer } from './trainer.ts';

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** Options as JavaScript may give them. */
const wrong = (options: object): GenericTrainerOptions => {
  const model = new TinyModel();
  return { model, optimizers: [new AdamW(model.parameters())], ...options } as GenericTrainerOptions;
};

const configured = (config: object): readonly string[] =>
  problemsOf(() => new GenericTrainer(wrong({ config: config as GenericTrainerConfig })));

describe('the configuration', () => {
  const cases: [name: string, config: object, problems: string[]][] = [
    [
      'an unknown key',
      { epochs: 3 },
      ['epochs: expected a known key, got an unknown key; docs/configuration.md lists the 34 of this place'],
    ],
    [
      'a key in another spelling',
      { performance: { use_amp: true } },
      ['performance.use_amp: expected a known key, got an unknown key; did you mean useAmp?'],
    ],
    [
      'a key with a slip of the pen',
      { checkpoint: { maxCheckpoint: 3 } },
      ['checkpoint.maxCheckpoint: expected a known key, got an unknown key; did you mean maxCheckpoints?'],
    ],
    [
      'a count below 1',
      { trainLoaderConfig: { burstSize: -1 } },
      ['trainLoaderConfig.burstSize: expected an integer above 0, got -1'],
    ],
    ['a count that is no integer', { logEveryNSteps: 2.5 }, ['logEveryNSteps: expected an integer above 0, got 2.5']],
    [
      'a number as text',
      { performance: { gradientAccumulationSteps: '4' } },
      ['performance.gradientAccumulationSteps: expected an integer above 0, got "4"; write 4, without quotation marks'],
    ],
    [
      'a precision that is none',
      { performance: { precision: '16-mixed' } },
      ['performance.precision: expected one of float32, bf16-mixed, fp16-mixed, bf16, float64, got "16-mixed"'],
    ],
    [
      'two precisions',
      { performance: { useAmp: true, precision: 'float64' } },
      ['performance.useAmp: expected nothing, or false beside precision "float64", got true; precision alone says it'],
    ],
    ['a flag as number', { performance: { useAmp: 1 } }, ['performance.useAmp: expected true or false, got 1']],
    [
      'NaN',
      { performance: { clipGradNorm: Number.NaN } },
      ['performance.clipGradNorm: expected a number above 0, got NaN'],
    ],
    ['null', { seed: null }, ['seed: expected an integer from 0 to 4294967295, got null']],
    ['a section that is none', { checkpoint: 'all' }, ['checkpoint: expected an object, got "all"']],
    ['no configuration at all', [1], ['config: expected an object, got [1]']],
    [
      'a strategy that is none',
      { trainLoaderConfig: { samplingStrategy: 'random' } },
      [
        'trainLoaderConfig.samplingStrategy: expected one of sequential, round_robin, weighted, alternating, got "random"',
      ],
    ],
    ['a weight of 0', { lossWeightsPerLoader: [1, 0] }, ['lossWeightsPerLoader.1: expected a number above 0, got 0']],
    [
      'a list that is none',
      { lossWeightsPerLoader: 2 },
      ['lossWeightsPerLoader: expected a list of numbers above 0, got 2; put it into one: […]'],
    ],
    [
      'weighted without weights',
      { trainLoaderConfig: { samplingStrategy: 'weighted' } },
      ['trainLoaderConfig.dataloaderWeights: expected 1 finite numbers above 0, one a loader, got none'],
    ],
    [
      'two kinds of shares',
      { trainLoaderConfig: { samplingStrategy: 'weighted', dataloaderWeights: [1, 2], temperature: 2 } },
      ['trainLoaderConfig.temperature: expected none beside dataloaderWeights, got one of them too'],
    ],
    [
      'shares by size without weighted',
      { trainLoaderConfig: { temperature: 2, datasetSizes: [1, 2], lossMix: { floor: 0.2 } } },
      [
        'trainLoaderConfig.temperature: expected none with round_robin, got 2',
        'trainLoaderConfig.datasetSizes: expected none with round_robin, got [1, 2]',
        'trainLoaderConfig.lossMix: expected none with round_robin, got one',
      ],
    ],
    [
      'sizes without a temperature, and a mix beyond its bounds',
      {
        trainLoaderConfig: {
          samplingStrategy: 'weighted',
          dataloaderWeights: [1, 2],
          datasetSizes: [1, 2],
          lossMix: { floor: 2, smoothing: 1 },
        },
      },
      [
        'trainLoaderConfig.lossMix.smoothing: expected a number from 0 on and below 1, got 1',
        'trainLoaderConfig.lossMix.floor: expected a number from 0 to 1, got 2',
        'trainLoaderConfig.datasetSizes: expected none without temperature, got [1, 2]',
      ],
    ],
    [
      'a weight schedule that is none',
      {
        trainLoaderConfig: {
          samplingStrategy: 'weighted',
          weightSchedule: { point: [], points: [{ batch: 0, weight: [1] }] },
          lossMix: { Floor: 1 },
        },
      },
      [
        'trainLoaderConfig.weightSchedule.points.0.weights: expected a list of numbers, one a loader, got none',
        'trainLoaderConfig.weightSchedule.points.0.weight: expected one of batch, weights, got an unknown key; did you mean weights?',
        'trainLoaderConfig.weightSchedule.point: expected one of points, interpolation, got an unknown key; did you mean points?',
        'trainLoaderConfig.lossMix.Floor: expected one of temperature, smoothing, floor, got an unknown key; did you mean floor?',
      ],
    ],
    [
      'points out of order',
      {
        trainLoaderConfig: {
          samplingStrategy: 'weighted',
          weightSchedule: {
            points: [
              { batch: 5, weights: [1, 1] },
              { batch: 5, weights: [1] },
            ],
          },
        },
      },
      [
        'trainLoaderConfig.weightSchedule.points.1.batch: expected an integer above 5, which is that of the point before, got 5',
        'trainLoaderConfig.weightSchedule.points.1.weights: expected 2 finite numbers from 0 on, one a loader and one above 0, got [1]',
      ],
    ],
    [
      'one limit under two names',
      { trainLoaderConfig: { maxBatchesPerEpoch: 3, prefetchCapTotalBatches: 3 } },
      ['trainLoaderConfig.prefetchCapTotalBatches: expected none beside maxBatchesPerEpoch, which is the same, got 3'],
    ],
    [
      'weights without weighted',
      { trainLoaderConfig: { dataloaderWeights: [1, 2] } },
      ['trainLoaderConfig.dataloaderWeights: expected none with round_robin, got [1, 2]'],
    ],
    [
      'alternating without a pattern',
      { trainLoaderConfig: { samplingStrategy: 'alternating', dataloaderNames: ['a', 'b'] } },
      ['trainLoaderConfig.alternatingPattern: expected loaders by number, from 0 to 1, got none'],
    ],
    [
      'a fixed number of steps that is not said',
      { trainLoaderConfig: { epochLengthPolicy: 'fixed_num_steps' } },
      ['trainLoaderConfig.stepsPerEpoch: expected an integer above 0, got none'],
    ],
    [
      'a number of steps that is not used',
      { trainLoaderConfig: { stepsPerEpoch: 10 } },
      ['trainLoaderConfig.stepsPerEpoch: expected none with sum_of_lengths, got 10'],
    ],
    [
      'bursts of a sequence',
      { trainLoaderConfig: { samplingStrategy: 'sequential', burstSize: 2 } },
      ['trainLoaderConfig.burstSize: expected none with sequential, which has no bursts, got 2'],
    ],
    [
      'one name for two loaders',
      { trainLoaderConfig: { dataloaderNames: ['a', 'a'] } },
      ['trainLoaderConfig.dataloaderNames: expected names that differ, got "a" twice'],
    ],
    [
      'lists of different lengths',
      {
        trainLoaderConfig: { dataloaderNames: ['a', 'b'] },
        lossWeightsPerLoader: [1],
        perLoaderOptimizerId: [0, 0, 0],
      },
      [
        'lossWeightsPerLoader: expected one entry a loader, 2, got 1',
        'perLoaderOptimizerId: expected one entry a loader, 2, got 3',
      ],
    ],
    [
      'an optimizer that is not there',
      { perLoaderOptimizerId: [0, 2, 2] },
      ['perLoaderOptimizerId: expected optimizers from 0 to 0, got 2'],
    ],
  ];
  for (const [name, config, problems] of cases) {
    test(`with ${name} is told so`, () => {
      expect(configured(config)).toEqual(problems);
    });
  }

  test('that is right is taken', () => {
    expect(configured({ seed: 1, checkpoint: { monitorMetric: 'val/loss' }, performance: {} })).toEqual([]);
  });

  test('with several problems lists them all in one message, with those of the other options', () => {
    const make = () =>
      new GenericTrainer(wrong({ optimizers: [], config: { seed: 'x', logEveryNSteps: 0 }, callback: [] }));
    expect(make).toThrow(
      [
        'Cannot make a GenericTrainer: 4 problems',
        '  - callback: expected a known key, got an unknown key; did you mean callbacks?',
        '  - optimizers: expected at least one, got none',
        '  - seed: expected an integer from 0 to 4294967295, got "x"',
        '  - logEveryNSteps: expected an integer above 0, got 0',
      ].join('\n'),
    );
  });
});

describe('new GenericTrainer()', () => {
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters());
  const made = (options: object): readonly string[] =>
    problemsOf(() => new GenericTrainer({ model, optimizers: [optimizer], ...options } as GenericTrainerOptions));

  test('asks for lists', () => {
    expect(made({ optimizers: optimizer })).toEqual([
      'optimizers: expected a list, got an AdamW; put it into one: […]',
    ]);
    expect(made({ optimizers: undefined })).toEqual(['optimizers: expected a list, got none']);
    expect(made({ callbacks: { name: 'x' } })).toEqual([
      'callbacks: expected a list, got an object; put it into one: […]',
    ]);
    expect(made({ optimizers: ['adam'] })).toEqual(['optimizers.0: expected an optimizer, got "adam"']);
    const model = new TinyModel();
    expect(made({ model, optimizers: [new LBFGS(model.parameters())] })).toEqual([
      'optimizers.0: expected one that evaluates the loss once a step, got LBFGS; call its step(closure) in a loop of your own',
    ]);
    expect(made({ valMetrics: [{ compute: () => ({}) }] })).toEqual(['valMetrics.0: expected a metric, got an object']);
    const plain = { update: () => {}, compute: () => ({}), reset: () => {} };
    expect(made({ trainMetrics: [plain] })).toEqual([
      'trainMetrics.0: expected a metric with state(), loadState() and merge(), which a checkpoint keeps, got an object',
    ]);
    const metric = new MeanSquaredError();
    expect(made({ trainMetrics: [metric], valMetrics: [plain, metric] })).toEqual([
      'valMetrics.1: expected a metric of its own, got that of trainMetrics.0',
    ]);
    expect(made({ model: () => 1 })).toEqual(['model: expected a Module, got a function']);
  });

  test('asks for entries around schedules, that move an optimizer which is there, at a known time', () => {
    const scheduler = new LambdaLR(optimizer, () => 1);
    const problem = 'schedulers.0: expected a { scheduler, interval, monitor, optimizerIndex }, got a LambdaLR';
    expect(made({ schedulers: [scheduler] })).toEqual([problem]);
    expect(made({ schedulers: [{ scheduler, interval: 'batch', optimizerIndex: 1 }] })).toEqual([
      'schedulers.0.interval: expected one of step, epoch, metric, got "batch"',
      'schedulers.0.optimizerIndex: expected optimizers from 0 to 0, got 1',
    ]);
    const other = new TinyModel();
    const both = [new AdamW(model.first.parameters()), new AdamW(model.second.parameters())];
    expect(
      made({ optimizers: both, schedulers: [{ scheduler: new LambdaLR(both[1]!, () => 1), optimizerIndex: 0 }] }),
    ).toEqual(['schedulers.0.optimizerIndex: expected the place of the optimizer that it moves, got 0']);
    expect(made({ optimizers: [new AdamW([...model.parameters(), ...other.parameters()])] })).toEqual([
      'optimizers.0: expected parameters of the model, got 4 that it does not have; make them part of the model, or give their module as modules: { loss }, or no checkpoint would hold them',
    ]);
  });
});

describe('GenericTrainer.fit()', () => {
  const problemsOfFit = async (options: object, config: GenericTrainerConfig = {}): Promise<readonly string[]> => {
    const { trainer } = tinyTrainer({ config });
    try {
      await trainer.fit({ trainLoaders: [tinyLoader(4)], ...options } as FitOptions);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };
  const two = () => [tinyLoader(4), tinyLoader(4)];

  test('asks for lists of loaders', async () => {
    expect(await problemsOfFit({ trainLoaders: tinyLoader(4) })).toEqual([
      'trainLoaders: expected a list, got a DataLoader; put it into one: […]',
    ]);
    expect(await problemsOfFit({ valLoaders: tinyLoader(4) })).toEqual([
      'valLoaders: expected a list, got a DataLoader; put it into one: […]',
    ]);
    expect(await problemsOfFit({ trainLoaders: [] })).toEqual(['trainLoaders: expected at least one loader, got none']);
    expect(await problemsOfFit({ trainLoaders: [[1, 2]], valLoaders: [undefined] })).toEqual([
      'trainLoaders.0: expected a DataLoader, got [1, 2]',
      'valLoaders.0: expected a DataLoader, got none',
    ]);
    const loader = tinyLoader(4);
    expect(await problemsOfFit({ trainLoaders: [loader, loader] })).toEqual([
      'trainLoaders.1: expected a loader of its own, got that of place 0',
    ]);
  });

  test('asks for loaders that make an epoch', async () => {
    const endless = Object.assign(tinyLoader(4), { length: Number.POSITIVE_INFINITY });
    expect(await problemsOfFit({ trainLoaders: [endless] })).toEqual([
      'trainLoaders: expected loaders that end under "round_robin" with "sum_of_lengths", got loader 0 without an end; set epochLength to "fixed_num_steps" and stepsPerEpoch',
    ]);
    expect(await problemsOfFit({ trainLoaders: [tinyLoader(4), tinyLoader(1, { dropLast: true })] })).toEqual([
      'trainLoaders: expected batches in every loader that has a turn, got none in "dl1"',
    ]);
  });

  test('asks for a configuration of as many loaders as there are', async () => {
    expect(await problemsOfFit({ trainLoaders: two() }, { trainLoaderConfig: { dataloaderNames: ['a'] } })).toEqual([
      'trainLoaderConfig.dataloaderNames: expected one entry a loader, 2, got 1',
    ]);
    const weighted = { trainLoaderConfig: { samplingStrategy: 'weighted', dataloaderWeights: [1] } } as const;
    expect(await problemsOfFit({ trainLoaders: two() }, weighted)).toEqual([
      'trainLoaderConfig.dataloaderWeights: expected 2 finite numbers above 0, one a loader, got [1]',
    ]);
    const pattern = { trainLoaderConfig: { samplingStrategy: 'alternating', alternatingPattern: [0, 1, 2] } } as const;
    expect(await problemsOfFit({ trainLoaders: two() }, pattern)).toEqual([
      'trainLoaderConfig.alternatingPattern: expected loaders by number, from 0 to 1, got [0, 1, 2]',
    ]);
  });

  test('asks for its steps, names that differ, and a number of epochs', async () => {
    const { model, optimizer } = tinyTrainer();
    const bare = new GenericTrainer({ model, optimizers: [optimizer] });
    await expect(
      bare.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)], maxEpochs: 0 }),
    ).rejects.toThrow(
      [
        'Cannot fit: 3 problems',
        '  - training step: expected a function, got none; call setTrainingStep() before fit()',
        '  - maxEpochs: expected an integer above 0, got 0',
        '  - validation step: expected a function, got none; call setValidationStep() before fit() with valLoaders',
      ].join('\n'),
    );
    expect(await problemsOfFit({ valLoaders: two(), valLoaderNames: ['a', 'a'] })).toEqual([
      'valLoaderNames: expected names that differ, got "a" twice',
    ]);
    expect(await problemsOfFit({ valLoaders: two(), valLoaderNames: ['a'] })).toEqual([
      'valLoaderNames: expected one entry a loader, 2, got 1',
    ]);
    expect(await problemsOfFit({ numEpochs: 3 })).toEqual([
      'numEpochs: expected one of trainLoaders, valLoaders, maxEpochs, resumeFromCheckpoint, resume, valLoaderNames, got an unknown key',
    ]);
  });

  test('does not take a checkpoint to resume from without a folder for those that follow', async () => {
    expect(await problemsOfFit({ resumeFromCheckpoint: 'a.ckpt' })).toEqual([
      'resumeFromCheckpoint: expected a folder for the checkpoints that follow, got none; set checkpoint.rootDir',
    ]);
    expect(await problemsOfFit({ resume: { drop: [], without: [] } })).toEqual([
      'resume.without: expected one of drop, fresh, got an unknown key',
    ]);
  });

  test('has started and written nothing when it refuses', async () => {
    const rootDir = temporaryFolder();
    const heard: string[] = [];
    const { trainer } = tinyTrainer({
      config: { checkpoint: { rootDir }, seed: 1 },
      callbacks: [
        { name: 'heard', fitStart: () => void heard.push('fitStart'), close: () => void heard.push('close') },
      ],
    });
    manualSeed(9);
    const expected = rand([1]).item();
    manualSeed(9);
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)], maxEpochs: -1 })).rejects.toThrow(ConfigError);
    expect(rand([1]).item()).toBe(expected); // not seeded
    expect(heard).toEqual([]);
    expect(readdirSync(rootDir)).toEqual([]);
  });

  test('says after the first validation that the monitored metric never comes, and what there is', async () => {
    const config = {
      checkpoint: { rootDir: temporaryFolder(), monitorMetric: 'val/accuracy' },
      validateEveryNEpochs: 2,
    };
    const { trainer } = tinyTrainer({ config });
    await expect(
      trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)], maxEpochs: 3 }),
    ).rejects.toThrow(
      'Cannot choose the best checkpoint: checkpoint.monitorMetric: expected one of train/loss, train/dl_dl0/loss, val/loss, val/dl_val_dl0/loss, got "val/accuracy"',
    );
    expect(trainer.globalStep).toBe(4); // the first epoch has no validation to wait for
  });

  test('warns of what is configured and changes nothing', async () => {
    const messages: string[] = [];
    const { trainer } = tinyTrainer({
      config: { validateEveryNEpochs: 2, checkpoint: { monitorMode: 'max' } },
      valMetrics: [{ update: () => {}, compute: () => ({}), reset: () => {} }],
      callbacks: [{ name: 'warned', warning: (_context, message) => void messages.push(message) }],
    });
    await trainer.fit({ trainLoaders: [tinyLoader(4)] });
    expect(messages).toEqual([
      'checkpoint.monitorMode changes nothing without checkpoint.monitorMetric',
      'checkpoint changes nothing without checkpoint.rootDir: no checkpoints are written',
      'validateEveryNEpochs changes nothing without valLoaders',
      'valMetrics changes nothing without valLoaders',
    ]);
  });
});

describe('Trainer', () => {
  test('tells its own names apart', async () => {
    const model = new Linear(3, 1);
    const optimizer = new AdamW(model.parameters());
    const options = { model, optimizer, criterion: new MSELoss() };
    expect(
      problemsOf(() => new Trainer({ ...options, optimizer: [optimizer], criterion: 3, epochs: 1 } as never)),
    ).toEqual([
      'epochs: expected one of model, optimizer, criterion, device, callbacks, scheduler, useAmp, precision, channelsLast, captureSteps, gradientAccumulationSteps, maxGradNorm, seed, metrics, trainMetrics, valMetrics, progressBar, loggers, run, got an unknown key',
      'optimizer: expected an optimizer, got [an AdamW]',
      'criterion: expected a Module, got 3',
    ]);
    await expect(new Trainer(options).fit({ trainLoader: [tinyLoader(4)], numEpochs: 0 } as never)).rejects.toThrow(
      [
        'Cannot fit: 2 problems',
        '  - trainLoader: expected a DataLoader, got [a DataLoader]',
        '  - numEpochs: expected an integer above 0, got 0',
      ].join('\n'),
    );
  });
});
