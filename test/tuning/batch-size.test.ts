// The batch-size finder in a memory cgroup of 2 GiB, which greater batches would exceed; and where memory is not what ends the search.
import { describe, expect, onTestFinished, test } from 'vitest';
import { DataLoader } from '../../src/data/index.ts';
import { OutOfMemoryError } from '../../src/errors.ts';
import { type TinyBatch, tinyData, tinyTrainer, weightsOf } from '../../src/trainer/testing/tiny.ts';
import { bundle } from '../child.ts';
import { makeMemoryCgroup } from './memory-cgroup.ts';

describe('findBatchSize()', () => {
  test('ends with the right size in a cgroup of 2 GiB, and leaves everything as it was', { timeout: 120_000 }, ({
    skip,
  }) => {
    const group = makeMemoryCgroup(2 ** 31);
    if ('missing' in group) {
      console.log(`skipped, a memory cgroup: ${group.missing}`);
      skip(group.missing);
      return;
    }
    onTestFinished(() => group.remove());
    const program = bundle(new URL('./find-batch-size.ts', import.meta.url));
    onTestFinished(() => program.remove());
    const run = group.run(program.path, ['power']);
    expect([run.status, run.stderr]).toEqual([0, '']);
    const found = JSON.parse(run.stdout) as {
      readonly trials: readonly { readonly needBytes?: number }[];
      readonly left: number;
    };
    expect(found).toMatchObject({ batchSize: 2048, isUntouched: true, steps: 0 });
    expect(found.left).toBeLessThan(2 ** 31); // the engine sees the group that it is in
    // A sample has 8 activations of 64 KiB, and backward as many gradients at most: 2048 need 1 GiB or more, and 4096 more than there is.
    const need = found.trials.at(-2)!.needBytes!;
    expect(need).toBeGreaterThan(2 ** 30);
    expect(need).toBeLessThan(found.left);
    expect(2 * need).toBeGreaterThan(found.left);
  });

  /** A trainer of small batches whose step refuses those above a size as the engine does. */
  function shortOf(samples: number, numRows = 1000) {
    const made = tinyTrainer();
    const { trainer, model } = made;
    const { first, second } = model;
    trainer.setTrainingStep((_trainer, { x }: TinyBatch) => {
      if (x.size(0) > samples) throw new OutOfMemoryError('Cannot run tanh: expected more memory');
      return { loss: second.forward(first.forward(x)).mean() };
    });
    const makeLoaders = (batchSize: number, dropLast = false) => [
      new DataLoader<TinyBatch, TinyBatch>({ dataset: tinyData(numRows), batchSize, dropLast }),
    ];
    return { ...made, makeLoaders };
  }

  test.each<[string, number, object, number]>([
    ['a power of 2', 100, {}, 64],
    ['the first size times one', 100, { initialSize: 3 }, 96],
    ['no more than is asked for', 100, { maxSize: 50 }, 50],
    ['the greatest of all, by halves', 100, { mode: 'binary' }, 100],
    ['by halves, to 3 %', 801, { mode: 'binary' }, 800],
    ['all the data there is', 5000, {}, 1000],
    ['all the data there is, by halves', 5000, { mode: 'binary' }, 1000],
  ])('finds %s', async (_, samples, options, expected) => {
    const { trainer, model, makeLoaders } = shortOf(samples);
    const before = weightsOf(model);
    const found = await trainer.findBatchSize({ makeLoaders, stepsPerTrial: 1, ...options });
    expect(found.batchSize).toBe(expected);
    expect(weightsOf(model)).toEqual(before);
  });

  test('takes no size of which there is no batch', async () => {
    const { trainer, makeLoaders } = shortOf(5000, 100);
    const found = await trainer.findBatchSize({ makeLoaders: (size) => makeLoaders(size, true), mode: 'binary' });
    expect(found.trials.filter(({ reason }) => reason === 'no batches').length).toBeGreaterThan(0);
    expect([97, 98, 99, 100]).toContain(found.batchSize);
  });

  test('says where the first size is too much, passes other errors on, and lists every option that is wrong', async () => {
    const { trainer, makeLoaders, model } = shortOf(1);
    const before = weightsOf(model);
    await expect(trainer.findBatchSize({ makeLoaders })).rejects.toThrow(
      /^Cannot find a batch size: expected 2 to fit into the memory that is left, .*, got more; use a smaller model/,
    );
    trainer.setTrainingStep(() => {
      throw new Error('something else');
    });
    await expect(trainer.findBatchSize({ makeLoaders })).rejects.toThrow('something else');
    expect(weightsOf(model)).toEqual(before);
    const wrong = {
      makeLoaders: 3,
      mode: 'fast',
      initialSize: 4,
      maxSize: 2,
      stepsPerTrial: 0,
      marginBytes: -1,
      size: 3,
    };
    await expect(trainer.findBatchSize(wrong as never)).rejects.toThrow(
      [
        'Cannot find a batch size: 6 problems',
        'size: expected one of makeLoaders, mode, initialSize, maxSize, stepsPerTrial, marginBytes, got an unknown key',
        'makeLoaders: expected a function from a size to loaders, got 3',
        'mode: expected power or binary, got "fast"',
        'stepsPerTrial: expected an integer above 0, got 0',
        'maxSize: expected at least initialSize, 4, got 2',
        'marginBytes: expected bytes from 0 on, got -1',
      ].join('\n  - '),
    );
  });
});
