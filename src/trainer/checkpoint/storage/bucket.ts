// Checkpoints in a bucket, whoever keeps it: the object that appears with a completed upload is the commit; `latest` and `best` are small objects with a name in them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError } from '../../../errors.ts';
import { Snapshot } from '../../../serial/snapshot.ts';
import { load } from '../../../serial/tensors.ts';
import type { CheckpointStorage } from './storage.ts';

/** What a service does with objects by key. */
export interface Bucket {
  /** Keys with this beginning; of those with a slash behind it none, unless `isDeep`. */
  list(prefix: string, options?: { readonly isDeep?: boolean }): Promise<string[]>;
  /** The same with when each was written, in milliseconds since 1970; of those with a slash behind the beginning none. */
  times(prefix: string): Promise<Map<string, number>>;
  /** Bytes of an object; undefined where there is none. */
  size(key: string): Promise<number | undefined>;
  readText(key: string): Promise<string>;
  download(key: string, path: string): Promise<void>;
  /** Resolves when the whole object is there; what fails leaves nothing of it. */
  upload(key: string, parts: readonly Uint8Array[]): Promise<void>;
  /** The same for what a file holds. Ends when the signal is aborted. */
  uploadFile(key: string, path: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Makes a small object. @returns false where there is one under this key, which stays as it is: of several who try at once, one succeeds. */
  create(key: string, text: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** Ends uploads that were never completed. */
  abortUploads(prefix: string, isOurs: (key: string) => boolean): Promise<void>;
}

const MARK = 'sconce checkpoint pointer: ';
const MAX_POINTER_BYTES = 4096;

/** A prefix of a bucket. The service's client is loaded with the first request. */
export class BucketStorage implements CheckpointStorage {
  readonly location: string;
  readonly #prefix: string;
  readonly #open: () => Promise<Bucket>;
  #bucket: Promise<Bucket> | undefined;

  /** @param location - as in s3://bucket/some/prefix. */
  constructor(location: string, open: (bucket: string) => Promise<Bucket>) {
    this.location = location.replace(/\/+$/, '');
    const [, bucket, prefix = ''] = /^\w+:\/\/([^/]+)(?:\/(.*))?$/.exec(this.location) ?? [];
    if (bucket === undefined)
      throw new CheckpointError(`Cannot keep checkpoints in "${location}": expected an address as s3://bucket/prefix`);
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#open = () => open(bucket);
  }

  pathOf(name: string): string {
    return `${this.location}/${name}`;
  }

  async prepare(isOurs: (temporaryName: string) => boolean): Promise<void> {
    const bucket = await this.#client();
    await bucket.abortUploads(this.#prefix, (key) => isOurs(`.${key.slice(this.#prefix.length)}.0.tmp`));
  }

  async list(): Promise<string[]> {
    const keys = await (await this.#client()).list(this.#prefix);
    return keys.map((key) => key.slice(this.#prefix.length)).filter((name) => name !== '' && !name.includes('/'));
  }

  async times(): Promise<Map<string, number>> {
    const times = await (await this.#client()).times(this.#prefix);
    return new Map(Array.from(times, ([key, time]) => [key.slice(this.#prefix.length), time]));
  }

  async read(name: string): Promise<unknown> {
    const bucket = await this.#client();
    const target = (await this.target(name)) ?? name;
    const folder = await mkdtemp(join(tmpdir(), 'sconce-download-'));
    try {
      const path = join(folder, target);
      await bucket.download(this.#prefix + target, path);
      return await load(path);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new CheckpointError(`In "${this.pathOf(target)}": ${error.message}`, {
        path: this.pathOf(target),
        cause: error,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async write(name: string, value: unknown): Promise<void> {
    const snapshot = new Snapshot(value); // before the first wait
    try {
      await (await this.#client()).upload(this.#prefix + name, await snapshot.parts());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CheckpointError(`Cannot write checkpoint "${this.pathOf(name)}": ${reason}`, {
        path: this.pathOf(name),
        cause: error,
      });
    } finally {
      snapshot.release();
    }
  }

  async point(name: string, target: string): Promise<void> {
    await (await this.#client()).upload(this.#prefix + name, [Buffer.from(`${MARK}${target}\n`)]);
  }

  async target(name: string): Promise<string | undefined> {
    const bucket = await this.#client();
    const size = await bucket.size(this.#prefix + name);
    if (size === undefined || size > MAX_POINTER_BYTES) return undefined;
    const text = await bucket.readText(this.#prefix + name);
    return text.startsWith(MARK) ? text.slice(MARK.length).trim() : undefined;
  }

  async delete(name: string): Promise<void> {
    await (await this.#client()).delete(this.#prefix + name);
  }

  async rename(from: string, to: string): Promise<void> {
    const bucket = await this.#client();
    await bucket.copy(this.#prefix + from, this.#prefix + to);
    await bucket.delete(this.#prefix + from);
  }

  #client(): Promise<Bucket> {
    this.#bucket ??= this.#open();
    return this.#bucket;
  }
}

/** @throws {Error} that says what to install. */
export async function clientOf<T>(packages: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new Error(`Cannot reach a bucket: expected its client to be installed, got none; npm install ${packages}`, {
      cause,
    });
  }
}

/** Parts as chunks of a stream. */
export function* chunksOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) for (let at = 0; at < part.length; at += 1 << 20) yield part.subarray(at, at + (1 << 20));
}
