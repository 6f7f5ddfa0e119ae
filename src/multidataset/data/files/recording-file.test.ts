import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveSafetensors } from '../../../serial/safetensors.ts';
import { ones, zeros } from '../../../tensor/index.ts';
import { writeFiles } from '../testing/sessions.ts';
import { RecordingFile, recordingFolder } from './recording-file.ts';

const fixtures = new URL('../../../../test/fixtures/multidataset/data/', import.meta.url).pathname;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

const add = async (type: string, fixture: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await copyFile(join(fixtures, `${fixture}.parquet`), join(folder, `${type}.parquet`));
};
const shapes = ({ tensors }: RecordingFile): unknown =>
  Object.fromEntries([...tensors].map(([name, { dtype, shape }]) => [name, `${dtype} [${shape.join(', ')}]`]));

describe('RecordingFile', () => {
  it('makes tensors of the columns of a Parquet file, in the order of the numbers behind their names', async () => {
    await add('whole', 'whole');
    const file = (await RecordingFile.open(folder, 'whole'))!;
    expect(shapes(file)).toEqual({
      trial_inds: 'int64 [120]',
      eyepos: 'float32 [120, 2]',
      robs: 'int16 [120, 3]',
      stim: 'uint8 [120, 2, 2]',
    });
    expect(file.samplingRate).toBe(120);
    const { robs, stim } = await file.read(['robs', 'stim']);
    await file.close();
    expect(robs!.select(0, 7).toArray()).toEqual([7, 1007, 2007]);
    expect(stim!.select(0, 90).toArray()).toEqual([[90, 95], [93, 98]]); // biome-ignore format: a picture
  });

  it('puts a safetensors file and a Parquet file of one recording together', async () => {
    await add('both', 'table');
    await saveSafetensors({ stim: zeros([120, 2, 2]) }, join(folder, 'both.safetensors'), {
      metadata: { sampling_rate: '60' },
    });
    const file = (await RecordingFile.open(folder, 'both'))!;
    expect([...file.tensors.keys()]).toEqual(['stim', 'trial_inds', 'eyepos', 'robs']);
    expect(file.samplingRate).toBe(60);
    const { stim, robs } = await file.read(['stim', 'robs']);
    await file.close();
    expect([stim!.shape, robs!.shape]).toEqual([[120, 2, 2], [120, 3]]); // biome-ignore format: a table
  });

  it('refuses columns with holes, a tensor in two files, two rates, and files that are none', async () => {
    const messageOf = (type: string): Promise<string> =>
      RecordingFile.open(folder, type).then(
        () => 'no error',
        (error: Error) => error.message.replaceAll(`${folder}/`, ''),
      );
    await add('holes', 'holes');
    expect(await messageOf('holes')).toBe(
      'Cannot read Parquet file "holes.parquet": expected 3 columns for the tensor "robs" [3], each once, got 2',
    );
    await add('twice', 'table');
    await saveSafetensors({ robs: ones([120, 3]) }, join(folder, 'twice.safetensors'));
    expect(await messageOf('twice')).toBe(
      'Cannot read twice.safetensors: expected each tensor in one file, got robs in twice.parquet too',
    );
    await add('rates', 'whole');
    await saveSafetensors({ x: ones([120]) }, join(folder, 'rates.safetensors'), { metadata: { sampling_rate: '60' } });
    expect(await messageOf('rates')).toMatch('expected the sampling_rate of rates.parquet, got 60 and 120');
    await saveSafetensors({ x: ones([1]) }, join(folder, 'fast.safetensors'), { metadata: { sampling_rate: 'fast' } });
    expect(await messageOf('fast')).toBe(
      'Cannot read fast.safetensors: expected a sampling_rate above 0 in its metadata, got "fast"',
    );
    await writeFiles(folder, { 'text.safetensors': 'no header' });
    expect(await messageOf('text')).toMatch('text.safetensors');
    expect(await RecordingFile.open(folder, 'missing')).toBeUndefined();
  });

  it('lies in the folder of the session, or of one eye', () => {
    expect(recordingFolder({ data_dir: '/data', session: 'first' })).toBe('/data/first');
    expect(recordingFolder({ data_dir: '/data', session: 'first', eye: 'left' })).toBe('/data/first/left_eye');
  });
});
