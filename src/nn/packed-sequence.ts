// Sequences of different lengths in one tensor without padding, as recurrent layers take them.

import { ShapeError } from '../errors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { _pack_padded_sequence, _pad_packed_sequence } from '../tensor/aten.generated.ts';
import { arange, isTensor, tensor } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import type { DType } from '../tensor/dtype.ts';
import { inspectCustom, inspected } from '../tensor/inspect.ts';
import { padSequence as pad } from '../tensor/nn-ops.generated.ts';
import { emptyLike } from '../tensor/ops.generated.ts';
import { libtorchVersion } from '../tensor/process.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

// T time, N batch.

/** Sequences packed step by step: the first elements of all, then the second ones of those that have one, and so on. `packPaddedSequence` and
 *  `packSequence` make it; RNN, LSTM and GRU take it and give it.
 *  Shape: data [sum of lengths, ...], batchSizes [T], how many sequences have a step (int64, on the CPU, none above the one before).
 *  Source: torch.nn.utils.rnn.PackedSequence. */
export class PackedSequence {
  readonly data: Tensor;
  readonly batchSizes: Tensor;
  /** Where each packed sequence stood in the batch; undefined where the batch was sorted. */
  readonly sortedIndices: Tensor | undefined;
  /** The way back. */
  readonly unsortedIndices: Tensor | undefined;

  /** @throws {ShapeError} for batch sizes that do not describe the data. */
  constructor(data: Tensor, batchSizes: Tensor, sortedIndices?: Tensor, unsortedIndices?: Tensor) {
    checkBatchSizes(data, batchSizes);
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices;
    this.unsortedIndices = unsortedIndices ?? (sortedIndices && invertPermutation(sortedIndices));
    for (const indices of [this.sortedIndices, this.unsortedIndices])
      if (indices) checkIndices(indices, this.batchSize);
  }

  /** N, the number of sequences. */
  get batchSize(): number {
    return this.batchSizes.select(0, 0).item();
  }

  /** The data in another dtype or on another device; the sizes stay on the CPU. */
  to(target: { dtype?: DType; device?: Device }): PackedSequence {
    const data = this.data.to(target);
    if (data === this.data) return this;
    const move = (indices: Tensor | undefined): Tensor | undefined => indices?.to(data.device);
    return new PackedSequence(data, this.batchSizes, move(this.sortedIndices), move(this.unsortedIndices));
  }

  /** As PyTorch prints it. */
  toString(): string {
    const { data, batchSizes, sortedIndices, unsortedIndices } = this;
    const orders = `sorted_indices=${sortedIndices ?? 'None'}, unsorted_indices=${unsortedIndices ?? 'None'}`;
    return `PackedSequence(data=${data}, batch_sizes=${batchSizes}, ${orders})`;
  }

  /** What `console.log` shows. */
  [inspectCustom](depth: number, options: { depth?: number | null | undefined }): string | object {
    return inspected(this.toString(), depth, options);
  }
}

/** The kernels trust these numbers. */
function checkBatchSizes(data: Tensor, batchSizes: Tensor): void {
  const refuse = (expected: string, got: string): never => {
    throw new ShapeError(`Cannot make a PackedSequence: expected ${expected}, got ${got}`);
  };
  if (batchSizes.dtype !== 'int64' || batchSizes.device !== 'cpu' || batchSizes.ndim !== 1 || batchSizes.numel === 0)
    refuse(
      'batchSizes of one dimension, int64, on the CPU',
      `${batchSizes.dtype} [${batchSizes.shape.join(', ')}] on ${batchSizes.device}`,
    );
  const sizes = batchSizes.toArray() as number[];
  const isFalling = sizes.every((size, t) => size > 0 && (t === 0 || size <= sizes[t - 1]!));
  if (!isFalling) refuse('batchSizes above 0, none above the one before', `[${sizes.join(', ')}]`);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  if (data.ndim === 0 || data.size(0) !== rows) refuse(`data of ${rows} rows`, `[${data.shape.join(', ')}]`);
}

function checkIndices(indices: Tensor, count: number): void {
  if (indices.dtype === 'int64' && indices.ndim === 1 && indices.numel === count) return;
  throw new ShapeError(
    `Cannot make a PackedSequence: expected ${count} indices of dtype int64, got ${indices.dtype} [${indices.shape.join(', ')}]`,
  );
}

