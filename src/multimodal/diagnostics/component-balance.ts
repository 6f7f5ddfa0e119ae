// Factors of components' learning rates, corrected a little at a time.

import type { Module } from '../../nn/module.ts';
import type { GradientStatistics } from './gradient-statistics.ts';
import { groupProblems, groupsByWord } from './group-sides.ts';
import { type GroupFactors, type HookedOptimizer, RateFactors } from './rate-factors.ts';

/** Bounds of one correction, how much of it is done at once, and bounds of what they come to. */
const [LEAST, MOST, DAMPING, LOWEST, HIGHEST] = [0.1, 10, 0.1, 0.01, 100] as const;

/** Brings components' gradients, times their factors, into the ratios that are wanted, beside the first component. Source: multimodal_insight_engine, GradientHandler. */
export class ComponentBalance {
  readonly #ratios: readonly (readonly [component: string, ratio: number])[];
  readonly #groupFactors: GroupFactors = new Map();
  #factors: Record<string, number>;
  #attached: { readonly optimizer: HookedOptimizer; readonly model: Module } | undefined;
  #ratio = { own: Number.NaN, balanced: Number.NaN };

  constructor(ratios: Readonly<Record<string, number>>) {
    this.#ratios = Object.entries(ratios);
    this.#factors = Object.fromEntries(this.#ratios.map(([component]) => [component, 1]));
  }

  get factors(): Readonly<Record<string, number>> {
    return { ...this.#factors };
  }

  problems(optimizer: HookedOptimizer, model: Module): string[] {
    return groupProblems(
      optimizer,
      model,
      this.#ratios.map(([component]) => component),
    );
  }

  /** From now on the factors count when the optimizer steps. */
  attach(optimizer: HookedOptimizer, model: Module): void {
    if (this.#attached?.optimizer !== optimizer) this.detach();
    this.#attached = { optimizer, model };
    RateFactors.of(optimizer).add(this.#groupFactors);
    this.#setGroups();
  }

  detach(): void {
    if (this.#attached) RateFactors.of(this.#attached.optimizer).remove(this.#groupFactors);
    this.#attached = undefined;
    this.#groupFactors.clear();
  }

  /** Nothing where a component has no gradient, or none that is finite. */
  correct({ componentNorms }: GradientStatistics): void {
    const norms = this.#ratios.map(([component]) => componentNorms[component]?.norm ?? 0);
    if (!norms.every((norm) => norm > 0 && norm < Infinity)) return;
    const [firstRatio, first] = [this.#ratios[0]![1], norms[0]! * this.#factors[this.#ratios[0]![0]]!];
    for (const [i, [component, ratio]] of this.#ratios.entries()) {
      const factor = this.#factors[component]!;
      const correction = ratio / firstRatio / ((norms[i]! * factor) / first);
      const damped = 1 + DAMPING * (Math.min(MOST, Math.max(LEAST, correction)) - 1);
      this.#factors[component] = Math.min(HIGHEST, Math.max(LOWEST, factor * damped));
    }
    this.#setGroups();
    const [vision, text] = [componentNorms.vision?.norm, componentNorms.text?.norm];
    const { vision: v, text: t } = this.#factors;
    if (vision === undefined || text === undefined || v === undefined || t === undefined) return;
    this.#ratio = { own: text / vision, balanced: (text * t) / (vision * v) };
  }

  /** What is logged behind a correction. */
  logged(): Record<string, number> {
    const { own, balanced } = this.#ratio;
    const factors = Object.entries(this.#factors).map(([component, factor]) => [
      `balancing/${component}_factor`,
      factor,
    ]);
    if (Number.isNaN(own)) return Object.fromEntries(factors);
    const of = Object.fromEntries(this.#ratios);
    const ratios = {
      'balancing/ratio': own,
      'balancing/balanced_ratio': balanced,
      'balancing/target': of.text! / of.vision!,
    };
    return { ...ratios, ...Object.fromEntries(factors) };
  }

  load(factors: Readonly<Record<string, number>>): void {
    for (const [component] of this.#ratios) this.#factors[component] = factors[component] ?? 1;
    this.#setGroups();
  }

  #setGroups(): void {
    if (!this.#attached) return;
    const { optimizer, model } = this.#attached;
    const { groups } = groupsByWord(
      optimizer,
      model,
      this.#ratios.map(([component]) => component),
    );
    for (const [component, numbers] of groups)
      for (const i of numbers) this.#groupFactors.set(i, this.#factors[component]!);
  }
}
