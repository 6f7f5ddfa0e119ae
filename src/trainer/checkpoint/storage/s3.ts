// Buckets of S3 and of services that speak its protocol, through Amazon's client. Credentials, region and AWS_ENDPOINT_URL come from where that client looks.

import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, chunksOf, clientOf } from './bucket.ts';

const PART_BYTES = 8 << 20;

/** Opens a bucket; the client is loaded here. */
export async function openS3(bucket: string): Promise<Bucket> {
  const packages = '@aws-sdk/client-s3 @aws-sdk/lib-storage';
  const s3 = await clientOf(packages, () => import('@aws-sdk/client-s3'));
  const { Upload } = await clientOf(packages, () => import('@aws-sdk/lib-storage'));
  // Servers of one's own rarely have a name for each bucket.
  const client = new s3.S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const upload = async (key: string, Body: Readable, signal?: AbortSignal): Promise<void> => {
    const params = { ...at(key), Body, ChecksumAlgorithm: 'CRC32' as const };
    const task = new Upload({ client, params, partSize: PART_BYTES, queueSize: 4, leavePartsOnError: false });
    const abort = (): void => void task.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await task.done();
    } finally {
      signal?.removeEventListener('abort', abort);
      Body.destroy();
    }
  };
  return {
    async list(prefix, { isDeep = false } = {}) {
      const keys: string[] = [];
      const query = { Bucket: bucket, Prefix: prefix, ...(isDeep ? {} : { Delimiter: '/' }) };
      const pages = s3.paginateListObjectsV2({ client }, query);
      for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return keys;
    },
    async times(prefix) {
      const times = new Map<string, number>();
      for await (const { Contents = [] } of s3.paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix, Delimiter: '/' },
      ))
        for (const { Key, LastModified } of Contents)
          if (Key !== undefined && LastModified !== undefined) times.set(Key, LastModified.getTime());
      return times;
    },
    async size(key) {
      try {
        return (await client.send(new s3.HeadObjectCommand(at(key)))).ContentLength;
      } catch (error) {
        if (error instanceof s3.S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
        throw error;
      }
    },
    async readText(key) {
      return (await client.send(new s3.GetObjectCommand(at(key)))).Body!.transformToString();
    },
    async download(key, path) {
      const { Body } = await client.send(new s3.GetObjectCommand(at(key)));
      await pipeline(Body as Readable, createWriteStream(path));
    },
    upload: (key, parts) => upload(key, Readable.from(chunksOf(parts))),
    uploadFile: (key, path, options) => upload(key, createReadStream(path), options?.signal),
    async create(key, text) {
      try {
        await client.send(new s3.PutObjectCommand({ ...at(key), Body: text, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        // 412: it is there; 409: somebody else is making it.
        const status = error instanceof s3.S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 412 || status === 409) return false;
        throw error;
      }
    },
    async delete(key) {
      await client.send(new s3.DeleteObjectCommand(at(key)));
    },
    async copy(from, to) {
      const source = `${bucket}/${from}`.split('/').map(encodeURIComponent).join('/');
      await client.send(new s3.CopyObjectCommand({ ...at(to), CopySource: source }));
    },
    async abortUploads(prefix, isOurs) {
      const pages = await client.send(new s3.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
      for (const { Key, UploadId } of pages.Uploads ?? [])
        if (Key !== undefined && isOurs(Key))
          await client.send(new s3.AbortMultipartUploadCommand({ ...at(Key), UploadId }));
    },
  };
}
