// CheckpointManager: what multimodal_insight_engine's 18 tests are about (folder, save and load, resumption, schedule, best, latest, weights, errors), its defects, and what a file that does not fit leaves alone.
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CheckpointError, ConfigError } from '../../errors.ts';
import { AdamW, SGD, StepLR } from '../../optim/index.ts';
import { load, save } from '../../serial/tensors.ts';
import { manualSeed, type Tensor, tensor } from '../../tensor/index.ts';
import { startGcsServer } from '../../trainer/testing/gcs-server.ts';
import {
  TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from '../../trainer/testing/tiny.ts';
import { warningsOf } from '../testing/warnings.ts';
import { ATTACH } from './checkpoint-host.ts';
import { CheckpointManager, type CheckpointManagerOptions } from './checkpoint-manager.ts';

function parts(options: Partial<CheckpointManagerOptions> & { seed?: number } = {}) {
  const { seed = 7, ...rest } = options;
  manualSeed(seed);
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters(), { lr: 0.05 });
  const manager = new CheckpointManager({ model, optimizer, checkpointDir: temporaryFolder(), ...rest });
  return { model, optimizer, manager, checkpointDir: manager.checkpointDir };
}

type Parts = Pick<ReturnType<typeof parts>, 'model' | 'optimizer'>;

/** A few steps on the same rows. */
function train({ model, optimizer }: Parts, numSteps = 2): void {
  const x = tensor([
    [1, 2, 3],
    [3, 1, 2],
  ]);
  for (let i = 0; i < numSteps; i++) {
    optimizer.zeroGrad();
    tinyLoss(model, { x, y: tensor([[1], [0]]), row: x }).backward();
    optimizer.step();
  }
}

/** Everything that a load may change. */
const stateOf = ({ model, optimizer }: Parts) => ({
  weights: weightsOf(model),
  moments: [...optimizer.stateDict().state.values()].map((entry) =>
    Object.values(entry).flatMap((value) => Array.from(value.toTypedArray(), Number)),
  ),
  lr: optimizer.paramGroups.map(({ lr }) => lr),
});

describe('new CheckpointManager()', () => {
  test('makes the folder, and begins at 0', () => {
    const checkpointDir = join(temporaryFolder(), 'a', 'b');
    const { manager } = parts({ checkpointDir });
    expect(existsSync(checkpointDir)).toBe(true);
    const { currentEpoch, globalStep, bestValMetric, patienceCounter, history, device } = manager;
    expect([currentEpoch, globalStep, bestValMetric, patienceCounter, history, device]).toEqual([
      0,
      0,
      0,
      0,
      {},
      'cpu',
    ]);
  });

  test('lists everything that is wrong with the options', () => {
    expect(() => new CheckpointManager({ model: 1, dir: 'x', device: 'tpu' } as never)).toThrow(
      /5 problems[\s\S]*model: [\s\S]*dir: [\s\S]*device: [\s\S]*optimizer: [\s\S]*checkpointDir: /,
    );
    expect(() => parts({ checkpointDir: 'ftp://host/x' })).toThrow('expected a folder, s3:// or gs://');
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => parts({ checkpointDir: join(file, 'inside') })).toThrow(CheckpointError);
  });
});

