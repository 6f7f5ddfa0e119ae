// A registry on s3:// or gs://: what is made is made on the condition that nothing is there.

import type { Bucket } from '../trainer/checkpoint/storage/bucket.ts';
import { bucketOf } from '../trainer/checkpoint/storage/open-storage.ts';
import type { RegistryStore } from './registry-store.ts';

/** A prefix of a bucket. The service's client is loaded with the first request. */
export class BucketStore implements RegistryStore {
  readonly location: string;
  readonly #prefix: string;
  readonly #open: () => Promise<Bucket>;
  #bucket: Promise<Bucket> | undefined;

  /** @param address - as in s3://bucket/some/prefix. */
  constructor(address: string) {
    const { key, open } = bucketOf(address);
    this.location = address.replace(/\/+$/, '');
    this.#prefix = key === '' ? '' : `${key}/`;
    this.#open = open;
  }

  pathOf(path: string): string {
    return `${this.location}/${path}`;
  }

  localPath(): undefined {
    return undefined;
  }

  async list(folder: string): Promise<string[]> {
    const prefix = `${this.#prefix}${folder}/`;
    const keys = await (await this.#client()).list(prefix, { isDeep: true });
    return keys.map((key) => key.slice(prefix.length));
  }

  async folders(): Promise<string[]> {
    const keys = await (await this.#client()).list(this.#prefix, { isDeep: true });
    const paths = keys.map((key) => key.slice(this.#prefix.length));
    return [...new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/', 1)[0]!))];
  }

  async read(path: string): Promise<string | undefined> {
    const bucket = await this.#client();
    if ((await bucket.size(this.#prefix + path)) === undefined) return undefined;
    return bucket.readText(this.#prefix + path);
  }

  async create(path: string, text: string): Promise<boolean> {
    return (await this.#client()).create(this.#prefix + path, text);
  }

  async write(path: string, text: string): Promise<void> {
    await (await this.#client()).upload(this.#prefix + path, [Buffer.from(text)]);
  }

  async upload(path: string, from: string): Promise<void> {
    await (await this.#client()).uploadFile(this.#prefix + path, from);
  }

  async download(path: string, to: string): Promise<void> {
    await (await this.#client()).download(this.#prefix + path, to);
  }

  async delete(paths: readonly string[]): Promise<void> {
    const bucket = await this.#client();
    for (const path of paths) await bucket.delete(this.#prefix + path);
  }

  #client(): Promise<Bucket> {
    this.#bucket ??= this.#open();
    return this.#bucket;
  }
}
