// `progressiveDomainShift`: the same classes in pictures that get worse from stage to stage, as tasks.

import { deriveSeed, Purpose, permutation } from '../../data/philox.ts';
import { ConfigError, ShapeError } from '../../errors.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Pair } from '../data/loaders.ts';
import { corruptPictures } from './corruptions.ts';
import { type DomainShiftConfig, type StageCorruption, shiftProblems, shiftStages } from './domain-shift-options.ts';
import { fgsm } from './fgsm.ts';
import { type ContinualTask, type PairSource, readPairs, sourceProblems } from './task.ts';

const ACTION = 'make a domain shift';

/** The change of each number of an adversarial picture at intensity 1, of white. */
const ADVERSARIAL = 0.2;

/** Pictures attacked at a time. */
const BATCH = 256;

/** A data set in stages that are corrupted more and more, as tasks with the same classes: train on one after the other, or evaluate a model that is trained already (the benchmark's `baseline`).
 *
 *  Stage by stage other training samples come, `overlapRatio` of them from the stage before; tests are all samples in every stage. Corruptions are those of `corruptPictures`; 'adversarial' at intensity a is `fgsm`
 *  with ε = 0.2 a, of white, against `config.model`. Everything follows from the seed (and that model), and is the same every time.
 *  @param data - for training and for tests: pictures [C, H, W] with their classes, from loaders as `loadDigits` gives them, or datasets.
 *  @throws {ConfigError} for a configuration that does not fit, and for more samples than there are.  @throws {ShapeError} for samples that are no pictures.
 *  Source: adaptiveneuralnetwork, ProgressiveDomainShift; corruptions by severity, Hendrycks and Dietterich 2019, arXiv:1903.12261.
 *  @example
 *  import { TensorDataset } from 'sconce/data';
 *  import { progressiveDomainShift } from 'sconce/adaptive';
 *  const data = new TensorDataset([rand([20, 1, 8, 8]), randint(0, 2, [20])] as const);
 *  const tasks = await progressiveDomainShift([data, data], { scenario: 'noise', numStages: 3, overlapRatio: 0.5 });
 *  tasks.map(({ name, train }) => [name, train[1].shape[0]]); // [['stage 1: noise 0', 10], ['stage 2: noise 0.5', 10], ['stage 3: noise 1', 10]] */
export async function progressiveDomainShift(
  data: readonly [train: PairSource, test: PairSource],
  config: DomainShiftConfig,
): Promise<ContinualTask[]> {
  const problems = shiftProblems(config);
  if (!Array.isArray(data) || data.length !== 2) problems.push('data: expected [train, test], got something else');
  else problems.push(...['train', 'test'].flatMap((name, index) => sourceProblems(name, data[index])));
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  const [train, test] = [await readPairs(data[0]), await readPairs(data[1])];
  for (const [{ shape, dtype }] of [train, test])
    if (shape.length !== 4)
      throw new ShapeError(`Cannot ${ACTION}: expected pictures [N, C, H, W], got ${dtype} [${shape.join(', ')}]`);
  const { seed = 42 } = config;
  const windows = windowsOf(train[1].shape[0]!, config);
  return shiftStages(config).map((corruptions, stage) => {
    const rows = tensor(BigInt64Array.from(windows[stage]!, BigInt));
    const own: Pair = [train[0].indexSelect(0, rows), train[1].indexSelect(0, rows)];
    // Of each stage its own draws, of tests others than of training.
    const seedOf = (part: number): number => deriveSeed({ seed, epoch: stage, purpose: Purpose.corruption }, part);
    const words = corruptions.map(({ kind, intensity }) => `${kind} ${Number(intensity.toFixed(3))}`);
    return {
      name: `stage ${stage + 1}: ${words.join(', ')}`,
      train: [corrupted(own, corruptions, { config, seed: seedOf(0) }), own[1]] as Pair,
      test: [corrupted(test, corruptions, { config, seed: seedOf(1) }), test[1]] as Pair,
    };
  });
}

/** Which samples each stage trains on: windows of one order, each of which begins where the one before has no more than the overlap left. */
function windowsOf(numSamples: number, config: DomainShiftConfig): Int32Array[] {
  const { numStages = 5, overlapRatio = 0.2, seed = 42, samplesPerStage } = config;
  const stepOf = (size: number): number => size - Math.round(overlapRatio * size);
  const needOf = (size: number): number => size + (numStages - 1) * stepOf(size);
  let most = numSamples;
  while (most > 0 && needOf(most) > numSamples) most--;
  const size = samplesPerStage ?? most;
  if (most === 0 || size > most)
    throw new ConfigError(ACTION, [
      `samplesPerStage: expected at most ${most} of ${numSamples} samples for ${numStages} stages that overlap by ${overlapRatio}, got ${size}`,
    ]);
  const order = permutation(numSamples, { seed, epoch: 0, purpose: Purpose.stageSamples });
  return Array.from({ length: numStages }, (_, stage) =>
    order.slice(stage * stepOf(size), stage * stepOf(size) + size),
  );
}

function corrupted(
  [pictures, classes]: Pair,
  corruptions: readonly StageCorruption[],
  { config, seed }: { readonly config: DomainShiftConfig; readonly seed: number },
): Tensor {
  const { range = [0, 1], model } = config;
  const white = range[1] - range[0];
  return corruptions.reduce((now, { kind, intensity }, index) => {
    if (kind !== 'adversarial') return corruptPictures(now, { kind, intensity, seed: (seed + index) % 2 ** 53, range });
    if (intensity === 0) return now;
    return scope(() => {
      const starts = Array.from({ length: Math.ceil(now.shape[0]! / BATCH) }, (_, i) => i * BATCH);
      const attacked = starts.map((start) => {
        const length = Math.min(BATCH, now.shape[0]! - start);
        const pair: Pair = [now.narrow(0, start, length), classes.narrow(0, start, length)];
        return fgsm(model!, pair, { epsilon: ADVERSARIAL * intensity * white, range }); // there is a model for this kind
      });
      return cat(attacked);
    });
  }, pictures);
}
