import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../errors.ts';
import { BASE, writeFiles } from '../testing/sessions.ts';
import { readDatasetConfigs } from './read-dataset-configs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-dataset-configs-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The problems of reading, with the temporary folder left out. */
async function problemsOf(path: string): Promise<string[]> {
  try {
    await readDatasetConfigs(join(folder, path), { cwd: folder });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
  }
  return [];
}

describe('readDatasetConfigs()', () => {
  it('merges each file of a folder over the base beside it, in the order of names', async () => {
    await writeFiles(folder, {
      'plain/multi_base.yaml': BASE,
      'plain/b.yaml':
        'cids: [1]\nkeys_lags: { stim: [0, 1] }\ntransforms: { eye_vel: { ops: [symlog] } }\nlab: rowley\neye: left\n',
      'plain/a.yaml': 'session: other\ncids: [3, 0]\ndata_dir: ../elsewhere\ntrainValSplit: 0.5\n',
      'plain/notes.txt': 'nothing',
    });
    const { names, configs } = await readDatasetConfigs(join(folder, 'plain'));
    expect(names).toEqual(['a', 'b']);
    const [a, b] = configs;
    expect([a!.session, a!.data_dir, a!.train_val_split, a!.seed]).toEqual([
      'other',
      join(folder, 'elsewhere'),
      0.5,
      1002,
    ]);
    expect(b).toMatchObject({ session: 'b', data_dir: join(folder, 'plain'), lab: 'rowley', eye: 'left' });
    expect(b!.keys_lags).toEqual({ robs: 0, stim: [0, 1], behavior: 0, dfs: 0 });
    expect(Object.keys(b!.transforms)).toEqual(['stim', 'eye_vel', 'eye_pos']);
    expect(b!.transforms.eye_vel).toEqual({
      source: 'eyepos',
      ops: [{ symlog: {} }],
      expose_as: 'behavior',
      concatenate: true,
    });
    expect(b!.transforms.stim!.ops).toEqual([{ pixelnorm: {} }, { unsqueeze: 1 }]);
    expect((await readDatasetConfigs('plain', { maxDs: 1, cwd: folder })).names).toEqual(['a']);
  });

  it('takes the notes on units that VisionCore’s sessions have', async () => {
    const notes = {
      visual: [3],
      qcmissing: [],
      qccontam: [4, 1],
      cidsqc: [0],
      cids_qc: [2],
      snr: 5,
      missingth: 25,
      contamth: 50,
    };
    const lines = Object.entries(notes).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    await writeFiles(folder, { 'notes/base.yaml': BASE, 'notes/a.yaml': `cids: [0]\n${lines.join('')}` });
    expect((await readDatasetConfigs(join(folder, 'notes'))).configs[0]).toMatchObject(notes);
    await writeFiles(folder, { 'notes/a.yaml': 'cids: [0]\nsnr: high\ncidsqc: 3\n' });
    await expect(readDatasetConfigs(join(folder, 'notes'))).rejects.toThrow(
      /snr: expected a number.*cidsqc: expected a list/s,
    );
  });

  it('merges the sessions of a parent over what it says, and counts data_dir from the file that says it', async () => {
    await writeFiles(folder, {
      'parents/all.yaml': `session_dir: ../sessions\nsessions: [s2, s1]\ndata_dir: data\n${BASE}`,
      'sessions/s1.yaml': 'cids: [1]\nsession: Allen_1\ntypes: [gratings]\nseed: 3',
      'sessions/s2.yaml': 'cids: [0]\ndata_dir: own',
    });
    const { names, configs } = await readDatasetConfigs(join(folder, 'parents/all.yaml'));
    expect(names).toEqual(['s2', 'Allen_1']);
    expect(configs.map(({ data_dir }) => data_dir)).toEqual([
      join(folder, 'sessions/own'),
      join(folder, 'parents/data'),
    ]);
    expect(configs.map(({ seed, types }) => [seed, types])).toEqual([[1002, ['images']], [3, ['gratings']]]); // biome-ignore format: a table
  });

  it('takes lags of a transform, null for no lag, and the spelling of VisionCore for a threshold', async () => {
    await writeFiles(folder, {
      'lags/a.yaml': `cids: [0]
types: [x]
keys_lags: { robs: null }
transforms: { past: { source: robs, expose_as: history, keys_lags: [1, 2], ops: [{ select_units: { indices: cids } }] } }
datafilters: { dfs: { ops: [{ missing_pct: { theshold: 45 } }] } }
`,
    });
    const { configs } = await readDatasetConfigs(join(folder, 'lags'));
    expect(configs[0]!.keys_lags).toEqual({ robs: 0, history: [1, 2] });
    expect(configs[0]!.datafilters.dfs!.expose_as).toBe('dfs');
  });

  it('lists everything that is wrong in all files, with its place', async () => {
    await writeFiles(folder, {
      'wrong/a.yaml': `types: [x, x]
cids: [0, 1.5]
keys_lags: { stim: [0, 0], robs: 0 }
train_val_spit: 0.8
transforms:
  stim: { source: 3, ops: [pixelnrm, { smooth: { sigma: 1 } }, { a: 1, b: 2 }, { unsqueeze: one }] }
  other: { opps: [] }
datafilters: { dfs: { ops: [{ valid_nlags: { n_lags: -1 } }] } }
`,
      'wrong/b.yaml':
        'cids: [0]\nkeys_lags: { stim: 0 }\nsampling: { source_rate: 240, target_rate: 100 }\nsession: ../up',
      'wrong/c.yaml': 'cids: [',
    });
    expect(await problemsOf('wrong')).toMatchInlineSnapshot(`
      [
        "wrong/c.yaml:1:8: expected ] that ends what began above, got another line",
        "wrong/a.yaml:1:1: types: expected a list of names without slashes, each once, got ["x", "x"]",
        "wrong/a.yaml:2:1: cids: expected a list of columns (integers from 0 on), each once, got [0, 1.5]",
        "wrong/a.yaml:3:14: keys_lags.stim: expected a number of frames, a list of them, each once, or null, got [0, 0]",
        "wrong/a.yaml:4:1: train_val_spit: expected a known key, got an unknown key; did you mean train_val_split?",
        "wrong/a.yaml:6:11: transforms.stim.source: expected a name, got 3",
        "wrong/a.yaml:6:28: transforms.stim.ops.0.pixelnrm: expected a known name, got an unknown name; did you mean pixelnorm?",
        "wrong/a.yaml:6:50: transforms.stim.ops.1.smooth.sigma: expected one of type, params, got an unknown option",
        "wrong/a.yaml:6:64: transforms.stim.ops.2: expected one name with its parameters, as { unsqueeze: 1 }, got an object",
        "wrong/a.yaml:6:82: transforms.stim.ops.3.unsqueeze.axis: expected an integer, got "one"",
        "wrong/a.yaml:7:12: transforms.other.opps: expected one of source, ops, expose_as, concatenate, keys_lags, got an unknown key; did you mean ops?",
        "wrong/a.yaml:8:46: datafilters.dfs.ops.0.valid_nlags.n_lags: expected an integer of at least 0, got -1",
        "wrong/b.yaml:1:1: types: expected a list of names without slashes, each once, got none",
        "wrong/b.yaml:2:1: keys_lags.robs: expected the lag of the responses, got none; write robs: 0",
        "wrong/b.yaml:3:31: sampling.target_rate: expected a rate that divides 240, got 100",
        "wrong/b.yaml:4:1: session: expected a name without slashes, got "../up"",
      ]
    `);
  });

  it('says what is wrong with a parent, and with sessions that are not there', async () => {
    await writeFiles(folder, {
      'bad.yaml': 'sessions: s1\n',
      'gone.yaml': `session_dir: nowhere\nsessions: [s1, s2]\n${BASE}`,
      'twins.yaml': `session_dir: twins\nsessions: [t1, t2]\n${BASE}`,
      'twins/t1.yaml': 'cids: [0]\nsession: same',
      'twins/t2.yaml': 'cids: [0]\nsession: same',
      'bases/a_base.yaml': BASE,
      'bases/b_base.yaml': BASE,
      'bases/one.yaml': 'cids: [0]',
      'bases/two.yaml': 'extends: b_base.yaml\ncids: [0]',
      'empty/readme.md': '',
    });
    expect(await problemsOf('bad.yaml')).toMatchInlineSnapshot(`
      [
        "bad.yaml:1:1: session_dir: expected a name, got none; a folder of data sets is given itself, not a file",
        "bad.yaml:1:1: sessions: expected a list of names without slashes, each once, got "s1"",
      ]
    `);
    expect(await problemsOf('gone.yaml')).toMatchInlineSnapshot(`
      [
        "gone.yaml:2:12: sessions.0: expected a file nowhere/s1.yaml, got none",
        "gone.yaml:2:16: sessions.1: expected a file nowhere/s2.yaml, got none",
      ]
    `);
    expect(await problemsOf('twins.yaml')).toMatchInlineSnapshot(`
      [
        "expected data sets with names of their own, got "same" in twins/t1.yaml and twins/t2.yaml",
      ]
    `);
    expect(await problemsOf('bases')).toMatchInlineSnapshot(`
      [
        "bases/one.yaml:1:1: extends: expected one of a_base.yaml, b_base.yaml, which all lie beside it, got none",
        "bases/one.yaml:1:1: keys_lags: expected an object, got none",
        "bases/one.yaml:1:1: types: expected a list of names without slashes, each once, got none",
      ]
    `);
    expect(await problemsOf('empty')).toMatchInlineSnapshot(`
      [
        "expected files *.yaml without "base" in their names, got none",
      ]
    `);
    expect(await problemsOf('missing')).toMatchInlineSnapshot(`
      [
        "expected a folder or a file, got none at missing",
      ]
    `);
    await expect(readDatasetConfigs(folder, { maxDs: 0 })).rejects.toThrow('maxDs: expected an integer above 0, got 0');
  });
});
