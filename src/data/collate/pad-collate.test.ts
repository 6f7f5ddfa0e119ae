// Tests of padCollate: values, sides, masks and lengths of every kind of sequence, and what it says of samples that do not fit.
import { describe, expect, it } from 'vitest';
import { liveTensors, type Tensor, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { ArrayDataset } from '../datasets/array-dataset.ts';
import { DataLoader } from '../loader/loader.ts';
import { type PadOptions, padCollate } from './pad-collate.ts';

const read = ({ dtype, shape, ...rest }: Tensor & { toArray(): unknown }) => ({ dtype, shape: [...shape], ...rest });
const show = (padded: Tensor): unknown => ({ ...read(padded), values: padded.toArray() });
const pad = (sequences: readonly unknown[], options: PadOptions = {}): Tensor =>
  padCollate({ x: options })(sequences.map((x) => ({ x }))).x;

describe('padCollate()', () => {
  it('pads one member, collates the others, and adds lengths and a mask', async () => {
    const dataset = new ArrayDataset([
      { tokens: [5, 6, 7], label: 1, name: 'a' },
      { tokens: [8], label: 0, name: 'b' },
    ]);
    const collate = padCollate({ tokens: { dtype: 'int64', value: -100, lengths: 'numTokens', mask: 'mask' } });
    const before = settledTensors();
    for await (const batch of new DataLoader({ dataset, batchSize: 2, collate })) {
      const tensors: Tensor[] = [batch.tokens, batch.label, batch.numTokens, batch.mask]; // the types know of each
      const names: string[] = batch.name;
      expect(names).toEqual(['a', 'b']);
      expect(tensors.map((one) => [one.dtype, one.toArray()])).toEqual([
        ['int64', [[5, 6, 7], [8, -100, -100]]],
        ['float32', [1, 0]],
        ['int64', [3, 1]],
        ['bool', [[true, true, true], [true, false, false]]],
      ]); // biome-ignore format: matrices
      expect(liveTensors() - before).toBe(4);
    }
  });

  it('pads on the left, up to a multiple, with a mask to match', () => {
    const options = { side: 'left', multipleOf: 4, value: 9, mask: 'mask', lengths: 'lengths' } as const;
    const { x, mask, lengths } = padCollate({ x: options })([{ x: Uint8Array.of(1, 2) }, { x: Uint8Array.of() }]);
    expect(show(x)).toMatchObject({ dtype: 'uint8', values: [[9, 9, 1, 2], [9, 9, 9, 9]] }); // biome-ignore format: a matrix
    expect(mask.toArray()).toEqual([[false, false, true, true], [false, false, false, false]]); // biome-ignore format: a matrix
    expect(lengths.toArray()).toEqual([2, 0]);
  });

  it.each([
    [[[1.5], []], 'float32', [[1.5], [0]]],
    [
      [[], [1n, 2n]],
      'int64',
      [
        [0, 0],
        [1, 2],
      ],
    ],
    [
      [[true], [false, true]],
      'bool',
      [
        [true, false],
        [false, true],
      ],
    ],
    [
      [Float64Array.of(1), Float64Array.of(2, 3)],
      'float64',
      [
        [1, 0],
        [2, 3],
      ],
    ],
    [
      [Buffer.from([1]), Uint8Array.of(2, 3)],
      'uint8',
      [
        [1, 0],
        [2, 3],
      ],
    ],
    [
      [tensor([1]), tensor([2, 3])],
      'float32',
      [
        [1, 0],
        [2, 3],
      ],
    ],
    [[[], []], 'float32', [[], []]],
  ] as [unknown[], string, unknown][])('pads sequences of every kind: case %#', (sequences, dtype, values) => {
    // biome-ignore format: a table
    expect(show(pad(sequences))).toMatchObject({ dtype, values });
  });

  it('pads tensors along their first dimension, and leaves them as they are', () => {
    const samples = [tensor([[1, 2]]), tensor([[3, 4], [5, 6]])]; // biome-ignore format: matrices
    expect(pad(samples, { value: 7 }).toArray()).toEqual([[[1, 2], [7, 7]], [[3, 4], [5, 6]]]); // biome-ignore format: matrices
    expect(samples.every(({ isDisposed }) => !isDisposed)).toBe(true);
  });

  it('keeps whole numbers that float32 would round', () => {
    expect(pad([[16_777_217]], { dtype: 'int64' }).toArray()).toEqual([[16_777_217]]);
  });

  it('names the member and the sample that do not fit', () => {
    const collate = padCollate({ x: {} });
    const indices = Int32Array.of(40, 41);
    const both = (x: unknown, y: unknown) => () => collate([{ x }, { x: y }], { indices });
    expect(both([1], 'text')).toThrow(
      'Cannot pad sample.x: expected a tensor [length, ...], a typed array, or an array of numbers, bigints or booleans, got string in the sample at index 41',
    );
    expect(() => padCollate({ z: {} } as Record<string, PadOptions>)([{ x: [1] }, { x: [1, 2] }], { indices })).toThrow(
      'Cannot pad sample.z: expected it among x, got none in the sample at index 40',
    );
    expect(both([1], [null])).toThrow('got an array of something else in the sample at index 41');
    expect(both(tensor([1]), tensor(1))).toThrow('got a scalar in the sample at index 41');
    expect(both([1], [1n])).toThrow(
      'expected float32 numbers as in the first sample, got int64 numbers in the sample at index 41',
    );
    expect(both(tensor([[1]]), tensor([[1, 2]]))).toThrow(
      'expected a float32 tensor of [length, 1] as in the first sample, got a float32 tensor of [length, 2] in the sample at index 41',
    );
    expect(() => pad([[1n]], { value: 0.5 })).toThrow(
      'Cannot pad sample.x: expected an integer as the value of int64, got 0.5',
    );
    expect(() => padCollate({ x: { mask: 'y' } })([{ x: [1], y: 2 }])).toThrow(
      'Cannot pad sample.x: expected a free key for what it adds, got "y", which samples have',
    );
  });

  it('refuses wrong options together', () => {
    const wrong = { a: { side: 'middle', multipleOf: 0 }, b: { pad: 1, value: '0' } } as unknown as Record<
      string,
      PadOptions
    >;
    expect(() => padCollate(wrong)).toThrow(
      [
        'Cannot make a padCollate: 4 problems',
        "  - a.side: expected 'left' or 'right', got middle",
        '  - a.multipleOf: expected an integer above 0, got 0',
        '  - b.pad: expected one of the options value, side, multipleOf, dtype, lengths, mask, got an unknown one',
        '  - b.value: expected a number, got 0',
      ].join('\n'),
    );
  });
});