/** The permutation that undoes another. Shape: [N] int64, unchanged. Source: torch.nn.utils.rnn.invert_permutation. */
export function invertPermutation(permutation: Tensor): Tensor {
  return scope(() => {
    const places = arange(permutation.numel, { dtype: 'int64', device: permutation.device });
    return emptyLike(permutation, { memoryFormat: 'contiguous_format' }).scatter_(0, permutation, places);
  });
}

export interface PackOptions {
  /** The input is [N, T, ...] instead of [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** Insist on lengths that fall; else the batch is sorted here, and `padPackedSequence` undoes it. Default true. */
  enforceSorted?: boolean;
}

/** Packs a padded batch. Shape: input [T, N, ...], lengths [N].
 *  @param lengths - of each sequence, from 1 to T.
 *  @throws {ShapeError} for lengths that do not fit the input, or that do not fall where `enforceSorted` is on.
 *  Source: torch.nn.utils.rnn.pack_padded_sequence.
 *  @example
 *  const packed = nn.utils.rnn.packPaddedSequence(tensor([[1, 2], [3, 0]]), [2, 1]);
 *  [packed.data, packed.batchSizes]; // [tensor([1., 2., 3.]), tensor([2, 1])] */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  options: PackOptions = {},
): PackedSequence {
  readOptions('packPaddedSequence', ['batchFirst', 'enforceSorted'], options);
  const { batchFirst = false, enforceSorted = true } = options;
  return scope(() => pack(input, lengths, batchFirst, enforceSorted), 'packPaddedSequence()');
}

function pack(
  input: Tensor,
  given: Tensor | readonly number[],
  batchFirst: boolean,
  enforceSorted: boolean,
): PackedSequence {
  const lengths = isTensor(given) ? given.to('int64').to('cpu') : tensor([...given], { dtype: 'int64' });
  checkLengths(input, lengths, batchFirst, enforceSorted);
  if (enforceSorted) return new PackedSequence(..._pack_padded_sequence(input, lengths, batchFirst));
  const [sorted, order] = lengths.sort({ descending: true });
  const sortedIndices = order.to(input.device);
  const batch = input.indexSelect(batchFirst ? 0 : 1, sortedIndices);
  return new PackedSequence(..._pack_padded_sequence(batch, sorted, batchFirst), sortedIndices);
}

function checkLengths(input: Tensor, lengths: Tensor, batchFirst: boolean, enforceSorted: boolean): void {
  const refuse = (expected: string, got: string): never => {
    throw new ShapeError(`Cannot pack sequences: expected ${expected}, got ${got}`);
  };
  if (input.ndim < 2) refuse('at least 2 dimensions', `[${input.shape.join(', ')}]`);
  const [batch, time] = batchFirst ? [input.size(0), input.size(1)] : [input.size(1), input.size(0)];
  if (lengths.ndim !== 1 || lengths.numel !== batch || batch === 0)
    refuse(`a length for each of ${batch} sequences`, `[${lengths.shape.join(', ')}]`);
  const numbers = lengths.toArray() as number[];
  const shown = `[${numbers.join(', ')}]`;
  if (!numbers.every((length) => length >= 1 && length <= time)) refuse(`lengths from 1 to ${time}`, shown);
  const isFalling = numbers.every((length, i) => i === 0 || length <= numbers[i - 1]!);
  if (enforceSorted && !isFalling) refuse('lengths that fall', `${shown}; pass enforceSorted: false`);
}

export interface PadPackedOptions {
  /** Give [N, T, ...] instead of [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** What follows the end of a sequence. Default 0. */
  paddingValue?: number;
  /** T of the result. Default: the longest sequence's. */
  totalLength?: number;
}

/** The padded batch of a packed one, in the order that it was packed from, and the lengths. Shape: -> [T, N, ...], lengths [N].
 *  @throws {RangeError} for a `totalLength` below the longest sequence's.  Source: torch.nn.utils.rnn.pad_packed_sequence. */
