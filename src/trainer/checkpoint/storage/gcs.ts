// Buckets of Google Cloud Storage through Google's client, which checks the crc32c of what it uploads. STORAGE_EMULATOR_HOST names another server.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, chunksOf, clientOf } from './bucket.ts';

/** Opens a bucket; the client is loaded here. */
export async function openGcs(bucketName: string): Promise<Bucket> {
  const { Storage } = await clientOf('@google-cloud/storage', () => import('@google-cloud/storage'));
  const bucket = new Storage().bucket(bucketName);
  return {
    async list(prefix, { isDeep = false } = {}) {
      const [files] = await bucket.getFiles({ prefix, ...(isDeep ? {} : { delimiter: '/' }) });
      return files.map(({ name }) => name);
    },
    async times(prefix) {
      const [files] = await bucket.getFiles({ prefix, delimiter: '/' });
      return new Map(files.map(({ name, metadata }) => [name, Date.parse(metadata.updated ?? '')]));
    },
    async size(key) {
      const file = bucket.file(key);
      const [exists] = await file.exists();
      if (!exists) return undefined;
      const [{ size }] = await file.getMetadata();
      return Number(size);
    },
    async readText(key) {
      const [content] = await bucket.file(key).download();
      return content.toString();
    },
    async download(key, path) {
      await bucket.file(key).download({ destination: path });
    },
    async upload(key, parts) {
      // In one request: an object that is not complete never is one, and there is nothing to abort.
      const stream = bucket.file(key).createWriteStream({ resumable: false, validation: 'crc32c' });
      await pipeline(Readable.from(chunksOf(parts)), stream);
    },
    async uploadFile(key, path, options = {}) {
      const stream = bucket.file(key).createWriteStream({ resumable: false, validation: 'crc32c' });
      await pipeline(createReadStream(path), stream, options);
    },
    async create(key, text) {
      try {
        await bucket.file(key).save(text, { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 412) return false;
        throw error;
      }
    },
    async delete(key) {
      await bucket.file(key).delete({ ignoreNotFound: true });
    },
    async copy(from, to) {
      await bucket.file(from).copy(bucket.file(to));
    },
    async abortUploads() {},
  };
}
