// The parameters of a model in groups: core and heads, with and without weight decay.

import type { Parameter } from '../../nn/index.ts';

/** A group as an optimizer takes it. */
export interface ParameterGroup {
  readonly params: readonly Parameter[];
  readonly lr: number;
  readonly weightDecay: number;
}

export interface ParameterGroupOptions {
  /** Of everything that is not core. */
  readonly lr: number;
  readonly coreLr: number;
  readonly wd: number;
  /** Names of parameters that no weight decay is for. */
  readonly excluded: ReadonlySet<string>;
}

/** What is core, by names that have one of these in them. Source: VisionCore. */
const CORE = ['frontend', 'convnet', 'modulator'];

/** At most four groups, in this order and those that are empty left out: core with and without weight decay, heads with and without. Weight decay is for parameters named `….weight` with more than one dimension that are not
 *  excluded. What is frozen is in none. Source: VisionCore. */
export function parameterGroups(
  named: Iterable<readonly [name: string, parameter: Parameter]>,
  { lr, coreLr, wd, excluded }: ParameterGroupOptions,
): ParameterGroup[] {
  const groups: Parameter[][] = [[], [], [], []];
  for (const [name, parameter] of named) {
    if (!parameter.requiresGrad) continue;
    const isCore = CORE.some((part) => name.includes(part));
    const isDecayed = name.endsWith('.weight') && parameter.ndim > 1 && !excluded.has(name);
    groups[(isCore ? 0 : 2) + (isDecayed ? 0 : 1)]!.push(parameter);
  }
  return groups
    .map((params, i) => ({ params, lr: i < 2 ? coreLr : lr, weightDecay: i % 2 === 0 ? wd : 0 }))
    .filter(({ params }) => params.length > 0);
}
