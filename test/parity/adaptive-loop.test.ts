// Checkpoints of the older loop both ways: what adaptiveneuralnetwork saved, as PyTorch writes it, goes on here, and what our TrainingLoop saved opens and goes on there.
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AdaptiveConfig, AdaptiveModel, TrainingLoop } from '../../src/adaptive/index.ts';
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { Linear, Sequential, Tanh } from '../../src/nn/index.ts';
import { load } from '../../src/serial/tensors.ts';
import { arange, rand, randint, type Tensor, tensor } from '../../src/tensor/index.ts';
import { weightsOf } from '../../src/trainer/testing/tiny.ts';
import { findPythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('adaptive_loop_peer.py', import.meta.url));
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, checkpoints of adaptiveneuralnetwork: ${python.missing}`);

interface Result {
  readonly epoch: number;
  readonly config: object;
  readonly is_float: boolean;
  readonly ours_loss: number;
  readonly losses: readonly number[];
  readonly ours: Readonly<Record<string, Tensor>>;
  readonly theirs: Readonly<Record<string, Tensor>>;
  readonly energy: Tensor;
}

const x = arange(0, 12).to('float32').reshape([6, 2]).mul(0.7).sin();
const dataset = new TensorDataset([x, tensor([0n, 1n, 1n, 0n, 1n, 0n])] as const);
const loader = new DataLoader({ dataset, batchSize: 2 });

const numbersIn = (state: Readonly<Record<string, Tensor>>): number[] =>
  Object.values(state).flatMap((each) => Array.from(each.toTypedArray(), Number));

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
}

describe.skipIf('missing' in python)('a checkpoint of the older loop of adaptiveneuralnetwork', () => {
  test('goes on here, ours goes on there, and nothing in a file is executed', { timeout: 120_000 }, async () => {
    if ('missing' in python) return;
    const folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const at = (name: string): string => join(folder, name);
    const sizes = { numNodes: 5, hiddenDim: 3, inputDim: 4, outputDim: 2, learningRate: 0.05 };
    const config = new AdaptiveConfig({ ...sizes, metricsFile: null, checkpointDir: folder });
    const lines: string[] = [];
    const stream = { write: (text: string) => void lines.push(text) };
    const plainLoop = () =>
      new TrainingLoop(new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 2)), config, { stream });

    const first = plainLoop();
    await first.train(loader, { numEpochs: 5 });
    renameSync(at('checkpoint_epoch_4.pt'), at('ours.pt'));
    runPython(python, [peer, folder]); // one process: to import torch takes longest
    const result = (await load(at('result.pt'))) as Result;

    // Ours, there: the sixth epoch is the one that this loop plays.
    expect(result).toMatchObject({ epoch: 4, config: config.toDict(), is_float: true });
    const sixth = (await first.train(loader, { numEpochs: 6 })).at(-1)!;
    expect(sixth.train_loss).toBeCloseTo(result.ours_loss, 5);
    expectClose(weightsOf(first.model), numbersIn(result.ours));

    // Theirs, here: two more epochs behind the three.
    const second = plainLoop();
    expect(await second.loadCheckpoint(at('theirs.pt'))).toBe(2);
    expect(second.metricsHistory[2]).toEqual({
      ...{ epoch: 2, timestamp: 1.7e9 + 2, train_loss: result.losses[2], train_accuracy: 50, epoch_time: 0.5 },
      mean_energy: 9.5,
    });
    const history = await second.train(loader, { numEpochs: 5 });
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expectClose(
      history.map(({ train_loss }) => train_loss!),
      result.losses,
    );
    expectClose(weightsOf(second.model), numbersIn(result.theirs));

    // An adaptive model's: nodes and scheduler too.
    const model = new AdaptiveModel(config);
    const third = new TrainingLoop(model, config, { stream });
    await third.loadCheckpoint(at('adaptive.pt'));
    expect(model.nodeState.energy.toArray()).toEqual(result.energy.toArray());
    expect(model.dynamics.phase_scales.toArray()).not.toEqual([1, 1, 1, 1]);
    expect(model.phaseScheduler.currentStep).toBe(7);
    expect(model.phaseScheduler.nodePhases.toArray()).toEqual([0, 1, 2, 3, 0]);
    expect([...third.optimizer.stateDict().state.keys()].length).toBe(model.parameters().length);
    const rows = new DataLoader({
      dataset: new TensorDataset([rand([8, 4]), randint(0, 2, [8])] as const),
      batchSize: 4,
    });
    expect((await third.train(rows, { numEpochs: 4 })).length).toBe(4);
    expect(model.phaseScheduler.currentStep).toBe(9);

    await expect(third.loadCheckpoint(at('evil.pt'))).rejects.toThrow();
    expect(existsSync(at('executed'))).toBe(false);
  });
});