export function padPackedSequence(
  sequence: PackedSequence,
  options: PadPackedOptions = {},
): [padded: Tensor, lengths: Tensor] {
  readOptions('padPackedSequence', ['batchFirst', 'paddingValue', 'totalLength'], options);
  const { batchFirst = false, paddingValue = 0 } = options;
  const longest = sequence.batchSizes.size(0);
  const { totalLength = longest } = options;
  if (!(Number.isInteger(totalLength) && totalLength >= longest))
    throw new RangeError(`Cannot pad sequences: expected a totalLength of at least ${longest}, got ${totalLength}`);
  return scope(() => {
    const { data, batchSizes, unsortedIndices } = sequence;
    const [padded, lengths] = _pad_packed_sequence(data, batchSizes, batchFirst, paddingValue, totalLength);
    if (!unsortedIndices) return [padded, lengths];
    const order = unsortedIndices.to('cpu');
    return [padded.indexSelect(batchFirst ? 0 : 1, unsortedIndices), lengths.indexSelect(0, order)];
  }, 'padPackedSequence()');
}

/** Packs sequences of different lengths. Shape: each [T_i, ...].
 *  @param options.enforceSorted - insist on lengths that fall. Default true.  @throws {ShapeError} for sequences that do not fit together.
 *  Source: torch.nn.utils.rnn.pack_sequence. */
export function packSequence(sequences: readonly Tensor[], options: { enforceSorted?: boolean } = {}): PackedSequence {
  readOptions('packSequence', ['enforceSorted'], options);
  const lengths = sequences.map((sequence) => sequence.size(0));
  return scope(() => packPaddedSequence(padSequence(sequences), lengths, options), 'packSequence()');
}

/** The sequences of a padded batch, each in its length. Shape: [T, N, ...] -> N of [T_i, ...].
 *  @param options.batchFirst - the batch is [N, T, ...]. Default false.  @throws {ShapeError} unless there is a length for each sequence.
 *  Source: torch.nn.utils.rnn.unpad_sequence. */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor | readonly number[],
  options: { batchFirst?: boolean } = {},
): Tensor[] {
  readOptions('unpadSequence', ['batchFirst'], options);
  const batch = options.batchFirst ? padded : padded.transpose(0, 1); // [N, T, ...]
  const numbers = isTensor(lengths) ? (lengths.toArray() as number[]) : lengths;
  if (numbers.length !== batch.size(0))
    throw new ShapeError(
      `Cannot unpad sequences: expected a length for each of ${batch.size(0)} sequences, got ${numbers.length}`,
    );
  const time = batch.size(1);
  // A copy each, as PyTorch gives: writing into one leaves the batch as it is.
  return numbers.map((length, i) =>
    batch
      .select(0, i)
      .narrow(0, 0, Math.max(0, Math.min(length, time)))
      .clone(),
  );
}

/** The sequences of a packed batch. Source: torch.nn.utils.rnn.unpack_sequence. */
export function unpackSequence(sequence: PackedSequence): Tensor[] {
  return scope(() => {
    const [padded, lengths] = padPackedSequence(sequence, { batchFirst: true });
    return unpadSequence(padded, lengths, { batchFirst: true });
  }, 'unpackSequence()');
}

export interface PadSequenceOptions {
  /** True gives [B, T, ...], false [T, B, ...]. Default false. */
  readonly batchFirst?: boolean;
  /** Default 0. */
  readonly paddingValue?: number;
  /** Default 'right': behind the sequence. */
  readonly paddingSide?: 'left' | 'right';
}

/** Sequences of different lengths in one tensor, filled up to the longest. Shape: each [L, ...] -> [T, B, ...].
 *  Source: torch.nn.utils.rnn.pad_sequence.
 *  @example
 *  nn.utils.rnn.padSequence([ones([2]), ones([1])], { batchFirst: true, paddingSide: 'left' }); // tensor([[1., 1.], [0., 1.]]) */
export function padSequence(sequences: readonly Tensor[], options: PadSequenceOptions = {}): Tensor {
  if (options.paddingSide !== 'left' || !libtorchVersion().startsWith('1.')) return pad(sequences, options);
  // libtorch 1.13 fills up behind alone: the other way round, and back.
  const { paddingSide: _, ...others } = options;
  const turned = (): Tensor[] => sequences.map((sequence) => sequence.flip([0]));
  return scope(() => pad(turned(), others).flip([options.batchFirst ? 1 : 0]), 'padSequence()');
}
