// `PythonNumber`: arithmetic as PyTorch's line search does it, where a number is Python's float or a tensor of one element, and the latter rounds.

import { full } from '../tensor/create.ts';
import type { DType } from '../tensor/dtype.ts';

type Round = (value: number) => number;

/** A function that rounds to the numbers of a floating dtype. */
function roundingOf(dtype: DType): Round {
  if (dtype === 'float32') return Math.fround;
  return dtype === 'float64' ? (value) => value : (value) => Number(full([], value, { dtype }).item());
}

/** A float, or a tensor's number: what comes of a tensor's is one, and rounded to its dtype. */
export class PythonNumber {
  readonly value: number;
  /** Undefined for a float. */
  readonly #round: Round | undefined;

  private constructor(value: number, round: Round | undefined) {
    this.value = value;
    this.#round = round;
  }

  static float(value: number): PythonNumber {
    return new PythonNumber(value, undefined);
  }

  static inTensor(value: number, dtype: DType): PythonNumber {
    return new PythonNumber(value, roundingOf(dtype));
  }

  #with(other: PythonNumber | number, compute: (a: number, b: number) => number): PythonNumber {
    const [a, b] = [this.value, typeof other === 'number' ? other : other.value];
    const round = this.#round ?? (typeof other === 'number' ? undefined : other.#round);
    return round
      ? new PythonNumber(round(compute(round(a), round(b))), round)
      : new PythonNumber(compute(a, b), undefined);
  }

  plus(other: PythonNumber | number): PythonNumber {
    return this.#with(other, (a, b) => a + b);
  }

  minus(other: PythonNumber | number): PythonNumber {
    return this.#with(other, (a, b) => a - b);
  }

  times(other: PythonNumber | number): PythonNumber {
    return this.#with(other, (a, b) => a * b);
  }

  over(other: PythonNumber): PythonNumber {
    // A float divided by a tensor is the tensor's reciprocal times the float.
    if (this.#round === undefined && other.#round !== undefined)
      return new PythonNumber(other.#round(1 / other.value), other.#round).times(this);
    return this.#with(other, (a, b) => a / b);
  }

  sqrt(): PythonNumber {
    return this.#with(this, (a) => Math.sqrt(a));
  }

  abs(): PythonNumber {
    return new PythonNumber(Math.abs(this.value), this.#round);
  }

  isBelow(other: PythonNumber | number): boolean {
    const round = this.#round ?? (typeof other === 'number' ? undefined : other.#round) ?? ((value: number) => value);
    return round(this.value) < round(typeof other === 'number' ? other : other.value);
  }

  isAtMost(other: PythonNumber | number): boolean {
    const round = this.#round ?? (typeof other === 'number' ? undefined : other.#round) ?? ((value: number) => value);
    return round(this.value) <= round(typeof other === 'number' ? other : other.value);
  }
}

/** The first unless the second is less, as Python's min. */
export function least(a: PythonNumber, b: PythonNumber): PythonNumber {
  return b.isBelow(a) ? b : a;
}

/** The first unless the second is more, as Python's max. */
export function greatest(a: PythonNumber, b: PythonNumber): PythonNumber {
  return a.isBelow(b) ? b : a;
}
