// Captured steps in a trainer: the same numbers to the bit, whatever the trainer does between them; and why they are not captured where they are not.

import { describe, expect, test } from 'vitest';
import { defaultCollate } from '../../data/index.ts';
import { MeanSquaredError } from '../../metrics/index.ts';
import * as nn from '../../nn/index.ts';
import * as optim from '../../optim/index.ts';
import { ChangedStepError } from '../../tensor/capture/captured-step.ts';
import { collectTensors, libtorchVersion, manualSeed, type Tensor, zeros } from '../../tensor/index.ts';
import { EMA } from '../callbacks/ema.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import type { TrainerOptions } from '../faces/trainer-options.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../generic-trainer.ts';
import { standardStep } from '../parts/standard-step.ts';
import {
  recorder,
  type TinyBatch,
  type TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from '../testing/tiny.ts';
import { Trainer } from '../trainer.ts';
import type { CaptureMode } from './captured-part.ts';
import type { Callback } from './events.ts';
import { standsFor } from './step-facts.ts';

/** Two heads on a trunk with dropout and batch statistics. */
class Net extends nn.Module {
  readonly trunk = new nn.Sequential(new nn.Linear(3, 8), new nn.BatchNorm1d(8), new nn.GELU(), new nn.Dropout(0.3));
  readonly a = new nn.Linear(8, 1);
  readonly b = new nn.Linear(8, 1);

  forward(x: Tensor, head: number): Tensor {
    return (head === 0 ? this.a : this.b).forward(this.trunk.forward(x));
  }
}

interface Setting {
  readonly captureSteps: CaptureMode;
  readonly config?: GenericTrainerConfig;
  readonly callbacks?: readonly Callback[];
  readonly resume?: string;
  readonly epochs?: number;
  /** Makes batches bad, by how many came before. */
  readonly spoil?: (batch: TinyBatch, count: number) => void;
}

/** Two loaders with a head and an optimizer each; windows of three, the last of an epoch cut short; the last batch of each loader is smaller. */
async function trainTwo({ captureSteps, config = {}, callbacks = [], resume, epochs = 36, spoil }: Setting) {
  manualSeed(3);
  const model = new Net();
  const mse = new nn.MSELoss();
  const optimizers = [
    new optim.AdamW([...model.trunk.parameters(), ...model.a.parameters()], { lr: 0.02 }),
    new optim.SGD(model.b.parameters(), { lr: 0.05, momentum: 0.9 }),
  ] as const;
  const ema = new EMA({ decay: 0.9 });
  const values: number[] = [];
  const trainer = new GenericTrainer({
    config: {
      seed: 9,
      trainLoaderConfig: { dataloaderNames: ['a', 'b'], samplingStrategy: 'round_robin' },
      perLoaderOptimizerId: [0, 1],
      lossWeightsPerLoader: [1, 0.5],
      ...config,
      performance: { gradientAccumulationSteps: 3, clipGradNorm: 0.7, ...config.performance, captureSteps },
    },
    model,
    optimizers,
    schedulers: [{ scheduler: new optim.CosineAnnealingLR(optimizers[0], { tMax: 40 }), interval: 'step' }],
    callbacks: [
      ema,
      {
        name: 'watch',
        batchEnd: ({ loss }) => void values.push(loss!.item() as number),
        optimizerStepEnd: ({ gradientNorm }) => void values.push((gradientNorm?.item() as number | undefined) ?? -1),
      },
      ...callbacks,
    ],
  });
  const lossOf = ({ x, y }: TinyBatch, head: number): { loss: Tensor } => ({
    loss: mse.forward(model.forward(x, head).to('float32'), y),
  });
  // Which loader it is stands in the batch's shape: batches of the second have one column more.
  trainer.setTrainingStep((_trainer, batch: TinyBatch & { which: Tensor }) => lossOf(batch, batch.which.size(1) - 1));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => lossOf(batch, 0));
  let numBatches = 0;
  const loader = (numRows: number, batchSize: number, which: number) =>
    tinyLoader(numRows, {
      ...{ batchSize, shuffle: true, seed: which, start: 40 * which },
      collate: (samples) => {
        const batch = defaultCollate(samples) as TinyBatch;
        spoil?.(batch, numBatches++);
        return { ...batch, which: zeros([batch.x.size(0), which]) };
      },
    });
  await trainer.fit({
    trainLoaders: [loader(22, 4, 1), loader(19, 3, 2)],
    valLoaders: [tinyLoader(4, { start: 80 }), tinyLoader(4, { start: 90 })],
    maxEpochs: epochs,
    ...(resume === undefined ? {} : { resumeFromCheckpoint: resume }),
  });
  const averages = Object.values(ema.state()).map(String);
  const states = optimizers.map((optimizer) =>
    collectTensors([...optimizer.stateDict().state.values()]).map((each) => [...each.toTypedArray()].map(String)),
  );
  const buffers = model.buffers().map((each) => each.toString());
  return { trainer, values, weights: weightsOf(model), averages, states, buffers, history: trainer.history };
}

