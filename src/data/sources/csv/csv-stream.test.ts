// Tests of CSV files as streams of rows: the same rows as read whole, and a position that is found again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CsvRow, CsvStream, type SampleStream } from '../../index.ts';

let folder: string;
const path = (name: string): string => join(folder, name);

/** All that a stream has left; errors as their messages without the file. */
async function rest(stream: SampleStream<CsvRow>): Promise<unknown[]> {
  const given: unknown[] = [];
  for (;;) {
    try {
      const row = await stream.next();
      if (row === undefined) break;
      given.push(row);
    } catch (error) {
      given.push((error as Error).message.replace(/".*?", /, ''));
    }
  }
  await stream.close();
  return given;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-csv-'));
  await writeFile(path('a.csv'), '\ufeffx,s,n,b,k\n0.5,"u\nv",1,true,no\n\n1.5,w,2,false,yes\r\n2,"",3,true,no\n');
  await writeFile(
    path('b.csv.gz'),
    gzipSync('x,s,n,b,k\n4,z,4,false,no\n5,z\n6,z,x,false,no\n7,z,7,true,maybe\n8,z,8,true,yes'),
  );
  await writeFile(path('c.csv'), 'x,s,n,b,k\n');
});
afterAll(() => rm(folder, { recursive: true }));

const options = { types: { k: 'category' }, vocabularies: { k: ['no', 'yes'] } } as const;
const open = () => CsvStream.open(['a.csv', 'c.csv', 'b.csv.gz'].map(path), options);

describe('CsvStream', () => {
  it('gives the rows of all files in order, and an error in the place of each bad one', async () => {
    const dataset = await open();
    expect(dataset.types).toEqual({ x: 'float32', s: 'string', n: 'int64', b: 'bool', k: 'category' });
    expect(await rest(dataset.open(0))).toEqual([
      { x: 0.5, s: 'u\nv', n: 1n, b: true, k: 0n },
      { x: 1.5, s: 'w', n: 2n, b: false, k: 1n },
      { x: 2, s: '', n: 3n, b: true, k: 0n },
      { x: 4, s: 'z', n: 4n, b: false, k: 0n },
      'Cannot read CSV line 3: expected 5 fields, got 2',
      'Cannot read CSV line 4: expected an integer of 64 bits in column "n", got "x"',
      'Cannot read CSV line 5: expected a word of the vocabulary in column "k", got "maybe"',
      { x: 8, s: 'z', n: 8n, b: true, k: 1n },
    ]);
  });

  it('goes on behind any row or error, in a compressed file too', async () => {
    const dataset = await open();
    const all = await rest(dataset.open(0));
    const stream = dataset.open(0);
    for (let at = 0; at <= all.length; at++) {
      const state = JSON.parse(JSON.stringify(stream.state()));
      expect(await rest(dataset.open(0, state)), `position ${at}`).toEqual(all.slice(at));
      await Promise.resolve()
        .then(() => stream.next())
        .catch(() => undefined);
    }
    await stream.close();
  });

  it('goes on behind any row of a file of many blocks', async () => {
    const lines = Array.from(
      { length: 40_000 },
      (_, i) => `${i},${i % 7 === 0 ? '"a\nb"' : 'word'}${i % 9999 === 5 ? ',' : ''}`,
    );
    await writeFile(path('long.csv'), `n,s\n${lines.join('\n')}`);
    const dataset = await CsvStream.open(path('long.csv'));
    const all = await rest(dataset.open(0));
    expect(all.length).toBe(lines.length);
    const stream = dataset.open(0);
    for (let at = 0; at < all.length; at++) {
      if (at % 3989 === 0) expect(await rest(dataset.open(0, stream.state()))).toEqual(all.slice(at));
      try {
        await stream.next();
      } catch (error) {
        expect((error as Error).message).toContain('expected 2 fields, got 3');
      }
    }
    await stream.close();
  });

  it('refuses what a stream cannot honour', async () => {
    const types = { x: 'float64', k: 'category' } as const;
    await expect(CsvStream.open(path('a.csv'), { types, onRowError: 'skip' } as never)).rejects.toThrow(
      /onRowError: expected none.*types.x: expected another type.*vocabularies.k: expected the words/s,
    );
  });
});
