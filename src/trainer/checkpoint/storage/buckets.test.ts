// Checkpoints in buckets, through the real clients and servers that speak their protocols: moto for S3 (where it is installed), one of our own for GCS.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randn } from '../../../tensor/index.ts';
import { hasMoto, noMoto, startMoto } from '../../../tracking/testing/moto-server.ts';
import { startGcsServer } from '../../testing/gcs-server.ts';
import { tinyLoader, tinyTrainer, weightsOf } from '../../testing/tiny.ts';
import { CheckpointStore } from '../store.ts';
import { readFrom, storageOf } from './open-storage.ts';

/** The suite that any bucket passes. */
function behavesAsStorage(place: string, numElements: number): void {
  test('keeps, points at, sets aside and deletes checkpoints', async () => {
    const store = new CheckpointStore(`${place}/files`, { keepLast: 2 });
    expect(await store.list()).toEqual([]);
    const large = randn([numElements]);
    const name = (step: number): string => `epoch_000_step_00000${step}.ckpt`;
    for (const step of [1, 2, 3, 4])
      await store.write({ step, large }, name(step), { isBest: step === 1, inBackground: true });
    expect((await store.storage.list()).sort()).toEqual(['best.ckpt', name(1), name(3), name(4), 'latest.ckpt']);
    expect(await store.storage.target('latest.ckpt')).toBe(name(4));
    const { value } = await readFrom(`${place}/files/best.ckpt`);
    expect(value).toMatchObject({ step: 1 });
    expect((value as { large: typeof large }).large.equal(large)).toBe(true);
    await store.write({ step: 2 }, name(2), { isBest: false });
    expect((await store.storage.list()).filter((each) => each.endsWith('.abandoned'))).toEqual([
      `${name(3)}.abandoned`,
      `${name(4)}.abandoned`,
    ]);
    expect((await store.readLatest())?.path).toBe(`${place}/files/${name(2)}`);
  }, 60_000);

  test('is where a training saves and goes on', async () => {
    const play = async (rootDir: string, epochs: readonly number[]) => {
      for (const maxEpochs of epochs) {
        const { trainer, model } = tinyTrainer({ config: { checkpoint: { rootDir, saveEveryNSteps: 2 } } });
        await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs });
        if (maxEpochs === epochs.at(-1)) return weightsOf(model);
      }
      return [];
    };
    expect(await play(`${place}/a`, [1, 3])).toEqual(await play(`${place}/b`, [3]));
  }, 60_000);
}

const isMotoThere = hasMoto();
if (!isMotoThere) console.log(noMoto('checkpoints on S3'));

describe.runIf(isMotoThere)('s3://', () => {
  let server: Awaited<ReturnType<typeof startMoto>>;
  beforeAll(async () => {
    server = await startMoto();
  }, 60_000);
  afterAll(() => server.close());

  behavesAsStorage('s3://bucket/some/runs', 3 * 2 ** 20); // of more than one part

  test('ends uploads of checkpoints that were never completed, and no others', async () => {
    const s3 = await import('@aws-sdk/client-s3');
    const client = new s3.S3Client({ forcePathStyle: true });
    const keys = ['left/epoch_000_step_000001.ckpt', 'left/notes.txt'];
    for (const Key of keys) await client.send(new s3.CreateMultipartUploadCommand({ Bucket: 'bucket', Key }));
    await new CheckpointStore('s3://bucket/left', { keepLast: 1 }).prepare();
    const { Uploads = [] } = await client.send(
      new s3.ListMultipartUploadsCommand({ Bucket: 'bucket', Prefix: 'left/' }),
    );
    expect(Uploads.map(({ Key }) => Key)).toEqual(['left/notes.txt']);
  });
});

describe('gs://', () => {
  let server: Awaited<ReturnType<typeof startGcsServer>>;
  beforeAll(async () => {
    server = await startGcsServer();
    process.env.STORAGE_EMULATOR_HOST = server.url;
  });
  afterAll(() => server.close());

  behavesAsStorage('gs://bucket/some/runs', 2 ** 14);
});

test('storageOf() refuses other addresses', () => {
  expect(() => storageOf('ftp://somewhere/x')).toThrow(
    'Cannot keep checkpoints in "ftp://somewhere/x": expected a folder, s3:// or gs://, got "ftp://"',
  );
});
