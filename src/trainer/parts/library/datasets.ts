// The data that an experiment can name: files of the formats that `sconce/data` reads.

import { join } from 'node:path';
import { ArrayDataset } from '../../../data/datasets/array-dataset.ts';
import { TensorDataset } from '../../../data/datasets/tensor-dataset.ts';
import type { Dataset, IterableDataset } from '../../../data/index.ts';
import { CsvStream } from '../../../data/sources/csv/csv-stream.ts';
import { readCsv } from '../../../data/sources/csv/read-csv.ts';
import { readIdx } from '../../../data/sources/idx.ts';
import { ImageFolder } from '../../../data/sources/image/image-folder.ts';
import { JsonlDataset } from '../../../data/sources/jsonl.ts';
import { loadNpz } from '../../../data/sources/numpy/npz.ts';
import { ParquetDataset } from '../../../data/sources/parquet/parquet-dataset.ts';
import { ParquetStream } from '../../../data/sources/parquet/parquet-stream.ts';
import { readParquet } from '../../../data/sources/parquet/read-parquet.ts';
import type { Table } from '../../../data/sources/table.ts';
import { TarShards } from '../../../data/sources/tar/tar-shards.ts';
import { TextLineDataset } from '../../../data/sources/text/text-line-dataset.ts';
import { TokenDataset } from '../../../data/sources/tokens/token-dataset.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { type Parts, part } from '../registry.ts';

type AnyDataset = Dataset<unknown> | IterableDataset<unknown, unknown>;
type Options = Readonly<Record<string, unknown>>;
type Paths = string | readonly string[];

export const datasets: NonNullable<Parts['datasets']> = {
  'fashion-mnist': part({
    options: { folder: '/usr/share/datasets/fashion-mnist', part: 'train' },
    build: ({ folder, part }) =>
      readPictures(join(folder, `${part}-images-idx3-ubyte.gz`), join(folder, `${part}-labels-idx1-ubyte.gz`)),
  }),
  idx: part({
    options: { images: String, labels: String },
    build: ({ images, labels }) => readPictures(images, labels),
  }),
  csv: part({
    options: { path: String, inputs: undefined, target: undefined, options: {} },
    build: async ({ path, inputs, target, options }) => rowsOf(await readCsv(path, options), { inputs, target }),
  }),
  parquet: part({
    options: { path: String, inputs: undefined, target: undefined, options: {} },
    build: async ({ path, inputs, target, options }) => rowsOf(await readParquet(path, options), { inputs, target }),
  }),
  'csv-stream': withPath((path, options) => CsvStream.open(path, options)),
  'parquet-stream': withPath((path, options) => ParquetStream.open(path, options)),
  'parquet-file': withPath((path, options) => ParquetDataset.open(path, options)),
  npz: part({
    options: { path: String },
    build: async ({ path }) => new TensorDataset(await loadNpz(path)) as AnyDataset,
  }),
  jsonl: withPath((path, options) => JsonlDataset.open(path, options)),
  'text-lines': withPath((path, options) => TextLineDataset.open(path, options)),
  tokens: withPath((path, options) => TokenDataset.open(path as string, options as { blockSize: number })),
  'image-folder': withPath((path, options) => ImageFolder.open(path as string, options)),
  'tar-shards': withPath((path, options) => new TarShards(path, options)),
  values: part({
    options: { values: Array },
    build: ({ values }) => new ArrayDataset(values) as AnyDataset,
  }),
};

/** A source that takes a path, or several, and options of its own. */
function withPath(open: (path: Paths, options: Options) => AnyDataset | Promise<unknown>) {
  return async ({ path, ...options }: Options): Promise<AnyDataset> => {
    const isPath = typeof path === 'string' || (Array.isArray(path) && path.every((each) => typeof each === 'string'));
    if (isPath) return (await open(path as Paths, options)) as AnyDataset; // what each of them opens
    throw new TypeError(`Cannot make a dataset: expected path, a text or a list of texts, got ${typeof path}`);
  };
}

/** Pictures [N, 1, H, W] uint8 and their classes [N] int64, as `[image, label]`. */
async function readPictures(images: string, labels: string): Promise<AnyDataset> {
  const pictures = await readIdx(images); // [N, H, W]
  const classes = await readIdx(labels); // [N]
  return new TensorDataset([pictures.unsqueeze(1), classes.to('int64')]) as AnyDataset;
}

/** A table's rows: `[input, target]` where columns are chosen, else every column by its name.
 *  Shape: input [inputs]; target a class number for a column of integers or words, else [1]; [targets] for a list. */
function rowsOf(table: Table, { inputs, target }: { inputs: unknown; target: unknown }): AnyDataset {
  if (inputs === undefined && target === undefined) return table;
  const isList = Array.isArray(inputs) && inputs.every((each) => typeof each === 'string');
  const targets = typeof target === 'string' ? [target] : target;
  if (!isList || !Array.isArray(targets))
    throw new TypeError(
      `Cannot make rows of ${table.name}: expected inputs, a list of columns, and target, a column or a list of them; leave out both for rows by name`,
    );
  const features = table.matrix(inputs); // [N, inputs]
  return new TensorDataset([
    features,
    targetsOf(table, targets as readonly string[], Array.isArray(target)),
  ]) as AnyDataset;
}

function targetsOf(table: Table, names: readonly string[], isList: boolean): Tensor {
  const isClass =
    !isList && ['int64', 'int32', 'int16', 'int8', 'uint8', 'bool'].includes(table.column(names[0]!).dtype);
  return isClass ? table.column(names[0]!).to('int64') : table.matrix(names); // [N] or [N, names]
}
