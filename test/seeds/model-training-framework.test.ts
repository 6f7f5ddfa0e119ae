// The migration guide of model-training-framework: every code example, in its order and under its headings, translated as the design says and run.
// A Python call is one options object, step functions keep their positions, names are in camelCase; nothing else is changed. What the guide leaves out (a model, data,
// the body of a step) is at the top of this file.
import { ConfigError, nn, optim, type Tensor, tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import {
  GenericTrainer,
  GenericTrainerConfig,
  type GenericTrainerOptions,
  MultiDataLoaderConfig,
  SamplingStrategy,
  Trainer,
} from 'sconce/trainer';
import { describe, expect, test } from 'vitest';

type Batch = readonly [x: Tensor, y: Tensor];

class MyModel extends nn.Module {
  readonly layer = new nn.Linear(2, 1);

  forward(x: Tensor): Tensor {
    return this.layer.forward(x);
  }
}

function loaderOf(numBatches: number) {
  const rows = Array.from({ length: 2 * numBatches }, (_, i) => [i, 1]);
  return new DataLoader({ dataset: new TensorDataset([tensor(rows), tensor(rows)] as const), batchSize: 2 });
}

const parts = () => {
  const model = new MyModel();
  const optimizer = new optim.Adam(model.parameters());
  return { model, optimizer, trainLoader: loaderOf(3), valLoader: loaderOf(1) };
};

const computeLoss = (model: nn.Module, [x, y]: Batch): Tensor => (model as MyModel).forward(x).sub(y).square().mean();

/** What a call fails with. */
async function errorOf(call: () => unknown): Promise<Error> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Cannot test an error: expected the call to fail, got none');
}

/** The configuration that the guide repeats, but for the name of the training loader. */
const configOf = (name: string) =>
  new GenericTrainerConfig({
    trainLoaderConfig: new MultiDataLoaderConfig({
      samplingStrategy: SamplingStrategy.SEQUENTIAL,
      dataloaderNames: [name],
    }),
    valLoaderConfig: new MultiDataLoaderConfig({
      samplingStrategy: SamplingStrategy.SEQUENTIAL,
      dataloaderNames: ['validation'],
    }),
  });

type Step = Parameters<GenericTrainer['setTrainingStep']>[0];

describe('Migration Examples', () => {
  test('Old Pattern (No Longer Supported)', async () => {
    const { model, optimizer, trainLoader, valLoader } = parts();
    const made = await errorOf(() => new Trainer({ model, optimizer } as never));
    expect(made).toBeInstanceOf(TypeError);
    expect(made.message).toBe('Cannot make a Trainer: criterion: expected a Module, got none');
    const trainer = new GenericTrainer({ config: configOf('main'), model, optimizers: [optimizer] });
    const fitted = await errorOf(() => trainer.fit({ trainLoader, valLoader } as never));
    expect(fitted).toBeInstanceOf(ConfigError);
    expect(fitted.message).toContain('did you mean trainLoaders?');
    const oldStep = (batch: Batch) => {
      const [_x, _y] = batch;
      return {};
    };
    expect(() => trainer.setTrainingStep(oldStep as unknown as Step)).toThrow(TypeError);
  });

  test('New Pattern (Required)', async () => {
    const { model, optimizer, trainLoader, valLoader } = parts();
    const config = new GenericTrainerConfig({
      trainLoaderConfig: new MultiDataLoaderConfig({
        samplingStrategy: SamplingStrategy.SEQUENTIAL,
        dataloaderNames: ['main'], // Single name in list
      }),
      valLoaderConfig: new MultiDataLoaderConfig({
        samplingStrategy: SamplingStrategy.SEQUENTIAL,
        dataloaderNames: ['validation'],
      }),
    });
    const trainer = new GenericTrainer({
      config,
      model,
      optimizers: [optimizer], // Always use list
    });
    const places: unknown[] = [];
    const trainingStep = (
      trainer: GenericTrainer,
      batch: Batch,
      batchIdx: number,
      dataloaderIdx: number,
      dataloaderName: string,
    ) => {
      places.push([batchIdx, dataloaderIdx, dataloaderName]);
      return { loss: computeLoss(trainer.model, batch) };
    };
    trainer.setTrainingStep(trainingStep).setValidationStep(trainingStep);
    await trainer.fit({
      trainLoaders: [trainLoader], // Always use list
      valLoaders: [valLoader], // Always use list
      maxEpochs: 2,
    });
    const epoch = [...[0, 1, 2].map((batchIdx) => [batchIdx, 0, 'main']), [0, 0, 'validation']];
    expect(places).toEqual([...epoch, ...epoch]); // batchIdx begins again in every epoch
    expect(trainer.globalStep).toBe(6);
    const [summary] = trainer.metricsManager.epochSummaries;
    expect(Object.keys(summary!.trainMetrics)).toEqual(['train/loss', 'train/dl_main/loss']);
    expect(Object.keys(summary!.valMetrics)).toEqual(['val/loss', 'val/dl_validation/loss']);
  });
});

