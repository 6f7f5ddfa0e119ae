// A checkpoint opens in Python with torch.load(weights_only=True), and a short script goes on training from it to the same weights.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Linear, MSELoss, Sequential, Tanh } from '../../src/nn/index.ts';
import { AdamW, LambdaLR } from '../../src/optim/index.ts';
import { load, save } from '../../src/serial/tensors.ts';
import { manualSeed, rand, scope, type Tensor } from '../../src/tensor/index.ts';
import { CHECKPOINT_KEYS, GenericTrainer } from '../../src/trainer/index.ts';
import { type TinyBatch, tinyLoader } from '../../src/trainer/testing/tiny.ts';
import { findPythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('checkpoint_peer.py', import.meta.url));
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, checkpoints against PyTorch: ${python.missing}`);

describe.skipIf('missing' in python)('a checkpoint in PyTorch', () => {
  it('goes on training to the same weights', { timeout: 120_000 }, async () => {
    if ('missing' in python) return;
    const folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    manualSeed(2);
    const model = new Sequential(new Linear(3, 5), new Tanh(), new Linear(5, 1));
    const optimizer = new AdamW(model.parameters(), { lr: 0.1, betas: [0.8, 0.95], weightDecay: 0.1 });
    const trainer = new GenericTrainer({
      config: { checkpoint: { rootDir: folder } },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new LambdaLR(optimizer, (step) => 1 / (1 + step)) }],
      callbacks: [{ name: 'state', state: () => ({ list: [1, 2.5, null, true] }), loadState: () => {} }],
    });
    const mse = new MSELoss();
    trainer.setTrainingStep((_trainer, { x, y }: TinyBatch) => ({ loss: mse.forward(model.forward(x), y) }));
    trainer.extra = { labels: ['cat', 'dog'], scale: rand([2]) };
    await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
    const checkpoint = join(folder, 'experiment', 'epoch_001_step_000003.ckpt');

    const batches: { x: Tensor; y: Tensor }[] = [];
    for await (const { x, y } of tinyLoader(6)) batches.push({ x, y });
    await save(batches, join(folder, 'batches.pt'));
    runPython(python, [peer, checkpoint, join(folder, 'batches.pt'), join(folder, 'result.pt')]);

    // After its second epoch the trainer is where the script is.
    const result = (await load(join(folder, 'result.pt'))) as {
      weights: Record<string, Tensor>;
      lr: number[];
      keys: string[];
    };
    expect(result.keys).toEqual([...CHECKPOINT_KEYS]);
    expect(result.lr[0]).toBeCloseTo(optimizer.paramGroups[0]!.lr, 12);
    expect(Object.keys(result.weights)).toEqual(Object.keys(model.stateDict()));
    for (const [name, weight] of Object.entries(model.stateDict())) {
      const distance = scope(() => weight.sub(result.weights[name]!).abs().max().item());
      expect(distance).toBeLessThan(1e-6);
    }
  });
});
