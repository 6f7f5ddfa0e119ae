// One suite for every place of a registry: a folder, S3 (moto, where it is installed), and Google's protocol.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveSafetensors } from '../serial/safetensors.ts';
import { save } from '../serial/tensors.ts';
import { tensor } from '../tensor/index.ts';
import { hasMoto, noMoto, startMoto } from '../tracking/testing/moto-server.ts';
import { bucketOf } from '../trainer/checkpoint/storage/open-storage.ts';
import { TrainingRun } from '../trainer/run/run.ts';
import { startGcsServer } from '../trainer/testing/gcs-server.ts';
import { TinyModel, tinyLoader, tinyTrainer, weightsOf } from '../trainer/testing/tiny.ts';
import { ModelRegistry } from './model-registry.ts';
import { parseReference } from './reference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-registry-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let numFiles = 0;
/** A file of weights that no other one is like. */
async function weightsFile(value = numFiles): Promise<string> {
  numFiles += 1;
  const path = join(folder, `weights-${numFiles}.pt`);
  await save({ w: tensor([value, 0.5]) }, path);
  return path;
}

/** What holds wherever the registry lies. @param damage - changes the bytes of a file in it. */
function behavesAsRegistry(place: () => string, damage: (path: string) => Promise<void>): void {
  test('publishes, finds, lists and exports versions', async () => {
    const registry = new ModelRegistry(`${place()}/a`);
    expect(await registry.list()).toEqual([]);
    const first = await weightsFile();
    const { version, isNew } = await registry.publish(first, {
      name: 'net',
      alias: ['production', 'v-good'],
      metrics: { 'val/loss': 0.5, 'val/nan': Number.NaN },
      config: { width: 3 },
      tags: ['small'],
      notes: 'the first',
      lineage: { gitCommit: 'abc' },
    });
    expect(isNew).toBe(true);
    expect(version).toMatchObject({ name: 'net', number: 1, lineage: { checkpoint: first, gitCommit: 'abc' } });
    const second = await registry.publish(await weightsFile(), { name: 'net', parent: 'net@production' });
    expect(second.version).toMatchObject({ number: 2, lineage: { parent: 'net@v1' }, metrics: {}, tags: [] });
    expect(await registry.get('net@production')).toEqual(version);
    expect(await registry.get('net')).toEqual(second.version);
    expect(await registry.get('net@2')).toEqual(second.version);
    expect(await registry.list()).toEqual([
      { name: 'net', versions: [version, second.version], aliases: { production: 1, 'v-good': 1, latest: 2 } },
    ]);
    const exported = await registry.export('net@v1', join(folder, 'out'));
    expect(readFileSync(exported)).toEqual(readFileSync(first));
    await expect(registry.get('net@staging')).rejects.toThrow(
      `Cannot find "net@staging" in "${registry.location}": expected a version that was published, got net with v1, v2, production, v-good, latest`,
    );
    await expect(registry.get('nett')).rejects.toThrow('got no model "nett"');
  });

  test('gives no number twice to those who publish at once', async () => {
    const registry = new ModelRegistry(`${place()}/c`);
    const files = await Promise.all(Array.from({ length: 5 }, () => weightsFile()));
    const published = await Promise.all(
      [...files, files[0]!, files[0]!].map((file) =>
        new ModelRegistry(registry.location).publish(file, { name: 'net' }),
      ),
    );
    expect(
      published
        .map(({ version }) => version.number)
        .slice(0, 5)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5]);
    const same = [published[0]!, published[5]!, published[6]!];
    expect(new Set(same.map(({ version }) => version.number)).size).toBe(1);
    expect(same.filter(({ isNew }) => isNew)).toHaveLength(1);
    const { versions } = await registry.model('net');
    for (const version of versions) expect((await registry.verify(`net@${version.number}`)).problems).toEqual([]);
    expect(new Set(versions.map(({ sha256 }) => sha256)).size).toBe(5);
  });

  test('removes a version that no alias points at, and never gives its number again', async () => {
    const registry = new ModelRegistry(`${place()}/d`);
    await registry.publish(await weightsFile(), { name: 'net' });
    const file = await weightsFile();
    const { version } = await registry.publish(file, { name: 'net', alias: 'production' });
    await expect(registry.remove('net@v2')).rejects.toThrow(
      'Cannot remove "net@v2": expected a version without aliases, got production; point them at another version first',
    );
    expect((await registry.verify('net@v2')).problems).toEqual([]);
    await registry.setAlias('net@v1', 'production');
    await registry.remove('net');
    await expect(registry.get('net@v2')).rejects.toThrow('got net with v1, production, latest');
    await expect(registry.verify('net@v2')).rejects.toThrow('Cannot find');
    expect((await registry.publish(file, { name: 'net' })).version).toMatchObject({
      number: 3,
      sha256: version.sha256,
    });
    await registry.removeAlias('net', 'production');
    await registry.remove('net@v1');
    expect((await registry.model('net')).versions.map(({ number }) => number)).toEqual([3]);
  });

  test('says which file is not as it was published, and loads nothing of it', async () => {
    const registry = new ModelRegistry(`${place()}/f`);
    await save(new TinyModel().stateDict(), join(folder, 'tiny.pt'));
    const { version } = await registry.publish(join(folder, 'tiny.pt'), { name: 'net' });
    await damage(registry.pathOf(version));
    const { problems } = await registry.verify('net');
    expect(problems).toEqual([
      expect.stringMatching(/^expected ".*tiny\.pt" as it was published, with SHA-256 \w{64}, got \w{64}$/),
    ]);
    const model = new TinyModel();
    const before = weightsOf(model);
    await expect(registry.load(model, 'net')).rejects.toThrow('Cannot load "net@v1": expected "');
    await expect(registry.export('net', join(folder, 'damaged'))).rejects.toThrow('Cannot load "net@v1"');
    expect(weightsOf(model)).toEqual(before);
    expect(readdirSync(join(folder, 'damaged'))).toEqual([]);
  });
}