type Trained = Awaited<ReturnType<typeof trainTwo>>;

function expectSame({ trainer: _captured, ...captured }: Trained, { trainer: _written, ...written }: Trained): void {
  expect(captured).toEqual(written);
}

const isScaled = !libtorchVersion().startsWith('1.');

describe('captureSteps', () => {
  test.each([
    ['float32', {}],
    ['bf16-mixed', { performance: { precision: 'bf16-mixed' } }],
    ...(isScaled ? [['fp16-mixed', { performance: { precision: 'fp16-mixed' } }] as const] : []),
    ['no clipping', { performance: { clipGradNorm: undefined, clipGradValue: 0.1 } }],
    ['one micro-batch', { performance: { gradientAccumulationSteps: 1 } }],
  ] as [string, GenericTrainerConfig][])(
    'changes no bit with several loaders, optimizers and windows: %s',
    async (_, config) => {
      const [written, captured] = [
        await trainTwo({ captureSteps: false, config }),
        await trainTwo({ captureSteps: true, config }),
      ];
      expectSame(captured, written);
      const parts = captured.trainer.capturedParts;
      expect(parts.map(({ refusal }) => refusal)).toEqual(parts.map(() => undefined));
      // Validations switch modes: what was recorded before holds behind them.
      const backward = parts.filter(({ name }) => name.startsWith('the forward'));
      for (const { numEager, numReplayed } of backward) {
        expect(numEager + numReplayed).toBeGreaterThan(200);
        expect(numReplayed).toBeGreaterThan(60);
      }
      expect(written.trainer.capturedParts).toEqual([]);
    },
  );
});

describe('captureSteps with values that are not finite', () => {
  // Micro-batches that are recorded, replayed and looked at, some in a window that has gradients, and an input of which the loss is finite and a gradient is not.
  const bad = new Set([2, 3, 7, 30, 31, 64, 90, 91, 92, 200]);
  const spoil = ({ x }: TinyBatch, count: number): void => {
    if (bad.has(count)) x.fill_(count % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY);
  };
  /** Spoils the gradients of some windows behind backward, as one that overflows. */
  const spoiler = (): Callback => {
    let count = 0;
    return {
      name: 'spoiler',
      optimizerStepStart: ({ optimizers, optimizerIndex }) => {
        count += 1;
        if ([3, 20, 41].includes(count)) optimizers[optimizerIndex]!.parameters()[0]!.grad!.fill_(Number.NaN);
      },
    };
  };

  test.each<[string, GenericTrainerConfig]>([
    ["'skip'", { nonFinite: 'skip' }],
    ["'skip' without clipping", { nonFinite: 'skip', performance: { clipGradNorm: undefined } }],
    ["'skip', a micro-batch a window", { nonFinite: 'skip', performance: { gradientAccumulationSteps: 1 } }],
    ["'warn'", { nonFinite: 'warn' }],
    ...(isScaled
      ? [["'skip' with a loss scale", { nonFinite: 'skip', performance: { precision: 'fp16-mixed' } }] as const]
      : []),
  ] as [string, GenericTrainerConfig][])('%s changes no bit, nor what is told', async (_, config) => {
    const runOf = async (captureSteps: boolean) => {
      const heard: string[] = [];
      const warnings: string[] = [];
      const losses: unknown[] = [];
      const callbacks: Callback[] = [
        ...(config.performance?.precision ? [] : [spoiler()]), // a scaler has looked by then
        recorder(heard),
        {
          name: 'ear',
          forwardEnd: ({ loss, output }) => void losses.push(loss!.item(), Object.keys(output as object)),
          warning: (_context, message) => void warnings.push(message),
        },
      ];
      const run = await trainTwo({
        captureSteps,
        config: { logEveryNSteps: 5, ...config },
        callbacks,
        spoil,
        epochs: 18,
      });
      return { run, heard, warnings, losses };
    };
    const { run: written, ...told } = await runOf(false);
    const { run: captured, ...toldToo } = await runOf(true);
    expect(toldToo).toEqual(told);
    expect(told.warnings.length).toBeGreaterThan(3);
    expect(captured.values.map(String)).toEqual(written.values.map(String));
    expectSame({ ...captured, values: [] }, { ...written, values: [] });
    const parts = captured.trainer.capturedParts;
    expect(parts.map(({ refusal }) => refusal)).toEqual(parts.map(() => undefined));
    for (const { name, numReplayed } of parts)
      if (name.startsWith('the forward')) expect(numReplayed).toBeGreaterThan(40);
  });

  test("'error' ends the run before backward, with the message that a step as it is written has", async () => {
    const messageOf = async (captureSteps: boolean): Promise<unknown> => {
      const heard: string[] = [];
      const run = trainTwo({
        ...{ captureSteps, callbacks: [recorder(heard)] },
        spoil: ({ x }, count) => void (count === 90 && x.fill_(Number.NaN)),
      });
      return [await run.catch((error: unknown) => String(error)), heard];
    };
    const [message, heard] = (await messageOf(true)) as [string, string[]];
    expect(message).toMatch(
      /^RangeError: Cannot go on training: expected a finite loss, got NaN for batch \d+ of loader/,
    );
    expect(heard.at(-3)).toBe('forwardEnd');
    expect([message, heard]).toEqual(await messageOf(false));
  });
});

