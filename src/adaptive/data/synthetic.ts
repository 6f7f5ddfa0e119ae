// Classes that are patterns with noise: data for trying things out that needs no file.

import { checkOptions, count, type Rule } from '../../metrics/options.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { randint, randn } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { Generator } from '../../tensor/generator.ts';
import { stack } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import { type LoaderOptions, loaderRules, loadersOf, type Pair, type PairLoader } from './loaders.ts';

/** Options of {@link createSyntheticLoaders}. */
export interface SyntheticOptions extends LoaderOptions {
  /** Of both loaders together. Default 1000. */
  readonly numSamples?: number | undefined;
  /** Numbers in a sample. Default 784. */
  readonly inputDim?: number | undefined;
  /** Default 10. */
  readonly numClasses?: number | undefined;
  /** Share of the samples that are for tests. Default 0.2. */
  readonly testSplit?: number | undefined;
}

const share: Rule = ['a number above 0 and below 1', (value) => (value as number) > 0 && (value as number) < 1];
const rules = { ...loaderRules, numSamples: count(2), inputDim: count(), numClasses: count(), testSplit: share };

/** Noise on the patterns. */
const TRAIN_NOISE = 0.1;
const TEST_NOISE = 0.05;

/** Loaders of samples that are the pattern of their class, drawn from N(0, 1), with noise: of 0.1 for training, of 0.05 for tests. Both have the same patterns. With the default seed the samples are
 *  those of adaptiveneuralnetwork, to the last bit. The default generator is left alone.
 *  Shape: inputs [batch, inputDim], classes [batch] of int64.
 *  @returns the loader for training, in an order of its own for each epoch, and the one for tests.
 *  @throws {ConfigError} that lists every option that is unknown or does not fit.
 *  Source: adaptiveneuralnetwork, create_synthetic_loaders.
 *  @example
 *  import { createSyntheticLoaders } from 'sconce/adaptive';
 *  const [trainLoader, testLoader] = createSyntheticLoaders({ numSamples: 100, inputDim: 8, numClasses: 3 });
 *  trainLoader.length; // 2
 *  testLoader.length; // 1 */
export function createSyntheticLoaders(
  options: SyntheticOptions = {},
): [trainLoader: PairLoader, testLoader: PairLoader] {
  checkOptions('make synthetic data', options, rules);
  const { numSamples = 1000, testSplit = 0.2, seed = 42 } = options;
  const numTrain = Math.min(numSamples - 1, Math.max(1, Math.trunc(numSamples * (1 - testSplit))));
  const train = samplesOf(numTrain, TRAIN_NOISE, options);
  const test = samplesOf(numSamples - numTrain, TEST_NOISE, options);
  return loadersOf({ train, test }, { ...options, seed });
}

/** Each part draws from the seed anew, the patterns first: that gives both the same ones. */
function samplesOf(count: number, noise: number, options: SyntheticOptions): Pair {
  const { inputDim = 784, numClasses = 10, seed = 42 } = options;
  const generator = new Generator(seed);
  return noGrad(() =>
    scope(() => {
      const patterns = randn([numClasses, inputDim], { generator });
      const classes: number[] = [];
      const inputs = Array.from({ length: count }, () => {
        const chosen = Number(randint(0, numClasses, [1], { generator }).item());
        classes.push(chosen);
        return patterns.select(0, chosen).add(randn([inputDim], { generator }).mul(noise));
      });
      return [stack(inputs), tensor(classes, { dtype: 'int64' })];
    }),
  );
}