describe('Key Changes Summary', () => {
  const trainerOf = (options: Partial<GenericTrainerOptions> = {}) => {
    const { model, optimizer, ...loaders } = parts();
    const trainer = new GenericTrainer({ config: configOf('main'), model, optimizers: [optimizer], ...options });
    const step = (trainer: GenericTrainer, batch: Batch) => ({ loss: computeLoss(trainer.model, batch) });
    trainer.setTrainingStep(step).setValidationStep(step);
    return { trainer, ...loaders };
  };

  test('1. Always Use Lists', async () => {
    const { trainer, trainLoader, valLoader } = trainerOf();
    const before = await errorOf(() => trainer.fit({ trainLoaders: trainLoader, valLoaders: valLoader } as never));
    expect(before).toBeInstanceOf(TypeError);
    expect(before.message).toBe(
      [
        'Cannot fit: 2 problems',
        '  - trainLoaders: expected a list, got a DataLoader; put it into one: […]',
        '  - valLoaders: expected a list, got a DataLoader; put it into one: […]',
      ].join('\n'),
    );
    await trainer.fit({
      trainLoaders: [trainLoader], // List required
      valLoaders: [valLoader], // List required
    });
    expect(trainer.currentEpoch).toBe(1); // maxEpochs is 1 by default
  });

  test('2. Optimizer as List', async () => {
    const { model, optimizer } = parts();
    const config = configOf('main');
    const before = await errorOf(() => new GenericTrainer({ config, model, optimizers: optimizer } as never));
    expect(before.message).toBe(
      'Cannot make a GenericTrainer: optimizers: expected a list, got an Adam; put it into one: […]',
    );
    const trainer = new GenericTrainer({
      config,
      model,
      optimizers: [optimizer], // List required
    });
    expect(trainer.optimizers).toEqual([optimizer]);
  });

  test.each([
    ['3. Training Step Signature', 'setTrainingStep', 'training'],
    ['4. Validation Step Signature', 'setValidationStep', 'validation'],
  ] as const)('%s', (_heading, setStep, kind) => {
    const { trainer } = trainerOf();
    const before = (_batch: Batch) => ({});
    expect(() => trainer[setStep](before as unknown as Step)).toThrow(
      `Cannot set the ${kind} step: expected a function of (trainer, batch, batchIdx, dataloaderIdx, dataloaderName), got one with a single parameter, which would get the trainer; write it as (trainer, batch, batchIdx, dataloaderIdx, dataloaderName) => …`,
    );
    const after = (
      trainer: GenericTrainer,
      batch: Batch,
      _batchIdx: number, // 0-based index within this dataloader for the epoch
      _dataloaderIdx: number, // index of the current dataloader (0 for single loader)
      _dataloaderName: string, // name of the current dataloader ("main" for single loader)
    ) => ({ loss: computeLoss(trainer.model, batch) });
    expect(trainer[setStep](after)).toBe(trainer);
    expect(trainer[`${kind}StepFn`]).toBe(after);
  });

  test('5. MultiDataLoaderConfig Required', async () => {
    // Always required, even for single loader
    const config = new GenericTrainerConfig({
      trainLoaderConfig: new MultiDataLoaderConfig({
        samplingStrategy: SamplingStrategy.SEQUENTIAL,
        dataloaderNames: ['main'], // Define names for your loaders
      }),
      valLoaderConfig: new MultiDataLoaderConfig({
        samplingStrategy: SamplingStrategy.SEQUENTIAL,
        dataloaderNames: ['validation'],
      }),
    });
    const summary = config.getSummary();
    expect(summary.trainMultiDataloader).toMatchObject({ samplingStrategy: 'sequential', dataloaderNames: ['main'] });
    expect(summary.valMultiDataloader).toMatchObject({ dataloaderNames: ['validation'] });
  });
});

