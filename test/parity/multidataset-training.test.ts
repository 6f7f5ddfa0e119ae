// A model of many data sets, trained by `multiDatasetTrainer` beside the same one in a live PyTorch: every loss and every weight of 20 steps, with groups of several data sets, some of which count for nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BatchLoader } from '../../src/data/index.ts';
import { DataLoader } from '../../src/data/index.ts';
import { load, manualSeed, save, type Tensor } from '../../src/index.ts';
import type { DatasetGroup } from '../../src/multidataset/index.ts';
import { multiDatasetTrainer } from '../../src/multidataset/index.ts';
import { SMALL_CONFIG, smallGroup, smallModel } from '../../src/multidataset/model/testing/small-model.ts';
import { findPythonTorch, runPython } from './python.ts';

const settings = { lr: 0.02, wd: 0.1, core_lr_scale: 0.5, warmup: 2, epochs: 4, l1: 1e-3, clip: 0.3, clamp: 0.12 };
const EPOCH = 10;

const python = findPythonTorch();
if ('missing' in python) console.log(`skipped, a training of many data sets beside PyTorch: ${python.missing}`);

/** Batches of one or two groups; every seventh has one without a valid bin. */
function makeBatches(): DatasetGroup[][] {
  manualSeed(6);
  return Array.from({ length: EPOCH * settings.epochs }, (_, i) => {
    const groups = i % 3 === 0 ? [smallGroup(1, 5)] : [smallGroup(i % 2, 4), smallGroup(1 - (i % 2), 3)];
    const isEmpty = i % 7 === 1;
    return groups.map((group, at) => (isEmpty && at === 1 ? { ...group, dfs: (group.dfs as Tensor).mul(0) } : group));
  });
}

describe.skipIf('missing' in python)('multiDatasetTrainer() beside PyTorch', () => {
  it('has the same losses and weights over 20 steps', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-multidataset-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const model = smallModel({
      modelConfig: {
        ...SMALL_CONFIG,
        readout: { type: 'linear' },
        regularization: [
          { name: 'sparse', type: 'l1', lambda: settings.l1, apply_to: ['readouts/fc'] },
          { name: 'bound', type: 'proximal_clamp', lambda: settings.clamp, apply_to: ['convnet/weight'] },
        ],
      },
    });
    const batches = makeBatches();
    const weights = Object.fromEntries(Array.from(model.namedParameters(), ([name, p]) => [name, p.detach().clone()]));
    const epochs = Array.from({ length: settings.epochs }, (_, i) => batches.slice(i * EPOCH, (i + 1) * EPOCH));
    await save({ settings, weights, batches: epochs }, join(folder, 'in.pt'));
    const losses: number[][] = [];
    const names = ['Ada_1', 'Ada_2'];
    const loaderOf = (order: readonly number[]): BatchLoader<unknown> =>
      new DataLoader({
        dataset: { name: 'batches', length: order.length, get: (i: number) => i },
        batchSize: 1,
        collate: ([i]: number[]) => order[i!]!,
      });
    const trainer = multiDatasetTrainer({
      model,
      dm: {
        names,
        trainDataloader: () => loaderOf(Array.from({ length: EPOCH }, (_, i) => i)),
        valDataloader: () => loaderOf([0]),
      },
      ...{ lr: settings.lr, wd: settings.wd, coreLrScale: settings.core_lr_scale, lrScheduler: 'cosine_warmup' },
      ...{ warmupEpochs: settings.warmup, maxEpochs: settings.epochs, gradientClipVal: settings.clip },
      ...{ accumulateGradBatches: 2, precision: '64', initReadoutBias: false },
    });
    // Batches by their number: the loader would hand out each tensor once.
    trainer.setTrainingStep((own, i: number) => {
      const { loss, ...values } = model.trainingStep(doubled(epochs[own.clocks.epoch]![i]!), own.clocks.epoch);
      losses.push([
        loss.item() - (values['reg_loss/sparse'] as Tensor).item(),
        (values['reg_loss/sparse'] as Tensor).item(),
      ]);
      return { loss, ...values };
    });
    trainer.setValidationStep(() => ({}));
    await trainer.train();
    if ('missing' in python) throw new Error('internal: no Python'); // skipped above
    const script = fileURLToPath(new URL('multidataset_training_peer.py', import.meta.url));
    runPython(python, [script, join(folder, 'in.pt'), join(folder, 'out.pt')]);
    const peer = (await load(join(folder, 'out.pt'))) as { losses: Tensor; weights: Record<string, Tensor> };
    const expected = peer.losses.toArray() as number[][];
    expect(losses).toHaveLength(EPOCH * settings.epochs);
    for (const [i, pair] of losses.entries())
      for (const j of [0, 1]) expect(Math.abs(pair[j]! - expected[i]![j]!)).toBeLessThan(1e-12);
    for (const [name, parameter] of model.namedParameters())
      expect(parameter.sub(peer.weights[name]!).abs().max().item()).toBeLessThan(1e-11);
    expect(trainer.clocks.step).toBe(20);
  });
});

const doubled = (groups: readonly DatasetGroup[]): DatasetGroup[] =>
  groups.map(({ datasetIdx, ...tensors }) => ({
    ...Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, (value as Tensor).to('float64')])),
    datasetIdx,
  }));
