// Functions of numbers as Python's `math` computes them, by the C library: JavaScript's own differ in the last bit, and from one Node to the next.

import { getNative } from './call.ts';

/** Cosine. @internal */
export const cos = (x: number): number => getNative().cos(x);

/** e to the power of `x`. @internal */
export const exp = (x: number): number => getNative().exp(x);

/** Natural logarithm; NaN below 0. @internal */
export const log = (x: number): number => getNative().log(x);

/** What Python's `base ** exponent` gives for floats; NaN where that is complex. @internal */
export const pow = (base: number, exponent: number): number => getNative().pow(base, exponent);
