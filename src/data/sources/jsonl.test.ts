// Tests of JSON Lines by number and in sequence, and of lines that are none.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataFileError } from '../../errors.ts';
import { JsonlDataset, JsonlStream } from '../index.ts';

let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-jsonl-'));
  await writeFile(path('a.jsonl'), '\ufeff{"x": 1, "s": "ü"}\r\n\n[2]\n\n\n{"x": 3\n"four"');
  await writeFile(path('b.jsonl.gz'), gzipSync('5\n\nsix\n7\n'));
  await writeFile(path('c.jsonl'), '8\n{"__proto__": 9}\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('JsonlDataset', () => {
  it('gives the value of each line that has one', async () => {
    const dataset = await JsonlDataset.open([path('a.jsonl'), path('c.jsonl')]);
    expect(dataset.length).toBe(6);
    expect(await dataset.get(0)).toEqual({ x: 1, s: 'ü' });
    expect([await dataset.get(1), await dataset.get(3), await dataset.get(4)]).toEqual([[2], 'four', 8]);
    expect(Object.keys((await dataset.get(5)) as object)).toEqual(['__proto__']);
    await dataset.close();
  });

  it('names file and line of what is no JSON, and of what `parse` does not take', async () => {
    const parse = (value: unknown): number => {
      if (typeof value !== 'object' || value === null || !('x' in value)) throw new TypeError('no x');
      return value.x as number;
    };
    const dataset = await JsonlDataset.open(path('a.jsonl'), { parse });
    expect(await dataset.get(0)).toBe(1);
    const error = await dataset.get(2).catch((thrown: unknown) => thrown as DataFileError);
    expect(error).toBeInstanceOf(DataFileError);
    expect((error as DataFileError).message).toContain(
      `Cannot read JSON Lines "${path('a.jsonl')}", line 6: expected JSON, got "{\\"x\\": 3" (`,
    );
    expect((error as DataFileError).line).toBe(6);
    await expect(dataset.get(1)).rejects.toThrow('line 3: expected a value that `parse` takes, got "[2]" (no x)');
    await dataset.close();
    await expect(JsonlDataset.open(path('b.jsonl.gz'))).rejects.toThrow('got the compressed');
    await expect(JsonlDataset.open([])).rejects.toThrow('expected the path of a file, got none');
    await expect(JsonlDataset.open(path('a.jsonl'), { parser: 1 } as never)).rejects.toThrow('parser: expected one of');
  });
});

describe('JsonlStream', () => {
  it('gives the same in order, an error in the place of each bad line, and goes on behind any', async () => {
    const dataset = new JsonlStream([path('a.jsonl'), path('b.jsonl.gz'), path('c.jsonl')]);
    const rest = async (stream: ReturnType<typeof dataset.open>): Promise<unknown[]> => {
      const given: unknown[] = [];
      for (;;) {
        try {
          const value = await stream.next();
          if (value === undefined) break;
          given.push(value);
        } catch (error) {
          given.push((error as DataFileError).line);
        }
      }
      await stream.close();
      return given;
    };
    const all = await rest(dataset.open(0));
    expect(all).toEqual([{ x: 1, s: 'ü' }, [2], 6, 'four', 5, 3, 7, 8, JSON.parse('{"__proto__": 9}')]);
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
});
