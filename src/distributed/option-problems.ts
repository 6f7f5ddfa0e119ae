// What is wrong with options, told all at once before anything starts.

/** What an option has to be, in words, and whether a value is. */
export type OptionCheck = readonly [expected: string, isRight: (value: unknown) => boolean];

export const A_FLAG: OptionCheck = ['true or false', (value) => typeof value === 'boolean'];
export const A_TEXT: OptionCheck = ['a text that is not empty', (value) => typeof value === 'string' && value !== ''];
/** Times are 32 bits wide on their way. */
export const A_TIME: OptionCheck = [
  'milliseconds, an integer from 1 to 2147483647',
  (value) => isIntegerFrom(1, value) && value <= 2 ** 31 - 1,
];
export const A_PORT: OptionCheck = ['a port from 0 to 65535', (value) => isIntegerFrom(0, value) && value <= 65535];
export const A_COUNT: OptionCheck = ['an integer above 0', (value) => isIntegerFrom(1, value)];

function isIntegerFrom(least: number, value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** A line for each option that is unknown or of another kind. What is undefined stands for the default.
 *  @param checks - what there is, by name. */
export function optionProblems(options: unknown, checks: Readonly<Record<string, OptionCheck>>): string[] {
  if (typeof options !== 'object' || options === null) return [`options: expected an object, got ${shown(options)}`];
  const names = Object.keys(checks).join(', ');
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    const check = Object.hasOwn(checks, name) ? checks[name]! : undefined;
    if (check === undefined) return [`${name}: expected one of ${names}, got an unknown option`];
    const [expected, isRight] = check;
    return value === undefined || isRight(value) ? [] : [`${name}: expected ${expected}, got ${shown(value)}`];
  });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : `an object of class ${value.constructor?.name ?? 'none'}`;
}