/** A perceptron on 37 rows in batches of 8: the last is one of 5. */
async function trainOne(captureSteps: CaptureMode, options: Partial<TrainerOptions> = {}, numEpochs = 40) {
  manualSeed(4);
  const model = new nn.Sequential(new nn.Linear(3, 8), new nn.ReLU(), new nn.Dropout(0.1), new nn.Linear(8, 1));
  const trainer = new Trainer({
    model,
    optimizer: new optim.AdamW(model.parameters(), { lr: 0.01 }),
    criterion: new nn.MSELoss(),
    captureSteps,
    seed: 1,
    ...options,
  });
  const trainLoader = tinyLoader(37, {
    ...{ batchSize: 8, shuffle: true, seed: 5 },
    collate: (samples) => {
      const { x, y } = defaultCollate(samples) as TinyBatch;
      return [x, y] as unknown as TinyBatch;
    },
  });
  const history = await trainer.fit({ trainLoader, numEpochs });
  return { trainer, history, weights: weightsOf(options.model ?? model) };
}

test('captureSteps keeps a recording for each shape of batch', async () => {
  const written = await trainOne(false, { maxGradNorm: 0.5 });
  const captured = await trainOne(true, { maxGradNorm: 0.5 });
  expect(captured.history).toEqual(written.history);
  expect(captured.weights).toEqual(written.weights);
  const [backward, ...others] = captured.trainer.capturedParts;
  expect(backward).toMatchObject({ numRecordings: 2, refusal: undefined });
  expect(backward!.numEager).toBeLessThan(24); // of 200, of both shapes
  for (const { numEager } of others) expect(numEager).toBeLessThan(16);
});

test("captureSteps 'auto' changes no bit, whether it captures or not", async () => {
  const written = await trainOne(false);
  const measured = await trainOne('auto');
  expect(measured.history).toEqual(written.history);
  expect(measured.weights).toEqual(written.weights);
  expect(measured.trainer.capturedParts[0]!.numReplayed).toBeGreaterThan(9); // as many as are timed
});

