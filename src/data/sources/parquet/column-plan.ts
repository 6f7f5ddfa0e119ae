// A wanted column, and how its values come into a table: numbers into a tensor's memory, text into an array.
import { hostBuffer, type Tensor } from '../../../tensor/index.ts';
import { writeInt64 } from '../csv/numbers.ts';
import { NO_WORD, Vocabulary } from '../csv/vocabulary.ts';
import type { TableColumnType, TableFill } from '../table-types.ts';
import type { Chunk } from './decode-chunk.ts';
import { isFill, type TableFileOptions } from './parquet-options.ts';

/** A column that is wanted. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: TableColumnType;
  readonly fill: TableFill | undefined;
  /** Of a category. */
  readonly vocabulary: Vocabulary | undefined;
  /** Whether its words were given, so that others are errors and their order stays. */
  readonly hasWords: boolean;
}

/** Makes an error of a problem, which reads "expected …, got …". */
export type FailTable = (problem: string) => Error;

/** A column that is wanted, of a type that is known. @throws what `fail` makes, where there is a fill that it cannot hold. */
export function planColumn(
  name: string,
  type: TableColumnType,
  options: TableFileOptions,
  fail: FailTable,
): ColumnPlan {
  const words = own(options.vocabularies, name);
  const fill = own(options.fill, name);
  if (fill !== undefined && !isFill(fill, type))
    throw fail(`expected a fill of type ${type} for column ${JSON.stringify(name)}, got ${String(fill)}`);
  const vocabulary = type === 'category' ? new Vocabulary({ fixed: words }) : undefined;
  return { name, type, fill, vocabulary, hasWords: words !== undefined };
}

/** A property of a record's own. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Collects the chunks of a column, of which there will be `numRows` values together. */
export class ColumnTarget {
  readonly plan: ColumnPlan;
  readonly tensor: Tensor | undefined;
  readonly #data: ReturnType<typeof hostBuffer>['data'] | undefined;
  readonly #text: string[] | undefined;
  #at = 0;

  constructor(plan: ColumnPlan, numRows: number) {
    this.plan = plan;
    if (plan.type === 'string') this.#text = new Array<string>(numRows).fill('');
    else {
      const { data, tensor } = hostBuffer(plan.type === 'category' ? 'int64' : plan.type, [numRows]);
      this.#data = data;
      this.tensor = tensor;
    }
  }

  /** Puts the values of a chunk behind those that are there. @throws what `fail` makes, where one is missing or unknown. */
  add({ values, present }: Chunk, fail: FailTable): void {
    const at = this.#at;
    this.#at += values.length;
    if (this.#text) for (let i = 0; i < values.length; i++) this.#text[at + i] = values[i] as string;
    else this.#addNumbers(values as Exclude<Chunk['values'], string[]>, at);
    if (present) this.#fillMissing(present, at, fail);
    if (this.plan.hasWords) this.#requireWords(values as BigInt64Array, present, fail);
  }

  #addNumbers(values: Exclude<Chunk['values'], string[]>, at: number): void {
    const data = this.#data!;
    if (values instanceof BigInt64Array === data instanceof BigInt64Array) data.set(values as never, at);
    else if (values instanceof BigInt64Array) for (let i = 0; i < values.length; i++) data[at + i] = Number(values[i]);
    else {
      const pairs = new Int32Array(data.buffer, data.byteOffset);
      for (let i = 0; i < values.length; i++) writeInt64(pairs, at + i, values[i]!);
    }
  }

  #fillMissing(present: Uint8Array, at: number, fail: FailTable): void {
    const { type, fill, name, vocabulary } = this.plan;
    const standard = this.#text
      ? ''
      : type.startsWith('float')
        ? Number.NaN
        : type === 'category'
          ? BigInt(NO_WORD)
          : undefined;
    const value = fill ?? standard;
    if (value === undefined && present.includes(0))
      throw fail(
        `expected a value of type ${type} in column ${JSON.stringify(name)}, got none in row ${at + present.indexOf(0)}; say what to put there with fill: { ${JSON.stringify(name)}: … }, or read it as float32`,
      );
    const target = (this.#text ?? this.#data) as unknown as Record<number, unknown>;
    const element = vocabulary && typeof value === 'string' ? codeOf(vocabulary, value) : elementOf(value, this.#data);
    for (let i = 0; i < present.length; i++) if (present[i] === 0) target[at + i] = element;
  }

  #requireWords(values: BigInt64Array, present: Uint8Array | undefined, fail: FailTable): void {
    for (let i = 0; i < values.length; i++)
      if (values[i] === BigInt(NO_WORD) && present?.[i] !== 0)
        throw fail(
          `expected words of the vocabulary in column ${JSON.stringify(this.plan.name)}, got another one in row ${i}`,
        );
  }

  /** The column, and the words of a category in the order of their codes. */
  finish(): { column: Tensor | string[]; words: readonly string[] | undefined } {
    const { vocabulary, hasWords } = this.plan;
    if (this.#text) return { column: this.#text, words: undefined };
    const words =
      vocabulary && !hasWords ? sortCodes(vocabulary.words, this.#data as BigInt64Array) : vocabulary?.words;
    return { column: this.tensor!, words };
  }
}

function codeOf(vocabulary: Vocabulary, word: string): bigint {
  const bytes = Buffer.from(word);
  return BigInt(vocabulary.codeOf(bytes, 0, bytes.length));
}

function elementOf(value: unknown, data: unknown): unknown {
  if (data instanceof BigInt64Array) return BigInt(value as number);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Puts words into the order of their code units, and codes into that of the words. */
export function sortCodes(words: readonly string[], codes: BigInt64Array): string[] {
  const order = words.map((_, code) => code).sort((a, b) => (words[a]! < words[b]! ? -1 : 1));
  const newCodes = new Int32Array(words.length);
  order.forEach((code, place) => {
    newCodes[code] = place;
  });
  const pairs = new Int32Array(codes.buffer, codes.byteOffset, 2 * codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = pairs[2 * row]!;
    if (code !== NO_WORD) writeInt64(pairs, row, newCodes[code]!);
  }
  return order.map((code) => words[code]!);
}
