// Flags as the user typed them, checked all at once.

import { ConfigError } from '../../errors.ts';
import type { Flag } from './flags.ts';

/** A flag's value by its name; a flag that was left out and has no default is not there. */
export type FlagValues = Readonly<Record<string, number | string | boolean>>;

/** @param typed - by name: a text, or true for a switch.
 *  @throws {ConfigError} with a line for each flag that is missing or wrong. */
export function readFlags(
  command: string,
  flags: readonly Flag[],
  typed: Readonly<Record<string, string | true | undefined>>,
): FlagValues {
  const problems: string[] = [];
  const values: Record<string, number | string | boolean> = {};
  for (const flag of flags) {
    const text = typed[flag.name];
    if (flag.kind === 'switch') values[flag.name] = text === true;
    else if (text === undefined) {
      if (flag.default !== undefined) values[flag.name] = flag.default;
      else if (flag.isRequired) problems.push(`--${flag.name}: expected ${wanted(flag)}, got none; ${flag.help}`);
    } else {
      const value = readValue(flag, String(text));
      if (value === undefined) problems.push(`--${flag.name}: expected ${wanted(flag)}, got "${text}"`);
      else values[flag.name] = value;
    }
  }
  if (problems.length > 0) throw new ConfigError(`run "sconce ${command}"`, problems);
  return values;
}

/** A line for each flag whose value is not its default and does nothing beside what the others are: shell scripts give all flags they know. */
export function idleFlags(flags: readonly Flag[], values: FlagValues): string[] {
  return flags.flatMap(({ name, needs, default: standard }) => {
    const isSaid = values[name] !== undefined && values[name] !== standard;
    if (!isSaid || needs === undefined || needs.values.includes(values[needs.flag] as string | boolean)) return [];
    const missing = needs.values[0] === true ? `--${needs.flag}` : `--${needs.flag} ${needs.values.join(' or ')}`;
    return [`--${name} ${values[name]}: does nothing without ${missing}`];
  });
}

function readValue(flag: Flag, text: string): number | string | undefined {
  if (flag.kind === 'text') return text !== '' && (flag.choices?.includes(text) ?? true) ? text : undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (flag.kind !== 'number' && !Number.isSafeInteger(value)) return undefined;
  const isInside = value > (flag.above ?? -Infinity) && value >= leastOf(flag) && value <= (flag.most ?? Infinity);
  return Number.isFinite(value) && isInside ? value : undefined;
}

const leastOf = (flag: Flag): number => flag.least ?? { count: 1, index: 0 }[flag.kind as string] ?? -Infinity;

function wanted({ kind, choices, above, least, most }: Flag): string {
  if (choices) return `one of ${choices.join(', ')}`;
  if (kind === 'count') return 'an integer above 0';
  if (kind === 'index') return 'an integer from 0 on';
  if (kind === 'text') return 'a text';
  if (above !== undefined) return `a number above ${above}${most === undefined ? '' : `, and up to ${most}`}`;
  if (most !== undefined) return `a number from ${least} to ${most}`;
  return least === undefined ? 'a number' : `a number from ${least} on`;
}
