// One rank, or the one process: trains in several ways on the same samples. What came of it is printed as JSON.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { manualSeed, nn, optim, type Tensor, tensor } from '../../src/index.ts';
import { Accuracy } from '../../src/metrics/index.ts';
import { GenericTrainer, type GenericTrainerConfig, Trainer } from '../../src/trainer/index.ts';

const size = Number(process.env.WORLD_SIZE ?? 1);
const NUM_SAMPLES = 37;
const GLOBAL_BATCH = 8;

const classOf = (i: number): number => (i * 7) % 3;
const rowOf = (i: number): number[] => [Math.sin(i), Math.cos(3 * i), classOf(i) / 2, (i % 5) / 5];
const samples = (from: number, count: number) => {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  return new TensorDataset([tensor(numbers.map(rowOf)), tensor(numbers.map((i) => BigInt(classOf(i))))] as const);
};
const loaderOf = (from: number, count: number, shuffle = true) =>
  new DataLoader({ dataset: samples(from, count), batchSize: GLOBAL_BATCH / size, shuffle, seed: 5 });

function makeModel(): nn.Sequential {
  manualSeed(3);
  return new nn.Sequential(new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, 3));
}
const weightsOf = (model: nn.Module): number[] =>
  [...model.parameters()].flatMap((each) => each.detach().flatten().toArray() as number[]);

type Pair = readonly [input: Tensor, target: Tensor];

async function train(config: GenericTrainerConfig, { isStream = false } = {}): Promise<unknown> {
  const model = makeModel();
  const accuracy = [
    new Accuracy({ task: 'multiclass', numClasses: 3 }),
    new Accuracy({ task: 'multiclass', numClasses: 3 }),
  ] as const;
  const trainer = new GenericTrainer({
    model,
    optimizers: [new optim.SGD(model.parameters(), { lr: 0.3, momentum: 0.9 })],
    config: { logEveryNSteps: 2, ...config },
    trainMetrics: [accuracy[0]],
    valMetrics: [accuracy[1]],
  });
  const step =
    (metric: Accuracy) =>
    (_: unknown, [input, target]: Pair) => {
      const output = model.forward(input);
      metric.update(output.detach(), target);
      return { loss: new nn.CrossEntropyLoss().forward(output, target), level: output.detach().mean() };
    };
  trainer.setTrainingStep(step(accuracy[0])).setValidationStep(step(accuracy[1]));
  const stream = {
    length: NUM_SAMPLES,
    open(_epoch: number, state?: unknown) {
      let at = (state as { at: number } | undefined)?.at ?? 0;
      const next = () => (at < NUM_SAMPLES ? ([rowOf(at), classOf(at++)] as const) : undefined);
      return { next, state: () => ({ at }), close: () => undefined };
    },
    decode: ([row, label]: readonly [number[], number]) => [tensor(row), tensor(BigInt(label))] as const,
  };
  const trainLoader = isStream
    ? new DataLoader({ dataset: stream, batchSize: GLOBAL_BATCH / size })
    : loaderOf(0, NUM_SAMPLES);
  const history = await trainer.fit({
    trainLoaders: [trainLoader],
    valLoaders: [loaderOf(50, 11, false), loaderOf(90, 3, false)],
    maxEpochs: 3,
  });
  const { step: steps, samples: numSamples } = trainer.clocks;
  const validated = await trainer.validate({ loaders: [loaderOf(50, 11, false)] });
  return { history, weights: weightsOf(model), clocks: [steps, numSamples], validated };
}

/** Two models, each with an optimizer and a loader of its own. */
async function trainTwo(): Promise<unknown> {
  const pair = new nn.ModuleDict({ left: makeModel(), right: makeModel() });
  const modelOf = (name: string): nn.Sequential => pair.get(name) as nn.Sequential;
  const trainer = new GenericTrainer({
    model: pair,
    optimizers: ['left', 'right'].map((name) => new optim.AdamW(modelOf(name).parameters(), { lr: 0.05 })),
    config: {
      perLoaderOptimizerId: [0, 1],
      trainLoaderConfig: {
        dataloaderNames: ['left', 'right'],
        samplingStrategy: 'alternating',
        alternatingPattern: [0, 0, 1],
        cycleShortLoaders: false,
      },
      performance: { gradientAccumulationSteps: 2, clipGradNorm: 0.5 },
      ddp: { validateScheduleConsistency: true },
    },
  });
  trainer.setTrainingStep((_, [input, target]: Pair, _batch, _loader, name) => ({
    loss: new nn.CrossEntropyLoss().forward(modelOf(name).forward(input), target),
  }));
  const history = await trainer.fit({ trainLoaders: [loaderOf(0, 37), loaderOf(40, 18)], maxEpochs: 2 });
  return { history, weights: weightsOf(pair) };
}

async function trainShort(): Promise<unknown> {
  const model = makeModel();
  const trainer = new Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.2 }),
    criterion: new nn.CrossEntropyLoss(),
    seed: 1,
  });
  const history = await trainer.fit({ trainLoader: loaderOf(0, 21), valLoader: loaderOf(60, 9), numEpochs: 2 });
  return { history, weights: weightsOf(model) };
}

const plays: Readonly<Record<string, () => Promise<unknown>>> = {
  accumulated: () => train({ performance: { gradientAccumulationSteps: 2 }, nonFinite: 'skip' }),
  two: trainTwo,
  plain: () => train({}),
  copied: () => train({ ddp: { gradientAsBucketView: false, findUnusedParameters: true, bucketCapMb: 0.0001 } }),
  stream: () => train({}, { isStream: true }),
  short: trainShort,
};
const results: Record<string, unknown> = {};
for (const [name, play] of Object.entries(plays).slice(0, Number(process.argv[2]))) results[name] = await play();
console.log(JSON.stringify(results));
