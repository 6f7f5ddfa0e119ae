// Each of five problems, made for real in a fit, is found and advised on; a run without any of them is not. Where a busy machine could lie, shares are of work that differs
// many times over, and counts.
import { describe, expect, test } from 'vitest';
import { DataLoader } from '../../src/data/index.ts';
import { manualSeed, nn, numThreads, ones, optim, rand, scope, setNumThreads, type Tensor } from '../../src/index.ts';
import type { Finding } from '../../src/tracking/diagnosis/finding.ts';
import { profileFindings } from '../../src/tracking/profile/advice.ts';
import type { RunProfile } from '../../src/tracking/profile/run-profile.ts';
import { GenericTrainer, type GenericTrainerConfig } from '../../src/trainer/index.ts';
import { usableCores } from '../../src/trainer/profiling/machine-facts.ts';
import { temporaryFolder } from '../../src/trainer/testing/tiny.ts';

interface Situation {
  readonly batchSize?: number;
  readonly width?: number;
  readonly numBatches?: number;
  readonly get?: (index: number) => Tensor;
  readonly look?: (loss: Tensor) => void;
  readonly config?: GenericTrainerConfig;
}

const WIDTH = 192;

/** A fit of a network that has enough to do with a batch of 256, and what is said about it. */
async function fitted({
  batchSize = 256,
  width = WIDTH,
  numBatches = 12,
  get,
  look,
  config = {},
}: Situation): Promise<RunProfile> {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(width, width), new nn.Tanh(), new nn.Linear(width, 1));
  const batch = rand([batchSize, width]);
  const trainer = new GenericTrainer({
    model,
    optimizers: [new optim.SGD(model.parameters(), { lr: 1e-3 })],
    config: { hooks: { enableLoggingHook: false }, ...config },
  });
  trainer.setTrainingStep((_trainer, x: Tensor) => {
    const loss = model.forward(x).square().mean();
    look?.(loss);
    return { loss };
  });
  const loader = new DataLoader({
    dataset: { length: numBatches, get: get ?? (() => batch.view([batchSize, width])) },
    collate: ([first]) => first!,
    concurrency: 1,
    prefetchFactor: 1,
  });
  await trainer.fit({ trainLoaders: [loader] });
  return trainer.profile()!;
}

/** Others on this machine, and how many threads it was given, are not the run's own. */
const alone = (profile: RunProfile): RunProfile => ({
  ...profile,
  machine: { ...profile.machine, load: 0, threads: 1 },
});

const named = (findings: readonly Finding[], rule: string): Finding | undefined =>
  findings.find((finding) => finding.rule === rule);

describe('a fit', () => {
  test('without a problem yields no advice, and its parts add up', async () => {
    let profile = await fitted({});
    // Others may hold this process up in the middle of a fit, but not in the middle of every one.
    for (let again = 0; again < 4 && profileFindings(alone(profile)).length > 0; again++) profile = await fitted({});
    expect(profileFindings(alone(profile))).toEqual([]);
    expect(profile.numBatches).toBe(12);
    expect(profile.parts.find(({ name }) => name === 'forward')?.count).toBe(12);
    expect(profile.stepReads).toBe(0);
    expect(profile.stepOperators).toBe(5);
  });

  test('with a slow loader is told so, and which loader', async () => {
    const heavy = ones([512, 512]);
    const get = (): Tensor => {
      // Many times the work of the step.
      scope(() => void Array.from({ length: 8 }, () => heavy.matmul(heavy)));
      return ones([256, WIDTH]);
    };
    const finding = named(profileFindings(await fitted({ get })), 'slow-loader');
    expect(finding?.message).toMatch(/^training waits for data \d+ % of its time, .* a batch$/);
    expect(finding?.advice).toMatch(/loader "dl0"/);
  });

  test('that reads values in its step is told where', async () => {
    const finding = named(profileFindings(await fitted({ look: (loss) => void loss.item() })), 'host-read');
    expect(finding?.message).toMatch(/reads elements out of tensors once a batch, at .*advice\.test\.ts:\d+:\d+/);
  });

  test('of tiny batches is told so', async () => {
    const finding = named(profileFindings(await fitted({ batchSize: 1, width: 8, numBatches: 64 })), 'tiny-batch');
    expect(finding?.message).toMatch(/^a forward pass takes .* for 5 operators, of which \d+ % is the cost of calling/);
    expect(finding?.advice).toContain('raise the batch size');
  });

  test('that saves after every step is told what that costs', async () => {
    const checkpoint = { rootDir: temporaryFolder(), saveEveryNSteps: 1, asynchronous: false };
    const profile = await fitted({ batchSize: 1, numBatches: 16, config: { checkpoint } });
    const finding = named(profileFindings(profile), 'checkpoint-stall');
    expect(finding?.message).toMatch(/^the loop stands still \d+ % of the time for 1[67] checkpoints/);
    expect(finding?.advice).toContain('checkpoint.asynchronous');
  });

  test('with more threads than cores is told how many there are', async () => {
    const before = numThreads();
    const cores = usableCores();
    setNumThreads(cores + 3);
    try {
      const finding = named(profileFindings(await fitted({ numBatches: 8 })), 'thread-oversubscription');
      expect(finding?.message).toContain(`operators use ${cores + 3} threads on`);
      expect(finding?.advice).toContain(`OMP_NUM_THREADS=${cores}`);
    } finally {
      setNumThreads(before);
    }
  });
});
