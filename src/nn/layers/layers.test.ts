// Edges of the layers that no value of PyTorch decides: sizes of zero, batches of one, and arguments that do not fit.

import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../errors.ts';
import { ones, rand, tensor, zeros } from '../../tensor/create.ts';
import { manualSeed } from '../../tensor/generator.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  EmbeddingBag,
  functional,
  init,
  Linear,
} from '../index.ts';

describe('Linear', () => {
  it('keeps leading dimensions, none and zero included', () => {
    const layer = new Linear(3, 2);
    for (const leading of [[], [4], [2, 0], [2, 5]])
      expect(layer.forward(ones([...leading, 3])).shape).toEqual([...leading, 2]);
  });

  it('may have no inputs or outputs, and draws nothing for them', () => {
    manualSeed(0);
    const next = rand([1]).item();
    manualSeed(0);
    expect(new Linear(3, 0).forward(ones([2, 3])).shape).toEqual([2, 0]);
    expect(rand([1]).item()).toBe(next);
    expect(new Linear(0, 3).forward(ones([2, 0])).abs().toArray()).toEqual([[0, 0, 0], [0, 0, 0]]); // biome-ignore format: a matrix
  });
});

describe('BatchNorm', () => {
  it('refuses inputs of other dimensions, and one value a channel in training', () => {
    expect(() => new BatchNorm2d(3).forward(ones([2, 3]))).toThrow(
      new ShapeError('Cannot apply BatchNorm2d: expected 4 dimensions, got [2, 3]'),
    );
    const layer = new BatchNorm1d(3);
    expect(() => layer.forward(ones([1, 3]))).toThrow(
      new ShapeError(
        'Cannot apply BatchNorm1d: expected more than one value per channel to take the variance of, got [1, 3]',
      ),
    );
    expect(layer.num_batches_tracked!.item()).toBe(0);
    expect(layer.eval().forward(ones([1, 3])).shape).toEqual([1, 3]);
    expect(new BatchNorm1d(3).forward(ones([1, 3, 2])).shape).toEqual([1, 3, 2]);
  });
});

describe('Embedding and EmbeddingBag', () => {
  it('count paddingIdx from either end, and refuse one that is not there', () => {
    expect([
      new Embedding(5, 2, { paddingIdx: -1 }).paddingIdx,
      new EmbeddingBag(5, 2, { paddingIdx: 0 }).paddingIdx,
    ]).toEqual([4, 0]);
    for (const paddingIdx of [5, -6, 0.5]) {
      const message = `Cannot pad an embedding: expected paddingIdx from -5 to 4, got ${paddingIdx}`;
      expect(() => new Embedding(5, 2, { paddingIdx })).toThrow(new RangeError(message));
      expect(() => functional.embedding(tensor([1n]), zeros([5, 2]), { paddingIdx })).toThrow(new RangeError(message));
    }
  });

  it('give the row of padding no gradient', () => {
    const layer = new Embedding(3, 2, { paddingIdx: -1 });
    layer
      .forward(tensor([0n, 2n, 2n]))
      .sum()
      .backward();
    expect(layer.weight.grad!.toArray()).toEqual([[1, 1], [0, 0], [0, 0]]); // biome-ignore format: a matrix
    expect(layer.weight.select(0, 2).toArray()).toEqual([0, 0]);
  });

  it('refuse rows that are not there', () => {
    expect(() => new Embedding(3, 2).forward(tensor([3n]))).toThrow('index out of range');
    expect(() => new EmbeddingBag(3, 2).forward(tensor([1n, 9n]), tensor([0n]))).toThrow('Cannot run embedding_bag');
    expect(() => new EmbeddingBag(3, 2).forward(tensor([1n, 2n]), tensor([1n]))).toThrow('Cannot run embedding_bag');
  });
});

describe('Conv2d', () => {
  it.each<[string, () => Conv2d, string]>([
    ['groups', () => new Conv2d(4, 6, 3, { groups: 3 }), 'expected groups that divide 4 and 6 channels, got 3'],
    ['sizes', () => new Conv2d(4, 6, [3, 3, 3]), 'expected 2 numbers for kernelSize, got [3, 3, 3]'],
    [
      'same',
      () => new Conv2d(4, 6, 3, { padding: 'same', stride: 2 }),
      'expected stride 1 with padding "same", got [2, 2]',
    ],
  ])('refuses %s that do not fit', (_, make, message) => {
    expect(make).toThrow(new RangeError(`Cannot make Conv2d: ${message}`));
  });
});

describe('Dropout', () => {
  it('refuses a probability that is none', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => new Dropout(p)).toThrow(new RangeError(`Cannot make Dropout: expected p from 0 to 1, got ${p}`));
      expect(() => functional.dropout(ones([1]), { p })).toThrow(RangeError);
    }
    expect(new Dropout(1).forward(ones([3])).toArray()).toEqual([0, 0, 0]);
  });

  it('scales what it keeps, so that the mean stays', () => {
    manualSeed(0);
    const kept = new Dropout(0.75).forward(ones([4000]));
    expect([kept.eq(0).sum().add(kept.eq(4).sum()).item(), kept.eq(0).any().item()]).toEqual([4000, 1]);
    expect(Math.abs(kept.mean().item() - 1)).toBeLessThan(0.1);
  });
});

describe('init', () => {
  it('refuses the fan of a vector', () => {
    expect(() => init.kaimingUniform_(ones([3]))).toThrow(
      new RangeError('Cannot compute fan in and fan out: expected at least 2 dimensions, got [3]'),
    );
    expect(init.calculateFanInAndFanOut(zeros([6, 4, 3, 2]))).toEqual({ fanIn: 24, fanOut: 36 });
  });

  it('changes a leaf without a record, and returns it', () => {
    const layer = new Linear(2, 2);
    expect(init.ones_(layer.weight)).toBe(layer.weight);
    expect([layer.weight.toArray(), layer.weight.requiresGrad, layer.weight.isLeaf]).toEqual([[[1, 1], [1, 1]], true, true]); // biome-ignore format: a matrix
  });
});
