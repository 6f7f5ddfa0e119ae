// Tests of CSV files read whole: what is in them, how they may be written, and what is wrong with them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataFileError } from '../../../errors.ts';
import { type CsvOptions, readCsv } from '../../index.ts';

let folder: string;
let numFiles = 0;

/** Writes a file and gives its path. */
async function file(content: string | Uint8Array): Promise<string> {
  const isCompressed = typeof content !== 'string' && content[0] === 0x1f;
  const path = join(folder, `${numFiles++}.csv${isCompressed ? '.gz' : ''}`);
  await writeFile(path, content);
  return path;
}
const read = async (content: string | Uint8Array, options?: CsvOptions) => readCsv(await file(content), options);
const problem = async (content: string | Uint8Array, options?: CsvOptions): Promise<string> => {
  const path = await file(content);
  try {
    await readCsv(path, options);
  } catch (error) {
    return (error as Error).message.replace(`"${path}"`, 'FILE');
  }
  return 'none';
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readCsv()', () => {
  it('finds the type of each column', async () => {
    const table = await read('i,f,b,s,big,m,e\n1,2,true,x,9007199254740993,,\n-2,0.5,False,,-1,3,\n');
    expect(
      Object.entries(table.columns).map(([name, column]) => [name, 'dtype' in column ? column.dtype : 'text']),
    ).toEqual([
      ['i', 'int64'],
      ['f', 'float32'],
      ['b', 'bool'],
      ['s', 'text'],
      ['big', 'int64'],
      ['m', 'float32'],
      ['e', 'float32'],
    ]);
    expect(table.column('i').toArray()).toEqual([1, -2]);
    expect(table.column('f').toArray()).toEqual([2, 0.5]);
    expect(table.column('b').toArray()).toEqual([true, false]);
    expect(table.text('s')).toEqual(['x', '']);
    expect(table.column('big').select(0, 0).sub(9007199254740992n).item()).toBe(1);
    expect(table.column('m').toArray()).toEqual([Number.NaN, 3]);
    expect(table.column('e').toArray()).toEqual([Number.NaN, Number.NaN]);
  });

  it('widens a column whose later values say so, also far down the file', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i},0${i}`);
    rows[59_000] = '0.5,1,word';
    const table = await read(`a,b,c\n${rows.join('\n')}\n`);
    expect([table.length, table.column('a').dtype, table.column('b').dtype]).toEqual([60_000, 'float32', 'int64']);
    expect(table.text('c').slice(0, 2)).toEqual(['00', '01']); // as the file has it, and not as the numbers it was taken for
    expect(table.text('c')[59_000]).toBe('word');
    expect(table.column('a').toArray()).toEqual(rows.map((row) => Number(row.split(',')[0])));
  });

  it('reads as the types that are given', async () => {
    const types = { a: 'float64', b: 'string', c: 'category', d: 'int64' } as const;
    const table = await read('a,b,c,d,e\n0.1,01,b,5,1\n2,1.0,a,-7,2\n3,,b,0,3\n', {
      types,
      columns: ['c', 'a', 'b', 'd'],
    });
    expect(Object.keys(table.columns)).toEqual(['c', 'a', 'b', 'd']);
    expect([table.column('a').dtype, table.column('a').toArray()]).toEqual(['float64', [0.1, 2, 3]]);
    expect(table.text('b')).toEqual(['01', '1.0', '']);
    expect(table.column('c').toArray()).toEqual([1, 0, 1]);
    expect(table.vocabularies).toEqual({ c: ['a', 'b'] });
    const other = await read('c\na\nx\n', { types: { c: 'category' }, vocabularies: { c: ['x', 'a'] } });
    expect([other.column('c').toArray(), other.vocabularies.c]).toEqual([
      [1, 0],
      ['x', 'a'],
    ]);
  });

  it('gives rows, batches and matrices', async () => {
    const table = await read('x,y,s\n1,2,a\n3,4,b\n5,6,c\n');
    expect(table.matrix(['y', 'x']).toArray()).toEqual([
      [2, 1],
      [4, 3],
      [6, 5],
    ]);
    const batch = table.getBatch(Int32Array.of(2, 0, 2)) as Record<string, { toArray(): unknown }>;
    expect([batch.x!.toArray(), batch.s]).toEqual([
      [5, 1, 5],
      ['c', 'a', 'c'],
    ]);
    expect(table.get(1).s).toBe('b');
    expect(() => table.column('s')).toThrow('expected numbers, got text; read it as a category');
    expect(() => table.column('z')).toThrow('expected one of "x", "y", "s"');
  });

  it('takes quotes, marks, and all line ends', async () => {
    const table = await read('\ufeff"a ""1""",b\r\n"x,\r\ny","1"\r"","2"\n\n\r\n"ü ""q""",3');
    expect(table.text('a "1"')).toEqual(['x,\r\ny', '', 'ü "q"']);
    expect(table.column('b').toArray()).toEqual([1, 2, 3]);
    const plain = await read('a\tb\n"x\t5"\t\n', { delimiter: '\t', hasQuotes: false, header: ['p', 'q', 'r'] }).catch(
      String,
    );
    expect(plain).toContain('line 1: expected 3 fields, got 2');
    const tabs = await read('"x\t5"\n', { delimiter: '\t', hasQuotes: false, header: false });
    expect([tabs.text('0'), tabs.text('1')]).toEqual([['"x'], ['5"']]);
  });

  it('reads gzip, several files, and files without rows', async () => {
    const paths = [await file(gzipSync('a,b\n1,x\n')), await file('a,b\n2,y')];
    const table = await readCsv(paths);
    expect([table.column('a').toArray(), table.text('b')]).toEqual([
      [1, 2],
      ['x', 'y'],
    ]);
    const empty = await read('a,b\n');
    expect([empty.length, empty.column('a').shape]).toEqual([0, [0]]);
    await expect(readCsv([paths[0]!, await file('b,a\n1,2\n')])).rejects.toThrow(
      'line 1: expected the columns "a", "b" of',
    );
  });

  it('knows what is missing, and puts in its place what is asked for', async () => {
    const types = { a: 'int64', b: 'string', c: 'category', d: 'float32' } as const;
    const fill = { a: -1, b: '?', c: 'none', d: 0 };
    const table = await read('a,b,c,d\n,NA,,null\n-999,x,y,-999\n', {
      types,
      missing: { fill, words: ['', 'NA', 'null', '-999'] },
    });
    expect(table.column('a').toArray()).toEqual([-1, -1]);
    expect(table.text('b')).toEqual(['?', 'x']);
    expect(table.column('d').toArray()).toEqual([0, 0]);
    expect(table.column('c').toArray()).toEqual([0, 1]);
    const kept = await read('c,d\n,\ny,NaN\n', { types: { c: 'category', d: 'float32' } });
    expect([kept.column('c').toArray(), kept.column('d').toArray()]).toEqual([
      [-1, 0],
      [Number.NaN, Number.NaN],
    ]);
    expect(await problem('a\n1\n\nNA\n', { types: { a: 'int64' } })).toContain(
      'line 4: expected an integer of 64 bits in column "a", got "NA"',
    );
    expect(await problem('a,b\n1,\n', { missing: { isError: true } })).toContain(
      'line 2: expected a value in column "b", got ""',
    );
  });

  it('names file and line of a row that cannot be used, or leaves it out and counts it', async () => {
    const content = 'a,b,c\n1,x,u\n2,y\n"3\n",z,v\n4,w,x,y\nq,w,v\n5,"w"z,v\n6,w,v\n7,\xff,v\n8,"v\n';
    const bytes = Buffer.from(content, 'latin1');
    const types = { a: 'int64', c: 'category' } as const;
    expect(await problem(bytes, { types })).toBe(
      "Cannot read CSV FILE, line 3: expected 3 fields, got 2; leave such rows out with onRowError: 'skip'",
    );
    const error = await readCsv(await file(bytes), { types }).catch((thrown: unknown) => thrown as DataFileError);
    expect(error).toBeInstanceOf(DataFileError);
    expect([(error as DataFileError).line, (error as DataFileError).path]).toEqual([
      3,
      join(folder, `${numFiles - 1}.csv`),
    ]);
    const table = await read(bytes, { types, onRowError: 'skip' });
    expect([table.column('a').toArray(), table.numSkipped]).toEqual([[1, 3, 6], 6]);
    expect([table.vocabularies.c, table.column('c').toArray()]).toEqual([
      ['u', 'v'],
      [0, 1, 1],
    ]); // no word of a row that is not there
    expect(await problem('a\n1\nx', { types: { a: 'float32' } })).toContain(
      'line 3: expected a number in column "a", got "x"',
    );
    expect(await problem('a\n5,"w"z\n', { header: ['a', 'b'] })).toContain('line 1: expected 2 fields, got 1');
    expect(await problem('a,b\n5,"w"z\n')).toContain(
      'line 2: expected "," or the end of the row behind a closing quote, got something else',
    );
    expect(await problem('a\n"x\n\n')).toContain(
      'line 2: expected a quote that closes the field, got the end of the file',
    );
    expect(await problem(Buffer.from('a\n\xff\n', 'latin1'))).toContain('line 2: expected UTF-8 in column "a"');
    expect(await problem('c\nz\n', { types: { c: 'category' }, vocabularies: { c: ['a'] } })).toContain(
      'line 2: expected a word of the vocabulary in column "c", got "z"',
    );
  });

  it('says what is wrong with a file as a whole', async () => {
    expect(await problem('')).toContain('expected rows, got an empty file');
    expect(await problem('a,a\n')).toContain('expected each name in the header once, got "a" twice');
    expect(await problem('a,b\n', { columns: ['a', 'z'] })).toContain('expected columns "z", got "a", "b"');
    expect(await problem(Buffer.from('a,b\n', 'utf16le').swap16().swap16())).toBe(
      await problem(Buffer.from('a,b\n', 'utf16le')),
    );
    expect(await problem(Buffer.from('\ufeffa,b\n', 'utf16le'))).toContain('expected UTF-8, got UTF-16');
    expect(await problem(gzipSync('a,b\n1,2\n').subarray(0, 20))).toContain(
      'expected a whole gzip file, got unexpected end of file',
    );
    await expect(readCsv(join(folder, 'nowhere.csv'))).rejects.toThrow('expected a file, got ENOENT');
    await expect(readCsv(folder)).rejects.toThrow('EISDIR');
    await expect(readCsv([])).rejects.toThrow('expected at least one file, got none');
  });

  it('reports all options that are wrong at once', async () => {
    const options = {
      delimiter: ';;',
      columns: ['a', 'a'],
      typos: 1,
      types: { a: 'float16' },
      missing: { fill: { b: 1 } },
      onRowError: 'drop',
    };
    const message = await problem('a\n', options as unknown as CsvOptions);
    for (const part of [
      'typos: expected one of',
      'delimiter: expected one ASCII',
      'columns: expected names, each once',
      'types.a: expected',
      'missing.fill.b: expected',
      'onRowError: expected',
    ])
      expect(message).toContain(part);
  });

  it('reads what a writer of quotes wrote, however the bytes are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'ü', '😀'), maxLength: 6 });
    const row = fc.tuple(cell, cell);
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), end, fc.boolean(), async (rows, eol, isCompressed) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join(eol);
        const content = `a,b${eol}${quoted}`;
        const types = { a: 'string', b: 'string' } as const;
        const table = await read(isCompressed ? gzipSync(content) : content, { types, missing: { words: [] } });
        expect(table.text('a')).toEqual(rows.map(([text]) => text));
        expect(table.text('b')).toEqual(rows.map(([, text]) => text));
      }),
      { numRuns: 60 },
    );
  });

  it('reads rows that are longer than what is read at a time', async () => {
    const long = 'x"y\n'.repeat(100_000);
    const table = await read(`a,b\n"${long.replaceAll('"', '""')}",1\nz,2\n`);
    expect([table.text('a')[0] === long, table.text('a')[1], table.column('b').toArray()]).toEqual([true, 'z', [1, 2]]);
    expect(await problem(`a,b\n"${long.replaceAll('"', '""')}",1\nz\n`)).toContain(
      'line 100003: expected 2 fields, got 1',
    );
  });
});
