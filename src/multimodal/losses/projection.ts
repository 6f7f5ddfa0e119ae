// The small network that features may go through on their way into a loss.

import { BatchNorm1d, Linear, ReLU, Sequential } from '../../nn/layers/index.ts';
import { choice, count, flag, type LossRules } from './loss-options.ts';

export interface ProjectionOptions {
  /** Whether features go through a learned projection first, the same for both sides. Default false. */
  readonly useProjection?: boolean | undefined;
  /** Size of the features, D. */
  readonly inputDim?: number | undefined;
  /** Size of what comes out. Default 256. */
  readonly projectionDim?: number | undefined;
  /** Default `projectionDim`. */
  readonly projectionHiddenDim?: number | undefined;
  /** 2: linear, ReLU, linear. 3: with batch norm behind each of two hidden linear layers. Default 2. */
  readonly numProjectionLayers?: 2 | 3 | undefined;
}

export const PROJECTION_RULES: LossRules<ProjectionOptions> = {
  useProjection: flag,
  inputDim: count(),
  projectionDim: count(),
  projectionHiddenDim: count(),
  numProjectionLayers: choice(2, 3),
};

/** @param usesInputDim - whether the loss needs the size of features for something else too. */
export function projectionProblems(given: ProjectionOptions, usesInputDim = false): string[] {
  const { useProjection = false, inputDim } = given;
  if (useProjection || usesInputDim) {
    const wanted = useProjection ? 'with useProjection' : 'to make its tables';
    if (inputDim === undefined) return [`inputDim: expected the size of the features ${wanted}, got none`];
  }
  if (useProjection) return [];
  const names = ['projectionDim', 'projectionHiddenDim', 'numProjectionLayers'] as const;
  const unused = [...names, ...(usesInputDim ? [] : (['inputDim'] as const))];
  return unused
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name}: expected useProjection: true beside it, got ${given[name]} alone`);
}

/** @returns undefined where features are compared as they are. */
export function makeProjection(options: ProjectionOptions): Sequential | undefined {
  const { useProjection, inputDim, projectionDim = 256, projectionHiddenDim: hidden = projectionDim } = options;
  if (!useProjection || inputDim === undefined) return undefined;
  if (options.numProjectionLayers !== 3)
    return new Sequential(new Linear(inputDim, hidden), new ReLU(), new Linear(hidden, projectionDim));
  return new Sequential(
    new Linear(inputDim, hidden),
    new BatchNorm1d(hidden),
    new ReLU(),
    new Linear(hidden, hidden),
    new BatchNorm1d(hidden),
    new ReLU(),
    new Linear(hidden, projectionDim),
  );
}
