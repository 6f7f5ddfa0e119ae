import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arange, ones, type Tensor } from '../../tensor/index.ts';
import { readDatasetConfigs } from './config/read-dataset-configs.ts';
import type { MultiDatasetDMOptions } from './dm-options.ts';
import type { MultiDatasetDM } from './multi-dataset-dm.ts';
import type { MultiDatasetGroup } from './sample.ts';
import { Folders, numbers, play, samplesOf, setUp } from './testing/play.ts';
import { BASE, makeRecording, writeFiles, writeRecording } from './testing/sessions.ts';

const folders = new Folders();
let folder: string;
beforeAll(async () => {
  folder = await folders.make();
  await writeFiles(folder, {
    'parent.yaml': `session_dir: ./sessions\nsessions: [first, second]\ndata_dir: ./recordings\n${BASE}`,
    'sessions/first.yaml': 'cids: [0, 2]',
    'sessions/second.yaml': 'cids: [4, 0, 1]\nlab: yates\nvisual: [1]',
  });
  await writeRecording(join(folder, 'recordings'), 'first');
  await writeRecording(join(folder, 'recordings'), 'second', { tensors: makeRecording({ numTrials: 5, numUnits: 5 }) });
});
afterAll(() => folders.remove());

const twoSessions = (options: Partial<MultiDatasetDMOptions> = {}): Promise<MultiDatasetDM> =>
  setUp({ cfgDir: join(folder, 'parent.yaml'), batch: 16, ...options });
/** One session "one" of some recordings by type, with a configuration of its own. */
async function oneSession(
  yaml: string,
  recordings: Readonly<Record<string, Record<string, Tensor>>>,
  options: Partial<MultiDatasetDMOptions> & { readonly rate?: number } = {},
): Promise<MultiDatasetDM> {
  const { rate = 120, ...own } = options;
  const place = await folders.make();
  await writeFiles(place, { 'one.yaml': yaml });
  for (const [type, tensors] of Object.entries(recordings)) await writeRecording(place, 'one', { type, tensors, rate });
  return setUp({ cfgDir: place, batch: 1, ...own });
}
const column = [0, 1];
const names = (groups: readonly MultiDatasetGroup[]): string[] => groups.flatMap((group) => samplesOf(group, column));
const MINIMAL = 'cids: [0, 2]\ntypes: [images]\nkeys_lags: { robs: 0, stim: [0, 1, 2], dfs: 0 }\n';