describe('Common Migration Patterns', () => {
  test('Simple Training Script', async () => {
    const before = await errorOf(() => new Trainer({} as never));
    expect(before.message).toBe(
      [
        'Cannot make a Trainer: 3 problems',
        '  - model: expected a Module, got none',
        '  - optimizer: expected an optimizer, got none',
        '  - criterion: expected a Module, got none',
      ].join('\n'),
    );
    const trainLoader = loaderOf(3);
    const epochs = 2;
    const model = new MyModel();
    const optimizer = new optim.Adam(model.parameters());
    const config = configOf('train');
    const trainer = new GenericTrainer({
      config,
      model,
      optimizers: [optimizer],
    });
    const trainingStep = (
      trainer: GenericTrainer,
      batch: Batch,
      _batchIdx: number,
      _dataloaderIdx: number,
      _dataloaderName: string,
    ) => {
      const loss = computeLoss(trainer.model, batch); // Your training logic here
      return { loss };
    };
    trainer.setTrainingStep(trainingStep);
    await trainer.fit({
      trainLoaders: [trainLoader],
      maxEpochs: epochs,
    });
    expect(trainer.currentEpoch).toBe(epochs);
  });

  test('Custom Training Loop', async () => {
    const weights = async (train: (model: MyModel, optimizer: optim.Adam) => Promise<void>): Promise<number[]> => {
      const model = new MyModel();
      model.layer.weight.detach().fill_(0.5);
      model.layer.bias!.detach().zero_();
      await train(model, new optim.Adam(model.parameters()));
      return Array.from(model.layer.weight.toTypedArray(), Number);
    };
    const numEpochs = 2;
    const before = await weights(async (model, optimizer) => {
      for (let epoch = 0; epoch < numEpochs; epoch++) {
        model.train();
        for await (const batch of loaderOf(3)) {
          optimizer.zeroGrad();
          const loss = computeLoss(model, batch);
          loss.backward();
          optimizer.step();
        }
      }
    });
    const after = await weights(async (model, optimizer) => {
      const config = configOf('main');
      const trainer = new GenericTrainer({ config, model, optimizers: [optimizer] });
      const trainingStep = (
        trainer: GenericTrainer,
        batch: Batch,
        _batchIdx: number,
        _dataloaderIdx: number,
        _dataloaderName: string,
      ) => {
        const loss = computeLoss(trainer.model, batch);
        return { loss };
      };
      trainer.setTrainingStep(trainingStep);
      await trainer.fit({ trainLoaders: [loaderOf(3)], maxEpochs: numEpochs });
    });
    expect(after).toEqual(before); // the same numbers, bit for bit
  });
});

describe('Benefits After Migration', () => {
  const step = (trainer: GenericTrainer, batch: Batch) => ({ loss: computeLoss(trainer.model, batch) });
  const three = () =>
    new GenericTrainerConfig({ trainLoaderConfig: new MultiDataLoaderConfig({ dataloaderNames: ['a', 'b', 'c'] }) });
  const [loader1, loader2, loader3] = [loaderOf(10), loaderOf(6), loaderOf(4)];
  const [val1, val2, val3] = [loaderOf(1), loaderOf(1), loaderOf(1)];

  test('Add More Dataloaders', async () => {
    const { model, optimizer } = parts();
    const trainer = new GenericTrainer({ config: three(), model, optimizers: [optimizer] });
    trainer.setTrainingStep(step).setValidationStep(step);
    await trainer.fit({
      trainLoaders: [loader1, loader2, loader3],
      valLoaders: [val1, val2, val3],
    });
    expect(trainer.globalStep).toBe(20);
    expect(Object.keys(trainer.history[0]!)).toContain('val/dl_val_c/loss');
  });

  test('Use Advanced Sampling', async () => {
    const { model, optimizer } = parts();
    const config = new GenericTrainerConfig({
      trainLoaderConfig: new MultiDataLoaderConfig({
        samplingStrategy: SamplingStrategy.SEQUENTIAL as SamplingStrategy,
        dataloaderNames: ['a', 'b', 'c'],
      }),
    });
    config.trainLoaderConfig.samplingStrategy = SamplingStrategy.WEIGHTED;
    config.trainLoaderConfig.dataloaderWeights = [0.5, 0.3, 0.2];
    const trainer = new GenericTrainer({ config, model, optimizers: [optimizer] });
    trainer.setTrainingStep(step);
    await trainer.fit({ trainLoaders: [loader1, loader2, loader3] });
    const shares = trainer.dataloaderManager!.train.proportions().epoch;
    expect(shares.map(({ batches }) => batches)).toEqual([10, 6, 4]);
  });

  test('Enable Multi-Task Learning', async () => {
    const model = new MyModel();
    const optimizer1 = new optim.Adam([model.layer.weight]);
    const optimizer2 = new optim.Adam([model.layer.bias!]);
    const config = new GenericTrainerConfig({
      trainLoaderConfig: new MultiDataLoaderConfig({ dataloaderNames: ['a', 'b'] }),
      perLoaderOptimizerId: [0, 1],
    });
    const trainer = new GenericTrainer({
      config,
      model,
      optimizers: [optimizer1, optimizer2],
    });
    trainer.setTrainingStep(step);
    await trainer.fit({ trainLoaders: [loaderOf(2), loaderOf(1)] });
    expect(trainer.globalStep).toBe(3);
  });
});

