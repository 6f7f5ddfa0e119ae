// How tensors are printed: the settings of torch.set_printoptions. They belong to the thread, and change what is printed and nothing else.

import { readOptions } from './arguments.ts';

/** What `setPrintOptions` sets. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  readonly precision: number;
  /** A tensor of more elements is summarised. Default 1000. */
  readonly threshold: number;
  /** Elements that a summary shows at either end of a dimension. Default 3. */
  readonly edgeitems: number;
  /** Characters to a line. Default 80. */
  readonly linewidth: number;
  /** Whether floats are written as 1.0000e+00; undefined leaves it to their range. Default undefined. */
  readonly sciMode: boolean | undefined;
}

const PROFILES = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
} as const;

const COUNTS = ['precision', 'threshold', 'edgeitems', 'linewidth'] as const;
/** The most digits that a number can be asked for. */
const MAX_PRECISION = 99;

let current: PrintOptions = { ...PROFILES.default, sciMode: undefined };

/** Changes how tensors print; what is left out stays, but for `sciMode`, which goes back to undefined. Source: torch.set_printoptions.
 *  @param options.profile - settings to begin with: 'default', 'short' or 'full', which summarises nothing.
 *  @throws {RangeError} for a setting that is no count. */
export function setPrintOptions(
  options: { readonly [Name in keyof PrintOptions]?: PrintOptions[Name] | undefined } & {
    readonly profile?: keyof typeof PROFILES | undefined;
  },
): void {
  readOptions('setPrintOptions', [...COUNTS, 'profile', 'sciMode'], options);
  const { profile, sciMode } = options;
  if (profile !== undefined && !Object.hasOwn(PROFILES, profile))
    throw new RangeError(`Cannot set print options: expected profile "default", "short" or "full", got "${profile}"`);
  if (sciMode !== undefined && typeof sciMode !== 'boolean')
    throw new TypeError(`Cannot set print options: expected a boolean for sciMode, got ${String(sciMode)}`);
  const next = { ...current, ...(profile && PROFILES[profile]), sciMode };
  for (const name of COUNTS) {
    const value = options[name] ?? next[name];
    const isCount = Number.isInteger(value) || (name === 'threshold' && value === Infinity);
    if (!isCount || value < 0 || (name === 'precision' && value > MAX_PRECISION))
      throw new RangeError(`Cannot set print options: expected a count for ${name}, got ${String(value)}`);
    next[name] = value;
  }
  current = next;
}

/** The settings as they are, in a form that `setPrintOptions` takes. Source: torch.get_printoptions. */
export function getPrintOptions(): PrintOptions {
  return { ...current };
}
