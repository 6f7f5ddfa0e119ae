// Tests of token datasets: windows against the plain definition, files, encoders, and documents cut at any place.
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arange, liveTensors, type Tensor, tensor } from '../../../tensor/index.ts';
import { settledTensors } from '../../../tensor/testing/settled-tensors.ts';
import { DataLoader } from '../../loader/loader.ts';
import { encodeToFile } from './encode-to-file.ts';
import { TokenDataset } from './token-dataset.ts';
import { ByteEncoder, CharacterEncoder, type TokenEncoder } from './token-encoders.ts';
import { TokenFile } from './token-file.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-tokens-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lists = ({ input, target }: { input: Tensor; target: Tensor }): unknown[] => [input.toArray(), target.toArray()];

describe('TokenDataset', () => {
  it('has the windows of its definition, whatever the length, block and stride, in memory and in a file', async () => {
    const cases = fc.record({
      tokens: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 2, maxLength: 60 }),
      blockSize: fc.integer({ min: 1, max: 8 }),
      stride: fc.integer({ min: 1, max: 12 }),
    });
    const check = fc.asyncProperty(cases, async ({ tokens, blockSize, stride }) => {
      fc.pre(tokens.length > blockSize);
      const windows: [number[], number[]][] = [];
      for (let at = 0; at + blockSize + 1 <= tokens.length; at += stride) {
        windows.push([tokens.slice(at, at + blockSize), tokens.slice(at + 1, at + blockSize + 1)]);
      }
      await writeFile(file('any.bin'), Uint16Array.from(tokens));
      const inFile = await TokenDataset.open(file('any.bin'), { blockSize, stride, dtype: 'uint16' });
      for (const dataset of [new TokenDataset(Uint32Array.from(tokens), { blockSize, stride }), inFile]) {
        expect(dataset.length).toBe(windows.length);
        const indices = Int32Array.from(windows.keys()).reverse();
        const batch = await dataset.getBatch(indices);
        expect(lists(batch)).toEqual([windows.map(([input]) => input).reverse(), windows.map((w) => w[1]).reverse()]);
        expect(lists(await dataset.get(windows.length - 1))).toEqual(windows.at(-1));
      }
      await inFile.close();
    });
    await fc.assert(check, { numRuns: 60 });
  });

  it('gives contiguous int64, of typed arrays and tensors alike, negative marks included', async () => {
    for (const tokens of [
      Int32Array.of(1, -100, 3),
      tensor([1n, -100n, 3n]),
      tensor([1, -100, 3], { dtype: 'int16' }),
    ]) {
      const { input, target } = await new TokenDataset(tokens, { blockSize: 2 }).get(0);
      expect([input.dtype, target.dtype, target.view([-1]).shape]).toEqual(['int64', 'int64', [2]]);
      expect([input.toArray(), target.toArray()]).toEqual([
        [1, -100],
        [-100, 3],
      ]);
    }
    const shared = new Uint16Array(new SharedArrayBuffer(4));
    shared.set([65_535, 1]);
    for (const tokens of [Uint32Array.of(0, 2 ** 32 - 1), tensor([0n, 2n ** 40n]), shared]) {
      const { target } = await new TokenDataset(tokens, { blockSize: 1 }).get(0);
      expect(target.toArray()).toEqual([
        Number(tokens instanceof Uint32Array ? tokens[1] : tokens === shared ? 1 : 2 ** 40),
      ]);
    }
    shared[0] = 7; // the memory is the dataset's own
    expect((await new TokenDataset(shared, { blockSize: 1 }).get(0)).input.toArray()).toEqual([7]);
  });

  it('leaves nothing behind but the two tensors of a batch, which share no memory', async () => {
    await writeFile(
      file('leaves.bin'),
      Uint16Array.from({ length: 50 }, (_, i) => i),
    );
    const options = { blockSize: 4, dtype: 'uint16' as const };
    const datasets = [
      await TokenDataset.open(file('leaves.bin'), options),
      await TokenDataset.open(file('leaves.bin'), { ...options, isInMemory: true }),
      new TokenDataset(arange(0, 50, { dtype: 'int64' }), { blockSize: 4 }),
    ];
    for (const dataset of datasets) {
      for (const give of [() => dataset.get(1), () => dataset.getBatch(Int32Array.of(1))]) {
        const before = settledTensors();
        const { input, target } = await give();
        expect(liveTensors() - before).toBe(2);
        input.zero_();
        expect(target.flatten().toArray()).toEqual([5, 6, 7, 8]);
        input.dispose();
        target.dispose();
        const again = await dataset.get(1);
        expect(again.input.toArray()).toEqual([4, 5, 6, 7]);
        again.input.dispose();
        again.target.dispose();
      }
      await dataset.close();
    }
  });

  it('plays through a DataLoader, every token a target once', async () => {
    const dataset = new TokenDataset(arange(0, 101, { dtype: 'int64' }), { blockSize: 10 });
    const seen: number[] = [];
    for await (const { target } of new DataLoader({ dataset, batchSize: 3, shuffle: true })) {
      seen.push(...(target.view([-1]).toArray() as number[])); // contiguous, as a view of other shape asks
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('costs nothing per window', () => {
    const tokens = new Uint8Array(2_000_001);
    const before = process.memoryUsage().arrayBuffers;
    const dataset = new TokenDataset(tokens, { blockSize: 1000, stride: 1 });
    expect(dataset.length).toBe(1_999_001);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000);
  });

  it('refuses what makes no windows', async () => {
    const make = (tokens: Uint8Array | Tensor, options: object) => () =>
      new TokenDataset(tokens, options as { blockSize: number });
    expect(make(new Uint8Array(4), { blockSize: 4 })).toThrow(
      "Cannot make TokenDataset: expected more tokens than a window's 4, got 4; give a smaller blockSize or more text",
    );
    expect(make(new Uint8Array(4), { blockSize: 0, stride: 1.5, block: 1 })).toThrow(
      /block:[\s\S]*blockSize:[\s\S]*stride:/,
    );
    expect(make(tensor([[1n]]), { blockSize: 1 })).toThrow('expected tokens of one dimension, got [1, 1]');
    expect(make(tensor([1, 2]), { blockSize: 1 })).toThrow('expected tokens that are integers, got float32');
    for (const tokens of [[1, 2], new Float32Array(2), new BigInt64Array(2)])
      expect(make(tokens as never, { blockSize: 1 })).toThrow(
        `Int32Array, got ${tokens.constructor.name}; Int32Array.from`,
      );
    await expect(TokenDataset.open(file('x'), { blockSize: 1, dtype: 'int64' as 'uint8' })).rejects.toThrow('dtype');
  });
});

