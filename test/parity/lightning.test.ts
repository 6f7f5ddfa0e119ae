// Checkpoints in Lightning's layout: its Trainer goes on from what `sconce convert` made of ours, and we from what it made of Lightning's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { convert } from '../../src/cli/convert/convert.ts';
import { Linear, type Module, MSELoss, Sequential, Tanh } from '../../src/nn/index.ts';
import { AdamW, LambdaLR } from '../../src/optim/index.ts';
import { load, save } from '../../src/serial/tensors.ts';
import { manualSeed, ones, scope, type Tensor } from '../../src/tensor/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';
import { type TinyBatch, tinyLoader } from '../../src/trainer/testing/tiny.ts';
import { findPythonTorch, type PythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('lightning_peer.py', import.meta.url));

/** Looked for only once torch is there: importing Lightning takes seconds. */
function findLightning(): PythonTorch | { readonly missing: string } {
  const python = findPythonTorch({ oldest: 2 });
  if ('missing' in python) return python;
  try {
    runPython(python, ['-c', 'from importlib.metadata import version; version("lightning")']);
    return python;
  } catch {
    return { missing: `${python.command} has no lightning` };
  }
}

const python = findLightning();
if ('missing' in python) console.log(`skipped, checkpoints against Lightning: ${python.missing}`);

interface Result {
  readonly weights: Record<string, Tensor>;
  readonly global_step: number;
  readonly epoch: number;
  readonly lr: number;
  readonly before?: number;
  readonly tag?: string | null;
}

/** A trainer of the model that the peer has. */
function makeTrainer(folder: string, experimentName: string) {
  manualSeed(2);
  const model = new Sequential(new Linear(3, 5), new Tanh(), new Linear(5, 1));
  const optimizer = new AdamW(model.parameters(), { lr: 0.1, betas: [0.8, 0.95], weightDecay: 0.1 });
  const trainer = new GenericTrainer({
    config: { checkpoint: { rootDir: folder }, experimentName },
    model,
    optimizers: [optimizer],
    schedulers: [{ scheduler: new LambdaLR(optimizer, (step) => 1 / (1 + step)) }],
  });
  const mse = new MSELoss();
  trainer.setTrainingStep((_trainer, { x, y }: TinyBatch) => ({ loss: mse.forward(model.forward(x), y) }));
  return { model, optimizer, trainer };
}

async function saveBatches(path: string): Promise<void> {
  const batches: { x: Tensor; y: Tensor }[] = [];
  for await (const { x, y } of tinyLoader(6)) batches.push({ x, y });
  await save(batches, path);
}

function expectEqual(model: Module, weights: Readonly<Record<string, Tensor>>): void {
  expect(Object.keys(weights)).toEqual(Object.keys(model.stateDict()));
  for (const [name, weight] of Object.entries(model.stateDict())) {
    const distance = scope(() => weight.sub(weights[name]!).abs().max().item());
    expect(distance, name).toBeLessThan(1e-6);
  }
}

const options = { only: [], shared: 'once' } as const;

describe.skipIf('missing' in python)('Lightning', () => {
  if ('missing' in python) return;
  const temporary = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-lightning-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return folder;
  };

  it('goes on training from our checkpoint, to the weights that we reach', { timeout: 120_000 }, async () => {
    const folder = temporary();
    const at = (name: string): string => join(folder, name);
    const { model, optimizer, trainer } = makeTrainer(folder, 'first');
    await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 1 });
    const before = scope(() => model.forward(ones([1, 3])).item());
    const lines = await convert(at('first/epoch_001_step_000003.ckpt'), at('theirs.ckpt'), {
      ...options,
      prefix: 'model.',
    });
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(
        /^Wrote ".*theirs\.ckpt": a Lightning checkpoint, 4 tensors of weights \(104 B, float32\)$/,
      ),
      'Dropped: loaders, rng, metrics, environment',
    ]);
    await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
    await saveBatches(at('batches.pt'));
    runPython(python, [peer, 'resume', at('theirs.ckpt'), at('batches.pt'), at('result.pt')]);
    const result = (await load(at('result.pt'))) as Result;
    expect(result.before).toBeCloseTo(before, 5);
    expect([result.global_step, result.epoch]).toEqual([6, 2]);
    expect(result.lr).toBeCloseTo(optimizer.paramGroups[0]!.lr, 12);
    expectEqual(model, result.weights);
  });

  it('made a checkpoint from which we go on training, to the weights that it reaches', {
    timeout: 120_000,
  }, async () => {
    const folder = temporary();
    const at = (name: string): string => join(folder, name);
    await saveBatches(at('batches.pt'));
    runPython(python, [peer, 'train', at('batches.pt'), at('theirs.ckpt'), at('result.pt')]);
    const result = (await load(at('result.pt'))) as Result;
    await convert(at('theirs.ckpt'), at('ours.ckpt'), { ...options, to: 'sconce', strip: 'model.' });
    const { model, optimizer, trainer } = makeTrainer(folder, 'second');
    const fresh = [
      'gradients',
      'loaders',
      'rng',
      'metrics.train',
      'metrics.history',
      'metrics.best',
      'metrics.validation',
    ];
    await trainer.fit({
      trainLoaders: [tinyLoader(6)],
      maxEpochs: 2,
      resumeFromCheckpoint: at('ours.ckpt'),
      resume: { fresh },
    });
    expect(result.global_step).toBe(6);
    expect(result.lr).toBeCloseTo(optimizer.paramGroups[0]!.lr, 12);
    expectEqual(model, result.weights);
    const { hyper_parameters: hyperParameters } = (await load(at('ours.ckpt'))) as Record<string, unknown>;
    expect(hyperParameters).toEqual({ lr: 0.1, tag: 'théo' });
  });
});
