// Checkpoints both ways between multimodal_insight_engine's layout, as PyTorch writes it, and ours: what Python saved goes on here, and what our manager saved opens there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CheckpointManager } from '../../src/multimodal/index.ts';
import { AdamW, StepLR } from '../../src/optim/index.ts';
import { load } from '../../src/serial/tensors.ts';
import { type Tensor, tensor } from '../../src/tensor/index.ts';
import {
  type TinyBatch,
  TinyModel,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from '../../src/trainer/testing/tiny.ts';
import { findPythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('multimodal_checkpoint_peer.py', import.meta.url));
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, checkpoints of multimodal_insight_engine: ${python.missing}`);

const X = [
  [1, 2, 3],
  [3, 1, 2],
];
const Y = [[1], [0]];

function parts(checkpointDir: string) {
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters(), { lr: 1 });
  const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
  return {
    model,
    optimizer,
    scheduler,
    manager: new CheckpointManager({ model, optimizer, scheduler, checkpointDir }),
  };
}

function step({
  model,
  optimizer,
  scheduler,
}: Pick<ReturnType<typeof parts>, 'model' | 'optimizer' | 'scheduler'>): void {
  optimizer.zeroGrad();
  tinyLoss(model, { x: tensor(X), y: tensor(Y), row: tensor(0) } satisfies TinyBatch).backward();
  optimizer.step();
  scheduler.step();
}

describe.skipIf('missing' in python)('a checkpoint of multimodal_insight_engine', () => {
  test('goes on here, and ours there', { timeout: 120_000 }, async () => {
    if ('missing' in python) return;
    const folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const at = (name: string): string => join(folder, name);
    const first = parts(folder);
    step(first);
    const training = { currentEpoch: 3, globalStep: 7, bestValMetric: 0.25, patienceCounter: 2 };
    await first.manager.saveCheckpoint(at('ours.pt'), { ...training, customState: { id: 'exp123' } });
    runPython(python, [peer, at('ours.pt'), at('theirs.pt'), at('result.pt')]); // one process: to import torch takes longest
    const result = (await load(at('result.pt'))) as Readonly<Record<'ours' | 'theirs', Record<string, Tensor>>> & {
      extra: object;
    };
    const weightsIn = (state: Readonly<Record<string, Tensor>>): number[] =>
      Object.values(state).flatMap((weight) => Array.from(weight.toTypedArray(), Number));
    const stepped = (run: typeof first, theirs: Readonly<Record<string, Tensor>>): void => {
      step(run);
      const expected = weightsIn(theirs);
      for (const [i, weight] of weightsOf(run.model).entries()) expect(weight).toBeCloseTo(expected[i]!, 6);
    };
    stepped(first, result.ours);
    expect(result.extra).toEqual({
      customState: { id: 'exp123' },
      training_state: { current_epoch: 3, global_step: 7, best_val_metric: 0.25, patience_counter: 2, history: {} },
    });

    const second = parts(folder);
    expect(await second.manager.loadCheckpoint(at('theirs.pt'))).toEqual({
      ...{ currentEpoch: 3, globalStep: 7, bestValMetric: 0.25, patienceCounter: 2, custom_state: { id: 'exp123' } },
      history: { train_loss: [1, 0.5, 0.25], 'val_recalls.t2i_R1': [0.125] }, // a tensor there
    });
    expect(second.scheduler.lastEpoch).toBe(1);
    stepped(second, result.theirs);

    const { trainer, optimizer } = tinyTrainer();
    trainer.setSchedulers([{ scheduler: new StepLR(optimizer, { stepSize: 1 }), interval: 'epoch' }]);
    await trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 4, resumeFromCheckpoint: at('theirs.pt') }).then(
      () => expect.unreachable(),
      ({ message }: Error) => expect(message).toContain('rootDir'),
    );
    await trainer.loadCheckpoint(at('theirs.pt'));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 4 });
    expect(trainer.clocks).toMatchObject({ epoch: 4, step: 8 });
  });
});
