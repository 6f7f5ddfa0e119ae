// Tests of tar shards: against GNU tar's own archives, stopped at every place, shared among ranks, and damaged at any byte.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tensor } from '../../../tensor/index.ts';
import type { SampleStream, StreamState } from '../../datasets/iterable.ts';
import { DataLoader } from '../../loader/loader.ts';
import { saveNpy } from '../numpy/npy.ts';
import { expandBraces } from './brace-pattern.ts';
import { type ShardSample, writeShards } from './shard-writer.ts';
import { formatTarHeader } from './tar-header.ts';
import type { TarSample } from './tar-sample.ts';
import { TarShards } from './tar-shards.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-tar-'));
});
afterAll(() => rm(folder, { recursive: true }));

const CONTEXT = { seed: 0, epoch: 0 };

async function readAll<R>(stream: SampleStream<R>): Promise<R[]> {
  const samples: R[] = [];
  try {
    for (let sample = await stream.next(); sample !== undefined; sample = await stream.next()) samples.push(sample);
    return samples;
  } finally {
    await stream.close();
  }
}

/** A sample that holds one byte again and again, in a form that is quick to compare. */
function outline({ key, offset, files }: TarSample): unknown[] {
  const { bin } = files;
  const byte = Number(key.split('-')[1]);
  expect(Buffer.from(bin!).equals(Buffer.alloc(bin!.length, byte))).toBe(true);
  return [key, offset, bin!.length];
}

const keysOf = (samples: readonly TarSample[]): string[] => samples.map(({ key }) => key);

/** An archive of files with these contents, as the writer lays it out. */
function archive(files: readonly (readonly [name: string, bytes: Uint8Array])[], end = 1024): Buffer {
  const parts = files.flatMap(([name, bytes]) => [
    formatTarHeader(name, bytes.length),
    bytes,
    new Uint8Array((512 - (bytes.length % 512)) % 512),
  ]);
  return Buffer.concat([...parts, new Uint8Array(end)]);
}

