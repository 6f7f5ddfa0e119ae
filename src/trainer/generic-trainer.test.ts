import { readdirSync } from 'node:fs';
import { join } from 'node:path';
// What a fit does to the weights: accumulation, loss weights, routes, clipping, schedules, precision, and the state between fits.
import { describe, expect, test } from 'vitest';
import { AdamW, LambdaLR } from '../optim/index.ts';
import { liveTensors, manualSeed, rand } from '../tensor/index.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { GenericTrainer } from './generic-trainer.ts';
import type { Callback } from './loop/events.ts';
import {
  type TinyBatch,
  TinyModel,
  temporaryFolder,
  tinyLoader,
  tinyLoss,
  tinyTrainer,
  weightsOf,
} from './testing/tiny.ts';

/** The largest difference of two lists of numbers. */
function distance(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

/** The gradients of all parameters just before each update. */
function gradientSpy(seen: number[][]): Callback {
  return {
    name: 'gradientSpy',
    optimizerStepStart: ({ model }) => {
      const gradients = model.parameters().map(({ grad }) => (grad ? Array.from(grad.toTypedArray(), Number) : [0]));
      seen.push(gradients.flat());
    },
  };
}

async function gradientsOfFit(
  config: ConstructorParameters<typeof GenericTrainer>[0]['config'],
  numRows: number,
  batchSize: number,
): Promise<number[][]> {
  const seen: number[][] = [];
  const { trainer } = tinyTrainer({ ...(config ? { config } : {}), callbacks: [gradientSpy(seen)] });
  await trainer.fit({ trainLoaders: [tinyLoader(numRows, { batchSize })] });
  return seen;
}

describe('accumulation', () => {
  test('over k batches of b gives the weights of one batch of kb', async () => {
    const split = tinyTrainer({ config: { performance: { gradientAccumulationSteps: 4 } } });
    await split.trainer.fit({ trainLoaders: [tinyLoader(24, { batchSize: 2 })], maxEpochs: 3 });
    const whole = tinyTrainer();
    await whole.trainer.fit({ trainLoaders: [tinyLoader(24, { batchSize: 8 })], maxEpochs: 3 });
    expect(split.trainer.globalStep).toBe(whole.trainer.globalStep);
    expect(distance(weightsOf(split.model), weightsOf(whole.model))).toBeLessThan(1e-6);
    const before = weightsOf(tinyTrainer().model);
    expect(distance(before, weightsOf(split.model))).toBeGreaterThan(0.1); // there was something to compare
  });

  test('scales a window that the epoch cuts short by the batches that it has', async () => {
    // 7 batches of 2 in windows of 4: the last has 3.
    const split = await gradientsOfFit({ performance: { gradientAccumulationSteps: 4 } }, 14, 2);
    expect(split.length).toBe(2);
    const { trainer, model } = tinyTrainer();
    const seen: number[][] = [];
    // The same rows as one batch of 8 and one of 6.
    const sizes = new GenericTrainer({ model, optimizers: trainer.optimizers, callbacks: [gradientSpy(seen)] });
    sizes.setTrainingStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    await sizes.fit({ trainLoaders: [tinyLoader(14, { batchSize: 8 })] });
    expect(seen.length).toBe(2);
    expect(distance(split[0]!, seen[0]!)).toBeLessThan(1e-6);
    expect(distance(split[1]!, seen[1]!)).toBeLessThan(1e-6);
  });

  test('begins a new window in every epoch', async () => {
    const { trainer } = tinyTrainer({ config: { performance: { gradientAccumulationSteps: 4 } } });
    await trainer.fit({ trainLoaders: [tinyLoader(10)], maxEpochs: 3 }); // windows of 4 and 1
    expect(trainer.globalStep).toBe(6);
  });
});

describe('loss weights', () => {
  test('act on the gradients of their loader alone, and not on its metrics', async () => {
    const train = async (lossWeightsPerLoader: number[]) => {
      const seen: number[][] = [];
      const { trainer, optimizer } = tinyTrainer({ config: { lossWeightsPerLoader }, callbacks: [gradientSpy(seen)] });
      optimizer.paramGroups[0]!.lr = 0; // the weights stay, so that gradients can be compared
      const [record] = await trainer.fit({ trainLoaders: [tinyLoader(2), tinyLoader(2, { start: 5 })] });
      return { seen, record };
    };
    const plain = await train([1, 1]);
    const weighted = await train([1, 3]);
    expect(weighted.seen[0]).toEqual(plain.seen[0]);
    expect(
      distance(
        weighted.seen[1]!,
        plain.seen[1]!.map((value) => 3 * value),
      ),
    ).toBeLessThan(1e-6);
    expect(weighted.record).toEqual(plain.record);
  });
});

describe('several optimizers', () => {
  /** Loader a trains the first layer, loader b the second. */
  function routed(callbacks: readonly Callback[], config: object = {}) {
    manualSeed(7);
    const model = new TinyModel();
    const optimizers = [new AdamW(model.first.parameters()), new AdamW(model.second.parameters())];
    const trainer = new GenericTrainer({
      config: { perLoaderOptimizerId: [0, 1], ...config },
      model,
      optimizers,
      callbacks,
    });
    trainer.setTrainingStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    return { trainer, model };
  }
  const loaders = () => ({ trainLoaders: [tinyLoader(4), tinyLoader(4, { start: 8 })] });

  test('get gradients from their own loaders only; the parameters of the others have none and stay', async () => {
    const found: string[] = [];
    let before: number[][] = [];
    const watch: Callback = {
      name: 'watch',
      batchStart: ({ model }) => {
        before = [...model.modules()].slice(1).map(weightsOf);
      },
      backwardEnd: ({ model, loaderName }) => {
        const names = Array.from(model.namedParameters()).flatMap(([name, { grad }]) => (grad ? [name] : []));
        found.push(`${loaderName}: ${names.join(' ')}`);
      },
      batchEnd: ({ model, optimizerIndex }) => {
        const after = [...model.modules()].slice(1).map(weightsOf);
        expect(after[1 - optimizerIndex]).toEqual(before[1 - optimizerIndex]);
        expect(after[optimizerIndex]).not.toEqual(before[optimizerIndex]);
      },
    };
    const { trainer } = routed([watch]);
    await trainer.fit(loaders());
    const [a, b] = ['dl0: first.weight first.bias', 'dl1: second.weight second.bias'];
    expect(found).toEqual([a, b, a, b]);
  });

  test('count their windows apart', async () => {
    const steps: string[] = [];
    const watch: Callback = {
      name: 'watch',
      optimizerStepEnd: ({ clocks, optimizerIndex }) => void steps.push(`${clocks.microStep}:${optimizerIndex}`),
    };
    const { trainer } = routed([watch], {
      performance: { gradientAccumulationSteps: 2 },
      trainLoaderConfig: { samplingStrategy: 'alternating', alternatingPattern: [0, 1, 1] },
    });
    await trainer.fit({ trainLoaders: [tinyLoader(6), tinyLoader(6, { start: 8 })] }); // 0 1 1 0 1 1
    expect(steps).toEqual(['3:1', '4:0', '6:1']);
  });

  test('leave frozen parameters alone', async () => {
    const { trainer, model } = routed([]);
    model.first.bias!.requiresGrad = false;
    const before = weightsOf(model.first).slice(-4);
    await trainer.fit(loaders());
    expect(weightsOf(model.first).slice(-4)).toEqual(before);
  });

  test('without a route the first trains for every loader', async () => {
    const { trainer, model } = routed([], { perLoaderOptimizerId: undefined });
    const before = weightsOf(model.second);
    await trainer.fit(loaders());
    expect(weightsOf(model.second)).toEqual(before);
  });
});

describe('clipping', () => {
  test('by norm scales the joint norm of the gradients, which the context shows before it', async () => {
    const norms: number[] = [];
    const watch: Callback = {
      name: 'watch',
      optimizerStepEnd: ({ gradientNorm }) => void norms.push(gradientNorm!.item()),
    };
    const clipped = tinyTrainer({ config: { performance: { clipGradNorm: 0.01 } }, callbacks: [watch] });
    clipped.optimizer.paramGroups[0]!.lr = 0;
    await clipped.trainer.fit({ trainLoaders: [tinyLoader(4)] });
    const raw = await gradientsOfFit({ performance: { clipGradNorm: 0.01 } }, 2, 2);
    expect(norms[0]).toBeCloseTo(Math.hypot(...raw[0]!), 5); // the event comes before clipping
    expect(norms[0]).toBeGreaterThan(0.01);
  });

  test('by norm and by value change the update as they should', async () => {
    // A step of plain momentum shows the gradient: exp_avg = 0.1 * gradient after the first update.
    const firstAverage = async (performance: object) => {
      const { trainer, optimizer } = tinyTrainer({ config: { performance } });
      await trainer.fit({ trainLoaders: [tinyLoader(2)] });
      const { state } = optimizer.stateDict();
      return [...state.values()].flatMap(({ exp_avg }) => Array.from(exp_avg!.toTypedArray(), Number));
    };
    const plain = await firstAverage({});
    const norm = Math.hypot(...plain) * 10;
    const byNorm = await firstAverage({ clipGradNorm: norm / 4 });
    expect(
      distance(
        byNorm,
        plain.map((value) => value / 4),
      ),
    ).toBeLessThan(1e-6);
    const byValue = await firstAverage({ clipGradValue: 0.05 });
    const clamped = plain.map((value) => 0.1 * Math.max(-0.05, Math.min(0.05, 10 * value)));
    expect(distance(byValue, clamped)).toBeLessThan(1e-6);
    expect(distance(plain, clamped)).toBeGreaterThan(1e-3);
  });
});

describe('schedules', () => {
  test('move once an update or once an epoch, and only after it', async () => {
    const { model } = tinyTrainer();
    const optimizers = [new AdamW(model.first.parameters()), new AdamW(model.second.parameters())];
    const moves = { step: 0, epoch: 0 };
    const seen: string[] = [];
    const counting = (name: 'step' | 'epoch', optimizer: AdamW) => {
      const scheduler = new LambdaLR(optimizer, (step) => 1 / (1 + step));
      const step = scheduler.step.bind(scheduler);
      scheduler.step = () => {
        moves[name]++;
        step();
      };
      return scheduler;
    };
    const trainer = new GenericTrainer({
      config: { perLoaderOptimizerId: [0, 1], performance: { gradientAccumulationSteps: 2 } },
      model,
      optimizers,
      schedulers: [
        { scheduler: counting('step', optimizers[1]!) }, // 'step' by default, and of the optimizer that it was made for
        { scheduler: counting('epoch', optimizers[0]!), interval: 'epoch' },
      ],
      callbacks: [
        {
          name: 'watch',
          optimizerStepStart: ({ optimizerIndex }) => void seen.push(`before ${optimizerIndex}: ${moves.step}`),
          optimizerStepEnd: ({ optimizerIndex }) => void seen.push(`after ${optimizerIndex}: ${moves.step}`),
          epochEnd: () => void seen.push(`epoch: ${moves.epoch}`),
        },
      ],
    });
    trainer.setTrainingStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit({ trainLoaders: [tinyLoader(4), tinyLoader(4, { start: 8 })], maxEpochs: 2 });
    const epoch = (e: number) => [
      `before 0: ${e}`,
      `after 0: ${e}`,
      `before 1: ${e}`,
      `after 1: ${e + 1}`,
      `epoch: ${e + 1}`,
    ];
    expect(seen).toEqual([...epoch(0), ...epoch(1)]);
    expect(optimizers.map(({ paramGroups }) => paramGroups[0]!.lr)).toEqual([1e-3 / 3, 1e-3 / 3]);
  });
});

describe('GenericTrainer.fit()', () => {
  test('frees what its steps make', async () => {
    const { trainer } = tinyTrainer();
    const loaders = { trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)] };
    await trainer.fit({ ...loaders, maxEpochs: 1 });
    global.gc?.();
    const before = settledTensors();
    await trainer.fit({ ...loaders, maxEpochs: 21 });
    // Tensors outside scopes wait for their collection: some, but not one a step.
    expect(liveTensors() - before).toBeLessThan(84 * 2);
  });

  test('called again goes on where it was, without seeding again, as one call would have', async () => {
    const train = async (...stops: number[]) => {
      const { trainer, model } = tinyTrainer({ config: { seed: 3 } });
      trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch).mul(rand([])) }));
      let history: readonly unknown[] = [];
      for (const maxEpochs of stops)
        history = await trainer.fit({ trainLoaders: [tinyLoader(8, { shuffle: true })], maxEpochs });
      return { weights: weightsOf(model), history, epochs: trainer.currentEpoch };
    };
    expect(await train(1, 3)).toEqual(await train(3));
  });

  test('refuses to go on in the same process from inside an epoch', async () => {
    const stopped: Callback = { name: 'stopped', batchEnd: () => process.kill(process.pid, 'SIGINT') };
    const { trainer } = tinyTrainer({ callbacks: [stopped] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(8)] })).rejects.toThrow('Interrupted by SIGINT');
    await expect(trainer.fit({ trainLoaders: [tinyLoader(8)] })).rejects.toThrow(
      'Cannot fit: trainer: expected one between epochs, got one that was stopped inside epoch 0; make a new one and resume from the checkpoint',
    );
  });

  test('puts back what handled signals before, however it ends', async () => {
    const heard: string[] = [];
    const listener = (name: string) => void heard.push(name);
    process.on('SIGTERM', listener);
    const signal = async () => {
      process.kill(process.pid, 'SIGTERM');
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    try {
      const stopped: Callback = { name: 'stopped', batchEnd: () => process.kill(process.pid, 'SIGTERM') };
      await expect(
        tinyTrainer({ callbacks: [stopped] }).trainer.fit({ trainLoaders: [tinyLoader(4)] }),
      ).rejects.toThrow('Interrupted by SIGTERM');
      expect(heard).toEqual([]);
      await signal();
      expect(heard).toEqual(['SIGTERM']);
      const failing: Callback = { name: 'failing', epochStart: () => Promise.reject(new Error('no')) };
      await expect(
        tinyTrainer({ callbacks: [failing] }).trainer.fit({ trainLoaders: [tinyLoader(4)] }),
      ).rejects.toThrow('no');
      await signal();
      expect(heard).toEqual(['SIGTERM', 'SIGTERM']);
    } finally {
      process.off('SIGTERM', listener);
    }
  });

  test('goes on from the checkpoints of an earlier run of the name, whatever is named to begin with', async () => {
    const config = { checkpoint: { rootDir: temporaryFolder(), saveEveryNSteps: 1 } };
    const options = { trainLoaders: [tinyLoader(4)] };
    const first = tinyTrainer({ config });
    await first.trainer.fit({ ...options, maxEpochs: 2 });
    const folder = join(config.checkpoint.rootDir, 'experiment');
    const [older] = readdirSync(folder)
      .filter((name) => name.startsWith('epoch'))
      .sort();
    const heard: string[] = [];
    const warning = (_context: unknown, message: string): void => void heard.push(message);
    const second = tinyTrainer({ config, callbacks: [{ name: 'listener', warning }] });
    const resumeFromCheckpoint = join(folder, older!);
    expect(await second.trainer.fit({ ...options, maxEpochs: 2, resumeFromCheckpoint })).toHaveLength(2);
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
    expect(heard).toEqual([
      expect.stringMatching(/^resumeFromCheckpoint changes nothing: the run goes on from the newest checkpoint in "/),
      'Nothing to train: 2 of 2 epochs are completed',
    ]);
    // With the flag off it goes back, and sets the newer ones aside.
    const back = tinyTrainer({ config: { ...config, preemption: { resumeFromLatestSymlink: false } } });
    await back.trainer.fit({ ...options, maxEpochs: 2, resumeFromCheckpoint });
    expect(weightsOf(back.model)).toEqual(weightsOf(first.model));
    expect(back.trainer.globalStep).toBe(4);
    const third = tinyTrainer({ config: { ...config, preemption: { resumeFromLatestSymlink: false } } });
    await third.trainer.fit({ ...options, maxEpochs: 3, resumeFromCheckpoint: 'latest' });
    expect([third.trainer.globalStep, third.trainer.currentEpoch]).toEqual([6, 3]);
  });

  test('does not write over the checkpoints of an earlier run of the name where it may not go on from them', async () => {
    const config = {
      checkpoint: { rootDir: temporaryFolder() },
      preemption: { resumeFromLatestSymlink: false },
    };
    const latest = tinyTrainer({ config }).trainer.fit({
      trainLoaders: [tinyLoader(4)],
      resumeFromCheckpoint: 'latest',
    });
    await expect(latest).rejects.toThrow(
      /^Cannot fit: expected a checkpoint in ".*experiment" to go on from, got none$/,
    );
    await tinyTrainer({ config }).trainer.fit({ trainLoaders: [tinyLoader(4)] });
    await expect(tinyTrainer({ config }).trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow(
      /^Cannot fit: expected no checkpoints in ".*experiment" at the start of a run, got 1; go on from one with resumeFromCheckpoint, or choose another experimentName$/,
    );
  });

  test('resumed brings back what the user had put into extra', async () => {
    const rootDir = temporaryFolder();
    const first = tinyTrainer({ config: { checkpoint: { rootDir } } });
    first.trainer.extra = { labels: ['a', 'b'], count: 2 };
    await first.trainer.fit({ trainLoaders: [tinyLoader(4)] });
    const second = tinyTrainer({ config: { checkpoint: { rootDir } } });
    second.trainer.extra = { count: 0, other: true };
    const resumeFromCheckpoint = `${rootDir}/experiment/latest.ckpt`;
    await second.trainer.fit({ trainLoaders: [tinyLoader(4)], maxEpochs: 2, resumeFromCheckpoint });
    expect(second.trainer.extra).toEqual({ labels: ['a', 'b'], count: 2, other: true });
  });
});

describe('steps', () => {
  const failing = async (step: () => unknown) => {
    const { trainer } = tinyTrainer();
    trainer.setTrainingStep(step as never);
    await trainer.fit({ trainLoaders: [tinyLoader(2)] });
  };
  const validating = async (step: () => unknown) => {
    const { trainer } = tinyTrainer();
    trainer.setValidationStep(step as never);
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
  };

  test('that are asynchronous or give nothing are errors', async () => {
    const asynchronous = 'expected a synchronous step, got one that returns a Promise; load data in the dataset';
    await expect(failing(async () => ({}))).rejects.toThrow(`Cannot run a training step: ${asynchronous}`);
    await expect(validating(async () => ({}))).rejects.toThrow(`Cannot run a validation step: ${asynchronous}`);
    await expect(validating(() => undefined)).rejects.toThrow(
      'Cannot run a validation step: expected an object of values, got none',
    );
  });

  test('without a loss to start backward from are errors that say why', async () => {
    const { model } = tinyTrainer();
    const x = () => model.parameters()[0]!;
    await expect(failing(() => ({}))).rejects.toThrow('expected { loss } with a tensor, got no "loss"');
    await expect(failing(() => ({ loss: 0.5 }))).rejects.toThrow('expected { loss } with a tensor, got 0.5 as "loss"');
    await expect(failing(() => ({ loss: x().mul(2) }))).rejects.toThrow(
      'expected a loss of one element, got shape [4, 3]; take its mean',
    );
    await expect(failing(() => ({ loss: x().detach().mean() }))).rejects.toThrow(
      'expected a loss that depends on parameters, got one that requires no gradient',
    );
  });
});
