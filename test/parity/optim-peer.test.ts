// A training that Python goes on with: what AdamW and LambdaLR save is loaded by PyTorch's classes, and what those save is loaded here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libtorchVersion, load, manualSeed, nn, optim, randn, save, setNumThreads } from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import type { OptimizerStateDict, SchedulerStateDict } from '../../src/optim/index.ts';
import { findPythonTorch, runPython } from './python.ts';
import { expectClose, expectSame } from './reference.ts';

const found = findPythonTorch();
const python =
  'torchVersion' in found && Number.parseInt(found.torchVersion, 10) < 2
    ? { missing: `expected torch 2.0 or newer, got ${found.torchVersion}` }
    : found;
if ('missing' in python) console.log(`skipped, optimizer states against a live PyTorch: ${python.missing}`);

interface Continued {
  readonly losses: number[];
  readonly model: StateDict;
  readonly optimizer: OptimizerStateDict;
  readonly scheduler: SchedulerStateDict;
}

const factor = (step: number): number => 1 / (1 + step);

class Training {
  readonly first = new nn.Linear(8, 16);
  readonly last = new nn.Linear(16, 4);
  readonly model = new nn.Sequential(this.first, new nn.ReLU(), this.last);
  readonly optimizer = new optim.AdamW(
    [{ params: this.first.parameters(), lr: 1, weightDecay: 0 }, { params: this.last.parameters() }],
    { lr: 0.05, betas: [0.8, 0.99] },
  );
  readonly scheduler = new optim.LambdaLR(this.optimizer, factor);
  readonly x = randn([16, 8]);
  readonly y = randn([16, 4]);

  run(numSteps: number): number[] {
    return Array.from({ length: numSteps }, () => {
      this.optimizer.zeroGrad();
      const loss = nn.functional.mseLoss(this.model.forward(this.x), this.y);
      loss.backward();
      this.optimizer.step();
      this.scheduler.step();
      return loss.item();
    });
  }
}

describe.skipIf('missing' in python)('a training that Python goes on with', () => {
  let folder: string;
  let training: Training;
  let ours: number[];
  let theirs: Continued;
  let isExact: boolean;

  beforeAll(async () => {
    if ('missing' in python) return;
    isExact = python.torchVersion.startsWith(libtorchVersion());
    folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    setNumThreads(1);
    manualSeed(0);
    training = new Training();
    training.run(30);
    const { model, optimizer, scheduler, x, y } = training;
    const states = { model: model.stateDict(), optimizer: optimizer.stateDict(), scheduler: scheduler.stateDict() };
    const [from, to] = [join(folder, 'in.pt'), join(folder, 'out.pt')];
    await save({ ...states, x, y }, from);
    runPython(python, ['-B', fileURLToPath(new URL('optim_peer.py', import.meta.url)), from, to]);
    theirs = (await load(to)) as Continued;
    ours = training.run(20);
  }, 60_000);

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('has the same losses and weights as one that went on here', () => {
    if (isExact) expect(theirs.losses).toEqual(ours);
    for (const [i, loss] of theirs.losses.entries()) expect(Math.abs(loss - ours[i]!)).toBeLessThan(1e-4);
    const state = training.model.stateDict();
    for (const [name, value] of Object.entries(theirs.model))
      isExact ? expectSame(state[name]!, value, name) : expectClose(state[name]!, value, 1e-3, name);
  });

  it('is loaded here again: states, hyperparameters and the schedule', () => {
    const { optimizer, scheduler, model } = new Training();
    model.loadStateDict(theirs.model);
    optimizer.loadStateDict(theirs.optimizer);
    scheduler.loadStateDict(theirs.scheduler);
    const expected = training.optimizer.stateDict();
    const loaded = optimizer.stateDict();
    expect(loaded.param_groups).toEqual(expected.param_groups);
    expect([...loaded.state.keys()]).toEqual([0, 1, 2, 3]);
    for (const [index, entries] of expected.state) {
      for (const [name, value] of Object.entries(entries))
        expectClose(loaded.state.get(index)![name]!, value, isExact ? 0 : 1e-3, `${index}.${name}`);
    }
    expect(scheduler.stateDict()).toEqual(training.scheduler.stateDict());
    expect(loaded.param_groups[0]).toMatchObject({ lr: 1 / 51, weight_decay: 0, betas: [0.8, 0.99] });
  });
});
