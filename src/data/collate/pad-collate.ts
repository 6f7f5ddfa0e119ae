// `padCollate`: batches of samples whose sequences are not equally long.
import { ConfigError, ShapeError } from '../../errors.ts';
import { type DType, dtypeOfArray, isFloatingDType } from '../../tensor/dtype.ts';
import { full, hostBuffer, scope, Tensor, type TypedArray, tensor } from '../../tensor/index.ts';
import type { BatchContext } from '../context.ts';
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import { type Collated, defaultCollate } from './collate.ts';

/** How one member of the samples is padded. */
export interface PadOptions {
  /** What fills up shorter sequences. Default 0. */
  readonly value?: number;
  /** Where it goes: behind a sequence, or before it. Default 'right'. */
  readonly side?: 'left' | 'right';
  /** The batch's length is the next multiple of this. Default 1: that of the longest sequence. */
  readonly multipleOf?: number;
  /** The dtype of the batch. Default: as `defaultCollate` has it (numbers become float32, bigints int64, booleans bool). */
  readonly dtype?: DType;
  /** The batch's key for the sequences' lengths, int64 [n]. Default: none. */
  readonly lengths?: string;
  /** The batch's key for a bool tensor [n, length] that is true where there is no padding. Default: none. */
  readonly mask?: string;
}

/** The key that an option names. */
type KeyOf<O, Option extends 'lengths' | 'mask'> = O extends { readonly [P in Option]: infer Key extends string }
  ? Key
  : never;

/** What {@link padCollate} makes of samples of type `S`. */
export type PadCollated<S, K> = Collated<Omit<S, keyof K>> & {
  [Key in keyof K | KeyOf<K[keyof K], 'lengths'> | KeyOf<K[keyof K], 'mask'>]: Tensor;
};

/**
 * Makes a collate for samples that are plain objects with sequences of different lengths: `members` says by name which are padded, and how. A sequence is a tensor
 * [length, ...] (whose other dimensions are equal), a typed array, or an array of numbers, bigints or booleans. The other members are collated by type.
 * Shape: n sequences, the longest of L, give [n, L, ...].
 * @throws {ConfigError} naming every option that is wrong. The collate throws TypeError and ShapeError, naming the sample.
 *
 * Source: torch.nn.utils.rnn.pad_sequence, and the padding of transformers' tokenizers.
 * @example
 * import { ArrayDataset, DataLoader, padCollate } from 'sconce/data';
 * const dataset = new ArrayDataset([{ tokens: [5, 6, 7], id: 'a' }, { tokens: [8], id: 'b' }]);
 * const collate = padCollate({ tokens: { value: -1, dtype: 'int64', side: 'left', mask: 'mask' } });
 * const batches: unknown[] = [];
 * for await (const batch of new DataLoader({ dataset, batchSize: 2, collate })) batches.push(batch);
 * batches; // [{ id: ['a', 'b'], tokens: tensor([[ 5,  6,  7], [-1, -1,  8]]), mask: tensor([[ True,  True,  True], [False, False,  True]]) }]
 */
export function padCollate<const K extends Readonly<Record<string, PadOptions>>>(
  members: K,
): <S extends { readonly [Key in keyof K]: unknown }>(
  samples: S[],
  context?: Pick<BatchContext, 'indices'>,
) => PadCollated<S, K> {
  checkMembers(members);
  return <S extends { readonly [Key in keyof K]: unknown }>(
    samples: S[],
    context?: Pick<BatchContext, 'indices'>,
  ): PadCollated<S, K> => {
    const isPadded = (key: string): boolean => Object.hasOwn(members, key);
    const others = samples.map((sample) =>
      Object.fromEntries(Object.entries(sample).filter(([key]) => !isPadded(key))),
    );
    for (const key of Object.keys(members)) {
      const lacking = samples.findIndex((sample) => !Object.hasOwn(sample, key));
      if (lacking >= 0)
        throw new TypeError(
          `Cannot pad sample.${key}: expected it among ${Object.keys(samples[lacking]!).join(', ')}, got none in ${where(lacking, { indices: context?.indices })}`,
        );
    }
    const batch: Record<string, unknown> = defaultCollate(others, context);
    for (const [key, options] of Object.entries(members)) {
      const source = { path: `sample.${key}`, indices: context?.indices };
      const padded = pad(samples.map((sample) => sample[key as keyof S]), options, source); // biome-ignore format: one thought
      for (const [name, added] of [
        [key, padded.tensor],
        [options.lengths, padded.lengths],
        [options.mask, padded.mask],
      ] as const) {
        // biome-ignore format: a table
        if (name === undefined) continue;
        if (name !== key && Object.hasOwn(batch, name))
          throw new TypeError(
            `Cannot pad ${source.path}: expected a free key for what it adds, got "${name}", which samples have`,
          );
        batch[name] = added;
      }
    }
    return batch as PadCollated<S, K>; // put together above
  };
}

function checkMembers(members: Readonly<Record<string, PadOptions>>): void {
  const lines: string[] = [];
  for (const [key, options] of Object.entries(members)) {
    const problems = new OptionProblems();
    problems.expectKnown(options, ['value', 'side', 'multipleOf', 'dtype', 'lengths', 'mask']);
    const { value = 0, side = 'right', multipleOf = 1 } = options;
    problems.expect(typeof value === 'number', 'value', { wanted: 'a number', got: value });
    problems.expect(side === 'left' || side === 'right', 'side', { wanted: "'left' or 'right'", got: side });
    problems.expect(isPositiveInteger(multipleOf), 'multipleOf', { wanted: 'an integer above 0', got: multipleOf });
    lines.push(...problems.lines.map((line) => `${key}.${line}`));
  }
  if (lines.length > 0) throw new ConfigError('make a padCollate', lines);
}

