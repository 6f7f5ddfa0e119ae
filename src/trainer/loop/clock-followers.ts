// Modules of a run that follow its clocks, as losses with a curriculum do: told the epoch and the step before they act.

import type { Module } from '../../nn/module.ts';
import type { Clocks } from './clocks.ts';
import { allModules, type ModulesOfRun } from './modules-of-run.ts';

/** What a module may have to be told where the run stands. Source: multimodal_insight_engine's losses. */
export interface ClockFollower {
  /** Told when an epoch begins, and when a run goes on inside one. @param epoch - from 0. */
  updateEpoch?(epoch: number): void;
  /** Told before the forward of each optimizer step. @param step - steps done so far.  @param totalSteps - of the whole run; undefined where nobody knows. */
  updateStep?(step: number, totalSteps: number | undefined): void;
}

/** The model and the modules beside it that follow the clocks. */
export class ClockFollowers {
  readonly #followers: readonly (Module & ClockFollower)[];
  readonly #clocks: Readonly<Clocks>;
  readonly #totalSteps: number | undefined;
  /** The step that was told last in this process. */
  #step = -1;

  constructor(run: ModulesOfRun, clocks: Readonly<Clocks>, totalSteps: number | undefined) {
    this.#followers = allModules(run).filter(
      (module: Module & ClockFollower) =>
        typeof module.updateEpoch === 'function' || typeof module.updateStep === 'function',
    );
    this.#clocks = clocks;
    this.#totalSteps = totalSteps;
  }

  get isEmpty(): boolean {
    return this.#followers.length === 0;
  }

  tellEpoch(): void {
    for (const module of this.#followers) module.updateEpoch?.(this.#clocks.epoch);
  }

  /** To be called before every forward: a step of several micro-steps is told once. */
  tellStep(): void {
    const { step } = this.#clocks;
    if (step === this.#step) return;
    this.#step = step;
    for (const module of this.#followers) module.updateStep?.(step, this.#totalSteps);
  }
}

/** Optimizer steps of a whole run; undefined where nobody knows how long an epoch is and nothing else ends it. A run that goes on in batches of another size has done another number of them
 *  than such epochs have: what is left counts from where it stands. */
export function totalStepsOf(
  {
    maxEpochs,
    maxSteps,
    batchesPerEpoch,
    begun,
  }: {
    maxEpochs: number;
    maxSteps: number | undefined;
    batchesPerEpoch: number;
    begun: Pick<Clocks, 'step' | 'epoch' | 'batchInEpoch'> & { readonly batches: number };
  },
  accumulation: number,
): number | undefined {
  const ofEpoch = Math.ceil(batchesPerEpoch / accumulation);
  const { step, epoch, batchInEpoch, batches } = begun;
  const isResized = batches !== batchesPerEpoch && batchInEpoch > 0;
  const inEpoch = Math.ceil((batches - batchInEpoch) / accumulation);
  const steps = isResized ? step + inEpoch + (maxEpochs - epoch - 1) * ofEpoch : maxEpochs * ofEpoch;
  return Number.isFinite(steps) ? Math.min(steps, maxSteps ?? steps) : maxSteps;
}
