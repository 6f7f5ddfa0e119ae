// Records every operator that libtorch runs between two moments, on whatever thread, with when it began and how long it took.

import { getNative } from '../call.ts';
import { OperatorProfile } from './operator-profile.ts';

/** How operators are recorded. */
export interface RecordOptions {
  /** Operators for which there is room; those beyond are counted. About 48 bytes each. Default 1,000,000. */
  readonly maxOperators?: number;
  /** Whether floating-point operations are counted too. Default false. */
  readonly countsFlops?: boolean;
}

const MAX_OPERATORS = 1_000_000;

/** Records operators from `start` to `stop`. Costs about a microsecond an operator meanwhile, and nothing before and after. One recorder of a process records at a time:
 *  it hears the threads of libtorch and of workers too. */
export class OperatorRecorder {
  readonly #maxOperators: number;
  readonly #countsFlops: boolean;
  #started: { readonly offsetUs: number; readonly thread: number } | undefined;

  /** @throws {RangeError} for room of no operator. */
  constructor({ maxOperators = MAX_OPERATORS, countsFlops = false }: RecordOptions = {}) {
    if (!Number.isSafeInteger(maxOperators) || maxOperators < 1)
      throw new RangeError(`Cannot record operators: expected maxOperators of at least 1, got ${maxOperators}`);
    this.#maxOperators = maxOperators;
    this.#countsFlops = countsFlops;
  }

  get isRecording(): boolean {
    return this.#started !== undefined;
  }

  /** @throws {NativeError} while a recorder records. */
  start(): this {
    const [clockUs, thread] = getNative().startRecording(this.#maxOperators, this.#countsFlops) as [number, number];
    this.#started = { offsetUs: performance.now() * 1000 - clockUs, thread };
    return this;
  }

  /** @returns what ran since `start`.  @throws {NativeError} before `start`. */
  stop(): OperatorProfile {
    const [names, numbers, numDropped] = getNative().stopRecording();
    const { offsetUs, thread } = this.#started!; // else the addon has thrown
    this.#started = undefined;
    return new OperatorProfile({ names, numbers, numDropped, offsetUs, mainThread: thread });
  }
}

/** Runs `body` and tells which operators libtorch ran meanwhile, nodes of a backward among them. Source: torch.profiler.profile.
 *  @throws {NativeError} where operators are being recorded already.
 *  @example
 *  const { profile } = recordOperators(() => ones([2, 3]).matmul(ones([3, 4])));
 *  profile.rows().find(({ name }) => name === 'aten::mm')?.calls; // 1 */
export function recordOperators<T>(
  body: () => T,
  options: RecordOptions = {},
): { readonly result: T; readonly profile: OperatorProfile } {
  const recorder = new OperatorRecorder(options).start();
  let profile: OperatorProfile | undefined;
  try {
    const result = body();
    profile = recorder.stop();
    return { result, profile };
  } finally {
    if (!profile) recorder.stop();
  }
}

/** Floating-point operations of what `body` runs, forward and backward: of matrix products, convolutions and attention, a multiplication and an addition counting two; the
 *  rest is small beside them and counts nothing. Synchronous. Source: torch.utils.flop_counter.
 *  @throws {NativeError} where operators are being recorded already.
 *  @example
 *  countFlops(() => ones([8, 3]).matmul(ones([3, 4]))); // 192 */
export function countFlops(body: () => unknown): number {
  const { profile } = recordOperators(body, { countsFlops: true });
  let flops = 0;
  for (let i = 0; i < profile.length; i++) flops += profile.flopsAt(i);
  return flops;
}
