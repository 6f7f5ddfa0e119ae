// What a model's YAML says of one regulariser, and the checks of a whole list.

import { snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { PENALTIES } from './penalties.ts';
import { PROXIMAL_STEPS } from './proximal.ts';
import { type RegularizerSchedule, scheduleProblems } from './schedule.ts';

export type PenaltyType = keyof typeof PENALTIES;
export type ProximalType = keyof typeof PROXIMAL_STEPS;

/** An entry of the list `regularization` in a model's YAML, in its spelling. */
export interface RegularizerSpec {
  /** Its own among the list: the penalty is logged as `reg_loss/{name}`. */
  readonly name: string;
  readonly type: PenaltyType | ProximalType;
  /** Strength of a penalty or of a soft threshold, at least 0; the bound of a clamp, above 0 (any number for `proximal_clamp_min`). */
  readonly lambda: number;
  /** A pattern is split at "/", and a parameter whose name has all parts somewhere in it is meant; one of several patterns is enough. Default: none. */
  readonly apply_to?: readonly string[];
  /** Default: constant. */
  readonly schedule?: RegularizerSchedule;
}

const KEYS = ['name', 'type', 'lambda', 'apply_to', 'schedule'] as const;
const TYPES = [...Object.keys(PENALTIES), ...Object.keys(PROXIMAL_STEPS)];

/** Whether a type is a penalty; else it is something that is done behind a step. */
export const isPenalty = (type: RegularizerSpec['type']): type is PenaltyType => Object.hasOwn(PENALTIES, type);

type Rule = readonly [wanted: string, isFit: (value: unknown) => boolean];

function strengthRule(type: unknown): Rule {
  const finite = (value: unknown): value is number => Number.isFinite(value);
  if (type === 'proximal_clamp_min') return ['a number', finite];
  if (type === 'proximal_clamp' || type === 'proximal_clamp_positive')
    return ['a number above 0', (value) => finite(value) && value > 0];
  return ['a number of at least 0', (value) => finite(value) && value >= 0];
}

const isPattern = (value: unknown): boolean =>
  typeof value === 'string' && value.split('/').every((part) => part !== '');

/** Whether a parameter's name fits one of the patterns. Source: VisionCore, training regularizers. */
export const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => pattern.split('/').every((part) => name.includes(part)));

function problemsOf(spec: unknown): string[] {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    return [`expected { ${KEYS.join(', ')} }, got ${describeValue(spec)}`];
  const { name, type, lambda, apply_to: patterns, schedule } = spec as Partial<Record<(typeof KEYS)[number], unknown>>;
  const problems = Object.keys(spec)
    .filter((key) => !(KEYS as readonly string[]).includes(key))
    .map((key) => `${key}: ${describeUnknown(key, KEYS)}`);
  const strength = strengthRule(type);
  const expect = (key: string, isMet: boolean, wanted: string, value: unknown): void => {
    if (!isMet) problems.push(`${key}: expected ${wanted}, got ${describeValue(value)}`);
  };
  expect('name', typeof name === 'string' && name !== '', 'a name', name);
  expect('type', typeof type === 'string' && TYPES.includes(type), `one of ${TYPES.join(', ')}`, type);
  expect('lambda', strength[1](lambda), strength[0], lambda);
  const isList = patterns === undefined || (Array.isArray(patterns) && patterns.every(isPattern));
  expect('apply_to', isList, 'a list of texts without empty parts, as ["readouts/features"]', patterns);
  return schedule === undefined ? problems : [...problems, ...scheduleProblems(schedule, strength)];
}

/** Keys in snake_case, those without a value left out, the schedule's too; what is no object stays. */
function inSnakeCase(value: unknown, place: string, problems: string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const read: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined || entry === null) continue;
    const name = snakeCased(key);
    if (name in read) problems.push(`${place}.${key}: expected it once, got "${name}" in two spellings`);
    read[name] = name === 'schedule' ? inSnakeCase(entry, `${place}.schedule`, problems) : entry;
  }
  return read;
}

/** The list with its keys in snake_case; a file may have them in camelCase, too.
 *  @throws {ConfigError} that lists every problem of every entry. */
export function readSpecs(specs: readonly RegularizerSpec[]): readonly RegularizerSpec[] {
  if (!Array.isArray(specs))
    throw new ConfigError('make regularizers', [`regularization: expected a list, got ${describeValue(specs)}`]);
  const problems: string[] = [];
  const list = specs.map((spec: unknown, i) => inSnakeCase(spec, `regularization.${i}`, problems));
  for (const [i, spec] of list.entries())
    for (const problem of problemsOf(spec))
      problems.push(`regularization.${i}${problem.startsWith('expected') ? ': ' : '.'}${problem}`);
  const names = list.map((spec) => (spec as Partial<RegularizerSpec> | null)?.name);
  for (const [i, name] of names.entries())
    if (name !== undefined && names.indexOf(name) !== i)
      problems.push(
        `regularization.${i}.name: expected a name of its own, got ${describeValue(name)} for the second time`,
      );
  if (problems.length > 0) throw new ConfigError('make regularizers', problems);
  return list as readonly RegularizerSpec[]; // as problemsOf found them
}

/** What `readSpecs` would refuse, for who has more to list. */
export function specProblems(specs: readonly unknown[]): readonly string[] {
  try {
    readSpecs(specs as readonly RegularizerSpec[]);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
