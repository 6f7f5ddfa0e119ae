// What pandas reads out of a file, bit for bit: recorded by test/fixtures/data/tables.py.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../index.ts';

const fixture = (name: string): string =>
  new URL(`../../../../test/fixtures/data/tables/${name}`, import.meta.url).pathname;

describe('readCsv() beside pandas', () => {
  it('reads the same numbers, words and missing values', async () => {
    const { columns, categories, codes } = JSON.parse(await readFile(fixture('table.json'), 'utf8'));
    const floats = ['normal', 'wide', 'short', 'single', 'holes'];
    const types = Object.fromEntries(floats.map((name) => [name, 'float64' as const]));
    const table = await readCsv(fixture('table.csv'), { types: { ...types, kind: 'category' } });
    for (const name of floats) {
      const wanted = columns[name].map((value: unknown) => (value === 'nan' ? Number.NaN : value));
      expect([...table.column(name).toTypedArray()], name).toEqual(wanted);
    }
    for (const name of ['whole', 'small']) {
      const values = [...(table.column(name).toTypedArray() as BigInt64Array)];
      expect(values.map(String), name).toEqual(columns[name]);
    }
    expect(table.column('truth').toArray()).toEqual(columns.truth);
    expect(table.vocabularies.kind).toEqual(categories);
    expect(table.column('kind').toArray()).toEqual(codes);
    const text = await readCsv(fixture('table.csv'), { columns: ['kind', 'normal'] });
    expect(text.text('kind')).toEqual(columns.kind);
    expect([...text.column('normal').toTypedArray()]).toEqual(columns.normal.map(Math.fround));
  });
});
