// A hundred steps of the benchmark's models under each optimizer, against PyTorch: the same losses and weights to the last bit, on one thread.
import { describe, expect, it } from 'vitest';
import { manualSeed, type nn, optim, scope, type Tensor } from '../../src/index.ts';
import type { AnyOptimizer } from '../../src/optim/optimizer.ts';
import { digest } from './fingerprint.ts';
import { references } from './reference.ts';

/** What benchmarks/workloads/ exports, as far as it is used here. */
interface Workload {
  makeModel(): nn.UnaryModule;
  makeInputs(count: number): Tensor;
  makeTargets(count: number): Tensor;
  loss(model: nn.Module, inputs: Tensor, targets: Tensor): Tensor;
}

type Cases = Readonly<
  Record<string, Readonly<Record<string, { losses: number[]; parameters: Readonly<Record<string, string>> }>>>
>;

/** One line each; what PyTorch makes of the same line is in test/fixtures/parity/training.py. */
const OPTIMIZERS: Readonly<Record<string, (parameters: nn.Parameter[]) => AnyOptimizer>> = {
  SGD: (parameters) => new optim.SGD(parameters, { lr: 0.05 }),
  'SGD with momentum': (parameters) => new optim.SGD(parameters, { lr: 0.02, momentum: 0.9, weightDecay: 1e-3 }),
  'SGD by Nesterov': (parameters) => new optim.SGD(parameters, { lr: 0.02, momentum: 0.9, nesterov: true }),
  AdamW: (parameters) => new optim.AdamW(parameters, { lr: 1e-3 }),
};
const BATCH_SIZES: Readonly<Record<string, number>> = { mlp: 16, gpt: 2 };
const NUM_BATCHES = 4;

async function train(name: string, title: string): Promise<{ losses: number[]; model: nn.Module }> {
  const path = `../../benchmarks/workloads/${name}.mjs`;
  const workload = ((await import(/* @vite-ignore */ path)) as { default: Workload }).default;
  const batchSize = BATCH_SIZES[name]!;
  manualSeed(3);
  const model = workload.makeModel();
  let batches = Array.from(
    { length: NUM_BATCHES },
    () => [workload.makeInputs(batchSize), workload.makeTargets(batchSize)] as const,
  );
  if (name === 'gpt')
    batches = batches.map(
      ([inputs, targets]) => [inputs.narrow(1, 0, 24), targets.narrow(1, 0, 24).contiguous()] as const,
    );
  const optimizer = OPTIMIZERS[title]!(model.parameters());
  const losses = Array.from({ length: 100 }, (_, step) =>
    scope(() => {
      const [inputs, targets] = batches[step % NUM_BATCHES]!;
      const loss = workload.loss(model, inputs, targets);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    }),
  );
  return { losses, model };
}

const all = await references<Cases>('training');
const trained = new Map<string, Awaited<ReturnType<typeof train>>>();

describe.each(all)('training against $source', ({ cases, isExact, isSameVersion }) => {
  it('is compared whole', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(BATCH_SIZES));
    for (const byOptimizer of Object.values(cases)) expect(Object.keys(byOptimizer)).toEqual(Object.keys(OPTIMIZERS));
  });

  const rows = Object.entries(cases).flatMap(([name, byOptimizer]) =>
    Object.entries(byOptimizer).map(([title, expected]) => [name, title, expected] as const),
  );
  // Another version may draw other weights.
  it.runIf(isSameVersion).each(rows)('%s, %s', { timeout: 60_000 }, async (name, title, expected) => {
    const key = `${name} ${title}`;
    const { losses, model } = trained.get(key) ?? (await train(name, title));
    trained.set(key, { losses, model });
    if (isExact) {
      expect(losses).toEqual(expected.losses);
      const digests = Object.entries(model.stateDict()).map(([name, value]) => [name, digest(value)]);
      expect(Object.fromEntries(digests)).toEqual(expected.parameters);
      return;
    }
    // Other kernels round otherwise, and what comes of it grows from step to step.
    losses.slice(0, 10).forEach((loss, step) => {
      expect(Math.abs(loss - expected.losses[step]!)).toBeLessThan(1e-3);
    });
    expect(Math.abs(losses.at(-1)! - expected.losses.at(-1)!)).toBeLessThan(0.1);
  });
});
