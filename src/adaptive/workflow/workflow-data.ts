// The data sets of a workflow: read or made whole, and cut into what is trained on, validated and tested.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TensorDataset } from '../../data/datasets/tensor-dataset.ts';
import { Purpose, permutation } from '../../data/philox.ts';
import { readIdx } from '../../data/sources/idx.ts';
import { ConfigError } from '../../errors.ts';
import { arange, Generator, randn, scope, type Tensor, tensor, withGenerator } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { readDigits } from '../data/digits.ts';
import { type Collection, findFiles } from '../data/pictures.ts';
import { DATA_ENTRIES } from './data-kinds.ts';
import { readTableSamples } from './table-samples.ts';

/** What is read, and how it is cut. */
export interface WorkflowDataOptions {
  readonly name: string;
  readonly path?: string | undefined;
  /** Shares of training, validation and test. */
  readonly splits: readonly [number, number, number];
  readonly seed: number;
  /** Numbers of a row: of a synthetic set, and of one that is made of text. */
  readonly width: number;
  /** Classes of a synthetic set. */
  readonly numClasses: number;
  /** `dataset_params`, in camelCase. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** All samples of a data set. */
export interface WorkflowSamples {
  /** Pictures [N, C, H, W], or rows [N, width]. @param trained - [n] int64, for what is learnt from the rows that are trained on. */
  inputs(trained: Tensor): Tensor;
  /** [N] int64. */
  readonly targets: Tensor;
  /** Of one sample. */
  readonly shape: readonly number[];
  /** Classes that there are at least: the greatest one and 1. */
  readonly numClasses: number;
  /** The sample that its own test files begin with. */
  readonly testStart?: number;
}

export const PARTS = ['train', 'val', 'test'] as const;
export type WorkflowPart = (typeof PARTS)[number];

/** One part of a data set, as `[input, class]`. A sample belongs to the same part whatever is read beside it.
 *  @throws {ConfigError} for files that are not there or do not fit. */
export async function workflowDataset(
  options: WorkflowDataOptions,
  part: WorkflowPart,
): Promise<TensorDataset<readonly [Tensor, Tensor]>> {
  const samples = await readSamples(options);
  const cuts = cutSamples(samples, options);
  const [trained, chosen] = [cuts.train, cuts[part]].map((rows) => tensor(rows, { dtype: 'int64' })) as [
    Tensor,
    Tensor,
  ];
  const inputs = samples.inputs(trained);
  return new TensorDataset([inputs.indexSelect(0, chosen), samples.targets.indexSelect(0, chosen)] as const);
}

/** Which samples go where. */
export function cutSamples(
  { targets, testStart }: Pick<WorkflowSamples, 'targets' | 'testStart'>,
  { splits, seed }: Pick<WorkflowDataOptions, 'splits' | 'seed'>,
): Record<WorkflowPart, number[]> {
  const numSamples = targets.shape[0]!;
  const numMixed = testStart ?? numSamples;
  const order = [...permutation(numMixed, { seed, epoch: 0, purpose: Purpose.split })];
  const [train, val, test] = splits;
  const whole = testStart === undefined ? train + val + test : train + val;
  const numTrain = val + (testStart === undefined ? test : 0) === 0 ? numMixed : Math.round((numMixed * train) / whole);
  const numVal = val === 0 ? 0 : Math.min(numMixed - numTrain, Math.round((numMixed * val) / whole));
  const own = Array.from({ length: numSamples - numMixed }, (_, i) => numMixed + i);
  return {
    train: order.slice(0, numTrain),
    val: order.slice(numTrain, testStart === undefined ? numTrain + numVal : undefined),
    test: test === 0 ? [] : testStart === undefined ? order.slice(numTrain + numVal) : own,
  };
}

/** Reads or makes a whole data set. @throws {ConfigError} */
export async function readSamples(options: WorkflowDataOptions): Promise<WorkflowSamples> {
  const { name, path, params } = options;
  const entry = DATA_ENTRIES[name]!; // the configuration was checked
  const channels = Number(params.channels ?? 1);
  if (entry.kind === 'synthetic') return syntheticSamples(options);
  if (entry.kind === 'digits') return digitSamples(path, channels);
  if (entry.collection) return idxSamples(entry.collection, path, channels);
  const { width, targets, classes, inputs } = await readTableSamples({
    path: csvFile(name, path ?? ''),
    target: String(params.target ?? entry.target),
    text: (params.text ?? entry.text) as string | undefined, // the configuration was checked
    inputs: params.inputs as readonly string[] | undefined,
    width: options.width,
  });
  return { inputs, targets, shape: [width], numClasses: classes.length };
}

/** A pattern for each class, standard normal, in turn; each sample has noise of its own on it. */
function syntheticSamples({ seed, width, numClasses, params }: WorkflowDataOptions): WorkflowSamples {
  const { numSamples = 1000, noise = 0.1 } = params as { numSamples?: number; noise?: number };
  const targets = arange(numSamples, { dtype: 'int64' }).remainder(numClasses);
  const inputs = (): Tensor =>
    scope(() =>
      withGenerator(new Generator(seed), () => {
        const patterns = randn([numClasses, width]);
        return patterns.indexSelect(0, targets).add(randn([numSamples, width]).mul(noise));
      }),
    );
  return { inputs, targets, shape: [width], numClasses };
}

/** The four files of MNIST and its like. */
async function idxSamples(
  collection: Collection,
  path: string | undefined,
  channels: number,
): Promise<WorkflowSamples> {
  const files = findFiles(collection, path ?? collection.defaultRoot);
  const [images, labels, testImages, testLabels] = (await Promise.all(files.map((file) => readIdx(file)))) as Tensor[];
  const pictures = cat([images!, testImages!]).unsqueeze(1); // [N, 1, H, W]
  const targets = cat([labels!, testLabels!]).to('int64'); // [N]
  const numClasses = 1 + Number(targets.max().item());
  return { ...picturesOf(pictures, channels), targets, numClasses, testStart: images!.shape[0]! };
}

async function digitSamples(path: string | undefined, channels: number): Promise<WorkflowSamples> {
  const [pictures, targets] = await readDigits(path);
  return { ...picturesOf(pictures, channels), targets, numClasses: 10 };
}

function picturesOf(pictures: Tensor, channels: number): Pick<WorkflowSamples, 'inputs' | 'shape'> {
  const [, , height, width] = pictures.shape as [number, number, number, number];
  const inputs = (): Tensor => (channels === 1 ? pictures : pictures.expand([-1, channels, -1, -1]));
  return { inputs, shape: [channels, height, width] };
}

/** A file, or the one CSV file of a folder. */
function csvFile(name: string, path: string): string {
  const refuse = (got: string): never => {
    throw new ConfigError(`read the data set "${name}"`, [`expected a CSV file, or a folder with one, got ${got}`]);
  };
  if (!existsSync(path)) return refuse(`none at "${path}"`);
  if (!statSync(path).isDirectory()) return path;
  const files = readdirSync(path).filter((file) => /\.csv(?:\.gz)?$/.test(file));
  return files.length === 1 ? join(path, files[0]!) : refuse(`${files.length} of them in "${path}"`);
}
