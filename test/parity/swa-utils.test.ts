// Averages of a whole run against torch.optim.swa_utils in a loop of PyTorch's, to the bit, through the run's checkpoint.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { arange, manualSeed, nn, optim, type Tensor } from '../../src/index.ts';
import { EMA, GenericTrainer, SWA } from '../../src/trainer/index.ts';
import { findPythonTorch, runPython } from './python.ts';

interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
}

const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, averages against a live PyTorch: ${python.missing}`);
const peer = fileURLToPath(new URL('./swa_utils_peer.py', import.meta.url));

describe.skipIf('missing' in python)('a run with averages', () => {
  test.each(['EMA', 'SWA'])('%s gives the bits of torch.optim.swa_utils', async (kind) => {
    const rootDir = mkdtempSync(join(tmpdir(), 'sconce-swa-'));
    onTestFinished(() => rmSync(rootDir, { recursive: true }));
    const at = arange(0, 22).to('float32').unsqueeze(1); // [22, 1]
    const x = at.mul(arange(1, 4).to('float32')).mul(0.7).sin();
    const y = at.mul(0.3).cos();
    manualSeed(7);
    const model = new nn.Sequential(new nn.Linear(3, 8), new nn.Tanh(), new nn.Linear(8, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9 });
    const swaLr = new optim.SWALR(optimizer, { swaLr: 0.05, annealEpochs: 3 });
    const trainer = new GenericTrainer({
      config: { checkpoint: { rootDir, asynchronous: false } },
      model,
      optimizers: [optimizer],
      ...(kind === 'SWA' ? { schedulers: [{ scheduler: swaLr, interval: 'epoch' as const }] } : {}),
      callbacks: [kind === 'EMA' ? new EMA({ decay: 0.9 }) : new SWA()],
    });
    const epochs = 5;
    trainer.extra = { x, y, epochs };
    const loss = new nn.MSELoss();
    trainer.setTrainingStep((_trainer, batch: Batch) => ({
      loss: loss.forward(model.forward(batch.x) as Tensor, batch.y),
    }));
    const loader = new DataLoader<Batch, Batch>({ dataset: new TensorDataset({ x, y }), batchSize: 4 });
    await trainer.fit({ trainLoaders: [loader], maxEpochs: epochs });
    const checkpoint = join(rootDir, 'experiment', 'latest.ckpt');
    expect('missing' in python ? '' : runPython(python, [peer, checkpoint]).trim()).toBe('compared 4');
  });
});
