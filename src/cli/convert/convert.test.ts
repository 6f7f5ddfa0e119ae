// `sconce convert` between all formats: what comes out, what is said to be lost, and what is refused with nothing written.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadValue } from '../../serial/file.ts';
import { loadSafetensors, openSafetensors } from '../../serial/safetensors.ts';
import { load, save } from '../../serial/tensors.ts';
import { PyFloat, tuple } from '../../serial/values.ts';
import { arange, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { asCheckpoint, CHECKPOINT_KEYS } from '../../trainer/checkpoint/format.ts';
import { parseSize } from '../commands/convert.ts';
import { type ConvertOptions, convert } from './convert.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-convert-'));
});
afterEach(() => rm(folder, { recursive: true }));

const to = (from: string, target: string, options: Partial<ConvertOptions> = {}): Promise<string[]> =>
  convert(at(from), at(target), { only: [], shared: 'once', ...options });

const weights = () => ({ 'model.w': tensor([1.5, 2]), 'model.b': arange(0, 3) });

/** A Sconce checkpoint in the middle of an epoch. */
const checkpoint = () => ({
  ...Object.fromEntries(CHECKPOINT_KEYS.map((key) => [key, null])),
  format: 'sconce',
  version: 1,
  model_state_dict: weights(),
  optimizer_state_dicts: [
    { state: new Map([[0, { step: tensor(5) }]]), param_groups: [{ lr: new PyFloat(1), betas: tuple(1) }] },
  ],
  scheduler_state_dicts: [],
  loaders: { a: 1 },
  clocks: { step: 5, microStep: 10, epoch: 1, batchInEpoch: 2, samples: 20, pending: [0] },
  callbacks: {},
  metrics: {},
  hyper_parameters: { width: 3 },
  extra: {},
  environment: { node: 'v1' },
});

const arrays = (state: Readonly<Record<string, Tensor>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.toArray()]));

