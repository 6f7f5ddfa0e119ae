// Losses of batch statistics, queues and curricula against their formulas, computed in Python row by row (test/fixtures/multimodal/make_state.py): values and gradients of every step, in double and in single precision, and under autocast.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Identity, Linear } from '../../nn/index.ts';
import { autocast, noGrad, Tensor, tensor } from '../../tensor/index.ts';
import { BarlowTwinsLoss } from './barlow-twins-loss.ts';
import { CrossEntropyLoss } from './cross-entropy-loss.ts';
import { DecorrelationLoss } from './decorrelation-loss.ts';
import { EMAMoCoLoss } from './ema-moco-loss.ts';
import { FeatureConsistencyLoss } from './feature-consistency-loss.ts';
import { HybridPretrainVICRegLoss } from './hybrid-pretrain-vicreg-loss.ts';
import { MeanSquaredError } from './mean-squared-error.ts';
import { MoCoLoss } from './moco-loss.ts';
import type { MultimodalLoss } from './multimodal-loss.ts';
import { VICRegLoss } from './vicreg-loss.ts';

type Precision = 'float32' | 'float64';
/** null: nothing depends on it. */
type Numbers = number | null | readonly Numbers[];

interface Step {
  readonly given: Readonly<Record<string, Numbers>>;
  readonly outputs: Readonly<Record<string, number | string>>;
  readonly gradients: Readonly<Record<string, Numbers>>;
}