describe('CheckpointManager.saveCheckpoint() and loadCheckpoint()', () => {
  test('bring back weights, optimizer, counts and history; the epoch is the next one', async () => {
    const first = parts();
    train(first);
    const path = join(first.checkpointDir, 'new', 'a.pt');
    const history = { train_loss: [1, 0.5], 'val_recalls.top1': [0.25] };
    first.manager.updateState({ currentEpoch: 5, globalStep: 1000, bestValMetric: 0.85, patienceCounter: 2, history });
    await first.manager.saveCheckpoint(path);
    const second = parts({ seed: 8 });
    expect(weightsOf(second.model)).not.toEqual(weightsOf(first.model));
    const state = await second.manager.loadCheckpoint(path);
    const counts = { currentEpoch: 6, globalStep: 1000, bestValMetric: 0.85, patienceCounter: 2, history };
    expect(state).toEqual(counts);
    expect(second.manager).toMatchObject(counts);
    expect(stateOf(second)).toEqual(stateOf(first));
    train(first);
    train(second);
    expect(stateOf(second)).toEqual(stateOf(first)); // the moments are the optimizer's own now
  });

  test('take counts in place of the own ones, which stay', async () => {
    const { manager, checkpointDir } = parts();
    const path = join(checkpointDir, 'a.pt');
    manager.updateState({ currentEpoch: 1, patienceCounter: 3 });
    await manager.saveCheckpoint(path, { currentEpoch: 7, globalStep: 70, bestValMetric: 0.1, history: { a: [1] } });
    expect(manager).toMatchObject({ currentEpoch: 1, globalStep: 0, bestValMetric: 0, history: {} });
    expect(await manager.loadCheckpoint(path)).toEqual({
      ...{ currentEpoch: 8, globalStep: 70, bestValMetric: 0.1, patienceCounter: 3 },
      history: { a: [1] },
    });
  });

  test('give back whatever else is put in, tensors too', async () => {
    const { manager, checkpointDir } = parts();
    const path = join(checkpointDir, 'a.pt');
    const customState = { experimentId: 'exp123', seen: [1, 2], deep: { mean: 0.5, none: null } };
    await manager.saveCheckpoint(path, { customState, running: tensor([1, 2]), absent: undefined });
    const state = await manager.loadCheckpoint(path);
    expect(Object.keys(state).sort()).toEqual(
      ['bestValMetric', 'currentEpoch', 'customState', 'globalStep', 'history', 'patienceCounter', 'running'].sort(),
    );
    expect(state.customState).toEqual(customState);
    expect((state.running as Tensor).toArray()).toEqual([1, 2]);
  });

  test('are what a subclass adds its own state to', async () => {
    class Custom extends CheckpointManager {
      customState = {};
      override saveCheckpoint(path: string, state: Record<string, unknown> = {}): Promise<void> {
        return super.saveCheckpoint(path, { ...state, customState: this.customState });
      }
      override async loadCheckpoint(path: string) {
        const state = await super.loadCheckpoint(path);
        if ('customState' in state) this.customState = state.customState as object;
        return state;
      }
    }
    const { model, optimizer, checkpointDir } = parts();
    const [first, second] = [0, 1].map(() => new Custom({ model, optimizer, checkpointDir })) as [Custom, Custom];
    first.customState = { experimentId: 'exp123' };
    await first.saveBestCheckpoint({ metricValue: 0.95, currentEpoch: 10, globalStep: 1000, history: {} });
    await second.loadCheckpoint(join(checkpointDir, 'best_model.pt'));
    expect(second.customState).toEqual({ experimentId: 'exp123' });
  });

  test('have the schedule where both sides have one', async () => {
    const scheduled = (seed: number) => {
      const made = parts({ seed });
      const scheduler = new StepLR(made.optimizer, { stepSize: 1, gamma: 0.5 });
      const { model, optimizer, checkpointDir } = made;
      return { ...made, scheduler, manager: new CheckpointManager({ model, optimizer, checkpointDir, scheduler }) };
    };
    const first = scheduled(1);
    train(first);
    first.scheduler.step();
    const path = join(first.checkpointDir, 'a.pt');
    await first.manager.saveCheckpoint(path);
    const second = scheduled(2);
    await second.manager.loadCheckpoint(path);
    expect(second.scheduler.stateDict()).toEqual(first.scheduler.stateDict());
    const without = parts();
    await without.manager.loadCheckpoint(path);
    expect(without.optimizer.paramGroups[0]!.lr).toBe(0.025);
    await without.manager.saveCheckpoint(path);
    await second.manager.loadCheckpoint(path);
    expect(second.scheduler.lastEpoch).toBe(1); // nothing came for it
  });

  test('take a bare file name', async () => {
    const { manager, checkpointDir } = parts();
    const before = process.cwd();
    process.chdir(checkpointDir);
    onTestFinished(() => process.chdir(before));
    await manager.saveCheckpoint('bare.pt');
    expect(readdirSync(checkpointDir)).toEqual(['bare.pt']);
    expect(await manager.loadCheckpoint('bare.pt')).toMatchObject({ currentEpoch: 1 });
  });

  test('write what there is when saving is asked for, whole, in place of what was there', async () => {
    const { model, optimizer, manager, checkpointDir } = parts();
    const path = join(checkpointDir, 'a.pt');
    await manager.saveCheckpoint(path);
    const expected = weightsOf(model);
    const saving = manager.saveCheckpoint(path);
    train({ model, optimizer });
    await saving;
    expect(readdirSync(checkpointDir)).toEqual(['a.pt']);
    await manager.loadCheckpoint(path);
    expect(weightsOf(model)).toEqual(expected);
    await expect(manager.saveCheckpoint(path, { mine: () => 0 })).rejects.toThrow(CheckpointError);
    expect(await manager.loadCheckpoint(path)).toMatchObject({ currentEpoch: 1 });
  });
});