describe('Troubleshooting', () => {
  const message = async (call: () => unknown): Promise<string> => {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(TypeError);
    return error.message;
  };

  test('1. TypeError: Expected list, got DataLoader', async () => {
    const { model, optimizer, trainLoader } = parts();
    const trainer = new GenericTrainer({ config: configOf('main'), model, optimizers: [optimizer] });
    trainer.setTrainingStep((trainer, batch: Batch) => ({ loss: computeLoss(trainer.model, batch) }));
    expect(await message(() => trainer.fit({ trainLoaders: trainLoader } as never))).toBe(
      'Cannot fit: trainLoaders: expected a list, got a DataLoader; put it into one: […]',
    );
    await trainer.fit({ trainLoaders: [trainLoader] });
  });

  test('2. Missing dataloader_idx parameter', async () => {
    const { model, optimizer } = parts();
    const trainer = new GenericTrainer({ config: configOf('main'), model, optimizers: [optimizer] });
    const step = ((batch: Batch) => ({ batch })) as unknown as Step;
    expect(await message(() => trainer.setTrainingStep(step))).toMatch(/dataloaderIdx, dataloaderName/);
  });

  test('3. MultiDataLoaderConfig not provided', async () => {
    expect(await message(() => new GenericTrainerConfig({} as never))).toBe(
      "Cannot make a GenericTrainerConfig: trainLoaderConfig: expected a MultiDataLoaderConfig, got none; for one loader write trainLoaderConfig: new MultiDataLoaderConfig({ samplingStrategy: SamplingStrategy.SEQUENTIAL, dataloaderNames: ['main'] })",
    );
  });

  test('4. Optimizer not in list', async () => {
    const { model, optimizer } = parts();
    expect(await message(() => new GenericTrainer({ model, optimizers: optimizer } as never))).toBe(
      'Cannot make a GenericTrainer: optimizers: expected a list, got an Adam; put it into one: […]',
    );
  });
});

describe('Configuration Key Renames', () => {
  test.each([
    [
      { multi: {} },
      'multi: expected trainLoaderConfig for training and valLoaderConfig for validation in its place, got an object',
    ],
    [
      { performance: { mixedPrecision: '16-mixed' } },
      'performance.mixedPrecision: expected performance.useAmp: true, or performance.precision in its place, got "16-mixed"',
    ],
    [
      { data: { numWorkers: 4 } },
      'data: expected performance.dataloaderNumWorkers for data.numWorkers in its place, got an object',
    ],
  ])('%o is refused with the new key', async (config, expected) => {
    const { model, optimizer } = parts();
    const error = await errorOf(() => new GenericTrainer({ config: config as never, model, optimizers: [optimizer] }));
    expect(error.message).toBe(`Cannot make a GenericTrainer: ${expected}`);
  });
});

describe('Performance Profiling Default Change (v2.0+)', () => {
  const keysOf = async (config: GenericTrainerOptions['config']): Promise<string[]> => {
    const { model, optimizer, trainLoader } = parts();
    const keys: string[] = [];
    const logged = (_context: unknown, values: object): void => void keys.push(...Object.keys(values));
    const trainer = new GenericTrainer({
      config: { ...config, logEveryNSteps: 1 },
      model,
      optimizers: [optimizer],
      callbacks: [{ name: 'keys', logged }],
    });
    trainer.setTrainingStep((trainer, batch: Batch) => ({ loss: computeLoss(trainer.model, batch) }));
    await trainer.fit({ trainLoaders: [trainLoader] });
    return keys;
  };

  test('How to Disable', async () => {
    const config = new GenericTrainerConfig({
      profileTraining: false, // Explicitly disable
      trainLoaderConfig: new MultiDataLoaderConfig({ dataloaderNames: ['main'] }), // ... other config
    });
    expect(config.getSummary().training).toMatchObject({ profileTraining: false });
    expect((await keysOf(config)).filter((key) => key.startsWith('profile/'))).toEqual([]);
  });

  test('Performance profiling is enabled by default', () => {
    const config = new GenericTrainerConfig({ trainLoaderConfig: new MultiDataLoaderConfig({}) });
    expect(config.getSummary().training).toMatchObject({ profileTraining: true });
  });
});
