// One of several ranks: trains with steps as they are written and with captured ones, in many ways. What came of both is printed as JSON. Arguments: a folder, and which plays.
import { join } from 'node:path';
import { DataLoader, defaultCollate, TensorDataset } from '../../src/data/index.ts';
import { GradientReducer, gatherRows, ZeroRedundancyOptimizer } from '../../src/distributed/index.ts';
import {
  type CapturedStep,
  capture,
  libtorchVersion,
  manualSeed,
  nn,
  optim,
  scope,
  Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { type Callback, GenericTrainer, type GenericTrainerConfig } from '../../src/trainer/index.ts';
import { markStandard } from '../../src/trainer/loop/step-facts.ts';

const [folder, ...wanted] = process.argv.slice(2) as [string, ...string[]];
const rank = Number(process.env.RANK);
const isOld = libtorchVersion().startsWith('1.');

/** Two heads on a trunk with dropout and batch statistics; what all ranks have in the trunk is gathered where that is asked for. */
class Net extends nn.Module {
  readonly trunk = new nn.Sequential(new nn.Linear(3, 8), new nn.BatchNorm1d(8), new nn.GELU(), new nn.Dropout(0.3));
  readonly a = new nn.Linear(8, 1);
  readonly b = new nn.Linear(8, 1);
  readonly gathers: boolean;

  constructor(gathers: boolean) {
    super();
    this.gathers = gathers;
  }

  forward(x: Tensor, head: 'a' | 'b'): Tensor {
    const y = this.trunk.forward(x);
    return this[head].forward(this.gathers ? y.add(gatherRows(y).mean({ dim: [0], keepdim: true })) : y);
  }
}

/** Which head a batch is for stands in the shape of its last tensor. */
type Batch = readonly [input: Tensor, target: Tensor, width: Tensor];
type Optimizer = ConstructorParameters<typeof GenericTrainer>[0]['optimizers'][number];

interface Play {
  readonly config?: GenericTrainerConfig;
  /** Samples of each loader; the second is for the other head. */
  readonly counts?: readonly number[];
  readonly optimizersOf?: (net: Net) => Optimizer[];
  readonly lossOf?: (output: Tensor, target: Tensor) => Tensor;
  readonly gathers?: boolean;
  /** A sample whose target is not a number. */
  readonly bad?: number;
  /** Columns of the first loader's batches' last tensor, an odd number. */
  readonly widthOf?: (numMade: number) => number;
  readonly callbacks?: readonly Callback[];
  readonly maxEpochs?: number;
}

const meanSquare = (output: Tensor, target: Tensor): Tensor => output.to('float32').sub(target).square().mean();

function columnsOf(count: number, bad?: number) {
  const numbers = Array.from({ length: count }, (_, i) => i + 0.1 * count);
  const rows = tensor(numbers.map((i) => [Math.sin(i), Math.cos(3 * i), (i % 5) / 5]));
  return [rows, tensor(numbers.map((i, at) => [at === bad ? Number.NaN : Math.sin(2 * i)]))] as const;
}
const rowsOf = (count: number, bad?: number) => new TensorDataset(columnsOf(count, bad));
const ORDER = { batchSize: 4, shuffle: true, seed: 5 };

function loaderOf(count: number, width: () => number, bad?: number) {
  const collate = (samples: readonly (readonly [Tensor, Tensor])[]): Batch => {
    const [input, target] = defaultCollate(samples) as [Tensor, Tensor];
    return [input, target, zeros([input.size(0), width()])];
  };
  return new DataLoader<readonly [Tensor, Tensor], Batch>({ dataset: rowsOf(count, bad), ...ORDER, collate });
}

/** What a training said of itself, a number for each thing that it computed. */
function watch() {
  const values: number[] = [];
  const warnings: string[] = [];
  const callback: Callback = {
    name: 'watch',
    batchEnd: ({ loss }) => void (loss && values.push(loss.item())),
    optimizerStepEnd: ({ gradientNorm }) => void values.push(gradientNorm?.item() ?? -1),
    warning: (_, message) => void warnings.push(message),
  };
  return { values, warnings, callback };
}

async function train(name: string, play: Play, captureSteps: boolean) {
  const { config = {}, counts = [45], lossOf = meanSquare, callbacks = [], maxEpochs = 6, gathers = false } = play;
  manualSeed(3);
  const net = new Net(gathers);
  const { findUnusedParameters, staticGraph } = config.ddp ?? {};
  if (counts.length === 1 && !findUnusedParameters && !staticGraph) net.b.requiresGrad_(false);
  const optimizers = play.optimizersOf?.(net) ?? [new optim.AdamW(net.parameters(), { lr: 0.02, weightDecay: 0.1 })];
  const { callback, ...seen } = watch();
  const dataloaderNames = ['a', 'b'].slice(0, counts.length);
  const checkpoint = config.checkpoint && { ...config.checkpoint, rootDir: join(folder, `${name}-${captureSteps}`) };
  const trainer = new GenericTrainer({
    ...{ model: net, optimizers, callbacks: [callback, ...callbacks] },
    config: {
      ...{ seed: 7, logEveryNSteps: 10, trainLoaderConfig: { dataloaderNames, samplingStrategy: 'round_robin' } },
      ...config,
      performance: { ...config.performance, captureSteps },
      ...(checkpoint && { checkpoint }),
    },
  });
  trainer.setTrainingStep((_: unknown, [input, target, width]: Batch) => ({
    loss: lossOf(net.forward(input, width.size(1) % 2 === 1 ? 'a' : 'b'), target),
  }));
  let numMade = 0;
  const widths = [() => play.widthOf?.(numMade++) ?? 1, () => 2] as const;
  const trainLoaders = counts.map((count, i) => loaderOf(count, widths[i]!, play.bad));
  let error: string | undefined;
  await trainer.fit({ trainLoaders, maxEpochs }).catch((thrown: Error) => {
    error = thrown.message;
  });
  return { trainer, model: net as nn.Module, ...seen, error };
}

type Trained = Pick<Awaited<ReturnType<typeof train>>, 'model' | 'values' | 'trainer'>;

const weightsOf = (model: nn.Module): string =>
  JSON.stringify(Object.values(model.stateDict()).map((each) => each.toArray()));

/** Everything that has to be the same to the bit. */
function stateOf({ model, trainer, values }: Trained): string {
  const optimizers = trainer.optimizers.map((each) => {
    const { state } = each instanceof ZeroRedundancyOptimizer ? each.ownStateDict() : each.stateDict();
    return [...state].map(([i, entries]) => [
      i,
      ...Object.values(entries).map((value) => (value instanceof Tensor ? value.toArray() : value)),
    ]);
  });
  return JSON.stringify([weightsOf(model), optimizers, trainer.history, values]);
}

function compared(written: Trained, captured: Trained & { warnings: readonly string[] }) {
  return {
    isSame: stateOf(written) === stateOf(captured),
    numValues: captured.values.length,
    weights: weightsOf(captured.model),
    parts: captured.trainer.capturedParts.map(({ name, numReplayed, refusal = null }) => [name, numReplayed, refusal]),
    warnings: captured.warnings,
  };
}

const compare = async (name: string, play: Play, captureSteps = true): Promise<unknown> =>
  compared(await train(name, play, false), await train(name, play, captureSteps));

/** With layers of sconce's own, and a step that passes for one. */
async function trainStandard(captureSteps: 'auto' | false, bucketCapMb: number) {
  manualSeed(3);
  const model = new nn.Sequential(new nn.Linear(3, 8), new nn.Tanh(), new nn.Linear(8, 1));
  const { callback, ...seen } = watch();
  const trainer = new GenericTrainer({
    ...{ model, optimizers: [new optim.AdamW(model.parameters(), { lr: 0.02 })], callbacks: [callback] },
    config: { logEveryNSteps: 10, ddp: { bucketCapMb }, performance: { captureSteps } },
  });
  trainer.setTrainingStep(
    markStandard((_: unknown, [input, target]: readonly [Tensor, Tensor]) => ({
      loss: meanSquare(model.forward(input), target),
    })),
  );
  await trainer.fit({ trainLoaders: [new DataLoader({ dataset: rowsOf(45), ...ORDER })], maxEpochs: 6 });
  return { trainer, model: model as nn.Module, ...seen };
}

function expectNothing(reducer: GradientReducer): void {
  reducer.prepareForForward();
  let message = '';
  try {
    reducer.average();
  } catch (error) {
    message = (error as Error).message;
  }
  if (!message.includes('Cannot average gradients over ranks: expected gradients, got none of any parameter'))
    throw new Error(`expected an error of what is missing, got ${message}`);
}

/** Without a trainer: what backward left is averaged behind it. */
function trainByHand(isCaptured: boolean): string {
  manualSeed(3);
  const net = new nn.Sequential(new nn.Linear(3, 8), new nn.Tanh(), new nn.Linear(8, 1));
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.02 });
  const reducer = new GradientReducer(net.namedParameters());
  const [inputs, targets] = columnsOf(32);
  const gradients = (input: Tensor, target: Tensor): Tensor => {
    const loss = meanSquare(net.forward(input), target);
    if (!isCaptured) reducer.prepareForBackward([loss]);
    loss.backward();
    return loss;
  };
  const step = isCaptured ? capture(gradients) : gradients;
  expectNothing(reducer);
  const losses: number[] = [];
  for (let i = 0; i < 12; i++)
    scope(() => {
      const first = ((2 * i + rank) * 4) % 32;
      reducer.prepareForForward();
      const loss = step(inputs.narrow(0, first, 4), targets.narrow(0, first, 4));
      if (isCaptured) reducer.average();
      optimizer.step();
      optimizer.zeroGrad();
      losses.push(loss.item());
    });
  reducer.destroy();
  const numReplayed = isCaptured ? (step as CapturedStep<[Tensor, Tensor], Tensor>).status.numReplayed : 0;
  if (isCaptured && numReplayed < 4) throw new Error(`expected replays, got ${numReplayed}`);
  return JSON.stringify([losses, weightsOf(net)]);
}