describe('TarShards', () => {
  it.each(['ustar', 'gnu', 'pax', 'v7', 'oldgnu'])(
    'reads what GNU tar writes as %s, long names and folders included',
    async (format) => {
      const source = file(`source-${format}`);
      const deep = format === 'v7' ? 'deep' : join(...Array.from({ length: 12 }, (_, i) => `folder-${i}-äö`));
      await mkdir(join(source, deep), { recursive: true });
      const long = 'n'.repeat(format === 'ustar' ? 60 : format === 'v7' ? 40 : 200);
      await writeFile(join(source, deep, `${long}.one.txt`), 'one');
      await writeFile(join(source, deep, `${long}.Two`), '');
      await writeFile(join(source, 'z.bin'), Buffer.alloc(70_000, 7));
      await writeFile(join(source, 'README'), 'a file without an end is no sample');
      await writeFile(join(source, '.hidden'), 'nor is a hidden one');
      execFileSync('tar', [`--format=${format}`, '--sort=name', '-cf', file(`${format}.tar`), '-C', source, '.'], {
        stdio: 'pipe',
      });
      const samples = await readAll(new TarShards(file(`${format}.tar`)).open(0));
      const found = samples.map(({ key, files }) => [
        key,
        Object.fromEntries(Object.entries(files).map(([end, { length }]) => [end, length])),
      ]);
      expect(found).toEqual([
        [`./${deep}/${long}`, { two: 0, 'one.txt': 3 }],
        ['./z', { bin: 70_000 }],
      ]);
      expect(samples[1]!.files.bin!.every((byte) => byte === 7)).toBe(true);
      const again = new TarShards(file(`${format}.tar`)).open(0, {
        position: 0,
        shard: `${format}.tar`,
        offset: samples[1]!.offset,
        sample: 1,
      });
      expect(keysOf(await readAll(again))).toEqual(['./z']);
    },
  );

  it('goes on from every place as if it had not been stopped, whatever the samples, shards, ranks and orders, compressed or not', async () => {
    const sizes = fc.array(fc.constantFrom(0, 1, 511, 512, 513, 66_000), { minLength: 0, maxLength: 7 });
    const cases = fc.record({
      shards: fc.array(fc.tuple(sizes, fc.boolean()), { minLength: 1, maxLength: 4 }),
      numReplicas: fc.integer({ min: 1, max: 3 }),
      shuffle: fc.boolean(),
      epoch: fc.nat(5),
      pick: fc.nat(),
    });
    const check = fc.asyncProperty(cases, async ({ shards, numReplicas, shuffle, epoch, pick }) => {
      fc.pre(shards.length >= numReplicas);
      const paths: string[] = [];
      const all: string[] = [];
      for (const [i, [lengths, isCompressed]] of shards.entries()) {
        paths.push(file(`any-${i}.tar${isCompressed ? '.gz' : ''}`));
        const files = lengths.map((length, j) => [`s${i}-${j}.bin`, Buffer.alloc(length, j)] as const);
        all.push(...files.map(([name]) => name.slice(0, -4)));
        await writeFile(paths[i]!, isCompressed ? gzipSync(archive(files)) : archive(files));
      }
      const seen: string[] = [];
      for (let rank = 0; rank < numReplicas; rank++) {
        const dataset = new TarShards(paths, { shuffle, seed: 3, numReplicas, rank });
        const stream = dataset.open(epoch);
        const states: StreamState[] = [stream.state()];
        const samples: TarSample[] = [];
        for (let sample = await stream.next(); sample; sample = await stream.next()) {
          samples.push(sample);
          states.push(stream.state());
        }
        await stream.close();
        const stop = pick % states.length;
        const state = JSON.parse(JSON.stringify(states[stop])) as StreamState;
        expect((await readAll(dataset.open(epoch, state))).map(outline)).toEqual(samples.slice(stop).map(outline));
        seen.push(...keysOf(samples));
      }
      expect(seen.sort()).toEqual(all.sort());
    });
    await fc.assert(check, { numRuns: 25 });
  });

  it('plays the shards in another order in each epoch, the same for a seed', async () => {
    const paths = Array.from({ length: 8 }, (_, i) => file(`order-${i}.tar`));
    for (const [i, path] of paths.entries()) await writeFile(path, archive([[`${i}.txt`, Buffer.from('x')]]));
    const play = async (seed: number, epoch: number): Promise<string> =>
      keysOf(await readAll(new TarShards(file('order-{0..7}.tar'), { shuffle: true, seed }).open(epoch))).join('');
    const orders = [await play(0, 0), await play(0, 1), await play(1, 0)];
    expect(new Set(orders).size).toBe(3);
    expect([await play(0, 0), await play(0, 1)]).toEqual(orders.slice(0, 2));
    expect([...orders[0]!].sort().join('')).toBe('01234567');
  });

  it('gives samples or a named error for a shard cut at any byte, whole samples alone, and goes on with the next shard', async () => {
    const whole = archive([
      ['a.jpg', Buffer.alloc(600, 1)],
      ['a.cls', Buffer.from('1')],
      ['b.jpg', Buffer.alloc(100, 2)],
      ['b.cls', Buffer.from('2')],
    ]);
    await writeFile(file('next.tar'), archive([['c.cls', Buffer.from('3')]]));
    const ends = [0, 1, 511, 512, 513, 1024, 1536, 1537, 2047, 2048, 2559, 2560, 3583, 3584, 4095];
    for (const end of ends) {
      await writeFile(file('cut.tar'), whole.subarray(0, end));
      const stream = new TarShards([file('cut.tar'), file('next.tar')]).open(0);
      const given: string[] = [];
      const errors: string[] = [];
      for (;;) {
        try {
          const sample = await stream.next();
          if (sample === undefined) break;
          expect(Object.keys(sample.files)).toContain('cls');
          given.push(sample.key);
        } catch (error) {
          errors.push((error as Error).message);
        }
      }
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(
        /^Cannot read ".*cut\.tar" at byte \d+: expected .*, got \d+ bytes: the archive is cut short$/,
      );
      expect(given).toEqual(end >= 3072 ? ['a', 'c'] : ['c']);
    }
    await writeFile(file('cut.tar'), whole.subarray(0, 1100));
    await expect(readAll(new TarShards(file('cut.tar')).open(0))).rejects.toThrow(
      `Cannot read "${file('cut.tar')}" at byte 0: expected 600 bytes of "a.jpg", got 588 bytes: the archive is cut short`,
    );
  });

  it('ends with an error or the samples for a shard with any byte of a header changed', async () => {
    const whole = archive([
      ['a.x', Buffer.alloc(3, 1)],
      [`${'b'.repeat(120)}.x`, Buffer.alloc(5, 2)],
    ]);
    // Every byte that is not zero, and some that are.
    const places = [...whole.keys()].filter((at) => whole[at] !== 0 || at % 19 === 0);
    let numErrors = 0;
    for (const at of places) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x15;
      await writeFile(file('changed.tar'), changed);
      const result = await readAll(new TarShards(file('changed.tar')).open(0)).catch((error: Error) => error);
      if (!(result instanceof Error)) continue;
      numErrors++;
      expect(result.message).toMatch(/^Cannot read ".*changed\.tar" at byte \d+: expected .*, got /s);
    }
    expect(numErrors).toBeGreaterThan(places.length / 2); // every byte of the headers counts for the checksum
  });

  it('refuses what is no file of its own, what comes twice, and what follows the end', async () => {
    await mkdir(file('links'));
    await writeFile(file('links/a.txt'), 'a');
    execFileSync('ln', ['a.txt', 'b.txt'], { cwd: file('links') });
    execFileSync('ln', ['-s', 'a.txt', 'c.txt'], { cwd: file('links') });
    execFileSync('truncate', ['-s', '1M', 'd.txt'], { cwd: file('links') });
    const read = async (...args: string[]): Promise<TarSample[]> => {
      execFileSync('tar', ['-cf', file('links.tar'), '-C', file('links'), ...args]);
      return readAll(new TarShards(file('links.tar')).open(0));
    };
    await expect(read('a.txt', 'b.txt')).rejects.toThrow(
      /expected a file as "b.txt", got a hard link; write the archive with --hard-dereference/,
    );
    await expect(read('c.txt')).rejects.toThrow(/expected a file as "c.txt", got a symbolic link/);
    await expect(read('--format=gnu', '--sparse', 'd.txt')).rejects.toThrow(
      /got a sparse file; write the archive without --sparse/,
    );
    await expect(read('--format=pax', '--sparse', 'd.txt')).rejects.toThrow(/got a sparse file/);
    const one = archive([['a.txt', Buffer.from('1')]]);
    await writeFile(
      file('twice.tar'),
      archive([
        ['a.txt', Buffer.from('1')],
        ['a.TXT', Buffer.from('2')],
      ]),
    );
    await expect(readAll(new TarShards(file('twice.tar')).open(0))).rejects.toThrow(
      'at byte 1024: expected the files of sample "a" once each, got "a.TXT" again',
    );
    await writeFile(file('joined.tar'), Buffer.concat([one, one]));
    await expect(readAll(new TarShards(file('joined.tar')).open(0))).rejects.toThrow(
      'at byte 2048: expected nothing behind the end of the archive, got more',
    );
    await expect(readAll(new TarShards(file('none.tar')).open(0))).rejects.toThrow(
      `Cannot read "${file('none.tar')}": expected a file, got ENOENT`,
    );
    await writeFile(file('text.tar'), 'x'.repeat(600));
    await expect(readAll(new TarShards(file('text.tar')).open(0))).rejects.toThrow(
      'at byte 0: expected a header with checksum',
    );
    await writeFile(file('cut.tar.gz'), gzipSync(one).subarray(0, 60));
    await expect(readAll(new TarShards(file('cut.tar.gz')).open(0))).rejects.toThrow(
      'expected a whole gzip file, got unexpected end of file',
    );
  });

  it('decodes by the end of names, the defaults or what the user gives', async () => {
    const png = await sharp({ create: { width: 3, height: 2, channels: 3, background: { r: 1, g: 2, b: 3 } } })
      .png()
      .toBuffer();
    const samples = [
      { __key__: 'dir/a', png, cls: 7, json: { x: [1] }, txt: 'é', 'seg.raw': Uint8Array.of(5), nil: null },
    ];
    await writeShards(file('decode-%02d.tar'), samples);
    const decode = async (dataset: TarShards): Promise<Record<string, unknown>> =>
      dataset.decode((await readAll(dataset.open(0)))[0]!, CONTEXT);
    const { png: picture, ...rest } = await decode(new TarShards(file('decode-00.tar')));
    expect(rest).toEqual({
      __key__: 'dir/a',
      cls: 7n,
      json: { x: [1] },
      txt: 'é',
      'seg.raw': Uint8Array.of(5),
      nil: Uint8Array.from(Buffer.from('null')),
    });
    const { shape, dtype } = picture as Tensor;
    expect([shape, dtype]).toEqual([[3, 2, 3], 'uint8']);
    expect((picture as Tensor).select(0, 2).unique()[0].toArray()).toEqual([3]);
    const decoders = { raw: (bytes: Uint8Array) => bytes[0]! * 2, cls: (bytes: Uint8Array) => `class ${bytes.length}` };
    const mine = await decode(new TarShards(file('decode-00.tar'), { decoders }));
    expect([mine['seg.raw'], mine.cls, mine.txt]).toEqual([10, 'class 1', 'é']);
    const plain = await decode(new TarShards(file('decode-00.tar'), { decoders: 'bytes' }));
    expect(plain.cls).toEqual(Uint8Array.of(55));
    await saveNpy(tensor([[1, 2]]), file('a.npy'));
    const npy = await readFile(file('a.npy'));
    await writeShards(file('npy-%02d.tar'), [{ __key__: 'n', npy, 'cut.npy': npy.subarray(0, -1) }]);
    await expect(decode(new TarShards(file('npy-00.tar')))).rejects.toThrow('Cannot decode "n.cut.npy"');
    const whole = await decode(new TarShards(file('npy-00.tar'), { decoders: { 'cut.npy': (bytes) => bytes.length } }));
    expect((whole.npy as Tensor).toArray()).toEqual([[1, 2]]);
    await writeShards(file('wrong-%02d.tar'), [{ __key__: 'w', cls: 'one' }]);
    await expect(decode(new TarShards(file('wrong-00.tar')))).rejects.toThrow(
      `Cannot decode "w.cls" in "${file('wrong-00.tar')}" at byte 0: expected an integer, got "one"`,
    );
  });

  it('plays through a DataLoader that skips and counts a damaged shard, and resumes in mid-epoch', async () => {
    const samples = Array.from({ length: 12 }, (_, i): ShardSample => ({ __key__: `k${i}`, cls: i, txt: `t${i}` }));
    await writeShards(file('play-%01d.tar'), samples, { maxSamples: 3 });
    const damaged = await readFile(file('play-1.tar'));
    await writeFile(file('play-1.tar'), damaged.subarray(0, damaged.length - 1024 - 512));
    const make = () =>
      new DataLoader({
        dataset: new TarShards<{ cls: bigint; txt: string }>(file('play-{0..3}.tar')),
        batchSize: 2,
        onSampleError: 'skip',
      });
    const expected = [[0, 1], [2, 3], [4, 6], [7, 8], [9, 10], [11]];
    const loader = make();
    const classes: unknown[] = [];
    const states = [loader.state()];
    for await (const { cls } of loader) {
      classes.push(cls.toArray());
      states.push(loader.state());
    }
    expect(classes).toEqual(expected);
    expect(loader.numSkipped).toBe(1); // where shard 1 ends: its last sample is not given, for it may have lost a file
    for (const [stop, state] of states.slice(0, -1).entries()) {
      const resumed = make();
      resumed.loadState(state);
      const rest: unknown[] = [];
      for await (const { cls } of resumed) rest.push(cls.toArray());
      expect(rest).toEqual(expected.slice(stop));
    }
  });

  it('can be closed at any moment, twice, and while it reads', async () => {
    await writeFile(
      file('close.tar'),
      archive([
        ['a.bin', Buffer.alloc(3_000_000)],
        ['b.bin', Buffer.alloc(10)],
      ]),
    );
    for (const turns of [0, 1, 2, 5, 20]) {
      const stream = new TarShards(file('close.tar')).open(0);
      const reading = stream.next().catch((error: Error) => error);
      for (let i = 0; i < turns; i++) await new Promise(setImmediate);
      await stream.close();
      await stream.close();
      await reading; // it ends, whatever it gives
    }
  });

  it('knows its length from an index, and names a shard that is not as the index says', async () => {
    const samples = Array.from({ length: 7 }, (_, i): ShardSample => ({ __key__: `k${i}`, cls: i }));
    const written = await writeShards(file('indexed-%03d.tar'), samples, {
      maxSamples: 3,
      index: file('indexed.json'),
    });
    expect(written.map(({ numSamples }) => numSamples)).toEqual([3, 3, 1]);
    const lengths = async (options: object) => (await TarShards.fromIndex(file('indexed.json'), options)).length;
    expect(await lengths({})).toBe(7);
    expect(await lengths({ shuffle: true })).toBe(7);
    expect([await lengths({ numReplicas: 2, rank: 0 }), await lengths({ numReplicas: 2, rank: 1 })]).toEqual([4, 3]);
    expect(await lengths({ numReplicas: 2, rank: 0, shuffle: true })).toBeUndefined();
    expect(keysOf(await readAll((await TarShards.fromIndex(file('indexed.json'))).open(0)))).toHaveLength(7);
    await writeShards(file('indexed-%03d.tar'), samples.slice(0, 2));
    const shorter = (await TarShards.fromIndex(file('indexed.json'))).open(0);
    await expect(readAll(shorter)).rejects.toThrow(
      `Cannot read "${file('indexed-000.tar')}": expected 3 samples as the index says, got 2`,
    );
    await writeFile(file('no.json'), '{"shardlist":[]}');
    await expect(TarShards.fromIndex(file('no.json'))).rejects.toThrow(
      `Cannot read "${file('no.json')}": expected an index of shards`,
    );
    await expect(TarShards.fromIndex(file('missing.json'))).rejects.toThrow('ENOENT');
  });

  it('refuses options and states that do not fit', () => {
    const make = (options: object) => () => new TarShards(['a.tar', 'b.tar'], options);
    expect(make({ numReplicas: 2, rank: 2, seed: -1, shufle: true })).toThrow(
      /shufle:[\s\S]*rank: expected an integer from 0 to 1, got 2[\s\S]*seed:/,
    );
    expect(make({ numReplicas: 3 })).toThrow('shards: expected at least one a process (3), got 2');
    expect(make({ numSamples: [1] })).toThrow('numSamples: expected one a shard, 2, got 1');
    expect(make({ decoders: { jpg: 3 } })).toThrow('decoders');
    const shards = new TarShards(['a.tar', 'b.tar']);
    expect(() => shards.open(0, { position: 1, shard: 'a.tar', offset: 0, sample: 0 })).toThrow(
      'Cannot resume TarShards of 2 shards: expected shard 1 of the epoch to be "a.tar", got "b.tar"',
    );
    expect(() => shards.open(0, 3)).toThrow('expected the state of a stream, got 3');
  });
});

