// Writes tar archives and shards of samples.
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import { formatShardIndex, type ShardCount } from './shard-index.ts';
import { BLOCK_BYTES, formatTarHeader, paddedBytes } from './tar-header.ts';

/** A sample to be written: its key, and a file a member. Text is written as it is, numbers and bigints in digits, other values as JSON. */
export type ShardSample = { readonly __key__: string } & Readonly<Record<string, unknown>>;

/** Options of {@link writeShards}. */
export interface WriteShardsOptions {
  /** Samples in a shard at most. Default 10,000. */
  readonly maxSamples?: number;
  /** Bytes of a shard at most, but for a sample that is larger alone. Default 2^30. */
  readonly maxBytes?: number;
  /** Where to write an index for `TarShards.fromIndex`, beside the shards. Default: none. */
  readonly index?: string | undefined;
}

/**
 * Writes samples into tar shards that `TarShards` and webdataset read. The same samples make the same bytes. A shard has its name when it is complete.
 * @param pattern - path of a shard with the place of its number, as in `train-%04d.tar`.
 * @returns the shards and how many samples are in each.
 * @throws {TypeError} naming the sample whose key or member names would not be read back. Complete shards stay.
 */
export async function writeShards(
  pattern: string,
  samples: Iterable<ShardSample> | AsyncIterable<ShardSample>,
  options: WriteShardsOptions = {},
): Promise<ShardCount[]> {
  const { maxSamples = 10_000, maxBytes = 2 ** 30, index } = options;
  checkOptions(pattern, options);
  const shards: ShardCount[] = [];
  let shard: ShardFile | undefined;
  let numSamples = 0;
  const finish = async (): Promise<void> => {
    if (!shard) return;
    await shard.finish();
    shards.push({ path: shard.path, numSamples });
    shard = undefined;
    numSamples = 0;
  };
  let lastKey: string | undefined;
  try {
    for await (const sample of samples) {
      const files = filesOf(sample, lastKey);
      lastKey = sample.__key__;
      const size = files.reduce((sum, file) => sum + file.header.length + paddedBytes(file.bytes.length), 0);
      if (shard && (numSamples === maxSamples || shard.size + size > maxBytes)) await finish();
      shard ??= await ShardFile.create(shardPath(pattern, shards.length));
      for (const { header, bytes } of files) await shard.write(header, bytes);
      numSamples++;
    }
    await finish();
  } catch (error) {
    await shard?.discard();
    throw error;
  }
  if (index !== undefined) await writeFile(index, formatShardIndex(pattern, shards));
  return shards;
}

/** A shard that is being written under another name. */
class ShardFile {
  readonly path: string;
  /** Bytes so far. */
  size = 0;
  readonly #handle: { write(bytes: Uint8Array): Promise<unknown>; sync(): Promise<void>; close(): Promise<void> };
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  private constructor(
    path: string,
    handle: { writeFile(bytes: Uint8Array): Promise<void>; sync(): Promise<void>; close(): Promise<void> },
  ) {
    this.path = path;
    this.#handle = {
      write: (bytes) => handle.writeFile(bytes),
      sync: () => handle.sync(),
      close: () => handle.close(),
    };
  }

  static async create(path: string): Promise<ShardFile> {
    return new ShardFile(path, await open(`${path}.partial`, 'w'));
  }

  async write(header: Uint8Array, bytes: Uint8Array): Promise<void> {
    this.#pending.push(header, bytes, new Uint8Array(paddedBytes(bytes.length) - bytes.length));
    const added = header.length + paddedBytes(bytes.length);
    this.size += added;
    this.#pendingBytes += added;
    if (this.#pendingBytes > 1 << 20) await this.#flush();
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#handle.write(Buffer.concat(pending));
  }

  /** Two blocks of zeros end an archive. */
  async finish(): Promise<void> {
    this.#pending.push(new Uint8Array(2 * BLOCK_BYTES));
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.path}.partial`, this.path);
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(`${this.path}.partial`, { force: true });
  }
}

/** The files of a sample, whose key and member names must be found again by reading. */
function filesOf(sample: ShardSample, lastKey: string | undefined): { header: Uint8Array; bytes: Uint8Array }[] {
  const { __key__: key, ...members } = sample;
  const fail = (wanted: string, got: unknown): never => {
    throw new TypeError(`Cannot write sample ${JSON.stringify(key)}: expected ${wanted}, got ${String(got)}`);
  };
  const lastName = typeof key === 'string' ? key.slice(key.lastIndexOf('/') + 1) : '';
  if (lastName === '' || lastName.includes('.') || key.includes('\0'))
    return fail('a key as its member __key__, without a point behind the last slash', JSON.stringify(key));
  if (key === lastKey) return fail('another key than the sample before, or both would be read as one', 'the same');
  const names = Object.keys(members);
  if (names.length === 0) return fail('a member beside __key__', 'none');
  return names.map((name) => {
    if (name === '' || name !== name.toLowerCase() || /[/\0]/.test(name))
      return fail('members in lower case without a slash', JSON.stringify(name));
    const bytes =
      bytesOf(members[name]) ?? fail(`bytes, text, a number or what JSON can hold as "${name}"`, typeof members[name]);
    return { header: formatTarHeader(`${key}.${name}`, bytes.length), bytes };
  });
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return text === undefined ? undefined : new TextEncoder().encode(text); // JSON has no text for functions and the like
}

const NUMBER_PLACE = /%0(\d+)d/;

function shardPath(pattern: string, number: number): string {
  return pattern.replace(NUMBER_PLACE, (_, digits: string) => String(number).padStart(Number(digits), '0'));
}

function checkOptions(pattern: string, options: WriteShardsOptions): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, ['maxSamples', 'maxBytes', 'index']);
  const { maxSamples = 1, maxBytes = 1 } = options;
  problems.expect(pattern.split(NUMBER_PLACE).length === 3, 'pattern', {
    wanted: 'one place for a number, as %04d',
    got: pattern,
  });
  problems.expect(isPositiveInteger(maxSamples), 'maxSamples', { wanted: 'an integer above 0', got: maxSamples });
  problems.expect(isPositiveInteger(maxBytes), 'maxBytes', { wanted: 'an integer above 0', got: maxBytes });
  problems.throwIfAny('write shards');
}
