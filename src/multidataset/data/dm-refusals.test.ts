// What `MultiDatasetDM` says of options, files and recordings that do not fit: everything at once, before anything large is read.

import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { arange, liveTensors, ones, type Tensor, zeros } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { MultiDatasetDMOptions } from './dm-options.ts';
import { MultiDatasetDM } from './multi-dataset-dm.ts';
import { Folders, setUp } from './testing/play.ts';
import { makeRecording, writeFiles, writeRecording } from './testing/sessions.ts';

const folders = new Folders();
afterAll(() => folders.remove());

/** What setting up a folder of files and recordings says, with the folder left out. */
async function problemsOf(
  files: Readonly<Record<string, string>>,
  recordings: Readonly<Record<string, Record<string, Tensor>>>,
  options: Partial<MultiDatasetDMOptions> = {},
): Promise<string[]> {
  const place = await folders.make();
  await writeFiles(place, files);
  for (const [session, tensors] of Object.entries(recordings)) await writeRecording(place, session, { tensors });
  try {
    await setUp({ cfgDir: place, ...options });
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message.replaceAll(`${place}/`, '').replaceAll(place, 'folder').split('\n  - ');
    throw error;
  }
  return [];
}
const MINIMAL = 'cids: [0, 2]\ntypes: [images]\nkeys_lags: { robs: 0, stim: [0, 1] }\n';