test('captureSteps updates metrics of training where the step pauses, and those that are functions of the user', async () => {
  const runOf = async (captureSteps: CaptureMode) => {
    const trainMetrics = [new MeanSquaredError()];
    let count = 0;
    const metrics = {
      worst: (output: Tensor, target: Tensor) => output.sub(target).abs().max().item() as number,
      count: () => ++count,
    };
    return trainOne(captureSteps, { maxGradNorm: 0.5, trainMetrics, metrics, precision: 'bf16-mixed' });
  };
  const written = await runOf(false);
  expect(Object.keys(written.history[0]!)).toEqual(expect.arrayContaining(['train_worst', 'train_count']));
  for (const mode of [true, 'auto'] as const) {
    const captured = await runOf(mode);
    expect(captured.history).toEqual(written.history);
    expect(captured.weights).toEqual(written.weights);
    expect(captured.trainer.capturedParts[0]).toMatchObject(mode === true ? { refusal: undefined } : {});
    expect(captured.trainer.capturedParts[0]!.numReplayed).toBeGreaterThan(9);
  }
});

test('captureSteps updates metrics of training that a configuration names', async () => {
  const runOf = async (captureSteps: CaptureMode) => {
    manualSeed(4);
    const model = new nn.Sequential(new nn.Linear(3, 8), new nn.GELU(), new nn.Linear(8, 1));
    const trainMetrics = [new MeanSquaredError()];
    const trainer = new GenericTrainer({
      config: { seed: 1, performance: { captureSteps } },
      ...{ model, trainMetrics, optimizers: [new optim.AdamW(model.parameters(), { lr: 0.01 })] },
    });
    const parts = { model, loss: new nn.MSELoss(), metrics: [], trainMetrics, input: undefined, target: undefined };
    const { training } = standardStep(parts);
    trainer.setTrainingStep(standsFor((...args: Parameters<typeof training>) => training(...args), training));
    await trainer.fit({ trainLoaders: [tinyLoader(37, { batchSize: 8, shuffle: true, seed: 5 })], maxEpochs: 20 });
    return { trainer, weights: weightsOf(model), history: trainer.history };
  };
  const written = await runOf(false);
  const captured = await runOf(true);
  expect(Object.keys(written.history[0]!)).toContain('train/mse');
  expect(captured.history).toEqual(written.history);
  expect(captured.weights).toEqual(written.weights);
  const [backward] = captured.trainer.capturedParts;
  expect(backward!.refusal).toBeUndefined();
  expect(backward!.numReplayed).toBeGreaterThan(60);
});

describe("captureSteps 'auto' captures what it knows to be safe", () => {
  class Doubled extends nn.Linear {}
  class OwnSGD extends optim.SGD {}
  const partsOf = async (options: Partial<TrainerOptions>): Promise<number> =>
    (await trainOne('auto', options, 8)).trainer.capturedParts.length;

  test('a standard step of layers, an optimizer and a loss of the library', async () => {
    const { trainer } = await trainOne('auto');
    expect(trainer.capturedParts[0]!.numReplayed).toBeGreaterThan(9);
  });

  test('and nothing that is the user’s: a step, a module, a function in one, an optimizer, a callback in the middle', async () => {
    const config = { performance: { captureSteps: 'auto' } } as const;
    const model = new nn.Sequential(new nn.Linear(3, 1));
    const trainer = new GenericTrainer({ config, model, optimizers: [new optim.SGD(model.parameters(), { lr: 0.1 })] });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit({ trainLoaders: [tinyLoader(80)] });
    expect(trainer.capturedParts).toEqual([]);
    const foreign = new nn.Sequential(new Doubled(3, 1));
    const patched = new nn.Sequential(new nn.Linear(3, 1));
    const forward = patched.forward.bind(patched);
    Object.assign(patched, { forward: (x: Tensor) => forward(x) });
    for (const given of [foreign, patched])
      expect(await partsOf({ model: given, optimizer: new optim.SGD(given.parameters(), { lr: 0.1 }) })).toBe(0);
    const plain = new nn.Sequential(new nn.Linear(3, 1));
    expect(await partsOf({ model: plain, optimizer: new OwnSGD(plain.parameters(), { lr: 0.1 }) })).toBe(0);
    expect(await partsOf({ callbacks: [{ name: 'ear', forwardEnd: () => {} }] })).toBe(0);
    expect(await partsOf({})).toBeGreaterThan(0);
  });

  test('a module of the user’s that comes during the fit ends it', async () => {
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 1));
    const { trainer } = await trainOne(
      'auto',
      {
        ...{ model, optimizer: new optim.SGD(model.parameters(), { lr: 0.01 }) },
        callbacks: [
          {
            name: 'changes',
            epochStart: ({ clocks }) => {
              if (clocks.epoch === 10) Object.assign(model, { 1: new (class Mine extends nn.ReLU {})() });
            },
          },
        ],
      },
      20,
    );
    const { refusal, numReplayed } = trainer.capturedParts[0]!;
    expect(numReplayed).toBeGreaterThan(9);
    expect(["the class Mine is not Sconce's own", 'it is not faster']).toContain(refusal);
  });
});