describe('CheckpointManager.loadCheckpoint()', () => {
  test('of no file is a warning and nothing', async () => {
    const { manager, checkpointDir } = parts();
    const path = join(checkpointDir, 'none.pt');
    let state: unknown;
    const warnings = await warningsOf(async () => {
      state = await manager.loadCheckpoint(path);
    });
    expect(state).toEqual({});
    expect(warnings).toEqual([`Checkpoint not found: ${path}`]);
    expect(manager.currentEpoch).toBe(0);
  });

  test('of a file that does not fit changes nothing, and says why', async () => {
    const { manager, checkpointDir, ...own } = parts();
    train(own);
    manager.updateState({ currentEpoch: 3 });
    const path = join(checkpointDir, 'a.pt');
    await manager.saveCheckpoint(path);
    const bytes = readFileSync(path);
    const value = (await load(path)) as Record<string, Record<string, unknown>>;
    train(own);
    const before = stateOf(own);
    const wrong = async (change: Record<string, unknown> | Buffer): Promise<Error> => {
      if (change instanceof Buffer) writeFileSync(path, change);
      else await save({ ...value, ...change }, path);
      const error = await manager.loadCheckpoint(path).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(error).toBeInstanceOf(CheckpointError);
      expect(stateOf(own)).toEqual(before);
      expect(manager.currentEpoch).toBe(3);
      expect(error!.message).toContain('a.pt');
      return error!;
    };
    const flipped = Buffer.from(bytes);
    flipped[flipped.indexOf('data.pkl') + 100]! ^= 1;
    await wrong(flipped);
    await wrong(bytes.subarray(0, bytes.length / 2));
    await wrong(Buffer.from('no checkpoint'));
    const { 'first.bias': _, ...fewer } = value.model_state_dict!;
    expect((await wrong({ model_state_dict: fewer })) as CheckpointError).toMatchObject({ missing: ['first.bias'] });
    const reshaped = { ...value.model_state_dict, 'first.bias': tensor([1]) };
    expect((await wrong({ model_state_dict: reshaped })).message).toContain('expected shape [4], got [1]');
    expect((await wrong({ optimizer_state_dicts: [] })).message).toContain(
      'expected the state of one optimizer, got 0',
    );
    const sgd = new SGD(own.model.parameters(), { lr: 1 }).stateDict();
    await wrong({ optimizer_state_dicts: [{ ...sgd, param_groups: [] }] });
    const extra = value.extra as { training_state: Record<string, unknown> };
    const { patience_counter: __, ...counts } = extra.training_state;
    expect((await wrong({ extra: { training_state: counts } })).message).toContain(
      'expected a count under "training_state.patience_counter", got undefined',
    );
    const history = { train_loss: 'text' };
    expect((await wrong({ extra: { training_state: { ...extra.training_state, history } } })).message).toContain(
      'expected a list of numbers under "training_state.history.train_loss"',
    );
    const { clocks: ___, ...keyless } = value;
    await save(keyless, path);
    await expect(manager.loadCheckpoint(path)).rejects.toThrow('expected all keys, got none for clocks');
  });

  test('puts the schedule back where the optimizer does not fit', async () => {
    const { model, optimizer, checkpointDir } = parts();
    const scheduler = new StepLR(optimizer, { stepSize: 1 });
    const manager = new CheckpointManager({ model, optimizer, checkpointDir, scheduler });
    const path = join(checkpointDir, 'a.pt');
    await manager.saveCheckpoint(path);
    const value = (await load(path)) as Record<string, unknown>;
    await save({ ...value, optimizer_state_dicts: [{ state: {}, param_groups: [] }] }, path);
    scheduler.step();
    const before = scheduler.stateDict();
    await expect(manager.loadCheckpoint(path)).rejects.toThrow('expected 1 parameter groups, got 0');
    expect(scheduler.stateDict()).toEqual(before);
  });

  test('reads what a trainer saved, and a trainer what it saved', async () => {
    const path = join(temporaryFolder(), 'trainer.pt');
    const { trainer, model } = tinyTrainer();
    await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 2 });
    await trainer.saveCheckpoint(path, { notes: 'mine' });
    const { manager, ...own } = parts({ seed: 3 });
    expect(await manager.loadCheckpoint(path)).toMatchObject({ currentEpoch: 2, globalStep: 6, notes: 'mine' });
    expect(weightsOf(own.model)).toEqual(weightsOf(model));
    await manager.saveCheckpoint(path, { currentEpoch: 4, mine: 1 });
    const other = tinyTrainer();
    await other.trainer.loadCheckpoint(path);
    expect(other.trainer.clocks).toMatchObject({ epoch: 5, step: 6 });
    expect(other.trainer.extra).toMatchObject({ mine: 1 });
    expect(
      (await other.trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 6 })).map(({ epoch }) => epoch),
    ).toEqual([5]);
  });
});