interface Case {
  readonly loss: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

const fixture = new URL('../../../test/fixtures/multimodal/state.json', import.meta.url);
const cases = JSON.parse(readFileSync(fixture, 'utf8')) as Case[];

/** A loss that is played, and its inputs of a step as tensors: leaves by the names of the gradients. */
interface Player {
  readonly loss: MultimodalLoss;
  run(leaves: Readonly<Record<string, Tensor>>, step: Step): Readonly<Record<string, unknown>>;
}

const made: Readonly<Record<string, (options: never) => MultimodalLoss>> = {
  VICRegLoss: (options) => new VICRegLoss(options),
  BarlowTwinsLoss: (options) => new BarlowTwinsLoss(options),
  DecorrelationLoss: (options) => new DecorrelationLoss(options),
  FeatureConsistencyLoss: (options) => new FeatureConsistencyLoss(options),
  MoCoLoss: (options) => new MoCoLoss(options),
  HybridPretrainVICRegLoss: (options) => new HybridPretrainVICRegLoss(options),
  CrossEntropyLoss: (options) => new CrossEntropyLoss(options),
  MeanSquaredError: (options) => new MeanSquaredError(options),
};

const LEAVES = ['vision', 'text', 'input'];

function leavesOf({ given }: Step, dtype: Precision): Record<string, Tensor> {
  const names = LEAVES.filter((name) => given[name] !== undefined);
  return Object.fromEntries(
    names.map((name) => [name, tensor(given[name] as number[], { dtype, requiresGrad: true })]),
  );
}

function playerOf({ loss: name, options, steps }: Case, dtype: Precision): Player {
  if (name === 'EMAMoCoLoss') return emaPlayer(options, steps[0]!, dtype);
  const tensors = Object.entries(options).map(([key, value]): [string, unknown] => {
    if (value === 'identity') return [key, new Identity()];
    return [key, Array.isArray(value) ? tensor(value as number[]) : value];
  });
  const loss = made[name]!(Object.fromEntries(tensors) as never).to(dtype);
  return {
    loss,
    run(leaves, { given }) {
      const of = (key: string): Tensor | undefined =>
        given[key] === undefined ? undefined : tensor(given[key] as number[], { dtype });
      if (leaves.input) {
        const target =
          name === 'CrossEntropyLoss' ? tensor(given.target as number[], { dtype: 'int64' }) : of('target')!;
        const supervised = loss as CrossEntropyLoss | MeanSquaredError;
        return { loss: supervised.forward(leaves.input, target, { sampleWeight: of('sampleWeight') }) };
      }
      if (given.epoch !== undefined) loss.updateEpoch(given.epoch as number);
      if (given.step !== undefined) loss.updateStep(given.step as number, given.totalSteps as number | undefined);
      return loss.forward({
        visionFeatures: leaves.vision,
        textFeatures: leaves.text,
        matchIds: given.ids as number[] | undefined,
        inputs: { images: of('images'), textData: of('textData') },
      });
    },
  };
}

/** Two linear towers, whose weights are those of each step. */
function emaPlayer(options: object, { given }: Step, dtype: Precision): Player {
  const shapes = (given.start as number[][][]).map((rows) => [rows[0]!.length, rows.length] as const);
  const [visionEncoder, textEncoder] = shapes.map(([from, to]) => new Linear(from, to, { bias: false }).to(dtype)) as [
    Linear,
    Linear,
  ];
  const towers = [visionEncoder, textEncoder];
  const set = (weights: Numbers): void =>
    noGrad(() => {
      for (const [i, tower] of towers.entries()) tower.weight.copy_(tensor((weights as number[][][])[i]!, { dtype }));
    });
  set(given.start!);
  const loss = new EMAMoCoLoss({ ...options, visionEncoder, textEncoder }).to(dtype);
  return {
    loss,
    run(leaves, step) {
      set(step.given.weights!);
      loss.updateStep(step.given.step as number);
      for (const tower of towers) tower.zeroGrad();
      const [images, textData] = ['images', 'textData'].map((key) => tensor(step.given[key] as number[], { dtype }));
      const output = loss.forward({
        visionFeatures: visionEncoder.forward(images!),
        textFeatures: textEncoder.forward(textData!),
        matchIds: step.given.ids as number[] | undefined,
        inputs: { images, textData },
      });
      Object.assign(leaves, { weights: towers.map((tower) => tower.weight) });
      return output;
    },
  };
}

function flat(value: Numbers): number[] {
  if (value === null) return [];
  return typeof value === 'number' ? [value] : value.flatMap(flat);
}

function numberOf(value: unknown): number | string {
  return value instanceof Tensor ? value.item() : (value as number | string);
}

/** `feature_stats.vision_min_var` is an entry of an entry. */
const entry = (output: Readonly<Record<string, unknown>>, name: string): unknown =>
  name.split('.').reduce((at: unknown, part) => (at as Record<string, unknown>)[part], output);

function expectNear(what: string, actual: number | string, expected: number | string, tolerance: number): void {
  if (typeof expected === 'string') expect([what, actual]).toEqual([what, expected]);
  else if (!(Math.abs((actual as number) - expected) <= tolerance * (1 + Math.abs(expected))))
    expect(`${what}: ${actual}`).toBe(`${what}: ${expected}`);
}

const gradientsOf = (leaf: Tensor | readonly Tensor[]): number[] =>
  (leaf instanceof Tensor ? [leaf] : leaf).flatMap(({ grad }) => (grad ? flat(grad.toArray() as Numbers) : []));

function play(each: Case, dtype: Precision, tolerance: number, around: <T>(body: () => T) => T): void {
  const player = playerOf(each, dtype);
  for (const [i, step] of each.steps.entries()) {
    const leaves = leavesOf(step, dtype);
    const output = around(() => player.run(leaves, step));
    for (const [name, expected] of Object.entries(step.outputs))
      expectNear(`step ${i}, ${name}`, numberOf(entry(output, name)), expected, tolerance);
    const { loss } = output as { loss: Tensor };
    if (loss.requiresGrad) loss.backward();
    for (const [name, expected] of Object.entries(step.gradients)) {
      const actual = gradientsOf(leaves[name]!);
      expect(actual.length).toBe(flat(expected).length);
      for (const [j, number] of flat(expected).entries())
        expectNear(`step ${i}, gradient ${j} of ${name}`, actual[j]!, number, tolerance);
    }
  }
}

const named = cases.map((each) => [`${each.loss} ${JSON.stringify(each.options)}`, each] as const);

describe('losses against their formulas', () => {
  it.each(named)('%s gives the values and gradients of every step', (_name, each) => {
    play(each, 'float64', 1e-9, (body) => body());
    play(each, 'float32', 2e-4, (body) => body());
    if (each.loss !== 'EMAMoCoLoss') play(each, 'float32', 2e-4, (body) => autocast('cpu', body)); // its towers are half then
  });
});
