// What happens to a loss or a gradient that is inf or nan. In the host's memory each one is seen in its own step, for nothing: the loss is read there anyway. Where a
// device works beside the host nobody waits for it: bad values show at the next log point.

import { type ModulesOfRun, namedParametersOf } from './modules-of-run.ts';

/** - `error`: training ends, before the update. The default.
 *  - `skip`: the batch is left out, as if the loader had not given it; its window takes another one. A window whose gradients are not finite is left out whole.
 *  - `warn`: training goes on, and the log says so once between two log points. */
export const NON_FINITE_POLICIES = ['error', 'skip', 'warn'] as const;

export type NonFinitePolicy = (typeof NON_FINITE_POLICIES)[number];

/** So many batches in a row are not bad data any more. */
const MOST_IN_A_ROW = 100;

/** Where a bad value came from. */
export interface BadPlace {
  readonly loaderName: string;
  readonly batchIndex: number;
  readonly step: number;
}

/** Carries a policy out. */
export class NonFiniteWatch {
  readonly policy: NonFinitePolicy;
  #inARow = 0;
  #count = 0;
  #first = '';

  constructor(policy: NonFinitePolicy) {
    this.policy = policy;
  }

  /** A loss that was read. @returns whether its batch is to be left out.
   *  @throws {RangeError} as the policy says, and where nothing but bad batches comes. */
  leavesOutLoss(loss: number, place: BadPlace): boolean {
    if (Number.isFinite(loss)) {
      this.#inARow = 0;
      return false;
    }
    return this.#note(`a finite loss, got ${loss} for ${nameOf(place)}`);
  }

  /** The norm of a window's gradients. @returns whether the window is to be left out.
   *  @throws {RangeError} as the policy says, naming the parameters. */
  leavesOutGradients(norm: number, run: ModulesOfRun, step: number): boolean {
    if (Number.isFinite(norm)) return false;
    return this.#note(`finite gradients, got ${badParameters(run)} in step ${step + 1}`);
  }

  #note(expectation: string): boolean {
    if (this.policy === 'error') throw new RangeError(`Cannot go on training: expected ${expectation}; ${WAY_OUT}`);
    if (this.#count === 0) this.#first = expectation;
    this.#count += 1;
    if (this.policy === 'warn') return false;
    this.#inARow += 1;
    if (this.#inARow < MOST_IN_A_ROW) return true;
    throw new RangeError(
      `Cannot go on training: expected one good batch in ${MOST_IN_A_ROW}, got none, the last time: ${expectation}; ${WAY_OUT}`,
    );
  }

  /** What there was since the last call, for the log. */
  take(): string | undefined {
    if (this.#count === 0) return undefined;
    const others = this.#count === 1 ? '' : `, and ${this.#count - 1} more since the last log point`;
    this.#count = 0;
    return `${this.policy === 'skip' ? 'Left out: ' : ''}expected ${this.#first}${others}`;
  }
}

export const WAY_OUT = 'lower the learning rate, clip gradients, or look at the data';

const nameOf = ({ loaderName, batchIndex, step }: BadPlace): string =>
  `batch ${batchIndex} of loader "${loaderName}" in step ${step + 1}`;

function badParameters(run: ModulesOfRun): string {
  const bad: string[] = [];
  for (const [name, { grad }] of namedParametersOf(run))
    if (grad && !grad.isfinite().all().item()) bad.push(`"${name}"`);
  const more = bad.length > 3 ? ` and ${bad.length - 3} more` : '';
  return `inf or nan in ${bad.slice(0, 3).join(', ')}${more}`;
}
