// `sconce verify`: damage in every format is found and named, and so are numbers that are not finite.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveSafetensors } from '../../serial/safetensors.ts';
import { save } from '../../serial/tensors.ts';
import { tensor, zeros } from '../../tensor/index.ts';
import { encodeRecord, headerRecord } from '../../tracking/run-format.ts';
import { lightningFromWeights } from '../../trainer/checkpoint/lightning.ts';
import { verify } from './verify.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-verify-'));
});
afterEach(() => rm(folder, { recursive: true }));

const one = async (name: string) => {
  const reports = await verify(at(name));
  expect(reports).toHaveLength(1);
  return reports[0]!;
};

const flip = async (name: string, place: number): Promise<void> => {
  const bytes = await readFile(at(name));
  bytes[place < 0 ? bytes.length + place : place]! ^= 1;
  await writeFile(at(name), bytes);
};

const bad = { w: tensor([1, Number.NaN, Number.POSITIVE_INFINITY]), ok: zeros([3]) };

describe('verify()', () => {
  it('counts the tensors of a PyTorch file, names those that are not finite, and finds a flipped bit', async () => {
    await save({ model: bad, list: [bad.w, zeros([2, 3]).t()] }, at('x.pt'));
    expect(await one('x.pt')).toEqual({
      path: at('x.pt'),
      format: 'PyTorch file',
      numTensors: 3,
      tensorBytes: 48,
      nonFinite: [{ name: 'model.w', numNan: 1, numInf: 1 }],
      notes: [],
    });
    await flip('x.pt', (await readFile(at('x.pt'))).indexOf('model'));
    expect(await one('x.pt')).toMatchObject({
      problem: expect.stringMatching(/^Cannot read checkpoint ".*x\.pt": expected/),
    });
  });

  it('takes classes that it does not know for no damage, and names them', async () => {
    const path = fileURLToPath(new URL('../../../test/fixtures/serial/classes.pt', import.meta.url));
    const [report] = await verify(path);
    expect(report!.problem).toBe(undefined);
    expect(report!.notes[0]).toMatch(/^holds objects of Python classes: .*__main__/);
  });

  it('tells checkpoints of Sconce and Lightning, and misses keys of ours', async () => {
    await save(lightningFromWeights(bad), at('theirs.ckpt'));
    expect(await one('theirs.ckpt')).toMatchObject({
      format: 'Lightning checkpoint',
      nonFinite: [{ name: 'state_dict.w' }],
    });
    await save({ format: 'sconce', version: 1, model_state_dict: {} }, at('ours.ckpt'));
    expect(await one('ours.ckpt')).toMatchObject({
      format: 'Sconce checkpoint',
      problem: expect.stringContaining('expected all keys'),
    });
  });

  it('reads safetensors to their end, alone and in shards', async () => {
    await saveSafetensors(bad, at('x.safetensors'));
    const report = await one('x.safetensors');
    expect(report).toMatchObject({ format: 'safetensors', numTensors: 2, tensorBytes: 24 });
    expect(report.nonFinite).toEqual([{ name: 'w', numNan: 1, numInf: 1 }]);
    await saveSafetensors(bad, at('folder'), { maxShardBytes: 12 });
    expect(await one('folder')).toMatchObject({ numTensors: 2, notes: ['the format has no checksums'] });
    const index = at('folder/model.safetensors.index.json');
    await writeFile(index, (await readFile(index, 'utf8')).replace('24', '25'));
    expect((await one('folder/model.safetensors.index.json')).notes).toContain('total_size of the index says 25 bytes');
    await rm(at('folder/model-00002-of-00002.safetensors'));
    expect(await one('folder')).toMatchObject({ problem: expect.stringContaining('ENOENT') });
    await flip('x.safetensors', 9);
    expect(await one('x.safetensors')).toMatchObject({ problem: expect.stringContaining('header') });
  });

  it('looks at the log and each checkpoint of a run, and not twice at what links name', async () => {
    await mkdir(at('checkpoints'));
    await save({ a: 1 }, at('checkpoints/epoch_000_step_000001.ckpt'));
    await save({ a: 1 }, at('checkpoints/epoch_001_step_000002.ckpt'));
    await symlink('epoch_001_step_000002.ckpt', at('checkpoints/latest.ckpt'));
    await writeFile(at('metrics.jsonl'), `${encodeRecord(headerRecord(1, 'run'))}\n`);
    const whole = await verify(folder);
    expect(whole.map(({ format, problem }) => [format, problem])).toEqual([
      ['log of a run', undefined],
      ['PyTorch file', undefined],
      ['PyTorch file', undefined],
    ]);
    await flip('checkpoints/epoch_001_step_000002.ckpt', 70);
    await writeFile(at('metrics.jsonl'), 'nonsense\n{}\n');
    expect((await verify(folder)).map(({ problem }) => problem !== undefined)).toEqual([true, false, true]);
  });

  it('says where there is nothing to verify', async () => {
    await expect(verify(folder)).rejects.toThrow('expected weights, a checkpoint or a run, got a folder without .pt');
    await expect(verify(at('none'))).rejects.toThrow('ENOENT');
    await writeFile(at('x.pt'), '');
    await writeFile(at('y.safetensors'), 'nothing');
    expect((await verify(folder)).every(({ problem }) => problem !== undefined)).toBe(true);
  });
});