describe('TokenFile', () => {
  it('names a file that is missing, cut short, of an unknown dtype or not as its JSON says', async () => {
    await expect(TokenFile.open(file('none.bin'), 'uint16')).rejects.toThrow(
      `Cannot read tokens "${file('none.bin')}": expected a file, got ENOENT`,
    );
    await writeFile(file('odd.bin'), Uint8Array.of(1, 2, 3));
    await expect(TokenFile.open(file('odd.bin'), 'uint16')).rejects.toThrow(
      'expected whole tokens of 2 bytes, got 3 bytes',
    );
    await expect(TokenFile.open(file('odd.bin'), undefined)).rejects.toThrow('say the dtype of its tokens');
    await writeFile(file('text.txt'), 'hello');
    await encodeToFile(file('text.txt'), file('text.bin'), { encoder: new ByteEncoder() });
    await expect(TokenFile.open(file('text.bin'), 'uint8')).rejects.toThrow(
      'expected dtype uint16 as its JSON says, got uint8',
    );
    await truncate(file('text.bin'), 8);
    await expect(TokenFile.open(file('text.bin'), undefined)).rejects.toThrow(
      'expected 5 tokens of 2 bytes as its JSON says, got 8 bytes',
    );
    await writeFile(file('text.bin.json'), '{"format":"other"}');
    await expect(TokenFile.open(file('text.bin'), undefined)).rejects.toThrow(
      'expected what encodeToFile wrote, got format other',
    );
  });

  it('says so where the file shrinks while it is in use', async () => {
    await writeFile(file('shrinks.bin'), new Uint8Array(100));
    const dataset = await TokenDataset.open(file('shrinks.bin'), { blockSize: 9, dtype: 'uint8' });
    await truncate(file('shrinks.bin'), 15);
    expect((await dataset.getBatch(Int32Array.of(0))).input.shape).toEqual([1, 9]);
    await expect(dataset.getBatch(Int32Array.of(0, 1))).rejects.toThrow(
      'expected 100 tokens, got 15: the file shrank while it was in use',
    );
    await dataset.close();
  });
});

