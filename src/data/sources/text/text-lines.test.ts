// Tests of text lines by number and in sequence: against the plain split, at every place of a file, and on what is no text.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleStream } from '../../datasets/iterable.ts';
import { TextLineDataset } from './text-line-dataset.ts';
import { TextLines } from './text-lines.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The lines of a text, as editors count them. */
function linesOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}

async function readAll<R>(stream: SampleStream<R>): Promise<R[]> {
  const samples: R[] = [];
  try {
    for (let sample = await stream.next(); sample !== undefined; sample = await stream.next()) samples.push(sample);
    return samples;
  } finally {
    await stream.close();
  }
}

/** Texts of short and long lines: long ones reach over the first reads, of 64 KiB and 256 KiB. */
const piece = fc.constantFrom('a', 'é', '€', '𝄞', '\n', '\r\n', '\r', '\n\n', ' ');
const filler = fc.constantFrom('', 'x'.repeat(65_530), 'y'.repeat(65_536 + 262_140));
const text = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(piece, { maxLength: 8 }), filler, fc.array(piece, { maxLength: 12 }))
  .map(([mark, before, long, after]) => mark + before.join('') + long + after.join(''));

describe('TextLineDataset', () => {
  it('has the lines of its files, whatever they are', async () => {
    const check = fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (texts, skipsEmpty) => {
        const paths = texts.map((_, i) => file(`part-${i}.txt`));
        for (const [i, path] of paths.entries()) await writeFile(path, texts[i]!);
        const expected = texts.flatMap(linesOf).filter((line) => !skipsEmpty || line !== '');
        const dataset = await TextLineDataset.open(paths, { skipsEmpty });
        expect(dataset.length).toBe(expected.length);
        expect(await Promise.all(expected.map((_, i) => dataset.get(i)))).toEqual(expected);
        await dataset.close();
      },
    );
    await fc.assert(check, { numRuns: 60 });
  });

  it('costs 4 bytes a line', async () => {
    await writeFile(file('many.txt'), '\n'.repeat(1 << 20));
    const before = process.memoryUsage().arrayBuffers;
    const dataset = await TextLineDataset.open(file('many.txt'));
    expect(dataset.length).toBe(1 << 20);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 25); // what the search needed may not be collected yet
    await dataset.close();
  });

  it('names the file that is missing, compressed, no text, or shorter than it was', async () => {
    await expect(TextLineDataset.open(file('none.txt'))).rejects.toThrow(
      `Cannot read "${file('none.txt')}": expected a file, got ENOENT`,
    );
    await expect(TextLineDataset.open([])).rejects.toThrow('expected the path of a file, got none');
    await expect(TextLineDataset.open(file('a.txt.gz'))).rejects.toThrow('read it in sequence with TextLines');
    await expect(TextLineDataset.open(file('many.txt'), { skipEmpty: true } as object)).rejects.toThrow('skipEmpty');
    await writeFile(file('bad.txt'), Buffer.from([97, 10, 98, 0xff, 10, 99, 10]));
    const dataset = await TextLineDataset.open(file('bad.txt'));
    expect(await dataset.get(2)).toBe('c');
    await expect(dataset.get(1)).rejects.toThrow(
      `Cannot read "${file('bad.txt')}": expected UTF-8, got byte 0xff at byte 1 of the line that begins at byte 2`,
    );
    await truncate(file('bad.txt'), 5);
    await expect(dataset.get(2)).rejects.toThrow("expected a line at byte 5, got the file's end: it shrank meanwhile");
    await dataset.close();
  });
});

describe('TextLines', () => {
  it('gives the lines of its files and goes on from every place as if it had not been stopped, compressed or not', async () => {
    const files = fc.array(fc.tuple(text, fc.boolean()), { minLength: 1, maxLength: 3 });
    const check = fc.asyncProperty(files, fc.nat(), async (parts, pick) => {
      const paths: string[] = [];
      for (const [i, [content, isCompressed]] of parts.entries()) {
        paths.push(file(`stream-${i}.txt${isCompressed ? '.gz' : ''}`));
        await writeFile(paths[i]!, isCompressed ? gzipSync(content) : content);
      }
      const expected = parts.flatMap(([content]) => linesOf(content));
      const dataset = new TextLines(paths);
      const stream = dataset.open(0);
      const states = [stream.state()];
      for (const line of expected) {
        expect(await stream.next()).toBe(line);
        states.push(stream.state());
      }
      expect([await stream.next(), await stream.next()]).toEqual([undefined, undefined]);
      states.push(stream.state());
      await stream.close();
      const stop = pick % states.length;
      expect(await readAll(dataset.open(0, JSON.parse(JSON.stringify(states[stop]))))).toEqual(expected.slice(stop));
    });
    await fc.assert(check, { numRuns: 60 });
  });

  it('names the line that is no UTF-8, and goes on behind it', async () => {
    await writeFile(file('mixed.txt'), Buffer.from([97, 10, 0xc3, 40, 10, 98]));
    const stream = new TextLines(file('mixed.txt')).open(0);
    expect(await stream.next()).toBe('a');
    await expect((async () => stream.next())()).rejects.toThrow(
      `Cannot read "${file('mixed.txt')}": expected UTF-8, got byte 0xc3 at byte 0 of line 2`,
    );
    expect(await readAll(stream)).toEqual(['b']);
  });

  it('ends in a named error where a file is missing, a compressed one is cut short, or a line has no end', async () => {
    await expect(readAll(new TextLines([file('none.txt')]).open(0))).rejects.toThrow(
      `Cannot read "${file('none.txt')}": expected a file`,
    );
    const whole = gzipSync('a\n'.repeat(100_000));
    await writeFile(file('cut.txt.gz'), whole.subarray(0, whole.length - 20));
    await expect(readAll(new TextLines([file('cut.txt.gz')]).open(0))).rejects.toThrow(
      `Cannot read "${file('cut.txt.gz')}": expected a whole gzip file, got unexpected end of file`,
    );
    await writeFile(file('plain.txt.gz'), 'no gzip');
    await expect(readAll(new TextLines([file('plain.txt.gz')]).open(0))).rejects.toThrow('expected a whole gzip file');
    await expect(readAll(new TextLines([file('none.txt.gz')]).open(0))).rejects.toThrow('ENOENT');
    await writeFile(file('zeros.txt'), new Uint8Array(2 ** 26 + 2 ** 21));
    await expect(readAll(new TextLines([file('zeros.txt')]).open(0))).rejects.toThrow(
      'expected lines of at most 67108864 bytes, got more in line 1',
    );
  });

  it('refuses states of other files and states that are none', () => {
    const lines = new TextLines([file('a.txt')]);
    expect(() => lines.open(0, { file: 0, path: 'b.txt', offset: 0, line: 0 })).toThrow(
      /Cannot resume TextLines of .*: expected file 0 to be "b.txt", got "a.txt"; open what was open/,
    );
    expect(() => lines.open(0, { file: -1, path: 'a.txt', offset: 0, line: 0 })).toThrow(
      'an integer from 0 on as file in the state, got -1',
    );
    expect(() => lines.open(0, [3])).toThrow('expected the state of a stream, got [3]');
    expect(() => new TextLines([])).toThrow('got none');
  });
});
