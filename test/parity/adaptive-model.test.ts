// The adaptive network against its equations in PyTorch, node by node: as recorded, and where there is a Python, live.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AdaptiveModel } from '../../src/adaptive/index.ts';
import { Generator, loadSafetensors, noGrad, ones, rand, type Tensor } from '../../src/index.ts';
import { mseLoss } from '../../src/nn/functional/index.ts';
import { findPythonTorch, runPython } from './python.ts';

type Tensors = Record<string, Tensor>;

const STEPS = 200;
const SIZES = [5, 5, 3, 6, 6, 1, 4, 2, 2];
const RUNS = ['samples-drawn', 'samples-decided', 'aliased-drawn', 'aliased-decided'];
const recorded = fileURLToPath(new URL('../fixtures/adaptive/model.safetensors', import.meta.url));
const peer = fileURLToPath(new URL('adaptive_model_peer.py', import.meta.url));

/** The steps of `adaptive_model_peer.py`, by our network. */
function train(run: string): { losses: number[]; norms: number[]; phases: number[]; state: Tensors } {
  const model = new AdaptiveModel({
    ...{ numNodes: 12, hiddenDim: 6, inputDim: 5, outputDim: 3, circadianPeriod: 20, seed: 7, dtype: 'float64' },
    aliasedPhases: run.startsWith('aliased'),
    stochasticPolicy: run.endsWith('drawn'),
  });
  const generator = Generator.fork({ seed: 7, index: 9 });
  const uniform = (...shape: number[]): Tensor => rand(shape, { generator, dtype: 'float64' });
  const { activity_update: activity, energy_update: energy } = model.dynamics;
  noGrad(() => [activity, energy].map(({ weight }) => weight.mul_(6)));
  const losses: number[] = [];
  const norms: number[] = [];
  const phases: number[] = [];
  const step = model.phaseScheduler.decide.bind(model.phaseScheduler);
  model.phaseScheduler.decide = (...args) => {
    const made = step(...args);
    phases.push(...numbers(made.phases));
    return made;
  };
  for (let i = 0; i < STEPS; i++) {
    const samples = SIZES[i % SIZES.length]!;
    const x = uniform(samples, 5).mul(4).sub(2);
    const target = uniform(samples, 3);
    if (i % 3 === 0) disturb(model, Math.floor(i / 40) % 2, uniform);
    const output = model.forward(x);
    const loss = mseLoss(output, target).add(model.computeLoss(output, target.select(1, 0)).mul(0.1));
    model.zeroGrad();
    loss.backward();
    const gradients = model.parameters().map(({ grad }) => grad!);
    norms.push(Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.square().sum().item(), 0)));
    losses.push(loss.item());
    noGrad(() => model.parameters().map((parameter, j) => parameter.sub_(gradients[j]!, { alpha: 0.05 })));
  }
  return { losses, norms, phases, state: model.stateDict() };
}

/** States that the network would not come to by itself. */
function disturb({ nodeState }: AdaptiveModel, plenty: number, uniform: (...shape: number[]) => Tensor): void {
  const rows = ones([nodeState.batchSize, 12, 1], { dtype: 'float64' });
  const energy = uniform(1, 12, 1)
    .mul(10)
    .add(18 * plenty);
  const activity = uniform(1, 12, 1).div(1 + plenty);
  nodeState.energy = rows.mul(energy);
  nodeState.activity = rows.mul(activity);
}

const numbers = (tensor: Tensor): number[] =>
  Array.from(tensor.flatten().toArray() as Iterable<number | bigint>, Number);

/** The first places in which numbers differ. */
function differences(what: string, actual: readonly number[], expected: readonly number[]): string[] {
  const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-8 * (1 + Math.abs(b));
  const found = expected.flatMap((value, i) =>
    isClose(actual[i]!, value) ? [] : [`${what}[${i}]: ${actual[i]}, not ${value}`],
  );
  return [
    ...(actual.length === expected.length ? [] : [`${what}: ${actual.length} numbers, not ${expected.length}`]),
    ...found.slice(0, 2),
  ];
}

async function compare(run: string, path: string): Promise<string[]> {
  const all = await loadSafetensors(path);
  const expected = Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) =>
      key.startsWith(`${run}/`) ? [[key.slice(run.length + 1), value]] : [],
    ),
  ) as Tensors;
  const { losses, norms, phases, state } = train(run);
  const stateKeys = Object.keys(expected).filter((key) => key.startsWith('state/'));
  return [
    ...differences('phases', phases, numbers(expected.phases!)),
    ...differences('losses', losses, numbers(expected.losses!)),
    ...differences('norms', norms, numbers(expected.norms!)),
    ...stateKeys.flatMap((key) => differences(key, numbers(state[key.slice(6)]!), numbers(expected[key]!))),
    ...(stateKeys.length === 22 ? [] : [`${stateKeys.length} tensors of state`]),
  ];
}

describe('AdaptiveModel', () => {
  it.each(RUNS)('trains for 200 steps as its equations in PyTorch did, %s', async (run) => {
    expect(await compare(run, recorded)).toEqual([]);
  });

  it('is held against a recording in which every rule applied', async () => {
    const all = await loadSafetensors(recorded);
    const fired = RUNS.map((run) => numbers(all[`${run}/fired`]!));
    expect(Math.min(...fired.flatMap((counts) => counts.slice(1)))).toBeGreaterThan(30);
    expect(fired.map(([explored = 0]) => explored > 500)).toEqual([true, false, true, false]);
  });

  const python = findPythonTorch();
  if ('missing' in python) console.log(`skipped, the recording beside a live PyTorch: ${python.missing}`);
  it.skipIf('missing' in python)(
    'is held against a recording that the PyTorch at hand makes too',
    { timeout: 120_000 },
    async () => {
      if ('missing' in python) return;
      const folder = mkdtempSync(join(tmpdir(), 'sconce-adaptive-'));
      try {
        runPython(python, [peer, join(folder, 'out.safetensors')]);
        const [expected, live] = [
          await loadSafetensors(recorded),
          await loadSafetensors(join(folder, 'out.safetensors')),
        ];
        expect(Object.keys(live).sort()).toEqual(Object.keys(expected).sort());
        for (const [key, value] of Object.entries(expected)) {
          expect(differences(key, numbers(live[key]!), numbers(value))).toEqual([]);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
