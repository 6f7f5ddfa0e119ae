// Metrics by the names that people monitor: ours, and the spelling of systems that came before.

import { ConfigError } from '../../errors.ts';

/** A metric by its name, or `val_loss` for `val/loss`, or the other way about. */
export function findMetric(values: Readonly<Record<string, number>>, name: string): number | undefined {
  const spelling = spellingsOf(name).find((each) => values[each] !== undefined);
  return spelling === undefined ? undefined : values[spelling];
}

const spellingsOf = (name: string): string[] => [name, name.replace('_', '/'), name.replace('/', '_')];

/** Checks that a metric that somebody waits for is ever measured.
 *  @param names - everything that is measured; undefined where that is not known yet.
 *  @throws {ConfigError} that lists what there is, under the path at which the metric is asked for. */
export function requireMetric(
  names: readonly string[] | undefined,
  monitor: string,
  path: string,
  action: string,
): void {
  if (names === undefined || spellingsOf(monitor).some((each) => names.includes(each))) return;
  throw new ConfigError(action, [`${path}: expected one of ${names.join(', ')}, got "${monitor}"`]);
}
