// Rows of Parquet files by number, with some row groups in memory.

import { scope, Tensor, tensor } from '../../../tensor/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Collated } from '../../collate/collate.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import type { Table, TableRow } from '../table.ts';
import type { ColumnPlan } from './column-plan.ts';
import { closeAll, openAll, readGroupTable, requireWords, tableName } from './files.ts';
import type { ParquetFile } from './parquet-file.ts';
import { checkTableOptions, type TableFileOptions } from './parquet-options.ts';

/** Options of {@link ParquetDataset.open}. */
export interface ParquetDatasetOptions extends TableFileOptions {
  /** Row groups that are kept in memory, those used last. Default 16. */
  readonly numCached?: number | undefined;
}

/** A row group among those of all files. */
interface Place {
  readonly file: ParquetFile;
  readonly group: number;
  /** Rows before it. */
  readonly firstRow: number;
}

/**
 * The rows of Parquet files by number. A row group is the unit of reading: as many as `numCached` are kept, decoded. In sequence, or where all row groups
 * fit, each is read once; shuffled over more than fit, every batch reads row groups again: then read the whole with `readParquet`, or shuffle a
 * `ParquetStream` in a `ShuffleBuffer`. Categories need their `vocabularies`, since a row group does not know the words of others.
 * Made by `ParquetDataset.open`; `close()` it.
 */
export class ParquetDataset implements Dataset<TableRow> {
  readonly name: string;
  readonly length: number;
  readonly #places: readonly Place[];
  readonly #files: readonly ParquetFile[];
  readonly #plans: readonly ColumnPlan[];
  readonly #numCached: number;
  /** Row groups in memory or on their way, the one used last at the end. */
  readonly #cache = new Map<number, Promise<Table>>();

  private constructor(files: readonly ParquetFile[], plans: readonly ColumnPlan[], numCached: number) {
    this.#files = files;
    this.#plans = plans;
    this.#numCached = numCached;
    this.name = `ParquetDataset of ${tableName(files.map(({ path }) => path))}`;
    const places: Place[] = [];
    let firstRow = 0;
    for (const file of files) {
      for (const [group, { numRows }] of file.groups.entries()) {
        if (numRows > 0) places.push({ file, group, firstRow });
        firstRow += numRows;
      }
    }
    this.#places = places;
    this.length = firstRow;
  }

  /** Opens files, whose columns must be the same.
   *  @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file. */
  static async open(paths: string | readonly string[], options: ParquetDatasetOptions = {}): Promise<ParquetDataset> {
    const { numCached = 16, ...wanted } = options;
    const action = 'open a ParquetDataset';
    checkTableOptions(options, action, ['numCached']);
    requireWords(wanted, action);
    const problems = new OptionProblems();
    problems.expect(isPositiveInteger(numCached), 'numCached', { wanted: 'an integer above 0', got: numCached });
    problems.throwIfAny(action);
    const files = await openAll(paths, wanted);
    return new ParquetDataset(files, files[0]!.plan(wanted), numCached);
  }

  async get(index: number): Promise<TableRow> {
    const place = this.#placeOf(index);
    return (await this.#table(place)).get(index - this.#places[place]!.firstRow);
  }

  async getBatch(indices: Int32Array): Promise<Collated<TableRow>> {
    const byPlace = new Map<number, number[]>();
    for (let slot = 0; slot < indices.length; slot++) {
      const place = this.#placeOf(indices[slot]!);
      const slots = byPlace.get(place);
      if (slots) slots.push(slot);
      else byPlace.set(place, [slot]);
    }
    const tables = await Promise.all([...byPlace.keys()].map((place) => this.#table(place)));
    return scope(() => {
      const parts = [...byPlace].map(([place, slots], i) => {
        const { firstRow } = this.#places[place]!;
        return tables[i]!.getBatch(Int32Array.from(slots, (slot) => indices[slot]! - firstRow));
      });
      return joinBatches(parts, [...byPlace.values()].flat());
    });
  }

  /** Closes the files, and lets go of the row groups. */
  async close(): Promise<void> {
    this.#cache.clear();
    await closeAll(this.#files);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Which row group a row lies in: the last that begins before it or there. */
  #placeOf(index: number): number {
    let low = 0;
    let high = this.#places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#places[middle]!.firstRow <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #table(place: number): Promise<Table> {
    const { file, group } = this.#places[place]!;
    const table = this.#cache.get(place) ?? readGroupTable(file, group, this.#plans);
    this.#cache.delete(place);
    this.#cache.set(place, table);
    table.catch(() => this.#cache.delete(place)); // is tried again; who asked sees the error
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= this.#numCached) break;
      this.#cache.delete(oldest);
    }
    return table;
  }
}

/** Batches one after the other as one. @param slots - where each of their rows goes. */
function joinBatches(parts: readonly Collated<TableRow>[], slots: readonly number[]): Collated<TableRow> {
  const order = new Int32Array(slots.length);
  slots.forEach((slot, at) => {
    order[slot] = at;
  });
  const rows = tensor(order);
  const columns = Object.entries(parts[0]!).map(([name, column]) => {
    if (parts.length === 1) return [name, column] as const; // one row group's rows are in order
    const all = parts.map((part) => part[name]!);
    if (column instanceof Tensor) return [name, cat(all as Tensor[]).indexSelect(0, rows)] as const;
    const text = (all as string[][]).flat();
    return [name, Array.from(order, (at) => text[at]!)] as const;
  });
  return Object.fromEntries(columns);
}