describe('convert()', () => {
  it('takes weights out of a checkpoint, and says what it leaves', async () => {
    await save(checkpoint(), at('in.ckpt'));
    expect(await to('in.ckpt', 'out.safetensors', { strip: 'model.', dtype: 'bfloat16' })).toEqual([
      `Read "${at('in.ckpt')}": a Sconce checkpoint, 2 tensors of weights (32 B, float32, int64)`,
      `Wrote "${at('out.safetensors')}": safetensors, 2 tensors of weights (28 B, bfloat16, int64)`,
      'Dropped: format, version, optimizer_state_dicts, loaders, clocks, hyper_parameters, environment',
    ]);
    const read = await loadSafetensors(at('out.safetensors'));
    expect(arrays(read)).toEqual({ b: [0, 1, 2], w: [1.5, 2] });
    expect(read.w!.dtype).toBe('bfloat16');
    const reader = await openSafetensors(at('out.safetensors'));
    expect(reader.metadata).toEqual({ format: 'pt' });
    await reader.close();
  });

  it('keeps all of a checkpoint in a PyTorch file but what is asked for, floats as floats', async () => {
    await save(checkpoint(), at('in.ckpt'));
    await to('in.ckpt', 'out.pt', { dtype: 'float16', prefix: 'x.' });
    const value = asCheckpoint(await load(at('out.pt'), { keepFloats: true }), 'out.pt');
    expect(Object.keys(value.model_state_dict as object)).toEqual(['x.model.w', 'x.model.b']);
    expect((value.model_state_dict as Record<string, Tensor>)['x.model.w']!.dtype).toBe('float16');
    const [{ param_groups: groups }] = value.optimizer_state_dicts as [{ param_groups: { lr: unknown }[] }];
    expect(groups[0]!.lr).toEqual(new PyFloat(1));
    await to('in.ckpt', 'weights.pth', { weights: true });
    expect(arrays((await load(at('weights.pth'))) as Record<string, Tensor>)).toEqual(arrays(weights()));
  });

  it("lays a checkpoint out as Lightning's, and back", async () => {
    await save(checkpoint(), at('in.ckpt'));
    expect((await to('in.ckpt', 'out.ckpt')).at(-1)).toBe('Dropped: loaders, environment');
    const theirs = (await load(at('out.ckpt'))) as Record<string, unknown>;
    expect(theirs).toMatchObject({
      epoch: 1,
      global_step: 5,
      hyper_parameters: { width: 3 },
      callbacks: {},
      lr_schedulers: [],
    });
    const { fit_loop: fit } = theirs.loops as { fit_loop: Record<string, unknown> };
    expect(fit['epoch_loop.batch_progress']).toMatchObject({
      total: { completed: 10 },
      current: { ready: 2 },
      is_last_batch: false,
    });
    expect(fit.epoch_progress).toMatchObject({ total: { ready: 2, completed: 1 } });
    await to('out.ckpt', 'back.ckpt', { to: 'sconce' });
    const back = asCheckpoint(await load(at('back.ckpt')), 'back.ckpt');
    expect(back.clocks).toMatchObject({ step: 5, microStep: 10, epoch: 1, pending: [0] });
    expect(arrays(back.model_state_dict as Record<string, Tensor>)).toEqual(arrays(weights()));
    expect(back.optimizer_state_dicts).toHaveLength(1);
    expect(back.hyper_parameters).toEqual({ width: 3 });
  });

  it('makes a Lightning checkpoint and a Sconce one of weights alone', async () => {
    await save({ weights: weights(), note: 'x' }, at('in.pt'));
    expect((await to('in.pt', 'a.ckpt')).at(-1)).toBe('Dropped: note');
    expect(await load(at('a.ckpt'))).toMatchObject({ epoch: 0, global_step: 0, 'pytorch-lightning_version': '2.6.0' });
    await to('in.pt', 'b.ckpt', { to: 'sconce' });
    const made = asCheckpoint(await load(at('b.ckpt')), 'b.ckpt');
    expect(arrays(made.model_state_dict as Record<string, Tensor>)).toEqual(arrays(weights()));
  });

  it('makes a Sconce checkpoint and a Lightning one of what another system goes on from', async () => {
    const fixture = fileURLToPath(
      new URL('../../../test/fixtures/trainer/multimodal_insight_engine.pt', import.meta.url),
    );
    const options = { only: [], shared: 'once' } as const;
    const said = await convert(fixture, at('a.ckpt'), { ...options, to: 'sconce', prefix: 'model.' });
    expect(said[0]).toMatch(/": a checkpoint of multimodal_insight_engine, 4 tensors/);
    expect(said.at(-1)).toMatch(/^Wrote/); // nothing is lost
    const made = asCheckpoint(await load(at('a.ckpt')), 'a.ckpt');
    expect(made.clocks).toMatchObject({ epoch: 1, step: 3 });
    expect(made.optimizer_state_dicts).toHaveLength(1);
    expect(made.scheduler_state_dicts).toHaveLength(1);
    expect(made.extra).toMatchObject({ training_state: { best_val_metric: 0.5, patience_counter: 1 } });
    expect((made.metrics as { history: unknown[] }).history).toMatchObject([{ epoch: 0 }]);
    const { history } = made.metrics as { history: { values: Record<string, number> }[] };
    expect(history[0]!.values['train/loss']).toBeGreaterThan(0);
    expect(Object.keys(made.model_state_dict as object)[0]).toMatch(/^model\./);
    expect((await convert(fixture, at('b.ckpt'), options)).at(-1)).toMatch(/^Dropped: metrics, extra/);
    expect(await load(at('b.ckpt'))).toMatchObject({ epoch: 1, global_step: 3, lr_schedulers: [{ last_epoch: 1 }] });
    await convert(fixture, at('c.safetensors'), options);
    expect(Object.keys(await loadSafetensors(at('c.safetensors')))).toHaveLength(4);
  });

  it('writes and reads folders in shards', async () => {
    await save({ a: zeros([4]), b: arange(0, 4), c: zeros([1]) }, at('in.bin'));
    await to('in.bin', 'folder', { maxShardBytes: 20 });
    expect((await readdir(at('folder'))).filter((name) => name.endsWith('.safetensors'))).toHaveLength(2);
    await to('folder', 'again.pt');
    expect(Object.keys((await load(at('again.pt'))) as object).sort()).toEqual(['a', 'b', 'c']);
    await to('folder/model.safetensors.index.json', 'one.safetensors');
    expect(Object.keys(await loadSafetensors(at('one.safetensors')))).toHaveLength(3);
  });

  it('keeps tied weights tied on the way to safetensors and back', async () => {
    const head = tensor([1]);
    await save({ head, embedding: head }, at('in.pt'));
    await to('in.pt', 'out.safetensors');
    await to('out.safetensors', 'back.pt');
    const back = (await load(at('back.pt'))) as Record<string, Tensor>;
    back.head!.fill_(7);
    expect(back.embedding!.item()).toBe(7);
    await expect(to('in.pt', 'x.safetensors', { shared: 'error' })).rejects.toThrow('share it');
  });

  it('chooses weights by pattern and by key', async () => {
    await save({ ema: { model: { 'a.w': tensor([1]), 'b.w': tensor([2]) } }, model: { x: tensor([3]) } }, at('in.pt'));
    await to('in.pt', 'out.safetensors', { key: 'ema.model', only: ['a.*'] });
    expect(arrays(await loadSafetensors(at('out.safetensors')))).toEqual({ 'a.w': [1] });
    await expect(to('in.pt', 'x.safetensors', { key: 'ema' })).rejects.toThrow('expected tensors by name at "ema"');
    await expect(to('in.pt', 'x.safetensors', { only: ['y*'] })).rejects.toThrow(
      'expected --only with a name of the weights, as in "x", got "y*"',
    );
    await expect(to('in.pt', 'x.safetensors', { strip: 'q.' })).rejects.toThrow(
      'expected --strip with the beginning of a name',
    );
    await expect(to('in.pt', 'x.safetensors', { dtype: 'int8' })).rejects.toThrow('expected --dtype of float16');
    await expect(to('in.pt', 'x.pt', { only: ['x'] })).rejects.toThrow('expected --weights beside --only');
    expect((await readdir(folder)).sort()).toEqual(['in.pt', 'out.safetensors']);
  });

  it('replaces nothing unless it is told to, and keeps what is there where it fails', async () => {
    await save(weights(), at('in.pt'));
    await writeFile(at('out.safetensors'), 'mine');
    await expect(to('in.pt', 'out.safetensors')).rejects.toThrow(
      `Cannot convert "${at('in.pt')}": expected no file at`,
    );
    await to('in.pt', 'out.safetensors', { force: true });
    expect(Object.keys(await loadSafetensors(at('out.safetensors')))).toHaveLength(2);
    await save({ a: 1 }, at('none.pt'));
    await expect(to('none.pt', 'out.safetensors', { force: true })).rejects.toThrow(
      'tensors by name somewhere in it, got a; --key',
    );
    expect(Object.keys(await loadSafetensors(at('out.safetensors')))).toHaveLength(2);
    await expect(to('in.pt', 'out.xyz')).rejects.toThrow('expected an output that ends in');
    await expect(to('in.pt', 'new.pt', { maxShardBytes: 1 })).rejects.toThrow('expected a folder for --max-shard-size');
  });

  it('copies a PyTorch file without weights as it is', async () => {
    await save({ list: [1, new PyFloat(2), 'x'] }, at('in.pt'));
    await to('in.pt', 'out.pth');
    expect(await load(at('out.pth'), { keepFloats: true })).toEqual({ list: [1, new PyFloat(2), 'x'] });
  });

  it('keeps what lies between the weights, and classes that it does not know', async () => {
    const state = { w: tensor([1]), b: tensor([2]), _extra_state: { scale: 3 } };
    await save({ model: state, epoch: 1 }, at('in.pt'));
    await to('in.pt', 'out.pt', { prefix: 'x.' });
    expect(Object.keys(((await load(at('out.pt'))) as { model: object }).model)).toEqual([
      'x.w',
      'x.b',
      '_extra_state',
    ]);
    expect((await to('in.pt', 'out.safetensors')).at(-1)).toBe('Dropped: epoch, _extra_state');
    const classes = fileURLToPath(new URL('../../../test/fixtures/serial/classes.pt', import.meta.url));
    await convert(classes, at('classes.pt'), { only: [], shared: 'once' });
    const [before, after] = await Promise.all(
      [classes, at('classes.pt')].map((path) => loadValue(path, { allowsPlaceholders: true })),
    );
    expect(after).toEqual(before);
  });

  it('reads what PyTorch and its libraries wrote', async () => {
    const fixture = fileURLToPath(new URL('../../../test/fixtures/serial/state_dict.pt', import.meta.url));
    await convert(fixture, at('out.safetensors'), { only: [], shared: 'once' });
    expect(Object.keys(await loadSafetensors(at('out.safetensors')))).toContain('1.running_mean');
  });
});

describe('parseSize()', () => {
  it('reads sizes as people write them', () => {
    expect(['5GB', '1.5MiB', '10', '2 kb'].map(parseSize)).toEqual([5e9, 1.5 * 2 ** 20, 10, 2000]);
    for (const text of ['0', '-1GB', '5TB', 'x', '']) expect(() => parseSize(text)).toThrow('Expected a size above 0');
  });
});
