// Tests of Arrow files and streams: what pyarrow wrote and says is in them (test/fixtures/data/tables.py), and broken ones.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArrow, type Table } from '../../index.ts';

const fixture = (name: string): string =>
  new URL(`../../../../test/fixtures/data/tables/${name}`, import.meta.url).pathname;

let folder: string;
/** By column: numbers, integers as text, null where there is none. */
let expected: Record<string, (number | string | boolean | null)[]>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-arrow-'));
  expected = JSON.parse(await readFile(fixture('columns.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true }));

function plain(table: Table, name: string): unknown[] {
  const column = table.columns[name]!;
  if (!('dtype' in column)) return [...column];
  const values = [...column.toTypedArray()];
  if (column.dtype === 'bool') return values.map((value) => value === 1);
  return column.dtype.startsWith('float') ? values : values.map(String);
}
const fill = { no_count: -1, no_word: 'none' };
const fills: Record<string, unknown> = { holes: Number.NaN, no_word: 'none', no_count: '-1' };

describe('readArrow()', () => {
  it.each(['table.arrow', 'table.arrows'])('reads what pyarrow wrote: %s', async (file) => {
    const table = await readArrow(fixture(file), { fill });
    expect(table.length).toBe(60);
    for (const name of Object.keys(expected))
      expect(plain(table, name), name).toEqual(expected[name]!.map((value) => value ?? fills[name]));
    expect(table.vocabularies.word).toEqual(['word 0', 'word 1', 'word 2']);
    const codes = table.column('word').toArray() as number[];
    expect(codes.map((code) => table.vocabularies.word![code] ?? null)).toEqual(expected.no_word);
  });

  it('reads several files, as the types that are wanted', async () => {
    const types = { word: 'string', string: 'category', float64: 'float32', int8: 'int64' } as const;
    const table = await readArrow([fixture('table.arrow'), fixture('table.arrows')], {
      types,
      columns: Object.keys(types),
      fill: { word: '?' },
    });
    expect(table.text('word')).toEqual([...expected.no_word!, ...expected.no_word!].map((word) => word ?? '?'));
    expect(table.vocabularies.string).toEqual(['', 'Bäume', 'ash', 'oak 😀']);
    expect([table.column('float64').dtype, table.column('int8').dtype, table.length]).toEqual([
      'float32',
      'int64',
      120,
    ]);
  });

  it('names file, column, and the types that were expected and found', async () => {
    const path = fixture('table.arrow');
    await expect(readArrow(path, { types: { string: 'int64' }, columns: ['string'] })).rejects.toThrow(
      `Cannot read Arrow file "${path}": expected type int64 in column "string", got string`,
    );
    await expect(readArrow(path, { columns: ['none'] })).rejects.toThrow('expected a column "none", got "float32"');
    await expect(readArrow(path, { columns: ['no_count'] })).rejects.toThrow(
      'batch 0: expected a value of type int64 in column "no_count", got none in row 4',
    );
    await expect(readArrow([])).rejects.toThrow('expected at least one file, got none');
    await expect(readArrow(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });

  it('names a file that is broken, wherever it is', async () => {
    for (const name of ['table.arrow', 'table.arrows']) {
      const whole = await readFile(fixture(name));
      const path = join(folder, name);
      await writeFile(path, whole.subarray(0, -20));
      await expect(readArrow(path, { fill })).rejects.toThrow(`Cannot read Arrow file "${path}": expected`);
      for (let at = 9; at < whole.length; at += 61) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 << (at % 8);
        await writeFile(path, bytes);
        const read = await readArrow(path, { fill }).catch((error: Error) => error);
        if (read instanceof Error) expect(read.message).toContain(`Cannot read Arrow file "${path}"`);
      }
    }
  });
});
