// Reads the options of schedules: unknown names and values outside their range are errors that name the schedule.

/** Bounds of a number; it has to be finite in any case. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** Greater than this. */
  readonly above?: number;
  readonly isInteger?: boolean;
}

/** @throws {TypeError} for what is no object, and for names that are not known.  @internal */
export function checkNames(maker: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot make ${maker}: expected options, got ${describe(options)}`);
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new TypeError(
      `Cannot make ${maker}: expected options of { ${known.join(', ')} }, got "${unknown.join('", "')}"`,
    );
}

/** Checks numbers by name, each within its range.
 *  @throws {RangeError} for the first that lies outside; for what is no number, too.  @internal */
export function checkNumbers<O extends object>(
  maker: string,
  options: O,
  ranges: { readonly [K in keyof O]?: Range },
): void {
  for (const [name, range] of Object.entries(ranges) as [keyof O & string, Range][])
    checkNumber(maker, name, options[name], range);
}

/** @throws {RangeError} for what is not a finite number of the range.  @internal */
export function checkNumber(maker: string, name: string, value: unknown, range: Range = {}): void {
  const { min = -Infinity, max = Infinity, above = -Infinity, isInteger = false } = range;
  const isFine =
    typeof value === 'number' &&
    (isInteger ? Number.isInteger(value) : Number.isFinite(value)) &&
    value >= min &&
    value <= max &&
    value > above;
  if (!isFine)
    throw new RangeError(`Cannot make ${maker}: expected ${name} to be ${inWords(range)}, got ${describe(value)}`);
}

/** @throws {RangeError} for what is none of the choices.  @internal */
export function checkChoice(maker: string, name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.includes(value as string))
    throw new RangeError(
      `Cannot make ${maker}: expected ${name} to be one of "${choices.join('", "')}", got ${describe(value)}`,
    );
}

/** @throws {TypeError} for what is no boolean.  @internal */
export function checkBoolean(maker: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean')
    throw new TypeError(`Cannot make ${maker}: expected ${name} to be a boolean, got ${describe(value)}`);
}

/** @throws {TypeError} for what is no function.  @internal */
export function checkFunction(maker: string, name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new TypeError(`Cannot make ${maker}: expected ${name} to be a function, got ${describe(value)}`);
}

/** A value in a message. @internal */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return `a value of class ${value.constructor?.name ?? 'Object'}`;
  return String(value);
}

function inWords({ min, max, above, isInteger = false }: Range): string {
  const kind = isInteger ? 'an integer' : 'a finite number';
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(min === undefined ? [] : [`of at least ${min}`]),
    ...(max === undefined ? [] : [`of at most ${max}`]),
  ];
  return bounds.length === 0 ? kind : `${kind} ${bounds.join(' and ')}`;
}
