// Weights of a file, and nothing else of it: whose they are, under which names, and what is told of those that do not fit.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { saveSafetensors } from '../../serial/safetensors.ts';
import { load, save } from '../../serial/tensors.ts';
import { ones, zeros } from '../../tensor/index.ts';
import type { Callback } from '../loop/events.ts';
import { TinyModel, temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { warmStart } from './warm-start.ts';

const NAMES = ['first.weight', 'first.bias', 'second.weight', 'second.bias'];
const newState = () => new TinyModel().stateDict();

describe('warmStart()', () => {
  test('takes the weights of checkpoints, state dicts and safetensors', async () => {
    const folder = temporaryFolder();
    const state = newState();
    const files = { 'a.pt': state, 'b.pth': { model: state }, 'c.ckpt': { state_dict: state, epoch: 3 } };
    for (const [name, value] of Object.entries(files)) await save(value, join(folder, name));
    await saveSafetensors(state, join(folder, 'd.safetensors'));
    const { trainer, model: trained } = tinyTrainer({ config: { checkpoint: { rootDir: folder } } });
    await trainer.fit({ trainLoaders: [tinyLoader(6)] });
    await save({ ema: { averaged: state } }, join(folder, 'e.pt'));
    const expected = Object.values(state).flatMap((tensor) => Array.from(tensor.toTypedArray(), Number));
    for (const name of ['a.pt', 'b.pth', 'c.ckpt', 'd.safetensors', 'e.pt', 'experiment/latest.ckpt']) {
      const model = new TinyModel();
      const path = join(folder, name);
      const report = await warmStart(model, path, name === 'e.pt' ? { key: 'ema.averaged' } : {});
      expect(report).toEqual({ path, loaded: NAMES, missing: [], unexpected: [], mismatched: [] });
      expect(weightsOf(model)).toEqual(name.startsWith('experiment') ? weightsOf(trained) : expected);
    }
    const model = new TinyModel();
    await warmStart(model, 'whatever', { loader: () => state });
    expect(weightsOf(model)).toEqual(expected);
  });

  test('gives names another prefix, none, or another name', async () => {
    const path = join(temporaryFolder(), 'x.pt');
    const [a, b, c, d] = Object.values(newState());
    await save(
      { 'module.enc.weight': a, 'module.enc.bias': b, 'module.second.weight': c, 'fc.offset': d, encoder: a },
      path,
    );
    const model = new TinyModel();
    const rename = { module: '', 'module.enc': 'first', 'fc.offset': 'second.bias' };
    const report = await warmStart(model, path, { rename, strict: false });
    expect(report).toMatchObject({ loaded: NAMES, missing: [], unexpected: ['encoder'] });
    const inner = await warmStart(new TinyModel().first, path, { rename: { 'module.enc.': '' }, strict: false });
    expect(inner.loaded).toEqual(['weight', 'bias']);
    await expect(warmStart(model, path, { rename: { modul: '' } })).rejects.toThrow(
      `Cannot start from "${path}": expected rename to have prefixes of its names, as in "module.enc.weight", "module.enc.bias", "module.second.weight", got "modul"`,
    );
    await expect(warmStart(model, path, { rename: { 'module.second': 'module.enc' } })).rejects.toThrow(
      `Cannot start from "${path}": expected names that stay apart, got "module.enc.weight" and "module.second.weight" for "module.enc.weight"`,
    );
  });

  test('strictly says all that does not fit and changes nothing; else it takes what fits and says what it left', async () => {
    const path = join(temporaryFolder(), 'x.pt');
    await save({ 'first.weight': ones([4, 3]), 'first.bias': zeros([5]), other: zeros([1]) }, path);
    const model = new TinyModel();
    const before = weightsOf(model);
    await expect(warmStart(model, path)).rejects.toThrow(
      `Cannot start from "${path}": expected the weights of this model, got\n  not in the file: "second.weight", "second.bias"\n  only in the file: "other"\n  "first.bias": expected shape [4], got [5]\nstrict: false takes those that fit`,
    );
    expect(weightsOf(model)).toEqual(before);
    const report = await warmStart(model, path, { strict: false });
    expect(report.mismatched).toEqual([{ name: 'first.bias', expected: [4], got: [5] }]);
    expect(weightsOf(model)).toEqual([...new Array(12).fill(1), ...before.slice(12)]);
    await save({ other: zeros([1]) }, path);
    await expect(warmStart(model, path, { strict: false })).rejects.toThrow(
      'expected at least one weight of this model',
    );
    await save({ epoch: 1 }, path);
    await expect(warmStart(model, path)).rejects.toThrow('expected tensors by name somewhere in the file, got none');
    await expect(warmStart(model, path, { Strict: false } as object)).rejects.toThrow(
      'Cannot start from weights: expected options strict, rename, key, loader, got "Strict"',
    );
  });
});

describe('fit()', () => {
  test('with warmStart begins anew with the weights, and the next time goes on from its own checkpoint', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'theirs.pt');
    await save({ first: newState() }, join(folder, 'unused.pt'));
    await save({ 'net.first.weight': ones([4, 3]) }, path);
    const said: string[] = [];
    const listener: Callback = { name: 'listener', warning: (_, message) => void said.push(message) };
    const play = async (maxEpochs: number) => {
      const { trainer, model } = tinyTrainer({
        config: { checkpoint: { rootDir: folder }, warmStart: { strict: false, rename: { net: '' } } },
        callbacks: [listener],
      });
      const fitStart = { weights: [] as number[] };
      trainer.setTrainingStep((_trainer, batch: never) => {
        if (fitStart.weights.length === 0) fitStart.weights = weightsOf(model);
        return { loss: model.forward((batch as { x: never }).x).sum() };
      });
      await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs, resumeFromCheckpoint: path });
      return { step: trainer.globalStep, start: fitStart.weights.slice(0, 12) };
    };
    expect(await play(1)).toEqual({ step: 3, start: new Array(12).fill(1) });
    expect(said.splice(0)).toEqual([
      `Started with 1 weights of "${path}"; new in the model: "first.bias", "second.weight", "second.bias"`,
    ]);
    expect(await play(2)).toMatchObject({ step: 6 });
    expect(said.splice(0)).toEqual([expect.stringContaining('resumeFromCheckpoint changes nothing')]);
    expect(Object.keys((await load(join(folder, 'experiment', 'latest.ckpt'))) as object)).toContain('clocks');
  });

  test('begins with the weights that a function of the user reads', async () => {
    const { trainer, model } = tinyTrainer({ config: { checkpoint: { rootDir: temporaryFolder() } } });
    const asked: unknown[] = [];
    let start: number[] = [];
    trainer.setWarmStartLoader((of, path) => {
      asked.push(of === trainer, path);
      return { ...model.stateDict(), 'first.weight': ones([4, 3]) };
    });
    trainer.setTrainingStep((_trainer, batch: never) => {
      if (start.length === 0) start = weightsOf(model);
      return { loss: model.forward((batch as { x: never }).x).sum() };
    });
    await trainer.fit({ trainLoaders: [tinyLoader(2)], resumeFromCheckpoint: 'weights.of.mine' });
    expect([asked, start.slice(0, 12)]).toEqual([[true, 'weights.of.mine'], new Array(12).fill(1)]);
  });
});
