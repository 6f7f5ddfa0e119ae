// What packing refuses, and how a packed sequence prints; values and gradients are in test/parity/.
import { describe, expect, it } from 'vitest';
import { full, ones, tensor, zeros } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';

const { PackedSequence, packPaddedSequence, packSequence, padPackedSequence, unpadSequence } = nn.utils.rnn;

describe('PackedSequence', () => {
  it('prints as in Python', () => {
    expect(
      String(
        packPaddedSequence(
          tensor([
            [1, 2],
            [3, 0],
          ]),
          [2, 1],
        ),
      ),
    ).toBe(
      'PackedSequence(data=tensor([1., 2., 3.]), batch_sizes=tensor([2, 1]), sorted_indices=None, unsorted_indices=None)',
    );
    const batch = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [5, 6],
      ],
    ]); // [T, N, 2]
    expect(String(packPaddedSequence(batch, [1, 2], { enforceSorted: false }))).toBe(
      'PackedSequence(data=tensor([[3., 4.],\n        [1., 2.],\n        [5., 6.]]), batch_sizes=tensor([2, 1]), sorted_indices=tensor([1, 0]), unsorted_indices=tensor([1, 0]))',
    );
  });

  it('moves its data alone to another dtype, and itself to its own', () => {
    const packed = packPaddedSequence(ones([2, 2]), [1, 2], { enforceSorted: false });
    const moved = packed.to({ dtype: 'float64' });
    expect([moved.data.dtype, moved.batchSizes.dtype, moved.sortedIndices?.dtype]).toEqual([
      'float64',
      'int64',
      'int64',
    ]);
    expect(packed.to({ dtype: 'float32' })).toBe(packed);
  });

  it('survives the scope that it is returned from, and leaves nothing else behind', () => {
    const before = settledTensors();
    const packed = scope(() => packSequence([ones([1, 2]), ones([3, 2])], { enforceSorted: false }));
    expect(packed.data.shape).toEqual([4, 2]);
    expect(liveTensors() - before).toBe(4);
  });

  it.each([
    [zeros([3]), tensor([2n, 2n]), 'expected data of 4 rows, got [3]'],
    [zeros([3]), tensor([1n, 2n]), 'expected batchSizes above 0, none above the one before, got [1, 2]'],
    [zeros([3]), tensor([3n, 0n]), 'expected batchSizes above 0, none above the one before, got [3, 0]'],
    [zeros([3]), tensor([3]), 'expected batchSizes of one dimension, int64, on the CPU, got float32 [1] on cpu'],
    [
      zeros([0]),
      zeros([0], { dtype: 'int64' }),
      'expected batchSizes of one dimension, int64, on the CPU, got int64 [0] on cpu',
    ],
  ])('refuses sizes that do not describe the data, %#', (data, batchSizes, message) => {
    expect(() => new PackedSequence(data, batchSizes)).toThrow(`Cannot make a PackedSequence: ${message}`);
  });

  it('refuses indices that are not one for each sequence', () => {
    expect(() => new PackedSequence(zeros([3]), tensor([3n]), tensor([0n, 1n]))).toThrow(
      'Cannot make a PackedSequence: expected 3 indices of dtype int64, got int64 [2]',
    );
    const wild = new PackedSequence(zeros([3, 1]), tensor([3n]), tensor([0n, 1n, 2n]), tensor([0n, 1n, 9n]));
    expect(() => padPackedSequence(wild)).toThrow('out of DATA bounds');
  });
});

describe('packPaddedSequence()', () => {
  it.each([
    [zeros([3, 2]), [1, 2], 'expected lengths that fall, got [1, 2]; pass enforceSorted: false'],
    [zeros([3, 2]), [4, 2], 'expected lengths from 1 to 3, got [4, 2]'],
    [zeros([3, 2]), [3, 0], 'expected lengths from 1 to 3, got [3, 0]'],
    [zeros([3, 2]), [3], 'expected a length for each of 2 sequences, got [1]'],
    [zeros([3]), [3], 'expected at least 2 dimensions, got [3]'],
    [zeros([3, 0]), [], 'expected a length for each of 0 sequences, got [0]'],
  ])('refuses lengths that do not fit, %#', (input, lengths, message) => {
    expect(() => packPaddedSequence(input, lengths)).toThrow(`Cannot pack sequences: ${message}`);
  });

  it('refuses an option that it does not have', () => {
    const options = { batch_first: true } as object;
    expect(() => packPaddedSequence(zeros([3, 2]), [3, 3], options)).toThrow(
      'Cannot call packPaddedSequence: expected options of { batchFirst, enforceSorted }, got "batch_first"',
    );
  });
});

describe('padPackedSequence() and unpadSequence()', () => {
  it('refuse lengths that would cut sequences off or do not belong to them', () => {
    const packed = packPaddedSequence(full([3, 1], 2), [3]);
    expect(() => padPackedSequence(packed, { totalLength: 2 })).toThrow(
      'Cannot pad sequences: expected a totalLength of at least 3, got 2',
    );
    expect(() => unpadSequence(zeros([3, 2]), [1])).toThrow(
      'Cannot unpad sequences: expected a length for each of 2 sequences, got 1',
    );
  });
});

describe('LSTM.forward() of packed sequences', () => {
  it('refuses data and states that do not fit', () => {
    const lstm = new nn.LSTM(2, 3);
    const wide = packSequence([ones([2, 4])]);
    expect(() => lstm.forward(wide)).toThrow('Cannot apply LSTM: expected last dimension 2, got [2, 4]');
    expect(() => lstm.forward(packSequence([ones([2])]))).toThrow(
      'Cannot apply LSTM: expected packed data of 2 dimensions, got [2]',
    );
    const fitting = packSequence([ones([2, 2])]);
    expect(() => lstm.forward(fitting, [zeros([1, 2, 3]), zeros([1, 1, 3])])).toThrow(
      'Cannot apply LSTM: expected a state of shape [1, 1, 3], got [1, 2, 3]',
    );
  });
});
