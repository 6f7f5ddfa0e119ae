// The kinds of fields that a configuration has: each with one wording for every way of missing it.

import { z } from 'zod';
import { wanted } from './problems.ts';

export const count = z.int(wanted('an integer above 0')).positive(wanted('an integer above 0'));
export const index = z.int(wanted('an integer from 0 on')).nonnegative(wanted('an integer from 0 on'));
export const positive = z.number(wanted('a number above 0')).positive(wanted('a number above 0'));
export const fromZero = z.number(wanted('a number from 0 on')).nonnegative(wanted('a number from 0 on'));
export const fromOne = z.number(wanted('a number from 1 on')).min(1, wanted('a number from 1 on'));
/** In [0, 1]. */
export const fraction = z
  .number(wanted('a number from 0 to 1'))
  .min(0, wanted('a number from 0 to 1'))
  .max(1, wanted('a number from 0 to 1'));
/** In [0, 1). */
export const belowOne = z
  .number(wanted('a number from 0 on and below 1'))
  .min(0, wanted('a number from 0 on and below 1'))
  .lt(1, wanted('a number from 0 on and below 1'));
export const text = z.string(wanted('a text that is not empty')).min(1, wanted('a text that is not empty'));
/** A name that a folder can have. */
const NAME = "a text of at most 200 letters without '/', which names a folder";
export const folderName = z.string(wanted(NAME)).regex(/^(?!\.{1,2}$)[^/\\\0]{1,200}$/, wanted(NAME));
export const flag = z.boolean(wanted('true or false'));

export const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, wanted(`one of ${values.join(', ')}`));

export const listOf = <T extends z.ZodType>(element: T, what: string) =>
  z.array(element, wanted(`a list of ${what}`)).readonly();

/** A list of texts that differ and are at least one. */
export const listOfAtLeastOne = <T extends z.ZodType>(element: T, what: string) =>
  z
    .array(element, wanted(`a list of ${what}`))
    .min(1, wanted(`a list of ${what}, at least one`))
    .readonly();

/** An object that refuses unknown keys. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape, wanted('an object'));

/** Plain values by name, whatever they are. */
export const record = z.record(z.string(), z.unknown(), wanted('an object'));

/** A field with one value: that of a system which left the choice, where there is none here. `reason` says why, to those who choose another. */
export const only = <const T extends string | boolean | null>(value: T, reason: string) =>
  z.literal(value, wanted(`${JSON.stringify(value)}, because ${reason}`));

/** What `duration` takes. */
export const TIME = "seconds above 0, or a time as '1h30m'";

/** A time in seconds, or a text with units: 90, '1h30m', '45s', '2d'; as SLURM writes it: '01:30:00', '1-00:00:00'. */
export const duration = z
  .union([positive, z.string().refine((given) => secondsOf(given) > 0, wanted(TIME))], wanted(TIME))
  .transform((given) => (typeof given === 'string' ? secondsOf(given) : given));

const UNITS = /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;
const CLOCK = /^(?:(\d+)-)?(\d+):(\d\d):(\d\d)$/;

/** NaN for a text that is no time. */
export function secondsOf(given: string): number {
  const [, days, hours, minutes, seconds] =
    CLOCK.exec(given) ?? UNITS.exec(given.replaceAll(' ', '')) ?? ([undefined, 'no time'] as const);
  const numberOf = (part: string | undefined): number => Number(part ?? 0);
  return ((numberOf(days) * 24 + numberOf(hours)) * 60 + numberOf(minutes)) * 60 + numberOf(seconds);
}
