// The 1,797 handwritten digits of 8 x 8 pixels that scikit-learn comes with.

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readCsv } from '../../data/index.ts';
import { Purpose, permutation } from '../../data/philox.ts';
import { ConfigError, DataFileError } from '../../errors.ts';
import { checkOptions, count, type Rule, text } from '../../metrics/options.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import { type LoaderOptions, loaderRules, loadersOf, type Pair, type PairLoader, subsetOf } from './loaders.ts';

/** Options of {@link loadDigits}. */
export interface DigitsOptions extends LoaderOptions {
  /** scikit-learn's `digits.csv.gz`, or a file of the same form: 64 pixels from 0 to 16 and the digit in each row. Default: that of an installed scikit-learn. */
  readonly path?: string | undefined;
  /** Share of the digits that are for tests, of each digit alike. Default 0.2. */
  readonly testSplit?: number | undefined;
  /** At most so many training digits, drawn by the seed. Default: all. */
  readonly subsetSize?: number | undefined;
}

const share: Rule = ['a number above 0 and below 1', (value) => (value as number) > 0 && (value as number) < 1];
const rules = { ...loaderRules, path: text, testSplit: share, subsetSize: count() };
const ACTION = 'load the digits';
const PIXELS = 64;

/** Loaders of handwritten digits of 8 x 8 pixels, split by the seed.
 *  Shape: pictures [batch, 1, 8, 8] of float32 from -1 to 1, classes [batch] of int64. Pixels from 0 to 16 become x / 8 - 1.
 *  @returns the loader for training, in an order of its own for each epoch, and the one for tests.
 *  @throws {ConfigError} for options that do not fit, and where no file is found; it says how to get one.  @throws {DataFileError} for a file that is of another form.
 *  Source of the digits: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998. */
export async function loadDigits(
  options: DigitsOptions = {},
): Promise<[trainLoader: PairLoader, testLoader: PairLoader]> {
  checkOptions(ACTION, options, rules);
  const { testSplit = 0.2, subsetSize, seed = 42 } = options;
  const all = await readDigits(options.path);
  const places = splitByClass(all[1].toArray() as bigint[] | number[], testSplit, seed);
  const [train, test] = places.map((chosen): Pair => {
    const rows = tensor(BigInt64Array.from(chosen, BigInt));
    return [all[0].indexSelect(0, rows), all[1].indexSelect(0, rows)];
  }) as [Pair, Pair];
  return loadersOf(
    { train: subsetSize === undefined ? train : subsetOf(train, subsetSize, seed), test },
    { ...options, seed },
  );
}

/** All digits of a file. Shape: [N, 1, 8, 8] float32 from -1 to 1; [N] int64.
 *  @param path - default: that of an installed scikit-learn. @internal */
export async function readDigits(path = findDigits()): Promise<Pair> {
  if (!existsSync(path)) throw new ConfigError(ACTION, [`path: expected a file, got "${path}", where there is none`]);
  const table = await readCsv(path, { header: false });
  const names = Object.keys(table.columns);
  if (names.length !== PIXELS + 1) {
    throw new DataFileError(
      `Cannot ${ACTION}: expected 64 pixels and a digit in each row of "${path}", got ${names.length} columns`,
      { path },
    );
  }
  return scope(() => {
    const pixels = table.matrix(names.slice(0, PIXELS), { dtype: 'float32' }); // [N, 64]
    return [pixels.div(8).sub(1).view([-1, 1, 8, 8]), table.column(names[PIXELS]!).to('int64')];
  });
}

/** The places of the training and of the test samples: of each class the same share, in the order of the file. */
function splitByClass(classes: readonly (bigint | number)[], testSplit: number, seed: number): [number[], number[]] {
  const byClass = groupPlaces(classes);
  const isTest = new Set<number>();
  for (const [digit, places] of byClass) {
    const order = permutation(places.length, { seed, epoch: digit, purpose: Purpose.split });
    const numTest = Math.min(places.length - 1, Math.round(places.length * testSplit));
    for (const place of order.slice(0, numTest)) isTest.add(places[place]!);
  }
  const all = Array.from(classes, (_, place) => place);
  return [all.filter((place) => !isTest.has(place)), all.filter((place) => isTest.has(place))];
}

function groupPlaces(classes: readonly (bigint | number)[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  classes.forEach((value, place) => {
    const digit = Number(value);
    const group = groups.get(digit);
    if (group) group.push(place);
    else groups.set(digit, [place]);
  });
  return groups;
}

/** The file of an installed scikit-learn: of the active environment, of the user, of the system. */
function findDigits(): string {
  const inside = 'sklearn/datasets/data/digits.csv.gz';
  const { VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const prefixes = [VIRTUAL_ENV, CONDA_PREFIX, join(homedir(), '.local'), '/usr/local', '/usr'];
  for (const prefix of prefixes) {
    if (!prefix) continue;
    const library = join(prefix, 'lib');
    const versions = existsSync(library) ? readdirSync(library).filter((name) => /^python3/.test(name)) : [];
    for (const version of versions) {
      for (const packages of ['site-packages', 'dist-packages']) {
        const path = join(library, version, packages, inside);
        if (existsSync(path)) return path;
      }
    }
  }
  throw new ConfigError(ACTION, [
    'path: expected scikit-learn with its digits, got none in this environment; install it with "pip install scikit-learn" or "apt-get install python3-sklearn", or say with path where digits.csv.gz is',
  ]);
}