describe('encodeToFile()', () => {
  it('puts the end token behind each document, whatever a document is, gzip included', async () => {
    await writeFile(file('a.txt'), '\ufeffab\r\n\nc\r');
    await writeFile(file('b.txt.gz'), gzipSync('d|e||'));
    const encoder = new ByteEncoder();
    const encode = async (documents: object | string): Promise<string[]> => {
      const options = { encoder, endToken: encoder.endToken, documents: documents as 'line' };
      const info = await encodeToFile([file('a.txt'), file('b.txt.gz')], file('out.bin'), options);
      expect([info.dtype, info.vocabSize]).toEqual(['uint16', 257]);
      const open = await TokenFile.open(file('out.bin'), undefined);
      const tokens = [...(await open.read([0], open.numTokens))];
      await open.close();
      expect(info.numDocuments).toBe(tokens.filter((token) => token === 256).length);
      return tokens.map((token) => (token === 256 ? '<end>' : String.fromCharCode(token)));
    };
    expect((await encode('line')).join('')).toBe('ab<end>c<end>d|e||<end>');
    expect((await encode('file')).join('')).toBe('ab\r\n\nc\r<end>d|e||<end>');
    expect((await encode({ separator: '|' })).join('')).toBe('ab\r\n\nc\r<end>d<end>e<end>');
  });

  it('cuts documents at the same places in pieces as in one, around characters and separators of several bytes', async () => {
    // Around the sizes of the first reads: 64 KiB, then 256 KiB more.
    const around = fc.integer({ min: -6, max: 6 });
    const alphabet = ['a', 'é', '€', '𝄞', '\n', '\r\n', '<|end|>', '<|', '|>'];
    const texts = fc.tuple(
      around,
      fc.constantFrom(0, 1 << 18),
      fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }),
    );
    const splits = fc.constantFrom('file', 'line', { separator: '<|end|>' }, { separator: '\n\n' });
    const whole: TokenEncoder = { vocabSize: 257, encode: (text) => new ByteEncoder().encode(text) }; // isSplittable is not set
    const check = fc.asyncProperty(texts, splits, async ([shift, second, end], split) => {
      await writeFile(file('long.txt'), 'x'.repeat((1 << 16) + second + shift) + end.join('') + 'y'.repeat(9));
      const encode = async (encoder: TokenEncoder, to: string): Promise<Uint8Array> => {
        await encodeToFile(file('long.txt'), file(to), { encoder, endToken: 256, documents: split as 'line' });
        return readFile(file(to));
      };
      expect(Buffer.compare(await encode(whole, 'whole.bin'), await encode(new ByteEncoder(), 'pieces.bin'))).toBe(0);
    });
    await fc.assert(check, { numRuns: 40 });
  });

  it('leaves nothing of what fails, and names the file and what is wrong in it', async () => {
    await writeFile(file('bad.txt'), Buffer.from([97, 98, 0xef, 0xbf, 0xbd, 0xff, 99]));
    const encoder = CharacterEncoder.fromText('abc');
    const before = await readdir(folder);
    const encode = (from: string) => encodeToFile(file(from), file('never.bin'), { encoder });
    await expect(encode('bad.txt')).rejects.toThrow(
      `Cannot read "${file('bad.txt')}": expected UTF-8, got byte 0xff at byte 5 of what follows byte 0`,
    );
    await writeFile(file('bad.txt'), Buffer.from('ab€').subarray(0, 4));
    await expect(encode('bad.txt')).rejects.toThrow('got byte 0xe2 at byte 0 of what follows byte 2');
    await writeFile(file('bad.txt'), 'abd');
    await expect(encode('bad.txt')).rejects.toThrow(
      `Cannot encode "${file('bad.txt')}": Cannot encode: expected one of the 3 characters of the vocabulary, got "d" at position 2 in document 0`,
    );
    await expect(encode('missing.txt')).rejects.toThrow(
      `Cannot read "${file('missing.txt')}": expected a file, got ENOENT`,
    );
    await expect(
      encodeToFile(file('text.txt'), file('never.bin'), { encoder: { vocabSize: 4, encode: () => [1, 4] } }),
    ).rejects.toThrow('expected tokens from 0 to 3, got 4 in document 0');
    expect(await readdir(folder)).toEqual(before);
  });

  it('refuses options that do not go together', async () => {
    const encode = (options: object) =>
      encodeToFile(file('text.txt'), file('never.bin'), { encoder: new ByteEncoder(), ...options });
    await expect(encode({ dtype: 'uint8' })).rejects.toThrow(
      'dtype: expected uint8, uint16 or uint32 that holds 257 tokens, got uint8',
    );
    await expect(encode({ endToken: 258 })).rejects.toThrow('endToken: expected an integer from 0 to 257, got 258');
    await expect(encode({ documents: { separator: '' } })).rejects.toThrow('documents');
    await expect(encode({ encoder: {} })).rejects.toThrow('encoder');
    await expect(encode({ endtoken: 1 })).rejects.toThrow('endtoken');
  });
});

describe('CharacterEncoder', () => {
  it('gives back any text of its characters, and is found again by its file', async () => {
    const check = fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
      const encoder = CharacterEncoder.fromText(text);
      await encoder.save(file('characters.json'));
      const loaded = await CharacterEncoder.load(file('characters.json'));
      expect(loaded.decode(loaded.encode(text))).toBe(text);
      expect(encoder.encode(text)).toEqual(loaded.encode(text));
    });
    await fc.assert(check, { numRuns: 30 });
  });

  it('refuses what are no characters', async () => {
    expect(() => new CharacterEncoder(['a', 'bc', 'a'])).toThrow(/got "a" as 0 and 2[\s\S]*got "bc"/);
    expect(() => CharacterEncoder.fromText('ab').decode([2])).toThrow(
      'Cannot decode: expected tokens from 0 to 1, got 2',
    );
    await writeFile(file('no.json'), '[1]');
    await expect(CharacterEncoder.load(file('no.json'))).rejects.toThrow(
      `Cannot load characters from "${file('no.json')}"`,
    );
  });
});