test.each([true, 'auto'] as const)(
  'captureSteps %s sees a setting of a layer that a callback changes',
  async (mode) => {
    const runOf = async (captureSteps: CaptureMode) => {
      manualSeed(4);
      const dropout = new nn.Dropout(0.1);
      const model = new nn.Sequential(new nn.Linear(3, 8), new nn.ReLU(), dropout, new nn.Linear(8, 1));
      const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
      const callback: Callback = {
        name: 'schedule',
        batchStart: ({ clocks }) => {
          if (clocks.microStep % 50 === 49) Object.assign(dropout, { p: dropout.p + 0.1 });
        },
      };
      return trainOne(captureSteps, { model, optimizer, callbacks: [callback] });
    };
    const written = await runOf(false);
    const captured = await runOf(mode);
    expect(captured.history).toEqual(written.history);
    expect(captured.weights).toEqual(written.weights);
    expect(captured.trainer.capturedParts[0]!.numReplayed).toBeGreaterThan(9);
  },
);

test('a captured run that ended in the middle goes on to the same end', async () => {
  const written = await trainTwo({ captureSteps: false, epochs: 12 });
  const config = { checkpoint: { rootDir: temporaryFolder(), saveEveryNSteps: 7 } };
  const broken: Callback = {
    name: 'broken',
    batchEnd: ({ clocks }) => {
      if (clocks.microStep === 97) throw new Error('out of power');
    },
  };
  await expect(trainTwo({ captureSteps: true, epochs: 12, config, callbacks: [broken] })).rejects.toThrow('of power');
  const resumed = await trainTwo({ captureSteps: true, epochs: 12, config, resume: 'latest' });
  expect(resumed.weights).toEqual(written.weights);
  expect(resumed.averages).toEqual(written.averages);
  expect(resumed.history.at(-1)).toEqual(written.history.at(-1));
  expect(resumed.trainer.capturedParts[0]!.numReplayed).toBeGreaterThan(10);
});

test('callbacks hear the same events in the same order of steps that are captured', async () => {
  const heardOf = async (captureSteps: boolean): Promise<string[]> => {
    const heard: string[] = [];
    await trainTwo({ captureSteps, callbacks: [recorder(heard)], epochs: 3 });
    return heard;
  };
  const heard = await heardOf(true);
  expect(heard).toContain('gradientsClipped');
  expect(heard).toEqual(await heardOf(false));
});

