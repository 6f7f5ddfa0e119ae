// One rank, or the one process: what ranks decide, print and write together. What came of it is printed as JSON. Argument: a folder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchSampler, DataLoader, SequentialSampler, TensorDataset } from '../../src/data/index.ts';
import { broadcastObject } from '../../src/distributed/index.ts';
import { manualSeed, nn, optim, type Tensor, tensor } from '../../src/index.ts';
import {
  type Callback,
  EarlyStopping,
  Freezing,
  GenericTrainer,
  type GenericTrainerConfig,
  LoggingCallback,
  PredictionWriter,
  ProgressCallback,
} from '../../src/trainer/index.ts';

const size = Number(process.env.WORLD_SIZE ?? 1);
const rank = Number(process.env.RANK ?? 0);
const [folder] = process.argv.slice(2) as [string];
const GLOBAL_BATCH = 8;

type Pair = readonly [input: Tensor, target: Tensor];

/** Sample `bad` is NaN. */
function samplesOf(count: number, bad = -1) {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const rows = numbers.map((i) => [i === bad ? Number.NaN : Math.sin(i), Math.cos(3 * i)]);
  return new TensorDataset([tensor(rows), tensor(numbers.map((i) => [Math.sin(i) * 2 + 1]))] as const);
}
const loaderOf = (count: number, { bad = -1, shuffle = false, global = GLOBAL_BATCH } = {}) =>
  new DataLoader({ dataset: samplesOf(count, bad), batchSize: global / size, shuffle, seed: 5 });

interface Options {
  readonly config?: GenericTrainerConfig;
  readonly callbacks?: readonly Callback[];
  readonly model?: nn.Sequential;
  readonly count?: number;
  readonly bad?: number;
  readonly maxEpochs?: number;
  /** Samples of the validation. */
  readonly numVal?: number;
  readonly valMetrics?: ConstructorParameters<typeof GenericTrainer>[0]['valMetrics'];
  readonly loggers?: ConstructorParameters<typeof GenericTrainer>[0]['loggers'];
}

const makeModel = (): nn.Sequential => {
  manualSeed(3);
  return new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
};
const valuesOf = (tensors: Iterable<Tensor>): number[] =>
  [...tensors].flatMap((each) => each.detach().flatten().to({ dtype: 'float64' }).toArray() as number[]);

function makeTrainer({ model = makeModel(), config, callbacks = [], valMetrics = [], loggers = [] }: Options) {
  const trainer = new GenericTrainer({
    model,
    optimizers: [new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })],
    config: { logEveryNSteps: 2, ...config },
    ...{ callbacks, valMetrics, loggers },
  });
  const step = (_: unknown, [input, target]: Pair) => ({ loss: model.forward(input).sub(target).pow(2).mean() });
  return trainer.setTrainingStep(step).setValidationStep(step);
}

async function train({ count = 29, bad = -1, maxEpochs = 3, numVal = 11, ...options }: Options = {}) {
  const trainer = makeTrainer(options);
  const history = await trainer.fit({
    trainLoaders: [loaderOf(count, { bad, shuffle: bad < 0 })],
    ...(numVal > 0 && { valLoaders: [loaderOf(numVal)] }),
    maxEpochs,
  });
  const { step, epoch, samples } = trainer.clocks;
  const { model } = trainer;
  return {
    ...{ history, clocks: [step, epoch, samples] },
    ...{ weights: valuesOf(model.parameters()), buffers: valuesOf(model.buffers()) },
  };
}

