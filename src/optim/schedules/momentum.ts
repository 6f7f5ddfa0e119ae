// Momentum as schedules set it, `momentum` of a group or the first of its `betas`, and the options by which it goes the other way than the learning rate.

import { checkBoolean } from './options.ts';
import { perGroup, type ScheduledOptimizer } from './scheduler.ts';

export interface MomentumOptions {
  /** The momentum goes from `maxMomentum` down to `baseMomentum` where the learning rate goes up, and back. Default true, which needs an optimizer that has one. */
  readonly cycleMomentum?: boolean;
  /** One for all groups, or a list. Default 0.8 by `CyclicLR`, 0.85 by `OneCycleLR`. */
  readonly baseMomentum?: number | readonly number[];
  /** One for all groups, or a list. Default 0.9 by `CyclicLR`, 0.95 by `OneCycleLR`. */
  readonly maxMomentum?: number | readonly number[];
}

export const MOMENTUM_NAMES = ['cycleMomentum', 'baseMomentum', 'maxMomentum'];

/** Bounds of each group's momentum. */
export interface Momentum {
  /** It is the first of the group's `betas`. */
  readonly isBeta: boolean;
  readonly bases: number[];
  readonly maxima: number[];
}

/** @throws {TypeError} for an optimizer that has no momentum, unless `cycleMomentum` is false.  @internal */
export function readMomentum(
  maker: string,
  optimizer: ScheduledOptimizer,
  options: MomentumOptions,
  [base, max]: readonly [base: number, max: number],
): Momentum | undefined {
  const { cycleMomentum = true, baseMomentum = base, maxMomentum = max } = options;
  checkBoolean(maker, 'cycleMomentum', cycleMomentum);
  if (!cycleMomentum) return undefined;
  return {
    isBeta: usesBetas(maker, optimizer),
    bases: perGroup(maker, 'baseMomentum', baseMomentum, optimizer),
    maxima: perGroup(maker, 'maxMomentum', maxMomentum, optimizer),
  };
}

function usesBetas(maker: string, optimizer: ScheduledOptimizer): boolean {
  const groups = optimizer.paramGroups;
  if (groups.every((group) => 'betas' in group)) return true;
  if (groups.every((group) => 'momentum' in group)) return false;
  throw new TypeError(
    `Cannot make ${maker}: expected an optimizer with momentum or betas, got ${optimizer.constructor.name}; pass cycleMomentum: false`,
  );
}

/** Where a cycle starts, noted in the groups, too. @internal */
export function startMomentum(optimizer: ScheduledOptimizer, { isBeta, bases, maxima }: Momentum): void {
  setMomentums(optimizer, isBeta, maxima);
  for (const [i, group] of optimizer.paramGroups.entries()) {
    group.maxMomentum = maxima[i]!;
    group.baseMomentum = bases[i]!;
  }
}

/** Sets the momentum of each group. @internal */
export function setMomentums(optimizer: ScheduledOptimizer, isBeta: boolean, momentums: readonly number[]): void {
  for (const [i, group] of optimizer.paramGroups.entries()) {
    const momentum = momentums[i]!;
    if (isBeta) Object.assign(group, { betas: [momentum, ...(Reflect.get(group, 'betas') as number[]).slice(1)] });
    else Object.assign(group, { momentum });
  }
}