interface Source {
  readonly path: string;
  readonly indices: Int32Array | undefined;
}

interface Padded {
  readonly tensor: Tensor;
  readonly lengths: Tensor | undefined;
  readonly mask: Tensor | undefined;
}

function pad(values: readonly unknown[], options: PadOptions, source: Source): Padded {
  const { value = 0, side = 'right', multipleOf = 1, dtype } = options;
  const sequences = asSequences(values, source, dtype === undefined ? Float32Array : Float64Array);
  checkKinds(sequences, source);
  const lengths = sequences.map((sequence) => (sequence instanceof Tensor ? sequence.size(0) : sequence.length));
  const longest = Math.ceil(Math.max(...lengths) / multipleOf) * multipleOf;
  const starts = lengths.map((length) => (side === 'left' ? longest - length : 0));
  return scope(() => {
    const place = { lengths, starts, longest, value };
    const filled = areTensors(sequences) ? fillTensors(sequences, place) : fillArrays(sequences, place);
    const isBoolean = Array.isArray(values[0]) && typeof values[0][0] === 'boolean';
    const wanted = dtype ?? (isBoolean ? 'bool' : filled.dtype);
    if (!isFloatingDType(wanted) && !Number.isInteger(value))
      throw new TypeError(`Cannot pad ${source.path}: expected an integer as the value of ${wanted}, got ${value}`);
    const places = tensor(Int32Array.from({ length: longest }, (_, i) => i)); // [L]
    const column = (numbers: readonly number[]): Tensor => tensor(Int32Array.from(numbers)).unsqueeze(1); // [n, 1]
    const ends = lengths.map((length, i) => length + starts[i]!);
    return {
      tensor: filled.dtype === wanted ? filled : filled.to(wanted), // [n, L, ...]
      lengths: options.lengths === undefined ? undefined : tensor(BigInt64Array.from(lengths, BigInt)), // [n]
      mask: options.mask === undefined ? undefined : places.ge(column(starts)).logicalAnd(places.lt(column(ends))), // [n, L]
    };
  });
}

type Sequence = Tensor | TypedArray;

interface Places {
  readonly lengths: readonly number[];
  readonly starts: readonly number[];
  readonly longest: number;
  readonly value: number;
}

const areTensors = (sequences: readonly Sequence[]): sequences is readonly Tensor[] => sequences[0] instanceof Tensor;

function fillTensors(sequences: readonly Tensor[], { lengths, starts, longest, value }: Places): Tensor {
  const [first] = sequences as [Tensor];
  const { dtype, device } = first;
  const filled = full([sequences.length, longest, ...first.shape.slice(1)], value, { dtype, device });
  for (const [i, sequence] of sequences.entries())
    filled.select(0, i).narrow(0, starts[i]!, lengths[i]!).copy_(sequence);
  return filled;
}

function fillArrays(sequences: readonly Sequence[], { starts, longest, value }: Places): Tensor {
  const arrays = sequences as readonly TypedArray[]; // checkKinds has seen that all are of one kind
  const { data, tensor: filled } = hostBuffer(dtypeOfArray(arrays[0]!)!, [arrays.length, longest]);
  filled.fill_(value);
  // As bytes: half precisions come as numbers and lie as bits.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (const [i, { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }] of arrays.entries())
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), (i * longest + starts[i]!) * BYTES_PER_ELEMENT);
  return filled;
}

/** @param Numbers - what holds arrays of numbers until they have the batch's dtype. */
function asSequences(
  values: readonly unknown[],
  source: Source,
  Numbers: typeof Float32Array | typeof Float64Array,
): Sequence[] {
  const sequences = values.map((value, sample): Sequence | undefined => {
    if (value instanceof Tensor && value.ndim > 0) return value;
    if (ArrayBuffer.isView(value) && dtypeOfArray(value) !== undefined) return value as TypedArray;
    if (Array.isArray(value)) {
      if (value.length === 0) return undefined; // it has no kind of its own
      if (value.every((one) => typeof one === 'number')) return Numbers.from(value);
      if (value.every((one) => typeof one === 'bigint')) return BigInt64Array.from(value);
      if (value.every((one) => typeof one === 'boolean')) return Uint8Array.from(value, Number);
    }
    const kind = value instanceof Tensor ? 'a scalar' : typeof value;
    throw new TypeError(
      `Cannot pad ${source.path}: expected a tensor [length, ...], a typed array, or an array of numbers, bigints or booleans, got ${Array.isArray(value) ? 'an array of something else' : kind} in ${where(sample, source)}`,
    );
  });
  const known = sequences.find((sequence) => sequence !== undefined) ?? new Numbers(0);
  const empty = known instanceof Tensor ? known.narrow(0, 0, 0) : known.slice(0, 0);
  return sequences.map((sequence) => sequence ?? empty);
}

function checkKinds(sequences: readonly Sequence[], source: Source): void {
  const describe = (sequence: Sequence): string =>
    sequence instanceof Tensor
      ? `a ${sequence.dtype} tensor of [${['length', ...sequence.shape.slice(1)].join(', ')}]`
      : `${dtypeOfArray(sequence)} numbers`;
  const wanted = describe(sequences[0]!);
  const odd = sequences.findIndex((sequence) => describe(sequence) !== wanted);
  if (odd < 0) return;
  throw new ShapeError(
    `Cannot pad ${source.path}: expected ${wanted} as in the first sample, got ${describe(sequences[odd]!)} in ${where(odd, source)}`,
  );
}

function where(sample: number, { indices }: Pick<Source, 'indices'>): string {
  return indices === undefined ? `sample ${sample} of the batch` : `the sample at index ${indices[sample]}`;
}
