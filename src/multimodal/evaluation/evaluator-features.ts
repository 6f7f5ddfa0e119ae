// Features that have seen the other side of their own pair: whether an output has them, and the output without them.

import { Tensor } from '../../tensor/tensor.ts';

const ENHANCED = /^(vision|text)(FeaturesEnhanced|_features_enhanced)$/;
const PLAIN = /^(vision|image|text)(Features|_features)$/;

const count = (outputs: unknown, names: RegExp): number =>
  typeof outputs === 'object' && outputs !== null
    ? Object.entries(outputs).filter(([name, value]) => names.test(name) && value instanceof Tensor).length
    : 0;

/** Whether there is a choice: both sides enhanced, and both as they were before. */
export const hasBothKinds = (outputs: unknown): boolean => count(outputs, ENHANCED) > 1 && count(outputs, PLAIN) > 1;

/** The output without its enhanced features. */
export function withoutEnhanced(outputs: unknown): unknown {
  if (count(outputs, ENHANCED) === 0) return outputs;
  return Object.fromEntries(Object.entries(outputs as object).filter(([name]) => !ENHANCED.test(name)));
}