describe('A CheckpointManager that a trainer is attached to', () => {
  const attached = (checkpointDir: string) => {
    const { trainer, model, optimizer } = tinyTrainer();
    const manager = new CheckpointManager({ model, optimizer, checkpointDir });
    manager[ATTACH]({
      save: (path, extra) => trainer.saveCheckpoint(path, extra),
      load: async (path, check) => {
        const { extra } = await trainer.loadCheckpoint(path, { check });
        return { extra, ...trainer.clocks };
      },
    });
    return { trainer, model, manager };
  };
  const play = (trainer: ReturnType<typeof attached>['trainer'], maxEpochs: number) =>
    trainer.fit({ trainLoaders: [tinyLoader(6, { shuffle: true, seed: 3 })], maxEpochs });

  test('writes and reads what the trainer needs to go on exactly, and its own counts', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.pt');
    const whole = attached(folder);
    const expected = await play(whole.trainer, 4);
    const first = attached(folder);
    await play(first.trainer, 2);
    await first.manager.saveCheckpoint(path, { currentEpoch: 1, globalStep: 6, bestValMetric: 0.5, mine: [1] });
    const second = attached(folder);
    const state = await second.manager.loadCheckpoint(path);
    expect(state).toMatchObject({ currentEpoch: 2, globalStep: 6, bestValMetric: 0.5, mine: [1] });
    expect(second.manager.currentEpoch).toBe(2);
    expect(await play(second.trainer, 4)).toEqual(expected);
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
  });

  test('leaves the trainer as it is for a file that does not fit, and is let go', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.pt');
    const { trainer, model, manager } = attached(folder);
    await play(trainer, 1);
    await manager.saveCheckpoint(path);
    const value = (await load(path)) as Record<string, unknown>;
    await play(trainer, 2);
    const before = weightsOf(model);
    for (const change of [
      { extra: { training_state: {} } },
      { optimizer_state_dicts: [{ state: {}, param_groups: [] }] },
    ]) {
      await save({ ...value, ...change }, path);
      await expect(manager.loadCheckpoint(path)).rejects.toThrow(CheckpointError);
      expect(weightsOf(model)).toEqual(before);
      expect(manager.currentEpoch).toBe(0);
    }
    manager[ATTACH](undefined);
    await manager.saveCheckpoint(path);
    expect(((await load(path)) as Record<string, unknown>).loaders).toBe(null);
  });
});

describe('CheckpointManager.getLatestCheckpoint()', () => {
  test('is the newest .pt or .pth by when it was written', async () => {
    const { manager, checkpointDir } = parts();
    expect(await manager.getLatestCheckpoint()).toBeUndefined();
    const write = (name: string, seconds: number): void => {
      writeFileSync(join(checkpointDir, name), '');
      utimesSync(join(checkpointDir, name), seconds, seconds);
    };
    write('checkpoint_epoch_9.pt', 100);
    write('checkpoint_epoch_10.pt', 100); // in the same moment
    write('notes.txt', 300);
    mkdirSync(join(checkpointDir, 'folder'));
    expect(await manager.getLatestCheckpoint()).toBe(join(checkpointDir, 'checkpoint_epoch_10.pt'));
    write('old.pth', 200);
    expect(await manager.getLatestCheckpoint()).toBe(join(checkpointDir, 'old.pth'));
  });
});

