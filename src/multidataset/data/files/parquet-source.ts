// Tensors of a recording in a Parquet file: a row a frame, a column for each number of it.

import { ParquetFile } from '../../../data/sources/parquet/parquet-file.ts';
import { readParquet } from '../../../data/sources/parquet/read-parquet.ts';
import { canRead, defaultType, type ParquetColumn } from '../../../data/sources/parquet/schema.ts';
import type { TableColumnType } from '../../../data/sources/table-types.ts';
import { scope, type Tensor } from '../../../tensor/index.ts';
import { stack } from '../../../tensor/ops.generated.ts';
import { readRate, type TensorInfo, type TensorSource } from './recording.ts';

/** The columns of one tensor, in the order of its elements. */
interface ColumnGroup {
  readonly columns: readonly string[];
  /** Shape of one frame. */
  readonly shape: readonly number[];
  readonly dtype: TableColumnType;
}

/** A column "trial_inds" is a tensor [frames]; "robs.0", "robs.1", … are a tensor [frames, units], "stim.0.0", "stim.0.1", … one [frames, H, W]. Columns of text are
 *  left out. The rate is the key `sampling_rate` of the file's metadata.
 *  @throws {DataFileError} for a file of another kind, and for columns that do not make a tensor. */
export async function openParquetSource(path: string, name: string): Promise<TensorSource> {
  const file = await ParquetFile.open(path);
  try {
    const groups = groupColumns(file);
    const infos = [...groups].map(([key, { shape, dtype }]): [string, TensorInfo] => [
      key,
      { dtype, shape: [file.numRows, ...shape] },
    ]);
    return {
      name,
      tensors: new Map(infos),
      samplingRate: readRate(file.keyValues.get('sampling_rate'), name),
      read: (names) => readGroups(path, names, groups),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function groupColumns(file: ParquetFile): Map<string, ColumnGroup> {
  const byName = new Map<string, { column: ParquetColumn; place: readonly number[] }[]>();
  for (const column of file.columns) {
    const [, name = column.name, index = ''] = /^(.+?)((?:\.\d+)+)$/.exec(column.name) ?? [];
    const place = index.split('.').slice(1).map(Number);
    byName.set(name, [...(byName.get(name) ?? []), { column, place }]);
  }
  const groups = new Map<string, ColumnGroup>();
  for (const [name, entries] of byName) {
    const type = defaultType(entries[0]!.column);
    if (type === undefined || type === 'string' || type === 'category') continue;
    groups.set(name, groupOf(file, name, entries, type));
  }
  return groups;
}

function groupOf(
  file: ParquetFile,
  name: string,
  entries: { column: ParquetColumn; place: readonly number[] }[],
  dtype: TableColumnType,
): ColumnGroup {
  const numDims = entries[0]!.place.length;
  const shape = Array.from(
    { length: numDims },
    (_, dim) => 1 + Math.max(...entries.map(({ place }) => place[dim] ?? 0)),
  );
  const columns = new Array<string | undefined>(shape.reduce((product, size) => product * size, 1)).fill(undefined);
  for (const { column, place } of entries) {
    if (place.length !== numDims || !canRead(column, dtype))
      throw file.fail(
        `expected columns "${name}" of one kind of numbers with ${numDims} numbers behind the name, got "${column.name}" of ${column.found}`,
      );
    columns[place.reduce((at, index, dim) => at * shape[dim]! + index, 0)] = column.name;
  }
  const missing = columns.indexOf(undefined);
  if (missing >= 0 || columns.length !== entries.length)
    throw file.fail(
      `expected ${columns.length} columns for the tensor "${name}" [${shape.join(', ')}], each once, got ${entries.length}`,
    );
  return { columns: columns as string[], shape, dtype };
}

async function readGroups(
  path: string,
  names: readonly string[],
  groups: ReadonlyMap<string, ColumnGroup>,
): Promise<Record<string, Tensor>> {
  const wanted = names.map((name) => [name, groups.get(name)!] as const);
  const columns = wanted.flatMap(([, group]) => group.columns);
  const types = Object.fromEntries(wanted.flatMap(([, group]) => group.columns.map((column) => [column, group.dtype])));
  const table = await readParquet(path, { columns, types });
  return scope(() =>
    Object.fromEntries(
      wanted.map(([name, { columns: own, shape }]) => {
        if (shape.length === 0) return [name, table.column(own[0]!)];
        const all = stack(
          own.map((column) => table.column(column)),
          { dim: 1 },
        ); // [T] each -> [T, columns]
        return [name, all.view([table.length, ...shape])];
      }),
    ),
  );
}
