// Pictures of 28 x 28 pixels in ten kinds: MNIST and Fashion-MNIST, from the four files that they come in.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readIdx, transforms } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { checkOptions, count, text } from '../../metrics/options.ts';
import { type LoaderOptions, loaderRules, loadersOf, type Pair, type PairLoader, subsetOf } from './loaders.ts';

/** Options of {@link loadMnist} and {@link loadFashionMnist}. */
export interface PictureOptions extends LoaderOptions {
  /** The folder with the four files, compressed (`train-images-idx3-ubyte.gz`) or not, or a folder above it as torchvision makes it (`MNIST/raw`). */
  readonly root?: string | undefined;
  /** At most so many training pictures, drawn by the seed. Default: all. */
  readonly subsetSize?: number | undefined;
}

/** Options of {@link loadMnistSubset}. */
export type MnistSubsetOptions = PictureOptions;

/** Pictures in four files, and where they are looked for. @internal */
export interface Collection {
  readonly name: string;
  /** torchvision's folder below its root. */
  readonly folder: string;
  readonly defaultRoot: string;
  readonly wayOut: string;
  /** Of training pixels from 0 to 1. */
  readonly mean: number;
  readonly std: number;
}

/** @internal */
export const MNIST: Collection = {
  name: 'MNIST',
  folder: 'MNIST/raw',
  defaultRoot: 'data',
  wayOut:
    'put the four files of MNIST there (torchvision.datasets.MNIST(root, download=True) does), or say with root where they are',
  mean: 0.1307,
  std: 0.3081,
};
/** @internal */
export const FASHION_MNIST: Collection = {
  name: 'Fashion-MNIST',
  folder: 'FashionMNIST/raw',
  defaultRoot: '/usr/share/datasets/fashion-mnist',
  wayOut: 'get them with "apt-get install dataset-fashion-mnist", or say with root where they are',
  mean: 0.286,
  std: 0.353,
};
const rules = { ...loaderRules, root: text, subsetSize: count() };

/** Loaders of MNIST's digits, 60,000 for training and 10,000 for tests, from files that are there: nothing is downloaded.
 *  Shape: pictures [batch, 1, 28, 28] of float32, with the mean 0.1307 taken off and divided by 0.3081; classes [batch] of int64.
 *  @param options.root - default 'data'.  @returns the loader for training, in an order of its own for each epoch, and the one for tests.
 *  @throws {ConfigError} for options that do not fit, and where the files are not there.  @throws {DataFileError} for a file that is none of MNIST's.
 *  Source: adaptiveneuralnetwork, load_mnist. */
export function loadMnist(options: PictureOptions = {}): Promise<[trainLoader: PairLoader, testLoader: PairLoader]> {
  return loadPictures(MNIST, options);
}

/** As `loadMnist`, with a few of the training pictures. @param options.subsetSize - default 1000.  Source: adaptiveneuralnetwork, load_mnist_subset. */
export function loadMnistSubset(options: MnistSubsetOptions = {}): Promise<[PairLoader, PairLoader]> {
  return loadPictures(MNIST, { ...options, subsetSize: options.subsetSize ?? 1000 });
}

/** Loaders of Fashion-MNIST: ten kinds of clothes, in the place of MNIST's digits. Shape: as `loadMnist`; mean 0.286 and deviation 0.353.
 *  @param options.root - default '/usr/share/datasets/fashion-mnist', where Debian's package has them.
 *  @throws {ConfigError} for options that do not fit, and where the files are not there; it says how to get them. */
export function loadFashionMnist(options: PictureOptions = {}): Promise<[PairLoader, PairLoader]> {
  return loadPictures(FASHION_MNIST, options);
}

async function loadPictures(collection: Collection, options: PictureOptions): Promise<[PairLoader, PairLoader]> {
  const { name, mean, std } = collection;
  checkOptions(`load ${name}`, options, rules);
  const { subsetSize, seed = 42 } = options;
  const paths = findFiles(collection, options.root ?? collection.defaultRoot);
  const [pictures, classes, testPictures, testClasses] = await Promise.all(paths.map((path) => readIdx(path)));
  const pair = (inputs: typeof pictures, kinds: typeof classes): Pair => [inputs!.unsqueeze(1), kinds!.to('int64')];
  const transform = transforms.compose([
    new transforms.ToDtype('float32', { scale: true }),
    new transforms.Normalize([mean], [std]),
  ]);
  const all = pair(pictures, classes);
  const train = subsetSize === undefined ? all : subsetOf(all, subsetSize, seed);
  return loadersOf({ train, test: pair(testPictures, testClasses), transform }, { ...options, seed });
}

const FILES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];

/** The four files, those of training first. @throws {ConfigError} where they are not there. @internal */
export function findFiles({ name, folder, wayOut }: Collection, root: string): string[] {
  const places = [root, join(root, folder)];
  for (const place of places) {
    const found = FILES.map((file) =>
      ['-ubyte.gz', '-ubyte'].map((ending) => join(place, file + ending)).find((path) => existsSync(path)),
    );
    if (found.every((path) => path !== undefined)) return found as string[];
  }
  throw new ConfigError(`load ${name}`, [
    `root: expected ${FILES.map((file) => `${file}-ubyte`).join(', ')} in "${resolve(root)}", got a folder without them all; ${wayOut}`,
  ]);
}