describe('CheckpointManager.getCheckpointPath()', () => {
  test('names the epoch, and a metric with four digits', () => {
    const { manager, checkpointDir } = parts();
    expect(manager.getCheckpointPath({ epoch: 5 })).toBe(join(checkpointDir, 'checkpoint_epoch_5.pt'));
    expect(manager.getCheckpointPath({ epoch: 5, metricValue: undefined })).toBe(
      join(checkpointDir, 'checkpoint_epoch_5.pt'),
    );
    expect(manager.getCheckpointPath({ epoch: 5, metricValue: 0.85 })).toBe(
      join(checkpointDir, 'checkpoint_epoch_5_metric_0.8500.pt'),
    );
    expect(() => manager.getCheckpointPath({ epoch: -1, metric: 2 } as never)).toThrow(
      /2 problems[\s\S]*epoch: [\s\S]*metric: /,
    );
  });
});

describe('CheckpointManager.saveBestCheckpoint()', () => {
  test('writes best_model.pt, whatever was best before', async () => {
    const { manager, checkpointDir } = parts();
    manager.updateState({ patienceCounter: 2 });
    for (const metricValue of [0.9, 0.95])
      await manager.saveBestCheckpoint({ metricValue, currentEpoch: 10, globalStep: 1000, history: { a: [1] } });
    expect(await manager.loadCheckpoint(join(checkpointDir, 'best_model.pt'))).toEqual({
      ...{ currentEpoch: 11, globalStep: 1000, bestValMetric: 0.95, patienceCounter: 2, history: { a: [1] } },
    });
    await expect(manager.saveBestCheckpoint({ metricValue: 'a' } as never)).rejects.toThrow(/4 problems/);
  });
});

describe('CheckpointManager.updateState()', () => {
  test('takes all or some, and lists what is wrong', () => {
    const { manager } = parts();
    const history = { train_loss: [1] };
    manager.updateState({ currentEpoch: 5, globalStep: 100, bestValMetric: 0.5, patienceCounter: 1, history });
    manager.updateState({ globalStep: 200, bestValMetric: undefined });
    const expected = { currentEpoch: 5, globalStep: 200, bestValMetric: 0.5, patienceCounter: 1, history };
    expect(manager).toMatchObject(expected);
    history.train_loss.push(2);
    expect(manager.history).toEqual({ train_loss: [1] });
    expect(() => manager.updateState({ globalStep: 9, currentEpoch: 1.5, history: [1] } as never)).toThrow(
      /2 problems[\s\S]*currentEpoch: expected a count, got 1.5[\s\S]*history: expected lists of numbers by name, got \[1\]/,
    );
    expect(() => manager.updateState({ globalStep: 9, step: 1 } as never)).toThrow(ConfigError);
    expect(manager.globalStep).toBe(200);
  });
});

test('gs:// as checkpointDir keeps, finds and loads files', async () => {
  const server = await startGcsServer();
  const before = process.env.STORAGE_EMULATOR_HOST;
  process.env.STORAGE_EMULATOR_HOST = server.url;
  onTestFinished(() => {
    server.close();
    if (before === undefined) delete process.env.STORAGE_EMULATOR_HOST;
    else process.env.STORAGE_EMULATOR_HOST = before;
  });
  const { manager } = parts({ checkpointDir: 'gs://bucket/some/run' });
  expect(await manager.getLatestCheckpoint()).toBeUndefined();
  const path = manager.getCheckpointPath({ epoch: 2 });
  expect(path).toBe('gs://bucket/some/run/checkpoint_epoch_2.pt');
  await manager.saveCheckpoint(path, { currentEpoch: 2, mine: 'x' });
  const { manager: second } = parts({ checkpointDir: 'gs://bucket/some/run' });
  expect(await second.getLatestCheckpoint()).toBe(path);
  expect(await second.loadCheckpoint(path)).toMatchObject({ currentEpoch: 3, mine: 'x' });
  expect(await warningsOf(() => second.loadCheckpoint('gs://bucket/some/run/none.pt'))).toEqual([
    'Checkpoint not found: gs://bucket/some/run/none.pt',
  ]);
}, 60_000);