describe('writeShards()', () => {
  it('writes archives that GNU tar reads, names of more than 100 bytes included, the same bytes each time', async () => {
    const samples = [
      { __key__: `${'ü'.repeat(80)}`, txt: 'long' },
      { __key__: 'b', json: [1, 'x'], id: 5n },
    ];
    const [shard] = await writeShards(file('gnu-%02d.tar'), samples);
    const listing = execFileSync('tar', ['-tf', shard!.path, '--quoting-style=literal'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(listing.trim().split('\n')).toEqual([`${'ü'.repeat(80)}.txt`, 'b.json', 'b.id']);
    expect(execFileSync('tar', ['-xOf', shard!.path, 'b.json'], { encoding: 'utf8' })).toBe('[1,"x"]');
    const [again] = await writeShards(file('again-%02d.tar'), samples);
    expect(Buffer.compare(await readFile(shard!.path), await readFile(again!.path))).toBe(0);
  });

  it('begins a shard where one is full, by samples or bytes', async () => {
    const samples = Array.from({ length: 6 }, (_, i) => ({
      __key__: `k${i}`,
      bin: Buffer.alloc(i === 3 ? 5000 : 500),
    }));
    const counts = async (options: object) =>
      (await writeShards(file('full-%02d.tar'), samples, options)).map((shard) => shard.numSamples);
    expect(await counts({ maxSamples: 4 })).toEqual([4, 2]);
    expect(await counts({ maxBytes: 2048 })).toEqual([2, 1, 1, 2]);
    expect(await writeShards(file('empty-%02d.tar'), [])).toEqual([]);
  });

  it('names the sample that could not be read back, and leaves no part of a shard', async () => {
    const before = await readdir(folder);
    const write = (...samples: object[]) => writeShards(file('never-%02d.tar'), samples as ShardSample[]);
    await expect(write({ __key__: 'a.b', x: 1 })).rejects.toThrow(
      'Cannot write sample "a.b": expected a key as its member __key__, without a point',
    );
    await expect(write({ __key__: 'a', x: 1 }, { __key__: 'a', y: 1 })).rejects.toThrow(
      'expected another key than the sample before',
    );
    await expect(write({ __key__: 'a', Jpg: 'x' })).rejects.toThrow(
      'expected members in lower case without a slash, got "Jpg"',
    );
    await expect(write({ __key__: 'a' })).rejects.toThrow('expected a member beside __key__, got none');
    await expect(write({ __key__: 'a', x: () => 1 })).rejects.toThrow('got function');
    await expect(writeShards(file('never.tar'), [])).rejects.toThrow('pattern: expected one place for a number');
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('expandBraces()', () => {
  it('expands ranges and lists as a shell does', () => {
    expect(expandBraces('a.tar')).toEqual(['a.tar']);
    expect(expandBraces('x-{8..11}')).toEqual(['x-8', 'x-9', 'x-10', 'x-11']);
    expect(expandBraces('x-{008..010}')).toEqual(['x-008', 'x-009', 'x-010']);
    expect(expandBraces('x-{2..0}')).toEqual(['x-2', 'x-1', 'x-0']);
    expect(expandBraces('{a,,b}{0..1}')).toEqual(['a0', 'a1', '0', '1', 'b0', 'b1']);
    for (const pattern of ['{a', 'a}', '{a}', '{a,{b,c}}', '}{0..1}', '{0..99999999}']) {
      expect(() => expandBraces(pattern)).toThrow(SyntaxError);
    }
  });
});
