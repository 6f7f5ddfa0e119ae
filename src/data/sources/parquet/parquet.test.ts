// Tests of Parquet files: what pyarrow wrote and says is in them (test/fixtures/data/tables.py), by number, in sequence, and broken.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveTensors, type Tensor } from '../../../tensor/index.ts';
import { settledTensors } from '../../../tensor/testing/settled-tensors.ts';
import {
  DataLoader,
  ParquetDataset,
  ParquetStream,
  readParquet,
  type Table,
  type TableFileOptions,
} from '../../index.ts';

const fixture = (name: string): string =>
  new URL(`../../../../test/fixtures/data/tables/${name}`, import.meta.url).pathname;
const snappy = fixture('table.snappy.parquet');

let folder: string;
/** By column: numbers, integers as text, null where there is none. */
let expected: Record<string, (number | string | boolean | null)[]>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-parquet-'));
  expected = JSON.parse(await readFile(fixture('columns.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A column as the fixture has it, with the place of what is missing filled as in `fill`. */
function plain(table: Table, name: string): unknown[] {
  const column = table.columns[name]!;
  if (!('dtype' in column)) return [...column];
  const values = [...column.toTypedArray()];
  if (column.dtype === 'bool') return values.map((value) => value === 1);
  return column.dtype.startsWith('float') ? values : values.map(String);
}
const wanted = (name: string, fill: unknown): unknown[] => expected[name]!.map((value) => value ?? fill);
const flat: TableFileOptions = { fill: { no_count: -1, no_word: 'none' } };
const readable = [
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'few',
  'uint8',
  'bool',
  'string',
  'date',
  'time',
  'holes',
  'no_word',
  'no_count',
];
const fills: Record<string, unknown> = { holes: Number.NaN, no_word: 'none', no_count: '-1' };

describe('readParquet()', () => {
  it.each(['snappy', 'plain', 'zstd', 'gzip', 'brotli', 'lz4'])('reads what pyarrow wrote: %s', async (file) => {
    const table = await readParquet(fixture(`table.${file}.parquet`), { ...flat, columns: readable });
    expect(table.length).toBe(60);
    for (const name of readable) expect(plain(table, name), name).toEqual(wanted(name, fills[name]));
    expect(readable.map((name) => (table.columns[name] as Tensor).dtype)).toEqual([
      'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'int64', 'uint8', 'bool', undefined, 'int32', 'int64', 'float32', undefined, 'int64',
    ]); // biome-ignore format: a list
  });

  it('reads the rarer encodings', async () => {
    const table = await readParquet(fixture('table.delta.parquet'), { fill: { no_word: 'none' } });
    for (const name of Object.keys(table.columns)) expect(plain(table, name), name).toEqual(wanted(name, fills[name]));
  });

  it('reads several files, as the types that are wanted', async () => {
    const files = [snappy, fixture('table.gzip.parquet')];
    const types = {
      float64: 'float32',
      int8: 'int64',
      uint8: 'float32',
      int64: 'float64',
      string: 'category',
      no_word: 'category',
    } as const;
    const table = await readParquet(files, { types, columns: Object.keys(types) });
    expect(Object.keys(types).map((name) => table.column(name).dtype)).toEqual([
      'float32',
      'int64',
      'float32',
      'float64',
      'int64',
      'int64',
    ]);
    const twice = (name: string): unknown[] => [...expected[name]!, ...expected[name]!];
    expect(plain(table, 'float64')).toEqual(twice('float64').map((value) => Math.fround(value as number)));
    expect(plain(table, 'int64')).toEqual(twice('int64').map(Number));
    expect(plain(table, 'uint8')).toEqual(twice('uint8').map(Number));
    expect(plain(table, 'int8')).toEqual(twice('int8'));
    expect(table.vocabularies).toEqual({
      string: ['', 'Bäume', 'ash', 'oak 😀'],
      no_word: ['word 0', 'word 1', 'word 2'],
    });
    const codes = table.column('no_word').toArray() as number[];
    expect(codes.map((code) => table.vocabularies.no_word![code] ?? null)).toEqual(twice('no_word'));
    const words = ['oak 😀', 'ash', 'Bäume', ''];
    const fixed = await readParquet(snappy, {
      columns: ['string'],
      types: { string: 'category' },
      vocabularies: { string: words },
    });
    expect((fixed.column('string').toArray() as number[]).map((code) => words[code])).toEqual(expected.string);
    expect(fixed.vocabularies.string).toEqual(words);
  });

  it('names file, column, and the types that were expected and found', async () => {
    const problem = (options: TableFileOptions, files: string | string[] = snappy): Promise<string> =>
      readParquet(files, options).then(
        () => 'none',
        (error: Error) => error.message.replaceAll(/"[^"]*\/([^"]*)"/g, '"$1"'),
      );
    const start = 'Cannot read Parquet file "table.snappy.parquet": ';
    expect(await problem({ columns: ['string'], types: { string: 'float32' } })).toBe(
      `${start}expected type float32 in column "string", got string`,
    );
    expect(await problem({ columns: ['float32'], types: { float32: 'int64' } })).toBe(
      `${start}expected type int64 in column "float32", got float32`,
    );
    expect(await problem({ columns: ['nothing'] })).toContain(
      `${start}expected a column "nothing", got "float32", "float64"`,
    );
    for (const [name, found] of [
      ['list', 'a list'],
      ['nested', 'a structure'],
      ['decimal', 'decimal'],
      ['binary', 'binary'],
    ])
      expect(await problem({ columns: [name!] })).toBe(
        `${start}expected numbers, booleans or text in column "${name}", got ${found}; leave it out with the option columns`,
      );
    expect(await problem({ columns: ['no_count'] })).toContain(
      'row group 0: expected a value of type int64 in column "no_count", got none in row 4; say what to put there with fill: { "no_count": … }',
    );
    expect(await problem({ columns: ['no_count'], fill: { no_count: 'x' } })).toContain(
      'expected a fill of type int64 for column "no_count", got x',
    );
    expect(await problem({ columns: ['int8'] }, [snappy, fixture('table.delta.parquet')])).toBe(
      'Cannot read Parquet file "table.delta.parquet": expected a column "int8" as in "table.snappy.parquet", got none',
    );
    const category = {
      columns: ['no_word'],
      types: { no_word: 'category' },
      vocabularies: { no_word: ['word 0', 'word 1'] },
    } as const;
    expect(await problem(category)).toContain(
      'expected words of the vocabulary in column "no_word", got another one in row',
    );
    expect(await problem({ column: ['a'], types: { a: 'float16' }, vocabularies: { b: [] } } as never)).toMatch(
      /column: expected one of.*types.a: expected.*vocabularies.b: expected/s,
    );
  });
});

describe('ParquetDataset', () => {
  const columns = ['float32', 'int64', 'string', 'no_word'];
  const options = {
    columns,
    types: { no_word: 'category' },
    vocabularies: { no_word: ['word 2', 'word 1', 'word 0'] },
  } as const;

  it('gives rows by number and batches in their order, whatever is kept of the row groups', async () => {
    const files = [snappy, fixture('table.gzip.parquet')];
    const whole = await readParquet(files, options);
    for (const numCached of [1, 16]) {
      const dataset = await ParquetDataset.open(files, { ...options, numCached });
      expect(dataset.length).toBe(120);
      for (const indices of [
        [3, 119, 24, 25, 0, 3],
        [1, 2],
        [77, 76],
      ].map((each) => Int32Array.from(each))) {
        const batch = (await dataset.getBatch(indices)) as Record<string, Tensor | string[]>;
        const reference = whole.getBatch(indices) as Record<string, Tensor | string[]>;
        for (const name of columns) expect(String(batch[name]), name).toEqual(String(reference[name]));
      }
      const row = await dataset.get(61);
      expect([(row.float32 as Tensor).item(), row.string]).toEqual([expected.float32![1], expected.string![1]]);
      await dataset.close();
    }
  });

  it('refuses a category without words', async () => {
    await expect(ParquetDataset.open(snappy, { types: { string: 'category' }, numCached: 0 })).rejects.toThrow(
      'vocabularies.string: expected the words of a category',
    );
    await expect(ParquetDataset.open(snappy, { numCached: 0 })).rejects.toThrow(
      'numCached: expected an integer above 0, got 0',
    );
  });
});

describe('ParquetStream', () => {
  it('gives the rows of all files in order, and goes on behind any', async () => {
    const columns = ['int8', 'bool', 'string', 'float32'];
    const stream = await ParquetStream.open([snappy, fixture('table.gzip.parquet')], { columns });
    expect(stream.length).toBe(120);
    const rest = async (state?: Parameters<typeof stream.open>[1]): Promise<unknown[]> => {
      const open = stream.open(0, state);
      const rows: unknown[] = [];
      for (let row = await open.next(); row !== undefined; row = await open.next()) rows.push(row);
      await open.close();
      return rows;
    };
    const all = await rest();
    const row = (i: number) => ({
      int8: BigInt(expected.int8![i] as string),
      bool: expected.bool![i],
      string: expected.string![i],
      float32: expected.float32![i],
    });
    expect(all).toEqual([...Array(120)].map((_, i) => row(i % 60)));
    const open = stream.open(0);
    for (let at = 0; at <= 120; at++) {
      if (at % 12 < 2) expect(await rest(JSON.parse(JSON.stringify(open.state())))).toEqual(all.slice(at));
      await open.next();
    }
    await open.close();
  });

  it('goes on with the next row group behind a broken one', async () => {
    const bytes = await readFile(snappy);
    const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer, { geoparquet: false });
    const chunk = row_groups[1]!.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'int8')!.meta_data!;
    const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    bytes.fill(0xff, start, start + 8); // the header of its first page
    const path = join(folder, 'group.parquet');
    await writeFile(path, bytes);
    const dataset = await ParquetStream.open(path, { columns: ['int8'] });
    const loader = new DataLoader({ dataset, batchSize: 10, onSampleError: 'skip' });
    const played: unknown[] = [];
    for await (const { int8 } of loader) played.push(...(int8 as Tensor).toTypedArray());
    expect([played.map(String), loader.numSkipped]).toEqual([expected.int8!.filter((_, i) => i < 25 || i >= 50), 1]);
    const all = async (): Promise<void> => {
      for await (const _ of new DataLoader({ dataset, batchSize: 10 }));
    };
    await expect(all()).rejects.toThrow(`Cannot read Parquet file "${path}", row group 1, column "int8"`);
  });

  it('leaves no tensor of the row groups that it has read', async () => {
    const stream = await ParquetStream.open(snappy, { columns: ['int8', 'int64', 'bool', 'float32'] });
    const before = settledTensors();
    const rows = stream.open(0);
    while ((await rows.next()) !== undefined);
    await rows.close();
    expect(liveTensors()).toBeLessThanOrEqual(before); // less where those of other tests were collected meanwhile
  });
});

describe('a broken Parquet file', () => {
  it('is an error that names it, wherever a byte is another and wherever it is cut', async () => {
    for (const name of ['table.zstd.parquet', 'table.plain.parquet', 'table.delta.parquet']) {
      const whole = await readFile(fixture(name));
      const path = join(folder, name);
      const options = name.includes('delta') ? { fill: { no_word: '' } } : { ...flat, columns: readable };
      for (let round = 0; round < 60; round++) {
        const bytes = Buffer.from(whole);
        const at = Math.floor((round * whole.length) / 60);
        bytes[at]! ^= 1 << (round % 8);
        await writeFile(path, round % 4 === 0 ? whole.subarray(0, at) : bytes);
        const read = await readParquet(path, options).catch((error: Error) => error);
        if (read instanceof Error) expect(read.message).toContain(`Cannot read Parquet file "${path}"`);
      }
    }
    const bytes = await readFile(snappy);
    bytes[14467]! ^= 8; // takes the number of rows of a row group away
    await writeFile(join(folder, 'rows.parquet'), bytes);
    await expect(readParquet(join(folder, 'rows.parquet'))).rejects.toThrow(
      'expected row groups of 0 to 2^31 - 1 rows',
    );
    await expect(readParquet(join(folder, 'nowhere'))).rejects.toThrow('got "ENOENT');
    await expect(readParquet([])).rejects.toThrow('expected at least one file, got none');
  });
});
