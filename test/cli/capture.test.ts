// `sconce capture` as a process: what an experiment's captured steps are made of, or why they cannot be captured.
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaptureExplanation } from '../../src/index.ts';
import { requireCompiled, sconce } from './sconce.ts';

const PARTS = `
import { nn, randn } from 'sconce';
import { TensorDataset } from 'sconce/data';
import { defineParts, part } from 'sconce/trainer';

export default defineParts({
  models: {
    small: part({
      options: {},
      build: () => new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Dropout(0.1), new nn.Linear(8, 2)),
    }),
  },
  datasets: {
    blobs: part({
      options: {},
      build: () => {
        const x = randn([60, 2]);
        return new TensorDataset([x, x.select(1, 0).gt(0).to('int64')]);
      },
    }),
  },
});
`;

const YAML = `
experiment_name: blobs
modules: [./parts.ts]
model: { type: small }
loss: cross-entropy
optimizer: { type: adamw, lr: 0.05 }
scheduler: { type: cosine, warmup_steps: 2 }
performance: { clip_grad_norm: 1 }
data: { train: { dataset: blobs, batch_size: 5, shuffle: true } }
training: { max_epochs: 1000 }
`;

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-capture-test-')));
  writeFileSync(join(folder, 'parts.ts'), PARTS);
  writeFileSync(join(folder, 'blobs.yaml'), YAML);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Part {
  readonly name: string;
  readonly status: { readonly numReplayed: number };
  readonly explanation: CaptureExplanation;
}

test('sconce capture --json gives each part of a step with its operators, passes, memory and times', async () => {
  const { code, stdout } = await sconce(['capture', 'blobs.yaml', '--replays', '20', '--json'], folder);
  expect(code).toBe(0);
  const parts = JSON.parse(stdout) as Part[];
  expect(parts.map(({ name }) => name)).toEqual([
    'the forward and backward pass of loader "dl0"',
    'the norm of the gradients',
    'the update',
  ]);
  for (const { status, explanation } of parts) {
    expect(status.numReplayed).toBeGreaterThanOrEqual(30);
    expect(explanation.numReplays).toBeGreaterThanOrEqual(20);
    const kernels = explanation.operations.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
    expect(kernels).toBeGreaterThan(0);
    expect(explanation.replayNanoseconds).toBeGreaterThanOrEqual(kernels);
    expect(explanation.stepNanoseconds).toBeGreaterThan(explanation.replayNanoseconds);
    const folded = explanation.operations.filter(({ fate }) => fate === 'folded');
    expect(folded).toHaveLength(explanation.numFolded);
    const once = explanation.operations.filter(({ fate }) => fate === 'computed once');
    expect(once).toHaveLength(explanation.numHoisted);
  }
  const { operations, arguments: given, results, arenaBytes, madeBytes } = parts[0]!.explanation;
  expect(given.map(({ shape, dtype }) => [shape, dtype])).toEqual([
    [[5, 2], 'Float'],
    [[5], 'Long'],
  ]);
  expect(results[0]).toMatchObject({ shape: [], dtype: 'Float', origin: 'step' });
  expect(arenaBytes).toBeLessThan(madeBytes);
  const first = operations.find(({ name }) => name === 'addmm')!;
  expect(first.arguments.map(({ name, origin }) => [name, origin])).toEqual([
    ['self', 'outside'],
    ['mat1', 'argument'],
    ['mat2', 'outside'],
  ]);
  expect(first.values).toEqual({ beta: '1', alpha: '1' });
  expect(first.results[0]).toMatchObject({ shape: [5, 8], strides: [8, 1], place: expect.any(Number) });
  // libtorch 1.13 has no fused kernel of it.
  const update = parts[2]!.explanation.operations.find(({ name }) => /^_(?:fused_adamw|foreach_addcdiv)_/.test(name))!;
  expect(update.fate).toBe('in place');
  expect(update.numSlots).toBeGreaterThan(3);
  expect(readdirSync(folder).sort()).toEqual(['blobs.yaml', 'parts.ts']);
});

test('sconce capture prints a summary, and with --explain every operator', async () => {
  const { code, stdout } = await sconce(['capture', 'blobs.yaml', '--replays', '5', '--explain'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Forward and backward pass of loader "dl0": replayed \d+ times, \d+ of them timed\n/);
  expect(stdout).toMatch(
    /\n {2}operators: \d+ recorded, \d+ left\n {4}foldViews \d+, hoistConstants \d+, dropDead \d+/,
  );
  expect(stdout).toMatch(/\n {2}memory: one arena of [\d.]+ K?i?B for [\d.]+ K?i?B of intermediate results\n/);
  expect(stdout).toMatch(
    /\n {2}time: [\d.]+ us a call, [\d.]+ us of it the replay, [\d.]+ us \(\d+ %\) its operators\n/,
  );
  expect(stdout).toMatch(/\n1 +t +p\d+\[8, 2\] +p\d+\[2, 8\] +folded\n/);
  expect(stdout).toMatch(/_(?:fused_adamw|foreach_addcdiv)_.* in place, numbers read anew\n/);
});

test('sconce capture says why a step cannot be captured', async () => {
  const { code, stdout } = await sconce(['capture', 'blobs.yaml', '--set', 'detect_anomaly=true'], folder);
  expect([code, stdout]).toEqual([1, 'Step: runs as it is written, because detectAnomaly looks at each operator\n']);
  const none = await sconce(['capture', 'none.yaml'], folder);
  expect([none.code, none.stderr]).toEqual([
    1,
    'Cannot capture "none.yaml": expected a file with an experiment, got none there\n',
  ]);
  const short = await sconce(['capture', 'blobs.yaml', '--set', 'training.max_epochs=1'], folder);
  expect([short.code, short.stderr]).toEqual([
    1,
    expect.stringContaining('until its steps were replayed 50 times, got one that ended before; give it more epochs'),
  ]);
});
