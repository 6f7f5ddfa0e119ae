// What is said of a name that is none of those that there are.

import { describeValue, editDistance } from '../../trainer/config/problems.ts';

/** `expected one of adam, sgd, got "adm"; did you mean adam?` */
export function describeChoice(given: unknown, names: readonly string[]): string {
  const text = String(given).toLowerCase();
  const [nearest] = [...names].sort(
    (a, b) => editDistance(text, a.toLowerCase()) - editDistance(text, b.toLowerCase()),
  );
  const isNear = nearest !== undefined && editDistance(text, nearest.toLowerCase()) <= Math.max(1, text.length / 3);
  return `expected one of ${names.join(', ')}, got ${describeValue(given)}${isNear ? `; did you mean ${nearest}?` : ''}`;
}