describe('MultiDatasetDM refuses', () => {
  it('options that are wrong, all of them', () => {
    const options = {
      cfgDir: '',
      batch: 0,
      workers: -1,
      dsetDtype: 'float64',
      stepAt: 'never',
      persistentWorkers: false,
      rank: 1.5,
      batchSize: 3,
    };
    expect(() => new MultiDatasetDM(options as object as MultiDatasetDMOptions)).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: Cannot make a MultiDatasetDM: 8 problems
        - cfgDir: expected a name, got ""
        - batch: expected an integer of at least 1, got 0
        - workers: expected an integer of at least 0, got -1
        - dsetDtype: expected one of "uint8", "bfloat16", "float32", got "float64"
        - stepAt: expected one of "epoch", "batch", got "never"
        - persistentWorkers: expected true: workers live until close(), got false
        - rank: expected an integer of at least 0, got 1.5
        - batchSize: expected one of cfgDir, configs, maxDs, batch, workers, stepsPerEpoch, enableCurriculum, warmupSteps, transition, stepAt, dsetDtype, homogeneousBatches, persistentWorkers, prefetchFactor, missingTypes, rank, world, seed, got an unknown option]
    `);
    expect(() => new MultiDatasetDM({} as MultiDatasetDMOptions)).toThrow('cfgDir: expected it or configs, got none');
    const beside: MultiDatasetDMOptions = {
      cfgDir: 'x',
      rank: 2,
      world: 2,
      warmupSteps: 3,
      transition: 'blend',
      homogeneousBatches: true,
    };
    expect(() => new MultiDatasetDM(beside)).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: Cannot make a MultiDatasetDM: 4 problems
        - rank: expected an integer below world, which is 2, got 2
        - transition: expected 'clamp' beside homogeneousBatches, got 'blend'
        - warmupSteps: expected none without enableCurriculum, got 3
        - transition: expected none without enableCurriculum, got blend]
    `);
  });

  it('data sets of no file that are wrong, all of them', async () => {
    const one = { session: 'a', types: ['x'], cids: [0], keys_lags: { robs: 0 } };
    const configs = { names: ['a', 'a', ''], configs: [{ ...one, cids: [] }, one, { ...one, keys_lag: {} }] };
    await expect(
      setUp({ configs: configs as object as { names: string[]; configs: never[] } }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: Cannot read the data sets: 4 problems
        - names.1: expected names of their own, got "a" twice
        - names.2: expected a name, got ""
        - configs.0.cids: expected a list of columns (integers from 0 on), each once, got []
        - configs.2.keys_lag: expected a known key, got an unknown key; did you mean keys_lags?]
    `);
    const both = { cfgDir: 'x', configs: { names: [], configs: [] } };
    expect(() => new MultiDatasetDM(both)).toThrow('cfgDir: expected it or configs, got both');
    await expect(setUp({ configs: both.configs })).rejects.toThrow('names: expected at least one data set, got none');
  });

  it('what lacks in the recordings of all data sets, at once', async () => {
    const { trial_inds: _, ...untried } = makeRecording();
    const odd = {
      ...makeRecording(),
      robs: ones([120, 2]),
      eyepos: zeros([60, 2]),
      dpi_valid: ones([120, 1]),
      dfs: ones([120, 7]),
    };
    const before = settledTensors();
    expect(
      await problemsOf(
        {
          'a.yaml': MINIMAL,
          'b.yaml': `${MINIMAL}transforms: { behavior: { source: pupil } }\ndatafilters: { dfs: { ops: [missing_pct] } }`,
          'c.yaml': `${MINIMAL}transforms: { behavior: { source: eyepos }, stim: { ops: [pixelnorm, symlog] } }\nsampling: { source_rate: 240, target_rate: 120 }`,
          'd.yaml': MINIMAL,
        },
        { b: untried, c: odd, d: makeRecording() },
      ),
    ).toMatchInlineSnapshot(`
      [
        "Cannot set up the data sets of "folder": 10 problems",
        "a: types: expected a/images.safetensors, got no file (nor .parquet)",
        "b: b/images.safetensors: expected a tensor "trial_inds" for the split by trial, got eyepos, robs, stim",
        "b: b/images.safetensors: expected a tensor "missing_pct" for the datafilter missing_pct, got eyepos, robs, stim",
        "b: b/images.safetensors: expected a tensor "pupil" for transforms.behavior, got eyepos, robs, stim",
        "c: transforms.stim.ops: expected pixelnorm and unsqueeze alone for a stimulus that is kept as uint8, got symlog; dsetDtype: 'bfloat16' or 'float32' takes all",
        "c: c/images.safetensors: expected "dpi_valid" of shape [frames], got F32 [120, 1]",
        "c: c/images.safetensors: expected "dfs" of shape [frames, 2 units], got F32 [120, 7]",
        "c: c/images.safetensors: expected "eyepos" of shape [120 frames as robs, …], got F32 [60, 2]",
        "c: c/images.safetensors: expected cids below 2, the units of robs, got 2",
        "c: sampling.source_rate: expected one rate, got 240, and in files 120",
      ]
    `);
    expect(liveTensors()).toBeLessThanOrEqual(before + 40); // nothing was read
  });

  it('recordings that do not fit together, and sides without a sample', async () => {
    const nan = makeRecording();
    nan.robs!.select(1, 2).narrow(0, 50, 2).fill_(Number.NaN);
    expect(await problemsOf({ 'a.yaml': MINIMAL }, { a: nan })).toMatchInlineSnapshot(`
      [
        "Cannot prepare a/images.safetensors: expected finite numbers in "robs", got others in 2 of 110 samples, the first at frame 50; leave these frames out by dfs or dpi_valid",
      ]
    `);
    expect(
      await problemsOf({ 'a.yaml': `${MINIMAL}train_val_split: 1` }, { a: makeRecording() }),
    ).toMatchInlineSnapshot(`
      [
        "Cannot prepare the data set "a": expected frames to validate on, got none behind filters, lags and the split of trials by 1",
      ]
    `);
    expect(await problemsOf({ 'a.yaml': `${MINIMAL}n_lags: 12` }, { a: makeRecording() })).toMatchInlineSnapshot(`
      [
        "Cannot prepare the data set "a": expected frames to train on, got none behind filters, lags and the split of trials by 0.8",
      ]
    `);
    const floats = { ...makeRecording(), stim: zeros([120, 4, 4]) };
    expect(await problemsOf({ 'a.yaml': MINIMAL }, { a: floats })).toMatchInlineSnapshot(`
      [
        "Cannot prepare the data set "a": stim: expected uint8, got float32 [120, 4, 4]; dsetDtype: 'float32' keeps it as it is",
      ]
    `);
    expect(
      await problemsOf(
        { 'a.yaml': `${MINIMAL}transforms: { behavior: { source: flat, ops: [maxnorm] } }` },
        { a: { ...makeRecording(), flat: zeros([120]) } },
      ),
    ).toMatchInlineSnapshot(`
      [
        "Cannot prepare the data set "a": transforms.behavior: Cannot apply maxnorm: expected a finite largest value above 0, got 0",
      ]
    `);
    const chomped = `${MINIMAL.replace('stim: [0, 1]', 'stim: 0, behavior: 0')}transforms: { behavior: { source: eyepos, ops: [{ temporal_basis: { chomp: 4 } }] } }`;
    expect(await problemsOf({ 'a.yaml': chomped }, { a: makeRecording() })).toMatchInlineSnapshot(`
      [
        "Cannot prepare a/images.safetensors: transforms: expected 120 frames in "behavior", got [116, 20]",
      ]
    `);
    const doubled = `${MINIMAL}transforms: { robs: { ops: [{ select_units: { indices: [0] } }] } }`;
    expect(await problemsOf({ 'a.yaml': doubled }, { a: makeRecording() })).toMatchInlineSnapshot(`
      [
        "Cannot prepare a/images.safetensors: transforms: expected robs of 2 units, those of cids, got 1",
      ]
    `);
  });

  it('sessions of which several cannot be prepared, all of them', async () => {
    const nan = makeRecording();
    nan.robs!.fill_(Number.NaN);
    const files = { 'a.yaml': MINIMAL, 'b.yaml': `${MINIMAL}n_lags: 12`, 'c.yaml': MINIMAL };
    const problems = await problemsOf(files, { a: nan, b: makeRecording(), c: makeRecording() });
    expect(problems).toMatchInlineSnapshot(`
      [
        "Cannot set up the data sets of "folder": 2 problems",
        "a: expected finite numbers in "robs", got others in 110 of 110 samples, the first at frame 1; leave these frames out by dfs or dpi_valid",
        "b: expected frames to train on, got none behind filters, lags and the split of trials by 0.8",
      ]
    `);
  });

  it('types whose recordings differ', async () => {
    const place = await folders.make();
    await writeFiles(place, { 'a.yaml': MINIMAL.replace('[images]', '[images, other]') });
    await writeRecording(place, 'a');
    await writeRecording(place, 'a', { type: 'other', tensors: makeRecording({ size: 6 }) });
    await expect(setUp({ cfgDir: place })).rejects.toThrow(
      'Cannot prepare the data set "a": types: expected "stim" of uint8 [frames, 1, 4, 4] in "other" as in "images", got uint8 [frames, 1, 6, 6]',
    );
  });

  it('batches that are larger than what a rank has', async () => {
    const place = await folders.make();
    await writeFiles(place, { 'a.yaml': MINIMAL });
    await writeRecording(place, 'a', { tensors: { ...makeRecording(), extra: arange(120) } });
    const dm = await setUp({ cfgDir: place, batch: 50, world: 2 });
    expect(() => dm.trainDataloader()).toThrow(
      'Cannot make a training loader: batch: expected at most 44, the training samples of a rank, got 50',
    );
  });
});
