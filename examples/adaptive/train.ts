// Trains the adaptive network on pictures, and beside it a plain network with as many parameters and a linear one. Run it:
//   npx sconce train examples/adaptive/train.ts [--set data=fashion-mnist]
import { manualSeed, nn, noGrad, optim, type Tensor } from 'sconce';
import { AdaptiveModel, loadDigits, loadFashionMnist, type PairLoader } from 'sconce/adaptive';
import { defineExperiment, ProgressCallback, Trainer, type TrainingRun } from 'sconce/trainer';
import { Classifier, KINDS, type Kind, parametersOf } from './models.ts';
import { NodeMetrics } from './node-metrics.ts';
import { sectionsOf } from './report.ts';

const OPTIONS = {
  /** 'digits' (8 x 8 pixels) or 'fashion-mnist' (28 x 28). */
  data: 'digits',
  epochs: 40,
  batchSize: 64,
  /** Of the plain and of the linear model. */
  lr: 0.01,
  /** Of the adaptive network, whose gradients are smaller. */
  adaptiveLr: 0.03,
  hiddenDim: 64,
  numNodes: 100,
  /** How often each model is trained, each time from another seed. */
  seeds: 3,
  /** Where the pictures lie: a file of digits, or the folder of Fashion-MNIST. '': where they are usually found. */
  path: '',
};

type Options = typeof OPTIONS;

/** What came of one training. */
export interface Outcome {
  readonly kind: Kind;
  readonly seed: number;
  /** Share of the test pictures that is right, after each epoch. */
  readonly accuracies: readonly number[];
  /** The same after the last epoch, of the test pictures in another order. */
  readonly reordered: number;
}

async function loadersOf({ data, batchSize, path }: Options): Promise<[train: PairLoader, test: PairLoader]> {
  if (data === 'digits') return loadDigits({ batchSize, ...(path !== '' && { path }) });
  if (data === 'fashion-mnist') return loadFashionMnist({ batchSize, ...(path !== '' && { root: path }) });
  throw new RangeError(`Cannot train: expected data to be digits or fashion-mnist, got "${data}"`);
}

/** Trains one model. With a run it is the one that the run is about. */
export async function trainOne(
  kind: Kind,
  seed: number,
  loaders: readonly [train: PairLoader, test: PairLoader],
  options: Pick<Options, 'epochs' | 'lr' | 'adaptiveLr' | 'hiddenDim' | 'numNodes' | 'data'>,
  run?: TrainingRun,
): Promise<Outcome & { readonly model: Classifier; readonly nodes: NodeMetrics | undefined }> {
  const [trainLoader, valLoader] = loaders;
  const { hiddenDim, numNodes, epochs: numEpochs, lr, adaptiveLr } = options;
  manualSeed(seed);
  const model = new Classifier(kind, { inputDim: options.data === 'digits' ? 64 : 784, hiddenDim, numNodes, seed });
  const nodes = model.core instanceof AdaptiveModel ? new NodeMetrics(model.core) : undefined;
  const trainer = new Trainer({
    model,
    optimizer: new optim.Adam(model.parameters(), { lr: nodes ? adaptiveLr : lr }),
    criterion: new nn.CrossEntropyLoss(),
    maxGradNorm: 1,
    callbacks: [
      ...(nodes ? [nodes] : []),
      ...(run ? [new ProgressCallback({ metrics: ['train/loss', 'train/accuracy', 'val/accuracy'] })] : []),
    ],
    seed,
    ...(run && { run }),
  });
  const history = await trainer.fit({ trainLoader, valLoader, numEpochs });
  const accuracies = history.map((record) => record.val_accuracy!);
  return { kind, seed, accuracies, reordered: await accuracyBackwards(model, valLoader), model, nodes };
}

/** Share that is right where the batches come in the other order. */
async function accuracyBackwards(model: Classifier, loader: PairLoader): Promise<number> {
  const batches: [Tensor, Tensor][] = [];
  for await (const [pictures, classes] of loader) batches.unshift([pictures.clone(), classes.clone()]);
  model.eval();
  let right = 0;
  let total = 0;
  for (const [pictures, classes] of batches) {
    right += Number(noGrad(() => model.forward(pictures).argmax({ dim: 1 }).eq(classes).sum().item()));
    total += classes.numel;
    pictures.dispose();
    classes.dispose();
  }
  return right / total;
}

export default defineExperiment({
  name: 'adaptive',
  options: OPTIONS,
  async run(run, options) {
    const loaders = await loadersOf(options);
    const first = await trainOne('adaptive', 0, loaders, options, run);
    const outcomes: Outcome[] = [first];
    for (const kind of KINDS) {
      for (let seed = 0; seed < options.seeds; seed++) {
        if (kind === 'adaptive' && seed === 0) continue; // the run's own
        outcomes.push(await trainOne(kind, seed, loaders, options));
      }
      const of = outcomes.filter((outcome) => outcome.kind === kind).map(({ accuracies }) => accuracies.at(-1)!);
      console.log(`${kind}: ${of.map((accuracy) => `${(100 * accuracy).toFixed(1)} %`).join(', ')} right`);
    }
    return {
      title: 'The adaptive network beside a plain one',
      headline: ['val/accuracy', 'val/loss'],
      better: { 'val/accuracy': 'max' },
      counts: { parameters: parametersOf(first.model) },
      sections: await sectionsOf({ outcomes, nodes: first.nodes!.history, sizesOf: sizesOf(options) }),
    };
  },
});

function sizesOf({ data, hiddenDim, numNodes }: Options): Record<Kind, number> {
  const sizes = { inputDim: data === 'digits' ? 64 : 784, hiddenDim, numNodes, seed: 0 };
  return Object.fromEntries(KINDS.map((kind) => [kind, parametersOf(new Classifier(kind, sizes))])) as Record<
    Kind,
    number
  >;
}
