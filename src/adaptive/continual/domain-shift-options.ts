// What a progressive domain shift is made of: how its corruptions grow from stage to stage.

import { choice, count, optionProblems, type Rule } from '../../metrics/options.ts';
import { Module } from '../../nn/module.ts';
import { seedRule } from '../data/loaders.ts';
import { intensityRule, type PictureCorruption } from './corruptions.ts';
import { rangeRule } from './fgsm.ts';
import type { ContinualModel } from './method.ts';

/** A corruption; 'adversarial' is a step of the fast gradient sign method against a model. */
export type CorruptionKind = PictureCorruption | 'adversarial';

/** How a shift goes: one corruption that grows, one after another, or several that come together. */
export type ShiftScenario = CorruptionKind | 'blur_to_adversarial' | 'noise_to_rotation' | 'multi_corruption';

export interface DomainShiftConfig {
  readonly scenario: ShiftScenario;
  /** Intensity of the first stage, 0 to 1. Default 0: pictures as they are. */
  readonly initialCorruption?: number | undefined;
  /** Intensity of the last one. Default 1. */
  readonly finalCorruption?: number | undefined;
  /** Default 5. */
  readonly numStages?: number | undefined;
  /** Training samples of a stage. Default: as many as there are for stages that overlap so. */
  readonly samplesPerStage?: number | undefined;
  /** Share of a stage's samples that the stage before had too, 0 to 1. Default 0.2. */
  readonly overlapRatio?: number | undefined;
  /** Decides which samples a stage has, and all that corruptions draw. Default 42. */
  readonly seed?: number | undefined;
  /** What black and white are in the pictures. Default [0, 1]; those of `loadDigits` have [-1, 1]. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** Whom adversarial noise is made against, as it is when the stages are made: train it on clean pictures before. For scenarios with 'adversarial'. */
  readonly model?: ContinualModel | undefined;
}

/** A corruption of one stage. */
export interface StageCorruption {
  readonly kind: CorruptionKind;
  readonly intensity: number;
}

const KINDS = ['blur', 'noise', 'rotation', 'brightness', 'contrast', 'adversarial'] as const;
const rules: Readonly<Record<string, Rule>> = {
  scenario: choice(...KINDS, 'blur_to_adversarial', 'noise_to_rotation', 'multi_corruption'),
  ...{
    initialCorruption: intensityRule,
    finalCorruption: intensityRule,
    numStages: count(2),
    samplesPerStage: count(),
  },
  ...{ overlapRatio: intensityRule, seed: seedRule, range: rangeRule },
  model: ['a Module', (value) => value instanceof Module],
};

/** What is wrong with a configuration, as lines of an error. */
export function shiftProblems(config: DomainShiftConfig): string[] {
  const problems = optionProblems(config, rules, ['scenario']);
  if (problems.length > 0) return problems;
  const needsModel = /adversarial/.test(config.scenario);
  if (needsModel && !config.model) problems.push(`model: expected one for scenario "${config.scenario}", got none`);
  if (!needsModel && config.model)
    problems.push(`model: expected none for scenario "${config.scenario}", which has no adversarial noise, got one`);
  return problems;
}

/** The corruptions of each stage. Rule: the intensity grows in equal steps from `initialCorruption` to `finalCorruption`. '{a}_to_{b}': so does that of a over the first half of the stages (of five, three), and that of
 *  b, without its first step, over the second. 'multi_corruption': blur from the first stage on, noise behind a third of the stages, brightness behind two thirds, at 2/3, 5/6 and all of the intensity.
 *  @example
 *  import { shiftStages } from 'sconce/adaptive';
 *  const stages = shiftStages({ scenario: 'noise_to_rotation', numStages: 4 });
 *  stages.map(([corruption]) => `${corruption!.kind} ${corruption!.intensity}`); // ['noise 0', 'noise 1', 'rotation 0.5', 'rotation 1'] */
export function shiftStages(config: Omit<DomainShiftConfig, 'model'>): StageCorruption[][] {
  const { scenario, initialCorruption: first = 0, finalCorruption: last = 1, numStages = 5 } = config;
  const stages = Array.from({ length: numStages }, (_, stage) => stage);
  const between = (share: number): number => first + share * (last - first);
  if (scenario === 'multi_corruption')
    return stages.map((stage) =>
      (['blur', 'noise', 'brightness'] as const).flatMap((kind, i) =>
        stage >= Math.floor((i * numStages) / 3)
          ? [{ kind, intensity: between(stage / (numStages - 1)) * (0.5 + (i + 1) / 6) }]
          : [],
      ),
    );
  const [before, after] = scenario.split('_to_') as [CorruptionKind, CorruptionKind?];
  if (after === undefined)
    return stages.map((stage) => [{ kind: before, intensity: between(stage / (numStages - 1)) }]);
  const half = Math.ceil(numStages / 2);
  return stages.map((stage) => [
    stage < half
      ? { kind: before, intensity: between(half === 1 ? 1 : stage / (half - 1)) }
      : { kind: after, intensity: between((stage - half + 1) / (numStages - half)) },
  ]);
}