const two = (net: Net): Optimizer[] => [
  new optim.AdamW([...net.trunk.parameters(), ...net.a.parameters()], { lr: 0.02 }),
  new optim.SGD(net.b.parameters(), { lr: 0.05, momentum: 0.9 }),
];
const SMALL = 0.00001; // a message for each parameter or two
const windows = { gradientAccumulationSteps: 3, clipGradNorm: 0.7, precision: 'bf16-mixed' } as const;
let factor = 1;
const plays: Readonly<Record<string, () => unknown>> = {
  plain: () => compare('plain', { config: { performance: { clipGradValue: 0.05 } } }),
  windows: () =>
    compare('windows', {
      ...{ counts: [45, 31], optimizersOf: two, maxEpochs: 9 },
      config: { perLoaderOptimizerId: [0, 1], lossWeightsPerLoader: [1, 0.5], performance: windows },
    }),
  messages: () => compare('messages', { config: { ddp: { gradientAsBucketView: false, bucketCapMb: SMALL } } }),
  // Windows of both heads, and of one.
  unused: () =>
    compare('unused', {
      counts: [45, 31],
      config: { ddp: { findUnusedParameters: true }, performance: { gradientAccumulationSteps: 2, clipGradNorm: 0.3 } },
    }),
  unusedOne: () => compare('unusedOne', { config: { ddp: { findUnusedParameters: true, bucketCapMb: SMALL } } }),
  static: () => compare('static', { config: { ddp: { staticGraph: true } } }),
  compressed: () => compare('compressed', { config: { ddp: { compress: isOld ? 'float16' : 'bfloat16' } } }),
  zero: () => compare('zero', { config: { ddp: { zero: true }, performance: { clipGradNorm: 0.5 } } }),
  skipped: () => compare('skipped', { bad: 20, config: { nonFinite: 'skip', performance: { clipGradNorm: 0.5 } } }),
  synced: () => compare('synced', { maxEpochs: 1, config: { ddp: { syncBatchNorm: true } } }),
  // What ranks send in the step goes before all gradients or between them, in one order on both, though one of them captures nothing.
  gathered: () =>
    compare(
      'gathered',
      { gathers: true, maxEpochs: 2, config: { logEveryNSteps: 2, ddp: { bucketCapMb: SMALL } } },
      rank === 0,
    ),
  auto: async () => compared(await trainStandard(false, 25), await trainStandard('auto', 25)),
  autoMessages: async () => compared(await trainStandard(false, SMALL), await trainStandard('auto', SMALL)),
  shapes: () => compare('shapes', { widthOf: (i) => (rank === 1 ? 1 + 2 * i : 1) }),
  reads: () =>
    compare('reads', {
      lossOf: (output, target) => {
        const loss = meanSquare(output, target);
        if (rank === 1) loss.item();
        return loss;
      },
    }),
  resumed: async () => {
    const config = { checkpoint: {}, performance: { gradientAccumulationSteps: 2 } } as const;
    const whole = await train('whole', { config }, false);
    await train('resumed', { config, maxEpochs: 2 }, true);
    const rest = await train('resumed', { config }, true);
    const isResumed = rest.values.length < whole.values.length;
    return { ...compared({ ...whole, values: [] }, { ...rest, values: [] }), isResumed };
  },
  byHand: () => ({ isSame: trainByHand(true) === trainByHand(false) }),
  // The last one: the group of ranks ends with it.
  changed: async () => {
    const changes: Callback = {
      name: 'changes',
      batchEnd: ({ clocks }) => {
        if (rank === 1 && clocks.step === 14) factor = 2;
      },
    };
    const lossOf = (output: Tensor, target: Tensor): Tensor => meanSquare(output, target).mul(factor);
    return { error: (await train('changed', { callbacks: [changes], lossOf }, true)).error };
  },
};
const results: Record<string, unknown> = {};
for (const [name, play] of Object.entries(plays))
  if (wanted.length === 0 || wanted.includes(name)) results[name] = await play();
console.log(JSON.stringify(results));