describe('MultiDatasetDM', () => {
  it('serves windows of the recordings, normalised, in groups', async () => {
    const dm = await twoSessions();
    expect(dm.names).toEqual(['first', 'second']);
    expect(dm.name2idx).toEqual({ first: 0, second: 1 });
    expect(dm.cfgs.map(({ cids }) => cids)).toEqual([[0, 2], [4, 0, 1]]); // biome-ignore format: a table
    // Of each trial of 12 frames, those 4 frames behind its first one: 8.
    expect([dm.trainDsets.first!.length, dm.valDsets.first!.length]).toEqual([8 * 8, 2 * 8]);
    expect([dm.trainDsets.second!.length, dm.valDsets.second!.length]).toEqual([4 * 8, 8]);
    const batches = await play(dm.trainDataloader());
    expect(batches.length).toBe(6);
    for (const { stim, robs, dfs, behavior, datasetIdx } of batches.flat()) {
      const frames = numbers(robs.select(1, column[datasetIdx]!));
      const count = frames.length;
      expect(typeof datasetIdx).toBe('number');
      expect([stim.shape, robs.shape, dfs!.shape, behavior!.shape]).toEqual([[count, 1, 4, 4, 4], [count, 2 + datasetIdx], [count, 1], [count, 6]]); // biome-ignore format: a table
      expect([stim, robs, dfs!, behavior!].map(({ dtype }) => dtype)).toEqual(Array(4).fill('float32'));
      const pixels = frames.flatMap((t) =>
        [0, 1, 2, 3].flatMap((lag) =>
          [0, 1, 2, 3].flatMap((y) =>
            [0, 1, 2, 3].map((x) => Math.fround((((t - lag + 3 * y + 5 * x) % 251) - 127) / 255)),
          ),
        ),
      );
      expect(numbers(stim)).toEqual(pixels);
      const positions = frames.flatMap((t) => [Math.sin(t / 3), Math.cos(t / 5)].map(Math.fround));
      expect(numbers(behavior!.narrow(1, 4, 2))).toEqual(positions);
      if (datasetIdx === 1) expect(numbers(robs)).toEqual(frames.flatMap((t) => [t + 4000, t, t + 1000]));
    }
    expect(new Set(batches.flatMap(names)).size).toBe(96);
  });

  it('gives single samples as its batches have them, and the raw data set as base', async () => {
    const dm = await twoSessions();
    const context = { seed: 0, epoch: 0 };
    const view = dm.trainDsets.first!;
    const sample = await view.get(5, context);
    const batch = (await view.getBatch!(Int32Array.of(3, 5), {
      ...context,
      position: 0,
      indices: Int32Array.of(3, 5),
    })) as Record<string, Tensor>;
    for (const [key, value] of Object.entries(sample)) expect(value!.equal(batch[key]!.select(0, 1)), key).toBe(true);
    expect(sample.stim.shape).toEqual([1, 4, 4, 4]);
    expect((await view.base.get(5, context)).stim.dtype).toBe('uint8');
  });

  it('shuffles anew in every epoch, the same for the same seed', async () => {
    const orders = async (seed: number): Promise<string[][]> => {
      const loader = (await twoSessions({ seed })).trainDataloader();
      return [(await play(loader)).flatMap(names), (await play(loader)).flatMap(names)];
    };
    const [first, second] = await orders(1);
    expect(first).not.toEqual(second);
    expect([...first!].sort()).toEqual([...second!].sort());
    expect(await orders(1)).toEqual([first, second]);
    expect((await orders(2))[0]).not.toEqual(first);
  });

  it('validates every held-out sample once, in one order, in batches of one data set that take turns', async () => {
    const dm = await twoSessions({ batch: 5 });
    const loader = dm.valDataloader();
    const [first, second] = [await play(loader), await play(loader)];
    expect(second.map(names)).toEqual(first.map(names));
    expect(first.map((groups) => groups.map(({ datasetIdx }) => datasetIdx))).toEqual([[0], [1], [0], [1], [0], [0]]); // biome-ignore format: a table
    expect(new Set(first.flatMap(names)).size).toBe(24);
    expect(first.flatMap(names).length).toBe(24);
  });

  it('shares out samples among ranks: training in positions of one order, validation complete, nothing twice', async () => {
    const whole = (await play((await twoSessions({ batch: 4 })).trainDataloader())).flatMap((groups) =>
      names(groups).sort(),
    );
    for (const world of [2, 3]) {
      const ranks = await Promise.all([...Array(world).keys()].map((rank) => twoSessions({ batch: 4, rank, world })));
      const trained = await Promise.all(ranks.map(async (dm) => (await play(dm.trainDataloader())).flatMap(names)));
      expect(new Set(trained.map(({ length }) => length)).size).toBe(1);
      expect(new Set(trained.flat()).size).toBe(trained.flat().length);
      expect(trained.flat().every((sample) => whole.includes(sample))).toBe(true);
      const validated = await Promise.all(ranks.map(async (dm) => (await play(dm.valDataloader())).flatMap(names)));
      expect(validated.flat().length).toBe(24);
      expect(new Set(validated.flat()).size).toBe(24);
    }
    const homogeneous = await Promise.all(
      [0, 1].map((rank) => twoSessions({ batch: 4, homogeneousBatches: true, rank, world: 2 })),
    );
    const orders = homogeneous.map((dm) => dm.trainDataloader().batchSampler!.order(3));
    const one = (await twoSessions({ batch: 4, homogeneousBatches: true })).trainDataloader().batchSampler!.order(3);
    expect(orders.map((order) => [...order.at(1)])).toEqual([[...one.at(2)], [...one.at(3)]]);
  });

  it('gives homogeneous batches as single groups', async () => {
    const dm = await twoSessions({ homogeneousBatches: true, batch: 8 });
    const seen = new Set<number>();
    for await (const batch of dm.trainDataloader()) {
      const { robs, datasetIdx } = batch as MultiDatasetGroup;
      expect(robs.shape).toEqual([8, 2 + datasetIdx]);
      seen.add(datasetIdx);
    }
    expect([...seen].sort()).toEqual([0, 1]);
    const validated = await play(dm.valDataloader());
    expect(validated.flatMap(names).length).toBe(24);
  });

  it('keeps the stimulus as a float where asked, behind all transforms', async () => {
    const transforms = 'transforms: { stim: { ops: [pixelnorm, { mul: 2 }, { unsqueeze: 1 }] } }\n';
    const recording = { images: makeRecording() };
    const first = async (dsetDtype: 'float32' | 'bfloat16'): Promise<[Tensor, string]> => {
      const dm = await oneSession(MINIMAL + transforms, recording, { dsetDtype });
      const [[group]] = (await play(dm.valDataloader(), 1)) as [[MultiDatasetGroup]];
      return [group.stim, (await dm.valDsets.one!.base.get(0, { seed: 0, epoch: 0 })).stim.dtype];
    };
    const bytes = await oneSession(`${MINIMAL}transforms: { stim: { ops: [pixelnorm] } }`, recording);
    const [[group]] = (await play(bytes.valDataloader(), 1)) as [[MultiDatasetGroup]];
    const [float, floatDtype] = await first('float32');
    const [half, halfDtype] = await first('bfloat16');
    expect([floatDtype, halfDtype, half.dtype]).toEqual(['float32', 'bfloat16', 'float32']);
    expect(float.equal(group.stim.mul(2))).toBe(true);
    expect(half.equal(float.to('bfloat16').to('float32'))).toBe(true);
    const raw = await oneSession(MINIMAL, recording);
    const [[unnormed]] = (await play(raw.valDataloader(), 1)) as [[MultiDatasetGroup]];
    expect(unnormed.stim.sub(127).div(255).equal(group.stim)).toBe(true);
  });

  it('serves spike history, one lag, and lags ahead; every lag lies inside its recording', async () => {
    const yaml = `cids: [2, 0]
types: [a, b]
keys_lags: { robs: 0, stim: 1, ahead: [0, -2], history: [1, 2, 3] }
transforms:
  history: { source: robs, ops: [{ select_units: { indices: cids } }] }
  ahead: { source: eyepos, ops: [] }
datafilters: { dfs: { ops: [] } }
train_val_split: 0.5
`;
    const recordings = {
      a: makeRecording({ numTrials: 4, trialFrames: 6 }),
      b: makeRecording({ numTrials: 2, trialFrames: 10 }),
    };
    const dm = await oneSession(yaml, recordings);
    const groups = [...(await play(dm.trainDataloader())).flat(), ...(await play(dm.valDataloader())).flat()];
    const frames = groups.flatMap(({ robs }) => numbers(robs.select(1, 1)));
    // Frames 3 to 21 of the first recording, 3 to 17 of the second.
    expect(new Set(frames)).toEqual(new Set(Array.from({ length: 19 }, (_, at) => at + 3)));
    expect(dm.trainDsets.one!.length + dm.valDsets.one!.length).toBe(19 + 15);
    for (const { stim, robs, history, ahead } of groups) {
      const own = numbers(robs.select(1, 1));
      expect(stim.shape).toEqual([own.length, 1, 1, 4, 4]);
      expect(numbers(stim.select(-1, 0).select(-1, 0))).toEqual(own.map((t) => t - 1));
      expect(history!.shape).toEqual([own.length, 3, 2]);
      expect(numbers(history)).toEqual(own.flatMap((t) => [1, 2, 3].flatMap((lag) => [t - lag + 2000, t - lag])));
      expect(numbers(ahead!.select(-1, 0))).toEqual(
        own.flatMap((t) => [t, t + 2].map((at) => Math.fround(Math.sin(at / 3)))),
      );
    }
  });

  it('masks by what was recorded, per unit, and joins recordings whose masks have other widths', async () => {
    const wide = makeRecording();
    const dfs = ones([120, 3]);
    dfs.select(1, 2).narrow(0, 0, 60).fill_(0);
    dfs.narrow(0, 90, 30).fill_(0);
    const dm = await oneSession(`${MINIMAL.replace('[images]', '[images, more]')}n_lags: 2`, {
      images: { ...wide, dfs },
      more: makeRecording({ numTrials: 2 }),
    });
    const groups = [...(await play(dm.trainDataloader())).flat(), ...(await play(dm.valDataloader())).flat()];
    const seen = groups.flatMap(({ robs, dfs: mask }) => {
      expect(mask!.shape).toEqual([robs.shape[0], 2]);
      return numbers(robs.select(1, 0)).map((frame, at) => [frame, ...numbers(mask!.select(0, at))].join(' '));
    });
    expect(seen.filter((one) => one.startsWith('50 '))).toEqual(['50 1 0']);
    expect(seen.filter((one) => one.startsWith('70 '))).toEqual(['70 1 1']);
    expect(seen.some((one) => Number(one.split(' ')[0]) >= 90)).toBe(false);
    expect(seen.filter((one) => one.startsWith('5 ')).sort()).toEqual(['5 1 0', '5 1 1']);
  });

  it('downsamples, leaves out frames of two trials, and takes rates from files', async () => {
    const yaml = `${MINIMAL}sampling: { source_rate: 240, target_rate: 120 }\nn_lags: 2\n`;
    const dm = await oneSession(yaml, { images: makeRecording({ numTrials: 8, trialFrames: 11 }) }, { rate: 240 });
    const groups = [...(await play(dm.trainDataloader())).flat(), ...(await play(dm.valDataloader())).flat()];
    for (const { stim, robs } of groups) {
      const frames = numbers(robs.select(1, 0)).map((sum) => (sum - 1) / 4); // unit 0 fires 2t and 2t + 1 times in frame t
      expect(numbers(stim.select(-1, 0).select(-1, 0))).toEqual(
        frames.flatMap((t) => [0, 1, 2].map((lag) => 2 * (t - lag))),
      );
      const isInside = frames.every((t) => Math.floor((2 * t + 1) / 11) === Math.floor((2 * (t - 2)) / 11));
      expect(isInside).toBe(true);
    }
    expect(groups.length).toBeGreaterThan(0);
  });

  it('reads Parquet', async () => {
    const place = await folders.make();
    await writeFiles(place, { 'one.yaml': MINIMAL });
    await mkdir(join(place, 'one'), { recursive: true });
    const fixture = new URL('../../../test/fixtures/multidataset/data/whole.parquet', import.meta.url);
    await copyFile(fixture, join(place, 'one/images.parquet'));
    const dm = await setUp({ cfgDir: place, batch: 4 });
    const [[{ stim, robs }]] = (await play(dm.trainDataloader(), 1)) as [[MultiDatasetGroup]];
    const frames = numbers(robs.select(1, 0));
    expect(numbers(robs.select(1, 1))).toEqual(frames.map((t) => t + 2000));
    expect(numbers(stim.select(2, 1).select(-1, 1).select(-1, 1))).toEqual(frames.map((t) => t - 1 + 8));
  });

  it('serves data without a stimulus, for models of behaviour', async () => {
    const yaml =
      'cids: [0, 1]\ntypes: [images]\nkeys_lags: { robs: 0, behavior: 0, dfs: 0 }\ntransforms: { pupil: { source: pupil, expose_as: behavior } }';
    const { robs, trial_inds } = makeRecording();
    const dm = await oneSession(yaml, { images: { robs: robs!, trial_inds: trial_inds!, pupil: arange(120) } });
    const [[group]] = (await play(dm.valDataloader(), 1)) as [[MultiDatasetGroup]];
    expect(Object.keys(group).sort()).toEqual(['behavior', 'datasetIdx', 'dfs', 'robs']);
    expect(numbers(group.behavior)).toEqual(numbers(group.robs.select(1, 0)));
  });

  it('leaves out types that a session has not, with a warning, where asked', async () => {
    const yaml = MINIMAL.replace('[images]', '[gratings, images]');
    const warnings: string[] = [];
    const listener = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listener);
    const dm = await oneSession(yaml, { images: makeRecording() }, { missingTypes: 'skip' });
    await new Promise(setImmediate);
    process.off('warning', listener);
    expect(dm.trainDsets.one!.length).toBeGreaterThan(0);
    expect(warnings.map((warning) => warning.replace(/\/\S*\//g, ''))).toEqual([
      'The data set "one" is made without gratings: there is no gratings.safetensors or .parquet',
    ]);
  });

  it('takes data sets of no file, as plain data', async () => {
    const read = await readDatasetConfigs(join(folder, 'parent.yaml'));
    const sent = JSON.parse(JSON.stringify(read)) as typeof read;
    const [files, plain] = [await twoSessions(), await setUp({ configs: sent, batch: 16 })];
    expect(plain.names).toEqual(files.names);
    expect(plain.cfgs).toEqual(files.cfgs);
    expect((await play(plain.trainDataloader())).map(names)).toEqual((await play(files.trainDataloader())).map(names));
    expect((await setUp({ configs: sent, maxDs: 1, batch: 4 })).names).toEqual(['first']);
  });

  it('has nothing to look at before setup(), and reads once', async () => {
    const { MultiDatasetDM: DM } = await import('./multi-dataset-dm.ts');
    const dm = new DM({ cfgDir: join(folder, 'parent.yaml') });
    for (const look of [() => dm.names, () => dm.trainDsets, () => dm.cfgs, () => dm.trainDataloader()])
      expect(look).toThrow('Cannot look at the data sets of a MultiDatasetDM: expected setup() before, got none');
    await dm.setup();
    const sets = dm.trainDsets;
    await dm.setup();
    expect(dm.trainDsets).toBe(sets);
    expect(dm.contrastScores).toBeUndefined();
    expect(dm.stepsPerEpoch).toBe(1000);
  });
});