/** What is thrown, without what names a rank. */
async function messageOf(body: () => Promise<unknown>): Promise<string> {
  try {
    await body();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
}

const withBatchNorm = (): nn.Sequential => {
  manualSeed(3);
  return new nn.Sequential(new nn.Linear(2, 4), new nn.BatchNorm1d(4), new nn.Tanh(), new nn.Linear(4, 1));
};

/** What this rank printed and logged. */
async function talk() {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const logged: string[] = [];
  const logger = {
    name: 'kept',
    open: () => void logged.push('open'),
    close: () => undefined,
    logMetrics: (values: object) => void logged.push(...Object.keys(values)),
  };
  const heard: string[] = [];
  const warnings: string[] = [];
  const callback: Callback = {
    name: 'mine',
    epochStart: ({ warn }) => {
      warn('here and there');
      if (rank === size - 1) warn('in the last rank');
    },
    epochEnd: (context) => void heard.push(`${context.ranks.rank}`),
    warning: (_, message) => void warnings.push(message),
  };
  await train({
    callbacks: [new LoggingCallback({ stream }), new ProgressCallback({ stream }), callback],
    loggers: [logger],
    maxEpochs: 1,
  });
  return { printed: written.length > 0, logged: [...new Set(logged)].toSorted(), heard, warnings };
}

async function predictions() {
  const files: Record<string, string> = {};
  for (const ending of ['csv', 'jsonl']) {
    const path = join(folder, `{loader}-${size}.${ending}`);
    const writer = new PredictionWriter({ path });
    const trainer = makeTrainer({ callbacks: [writer] });
    trainer.setPredictStep((_: unknown, [input]: Pair) => input.mul(2));
    const outputs = await trainer.predict({
      loaders: [
        loaderOf(11),
        loaderOf(2, { global: 2 * size }),
        new DataLoader({
          dataset: samplesOf(7),
          batchSampler: new BatchSampler(new SequentialSampler(7), { batchSize: 2 }),
        }),
      ],
      loaderNames: ['a', 'b', 'c'],
    });
    files[`${ending} rows`] = `${outputs.reduce<number>((sum, each) => sum + (each as Tensor).size(0), 0)}`;
    // The first rank has written them when the others are told.
    for (const name of ['a', 'b', 'c']) {
      const read = () => readFileSync(join(folder, `${name}-${size}.${ending}`), 'utf8');
      files[`${name}.${ending}`] = size === 1 ? read() : broadcastObject(rank === 0 ? read() : '', { src: 0 });
    }
  }
  return files;
}

/** The last rank alone asks for the end, in step 3. */
async function stopByOne() {
  const callback: Callback = {
    name: 'asks',
    batchEnd: (context) => {
      if (rank === size - 1 && context.clocks.step === 3) context.requestStop('the last rank asks');
    },
  };
  const { clocks } = await train({ callbacks: [callback], config: { logEveryNSteps: 4 } });
  return clocks;
}

/** Ranks whose clocks differ. */
async function stopByTime() {
  let numValidations = 0;
  const callback: Callback = {
    name: 'slow',
    batchEnd: () => {
      const until = performance.now() + (rank === 0 ? 2 : 0.2);
      while (performance.now() < until);
    },
    validationEnd: () => {
      numValidations += 1;
    },
  };
  const config = { maxTime: 0.6, validation: { frequency: 'every_n_minutes', everyNMinutes: 0.1 / 60 } } as const;
  const { clocks } = await train({
    callbacks: [callback],
    config: { ...config, nonFinite: 'warn' },
    maxEpochs: 100_000,
  });
  return { clocks, hasValidated: numValidations > 1, numValidations };
}

const valMetrics = [{ update: () => undefined, compute: () => ({}), reset: () => undefined }];
const results = {
  skipped: await train({ bad: 13, config: { nonFinite: 'skip' } }),
  early: await train({
    callbacks: [new EarlyStopping({ monitor: 'val/loss', patience: 1, minDelta: 0.4 })],
    maxEpochs: 9,
  }),
  frozen: await train({ callbacks: [new Freezing({ parameters: '0', unfreeze: [{ parameters: '0', step: 5 }] })] }),
  synced: await train({ model: withBatchNorm(), config: { ddp: { syncBatchNorm: true } } }),
  stopped: await train({ count: 17, config: { ddp: { unevenInputs: 'stop' } } }),
  predictions: await predictions(),
};
const own = {
  talk: await talk(),
  stopByOne: await stopByOne(),
  stopByTime: await stopByTime(),
  local: await train({ model: withBatchNorm(), numVal: 0 }),
  metric: await messageOf(() => train({ valMetrics })),
  config: await messageOf(() =>
    train({ config: { logEveryNSteps: 2 + rank, performance: { clipGradNorm: 1 + rank } } }),
  ),
};
console.log(JSON.stringify({ results, own }));