describe('captureSteps says why steps run as they are written', () => {
  const warningsOf = async (
    options: Partial<GenericTrainerOptions>,
    prepare: (trainer: GenericTrainer, model: TinyModel) => void = () => {},
    captureSteps: CaptureMode = true,
  ): Promise<string[]> => {
    const warnings: string[] = [];
    const { trainer, model } = tinyTrainer({
      ...options,
      config: { ...options.config, performance: { captureSteps } },
      callbacks: [
        { name: 'listener', warning: (_, message) => void warnings.push(message) },
        ...(options.callbacks ?? []),
      ],
    });
    prepare(trainer, model);
    await trainer.fit({ trainLoaders: [tinyLoader(40)] });
    return warnings.filter((message) => message.startsWith('captureSteps'));
  };

  test.each<[string, Partial<GenericTrainerOptions>]>([
    ['detectAnomaly looks at each operator', { config: { detectAnomaly: true } }],
    ['metrics of training are updated in the step', { trainMetrics: [new MeanSquaredError()] }],
  ])('%s', async (reason, options) => {
    expect(await warningsOf(options)).toEqual([`captureSteps changes nothing: ${reason}`]);
    expect(await warningsOf(options, () => {}, 'auto')).toEqual([]);
  });

  test('of a step that takes the place of its batch', async () => {
    const reason = 'captureSteps changes nothing: the step takes batchIdx, which is another number each time';
    for (const step of [
      (_t: unknown, batch: TinyBatch, batchIdx: number) => batch && batchIdx,
      (_t: unknown, batch: TinyBatch, batchIdx = 0) => batch && batchIdx,
      (_t: unknown, batch: TinyBatch, ...[batchIdx]: number[]) => batch && batchIdx!,
    ])
      expect(
        await warningsOf({}, (trainer, model) =>
          trainer.setTrainingStep(
            Object.defineProperties((_t: unknown, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }), {
              length: { value: step.length },
              toString: { value: () => String(step) },
            }),
          ),
        ),
      ).toEqual([reason]);
  });

  test('of a module that is told the step', async () => {
    const reason = 'captureSteps changes nothing: a module is told the step or the epoch, and may compute with it';
    const follow = (_: unknown, model: TinyModel) => void Object.assign(model, { updateStep: () => {} });
    expect(await warningsOf({}, follow)).toEqual([reason]);
  });

  test.each<[string, (trainer: GenericTrainer, model: TinyModel) => (batch: TinyBatch) => object]>([
    [
      'it reads where the training stands',
      (trainer, model) => (batch) => {
        const loss = tinyLoss(model, batch);
        return { loss: trainer.globalStep < 0 ? loss.mul(2) : loss };
      },
    ],
    ['the step gives "size", which is no tensor', (_, model) => (batch) => ({ loss: tinyLoss(model, batch), size: 2 })],
    [
      'it measures values beside those that it gives',
      (trainer, model) => (batch) => {
        trainer.parts!.context.measure({ more: 1 });
        return { loss: tinyLoss(model, batch) };
      },
    ],
  ])('%s', async (reason, make) => {
    const [warning, ...others] = await warningsOf({}, (trainer, model) => {
      const step = make(trainer, model);
      trainer.setTrainingStep((_trainer, batch: TinyBatch) => step(batch) as { loss: Tensor });
    });
    expect(warning).toMatch(
      /^captureSteps: the forward and backward pass of loader "\w+" runs as it is written, because /,
    );
    if (!reason.startsWith('it measures')) expect(warning).toContain(reason);
    expect(others).toEqual([]);
  });

  test('and what a callback measures in their place is logged as what a step measures', async () => {
    const runOf = async (captureSteps: boolean) => {
      const { trainer, model } = tinyTrainer({
        config: { performance: { captureSteps } },
        callbacks: [
          {
            name: 'measures',
            forwardEnd: ({ loss, measure }) => measure({ twice: 2 * (loss!.item() as number) }),
            batchEnd: ({ output, measure }) => measure({ size: (output as { seen: Tensor }).seen.numel }),
          },
        ],
      });
      trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch), seen: batch.x.mul(1) }));
      await trainer.fit({ trainLoaders: [tinyLoader(60)], maxEpochs: 2 });
      return { history: trainer.history, parts: trainer.capturedParts };
    };
    const [captured, written] = [await runOf(true), await runOf(false)];
    expect(Object.keys(written.history[0]!)).toEqual(expect.arrayContaining(['train/twice', 'train/size']));
    expect(captured.history).toEqual(written.history);
    expect(captured.parts[0]!.refusal).toBeUndefined();
    expect(captured.parts[0]!.numReplayed).toBeGreaterThan(30);
  });

  test('not at all where it is asked for alone, and takes no others', async () => {
    expect(await warningsOf({})).toEqual([]);
    expect(() => tinyTrainer({ config: { performance: { captureSteps: 'yes' as never } } })).toThrow(
      "performance.captureSteps: expected true, false, or 'auto', got",
    );
  });
});

test('a step that changes under its recording ends the run, and says what asked for it', async () => {
  const { trainer, model } = tinyTrainer({ config: { performance: { captureSteps: true } } });
  let count = 0;
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
    count += 1;
    const loss = tinyLoss(model, batch);
    return { loss: count > 8 ? loss.mul(2) : loss };
  });
  const fit = trainer.fit({ trainLoaders: [tinyLoader(400)] });
  await expect(fit).rejects.toThrow(ChangedStepError);
  await expect(fit).rejects.toThrow(/^Cannot go on training: expected the forward and backward pass .* captureSteps/);
});
