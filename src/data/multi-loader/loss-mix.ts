// The loss-driven mix: loaders whose loss falls slowest get more turns.
import { exp } from '../../tensor/float-math.ts';
import type { OptionProblems } from '../option-problems.ts';

/** Options of the loss-driven mix. */
export interface LossMixOptions {
  /** Smaller reacts more strongly: a loader whose rate is greater by `temperature` gets e times as many turns. Above 0, default 0.1. */
  readonly temperature?: number | undefined;
  /** How much of the losses before is kept in the smoothed one, in [0, 1); 0 takes each report as it is. Default 0.5. */
  readonly smoothing?: number | undefined;
  /** This part of its original share every loader keeps, in [0, 1]; 1 never changes the shares. Default 0.1. */
  readonly floor?: number | undefined;
}

/** The same with its defaults. */
export interface LossMixSettings {
  readonly temperature: number;
  readonly smoothing: number;
  readonly floor: number;
}

/** What a state keeps of a loader's losses. */
export interface LossRecord {
  /** The smoothed loss. */
  readonly loss: number;
  /** What the smoothed loss was multiplied by in the last report; missing after one report. */
  readonly rate?: number;
}

/** Losses that more than double count as doubled, so that one explosion does not silence all others. */
const GREATEST_RATE = 2;

/**
 * Turns reported losses into factors on the loaders' shares. For loader k with original share b_k and reported loss L_k:
 *
 *     s_k <- smoothing * s_k + (1 - smoothing) * L_k       the smoothed loss; the first report is taken as it is
 *     r_k  = new s_k / old s_k, at most 2                  its rate: the greater, the slower the loss falls
 *     u_k  = b_k exp(r_k / temperature) / Σ_j b_j exp(r_j / temperature)
 *     p_k  = (1 - floor) * u_k + floor * b_k               the share that it plays with
 *
 * Until a loader has two reports, the mean of the others' rates stands for its own; with no rate at all, p = b.
 * Source: the rate and the softmax are those of Dynamic Weight Average (Liu, Johns and Davison 2019, arXiv:1803.10704), which weighs losses by them with
 * temperature 2; there losses of consecutive epochs are compared, here smoothed reports. The floor is DoReMi's smoothing of domain weights (Xie et al.
 * 2023, arXiv:2305.10429), towards the original shares in place of equal ones.
 */
export class LossMix {
  readonly #names: readonly string[];
  readonly #temperature: number;
  readonly #smoothing: number;
  readonly #floor: number;
  #records: (LossRecord | undefined)[];

  constructor(names: readonly string[], { temperature, smoothing, floor }: LossMixSettings) {
    this.#names = names;
    this.#temperature = temperature;
    this.#smoothing = smoothing;
    this.#floor = floor;
    this.#records = names.map(() => undefined);
  }

  /** Takes losses by loader name, all or some.
   *  @returns one factor a loader, as `mixed` takes them.
   *  @throws {TypeError} for a name that no loader has. @throws {RangeError} for a loss that is negative or not finite; then none is taken. */
  report(losses: Readonly<Record<string, number>>): number[] {
    const entries = Object.entries(losses);
    for (const [name, loss] of entries) {
      if (!this.#names.includes(name)) {
        throw new TypeError(
          `Cannot take losses: expected those of ${this.#names.join(', ')}, got one of "${name}", which is no loader`,
        );
      }
      if (!Number.isFinite(loss) || loss < 0) {
        throw new RangeError(
          `Cannot take losses: expected finite numbers from 0 on, got ${loss} of "${name}"; report a measure that falls towards 0`,
        );
      }
    }
    for (const [name, loss] of entries) {
      const i = this.#names.indexOf(name);
      const before = this.#records[i]?.loss;
      this.#records[i] = before === undefined ? { loss } : this.#follow(before, loss);
    }
    return this.#factors();
  }

  /** The shares to play with: `base` under `factors`. */
  mixed(base: readonly number[], factors: readonly number[]): readonly number[] {
    let sum = 0;
    for (let i = 0; i < base.length; i++) sum += base[i]! * factors[i]!;
    if (sum === 0) return base; // what has turns at all may lie below the smallest factor
    const shares = new Array<number>(base.length);
    for (let i = 0; i < base.length; i++)
      shares[i] = (1 - this.#floor) * ((base[i]! * factors[i]!) / sum) + this.#floor * base[i]!;
    return shares;
  }

  /** The records by loader name, those that there are. */
  state(): Record<string, LossRecord> {
    return Object.fromEntries(
      this.#names.flatMap((name, i) => {
        const kept = this.#records[i];
        return kept === undefined ? [] : [[name, { ...kept }]];
      }),
    );
  }

  loadState(state: Readonly<Record<string, LossRecord>>): void {
    this.#records = this.#names.map((name) => (Object.hasOwn(state, name) ? { ...state[name]! } : undefined));
  }

  #follow(before: number, loss: number): LossRecord {
    const smoothed = this.#smoothing * before + (1 - this.#smoothing) * loss;
    // A loss that stays 0 neither falls nor rises.
    const rate = before === 0 && smoothed === 0 ? 1 : smoothed / before;
    return { loss: smoothed, rate: Math.min(rate, GREATEST_RATE) };
  }

  /** exp(r_k / temperature), divided by the greatest of them: in (0, 1]. */
  #factors(): number[] {
    const rates = this.#records.flatMap((kept) => (kept?.rate === undefined ? [] : [kept.rate]));
    if (rates.length === 0) return this.#names.map(() => 1);
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const greatest = Math.max(...rates);
    return this.#records.map((kept) => exp(((kept?.rate ?? mean) - greatest) / this.#temperature));
  }
}

/** Fills in defaults. */
export function resolveLossMix({ temperature = 0.1, smoothing = 0.5, floor = 0.1 }: LossMixOptions): LossMixSettings {
  return { temperature, smoothing, floor };
}

/** Notes the problems of the options. */
export function checkLossMix(options: LossMixOptions, problems: OptionProblems): void {
  for (const key of Object.keys(options)) {
    const isKnown = ['temperature', 'smoothing', 'floor'].includes(key);
    const wanted = 'one of temperature, smoothing, floor';
    problems.expect(isKnown, `lossMix.${key}`, { wanted, got: 'an unknown one' });
  }
  const { temperature, smoothing, floor } = resolveLossMix(options);
  const isIn = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  problems.expect(Number.isFinite(temperature) && temperature > 0, 'lossMix.temperature', {
    wanted: 'a finite number above 0',
    got: temperature,
  });
  problems.expect(isIn(smoothing, 0, 1) && smoothing < 1, 'lossMix.smoothing', {
    wanted: 'a number from 0 on and below 1',
    got: smoothing,
  });
  problems.expect(isIn(floor, 0, 1), 'lossMix.floor', { wanted: 'a number from 0 to 1', got: floor });
}
