// How a version of a model is named: `digits` (its newest), `digits@v3`, `digits@production`.

/** The alias that every model has: its newest version. */
export const LATEST = 'latest';

/** A model and, where it says one, a version by number or alias. */
export interface Reference {
  readonly name: string;
  /** Undefined for an alias. */
  readonly number: number | undefined;
  /** Undefined for a number. */
  readonly alias: string | undefined;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const VERSION = /^v?([1-9]\d*)$/;

/** What is wrong with a model's name; undefined where nothing is. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name === 'string' && NAME.test(name)) return undefined;
  return `expected name of letters, digits, ".", "_" and "-", got ${shown(name)}`;
}

/** What is wrong with an alias; undefined where nothing is. */
export function aliasProblem(alias: unknown): string | undefined {
  if (alias === LATEST) return 'expected an alias of your own, got "latest", which is always the newest version';
  if (typeof alias === 'string' && NAME.test(alias) && !VERSION.test(alias)) return undefined;
  return `expected an alias of letters, digits, ".", "_" and "-" that is no version as "v3", got ${shown(alias)}`;
}

/** Reads a reference; without a version it means `latest`.
 *  @throws {RangeError} for what is none. */
export function parseReference(text: string): Reference {
  const [name = '', version = LATEST, ...rest] = text.split('@');
  const number = VERSION.exec(version)?.[1];
  const problem =
    rest.length > 0 ||
    nameProblem(name) !== undefined ||
    (number === undefined && version !== LATEST && aliasProblem(version) !== undefined);
  if (problem)
    throw new RangeError(
      `Cannot find a model: expected a reference as "digits", "digits@v3" or "digits@production", got ${shown(text)}`,
    );
  return {
    name,
    number: number === undefined ? undefined : Number(number),
    alias: number === undefined ? version : undefined,
  };
}

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