describe('in a folder', () => {
  behavesAsRegistry(
    () => join(folder, 'registry'),
    async (path) => writeFileSync(path, 'damaged'),
  );

  test('gives equal content the version that it has, and moves the alias', async () => {
    const registry = new ModelRegistry(`${folder}/b`);
    const one = await weightsFile();
    const two = await weightsFile();
    await registry.publish(one, { name: 'net', alias: 'production' });
    await registry.publish(two, { name: 'net', alias: 'production' });
    const copy = join(folder, 'copy-of-one.pt');
    copyFileSync(one, copy);
    const again = await registry.publish(copy, { name: 'net', alias: 'production', notes: 'another text' });
    expect(again).toMatchObject({ isNew: false, version: { number: 1, lineage: { checkpoint: one } } });
    expect(again.version.notes).toBeUndefined();
    expect((await registry.model('net')).aliases).toEqual({ production: 1, latest: 2 });
    expect((await registry.publish(one, { name: 'other' })).isNew).toBe(true);
  });

  test('loads the weights of a checkpoint into a model, and knows where it comes from', async () => {
    const registry = new ModelRegistry(`${folder}/e`);
    const run = new TrainingRun(join(folder, 'run'), { isResumed: false });
    await run.create({ learningRate: 0.05 });
    const { trainer, model } = tinyTrainer({ run });
    await trainer.fit({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(4)], maxEpochs: 2 });
    await run.finish({ status: 'finished', exitCode: 0 });
    const published = await registry.publish(run.folder, { name: 'tiny', checkpoint: 'latest' });
    expect(published.version).toMatchObject({
      lineage: { step: 6, epoch: 2, runFolder: run.folder, runId: expect.any(String) },
      config: { experimentName: 'experiment' },
    });
    expect(published.version.metrics['val/loss']).toBeGreaterThan(0);
    expect(published.version.files[0]!.path).toMatch(/^epoch_\d+_step_000006\.ckpt$/);
    const fresh = new TinyModel();
    await registry.load(fresh, 'tiny');
    expect(weightsOf(fresh)).toEqual(weightsOf(model));
  });

  test('points best at the version whose metric is best', async () => {
    const registry = new ModelRegistry(`${folder}/g`);
    const best = { metric: 'val/loss', mode: 'min' } as const;
    const where: (number | undefined)[] = [];
    for (const loss of [0.5, 0.7, Number.NaN, 0.2, 0.2]) {
      await registry.publish(await weightsFile(), { name: 'net', metrics: { 'val/loss': loss }, best });
      where.push((await registry.model('net')).aliases.best);
    }
    expect(where).toEqual([1, 1, 1, 4, 4]);
  });

  test('ModelRegistry.publish() takes a folder of safetensors as one version', async () => {
    const weights = join(folder, 'hugging');
    const model = new TinyModel();
    mkdirSync(weights);
    await saveSafetensors(model.stateDict(), join(weights, 'model.safetensors'));
    writeFileSync(join(weights, 'config.json'), '{}');
    const registry = new ModelRegistry(join(folder, 'of-folders'));
    const { version } = await registry.publish(weights, { name: 'net' });
    expect(version.files.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors']);
    const fresh = new TinyModel();
    await registry.load(fresh, 'net');
    expect(weightsOf(fresh)).toEqual(weightsOf(model));
    expect((await registry.publish(weights, { name: 'net' })).isNew).toBe(false);
  });

  test('ModelRegistry.publish() says all that is wrong before anything is there', async () => {
    const registry = new ModelRegistry(join(folder, 'none'));
    const options = { name: 'a/b', alias: ['latest', 'v3', 'ok'], checkpoint: 'newest', size: 3, metrics: { a: 'x' } };
    await expect(registry.publish('x.pt', options as never)).rejects.toThrow(
      [
        'Cannot publish "x.pt": expected options name, alias, checkpoint, best, metrics, config, parent, lineage, tags, notes, got "size"',
        '  expected name of letters, digits, ".", "_" and "-", got "a/b"',
        '  expected an alias of your own, got "latest", which is always the newest version',
        '  expected an alias of letters, digits, ".", "_" and "-" that is no version as "v3", got "v3"',
        "  expected checkpoint 'best' or 'latest', got \"newest\"",
        '  expected metrics.a to be a number, got x',
      ].join('\n'),
    );
    const gone = join(folder, 'gone.pt');
    await expect(registry.publish(gone, { name: 'a' })).rejects.toThrow(
      `Cannot publish "${gone}": expected a checkpoint, weights or a run, got nothing there`,
    );
    writeFileSync(gone, readFileSync(await weightsFile()).subarray(0, 300));
    await expect(registry.publish(gone, { name: 'a' })).rejects.toThrow('Cannot read checkpoint');
    await expect(registry.publish(folder, { name: 'a', checkpoint: 'best' })).rejects.toThrow(
      'expected the folder of a run',
    );
    expect(() => new ModelRegistry('ftp://x/y')).toThrow('Cannot open "ftp://x/y": expected an address as s3://');
    expect(await registry.list()).toEqual([]);
  });
});

