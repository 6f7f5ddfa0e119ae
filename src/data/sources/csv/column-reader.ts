// A column of a CSV file, block by block: its values so far, and what type they have where that was not given.

import { hostBuffer, type Tensor } from '../../../tensor/index.ts';
import type { CsvColumnType } from '../table-types.ts';
import { type ColumnRules, type Fail, readValues, type Values } from './column-values.ts';
import { inferType } from './infer-type.ts';
import { writeInt64 } from './numbers.ts';
import type { Fields } from './tokenizer.ts';
import { NO_WORD, Vocabulary } from './vocabulary.ts';

/** Distinct strings of a column that are shared between its rows. */
const maxShared = 1 << 16;

export interface ColumnReaderOptions extends Omit<ColumnRules, 'type' | 'vocabulary'> {
  readonly name: string;
  /** Its place in a row. */
  readonly index: number;
  /** Undefined: what the values allow. */
  readonly type: CsvColumnType | undefined;
  /** The words of a category; undefined: those that the file has. */
  readonly words: readonly string[] | undefined;
}

export class ColumnReader {
  readonly name: string;
  readonly index: number;
  /** Whether a value may make its row a bad one. */
  readonly isStrict: boolean;
  readonly missing: ColumnRules['missing'];
  readonly #fill: ColumnRules['fill'];
  readonly #isInferred: boolean;
  readonly #isSorted: boolean;
  readonly #vocabulary: Vocabulary;
  #type: CsvColumnType | undefined;
  #values: Values[] = [];

  constructor({ name, index, type, words, missing, fill }: ColumnReaderOptions) {
    this.name = name;
    this.index = index;
    this.missing = missing;
    this.#fill = fill;
    this.#type = type;
    this.#isInferred = type === undefined;
    this.#isSorted = words === undefined;
    this.isStrict = type !== undefined && type !== 'string' && !(type === 'category' && words === undefined);
    this.#vocabulary = type === 'category' ? new Vocabulary({ fixed: words }) : new Vocabulary({ maxWords: maxShared });
  }

  /** The type so far; undefined where it was not given and all values are missing. */
  get type(): CsvColumnType | undefined {
    return this.#type;
  }

  /** Takes the values of a block. @returns false where they are text, and those before them have been taken for numbers. */
  read(fields: Fields, fail: Fail): boolean {
    if (!this.#isInferred) {
      this.#values.push(this.#readAs(this.#type!, fields, fail));
      return true;
    }
    let isWider = this.#type === undefined;
    const noteWider = (): void => {
      isWider = true;
    };
    if (!isWider) {
      const values = this.#readAs(this.#type!, fields, noteWider);
      if (!isWider) {
        this.#values.push(values);
        return true;
      }
    }
    const isFirst = this.#values.length === 0;
    const type = inferType(fields, this.index, this.missing, { type: this.#type, isFirst });
    if (type === 'string' && !isFirst) return false;
    if (type === 'float32') this.#values = this.#values.map(toFloats);
    this.#type = type;
    this.#values.push(this.#readAs(type ?? 'float32', fields, fail));
    return true;
  }

  #readAs(type: CsvColumnType, fields: Fields, fail: Fail): Values {
    const { missing } = this;
    return readValues(fields, this.index, { type, missing, fill: this.#fill, vocabulary: this.#vocabulary }, fail);
  }

  /** The values of the last block, which are given and not kept. */
  takeBlock(): Values {
    return this.#values.pop()!;
  }

  /** Leaves the values of the last block out. */
  dropBlock(): void {
    this.#values.pop();
  }

  /** All values as a column, which is the caller's; of a category the words too, in the order that was given or by their code units. To be called once. */
  finish(): { column: Tensor | string[]; words: readonly string[] | undefined } {
    const values = this.#values;
    this.#values = [];
    const type = this.#type ?? 'float32';
    const numRows = values.reduce((sum, each) => sum + each.length, 0);
    if (type === 'string') return { column: joinText(values as string[][], numRows), words: undefined };
    const words = type === 'category' ? this.#sortWords(values as BigInt64Array[]) : undefined;
    const { data, tensor } = hostBuffer(type === 'category' ? 'int64' : type, [numRows]);
    let at = 0;
    for (const each of values) {
      data.set(each as never, at); // both are of the type's class
      at += each.length;
    }
    return { column: tensor, words };
  }

  /** Gives the words in the order in which they are handed out, and codes that mean it. */
  #sortWords(values: readonly BigInt64Array[]): readonly string[] {
    const { words } = this.#vocabulary;
    if (!this.#isSorted) return words;
    const order = words.map((_, code) => code).sort((a, b) => (words[a]! < words[b]! ? -1 : 1));
    const newCodes = new Int32Array(words.length);
    order.forEach((code, place) => {
      newCodes[code] = place;
    });
    for (const each of values) {
      const pairs = new Int32Array(each.buffer);
      for (let row = 0; row < each.length; row++) {
        const code = pairs[2 * row]!;
        if (code !== NO_WORD) writeInt64(pairs, row, newCodes[code]!);
      }
    }
    return order.map((code) => words[code]!);
  }
}

function toFloats(values: Values): Values {
  return values instanceof BigInt64Array ? Float32Array.from(values, Number) : values;
}

function joinText(values: readonly string[][], numRows: number): string[] {
  const joined = new Array<string>(numRows);
  let at = 0;
  for (const each of values) for (const text of each) joined[at++] = text;
  return joined;
}
