// What the gradients of a model's parts are at one moment.

import { byGroup, jointNorm, type NamedParameter } from '../../trainer/monitors/parameter-groups.ts';
import { isNamed } from './components.ts';

export interface GradientStatistics {
  /** The norm of all gradients as one vector. */
  readonly totalGradNorm: number;
  /** Parameters that have a gradient. */
  readonly gradCount: number;
  readonly hasNan: boolean;
  readonly hasInf: boolean;
  readonly maxGradNorm: number;
  /** Of those that are not zero; `Infinity` where all are. */
  readonly minGradNorm: number;
  /** Of `vision`, `text`, `fusion` and `other`, as far as there are any: the joint norm, parameters, and the mean of their norms. */
  readonly componentNorms: Readonly<
    Record<string, { readonly norm: number; readonly count: number; readonly avgNorm: number }>
  >;
  /** 0 where one of them has no gradient. */
  readonly visionTextRatio: number;
}

/** The first word that a name has in it says the part. Source: multimodal_insight_engine, GradientHandler. */
const WORDS = [
  ['vision_model', 'vision'],
  ['text_model', 'text'],
  ['fusion', 'fusion'],
  ['cross', 'fusion'],
] as const;

/** The part of a parameter: `vision`, `text`, `fusion` (also what crosses), or `other`. */
export const majorOf = (name: string): string => WORDS.find(([word]) => isNamed(name, word))?.[1] ?? 'other';

/** @param norms - of the gradients of these parameters. */
export function statisticsOf(parameters: readonly NamedParameter[], norms: readonly number[]): GradientStatistics {
  const groups = Array.from(byGroup(parameters, norms), ([part, each]) => {
    const avgNorm = each.reduce((sum, norm) => sum + norm, 0) / each.length;
    return [part, { norm: jointNorm(each), count: each.length, avgNorm }] as const;
  });
  const componentNorms = Object.fromEntries(groups);
  const [vision, text] = [componentNorms.vision?.norm ?? 0, componentNorms.text?.norm ?? 0];
  return {
    totalGradNorm: jointNorm(norms),
    gradCount: norms.length,
    hasNan: norms.some(Number.isNaN),
    hasInf: norms.some((norm) => norm === Infinity),
    maxGradNorm: norms.reduce((most, norm) => Math.max(most, norm), 0),
    minGradNorm: norms.reduce((least, norm) => (norm > 0 ? Math.min(least, norm) : least), Infinity),
    componentNorms,
    visionTextRatio: vision > 0 && text > 0 ? vision / text : 0,
  };
}