const isMotoThere = hasMoto();
if (!isMotoThere) console.log(noMoto('models on S3'));

describe.runIf(isMotoThere)('on s3://', () => {
  let server: Awaited<ReturnType<typeof startMoto>>;
  beforeAll(async () => {
    server = await startMoto();
  }, 60_000);
  afterAll(() => server.close());

  behavesAsRegistry(
    () => 's3://bucket/models',
    (path) => overwrite(path),
  );

  test('ModelRegistry.publish() takes what lies in a bucket', async () => {
    const { key, open } = bucketOf('s3://bucket/elsewhere/net.pt');
    const file = await weightsFile();
    await (await open()).uploadFile(key, file);
    const registry = new ModelRegistry(join(folder, 'from-s3'));
    const { version } = await registry.publish('s3://bucket/elsewhere/net.pt', { name: 'net' });
    expect(version.lineage).toEqual({ checkpoint: 's3://bucket/elsewhere/net.pt' });
    expect(readFileSync(registry.pathOf(version))).toEqual(readFileSync(file));
  });
});

describe('on gs://', () => {
  let server: Awaited<ReturnType<typeof startGcsServer>>;
  beforeAll(async () => {
    server = await startGcsServer();
    process.env.STORAGE_EMULATOR_HOST = server.url;
  });
  afterAll(() => server.close());

  behavesAsRegistry(
    () => 'gs://bucket/models',
    (path) => overwrite(path),
  );
});

async function overwrite(address: string): Promise<void> {
  const { key, open } = bucketOf(address);
  await (await open()).upload(key, [Buffer.from('damaged')]);
}

test('parseReference() reads names, versions and aliases, and refuses what is none', () => {
  expect(parseReference('net')).toEqual({ name: 'net', number: undefined, alias: 'latest' });
  expect(parseReference('net@v12')).toEqual({ name: 'net', number: 12, alias: undefined });
  expect(parseReference('net@production')).toEqual({ name: 'net', number: undefined, alias: 'production' });
  for (const text of ['', '../x', 'a@b@c', 'a@', '@v1', 'a/b'])
    expect(() => parseReference(text)).toThrow('expected a reference as "digits", "digits@v3" or "digits@production"');
});
