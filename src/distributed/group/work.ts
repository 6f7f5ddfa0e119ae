// A collective that is under way.
import type { HeldWork } from '../../binding/native.ts';
import { getNative } from '../../tensor/call.ts';
import { distributedError, told } from '../store/told.ts';

/** Something that ranks do together and that may not be done yet. Source: torch.distributed.Work. */
export class Work<Result = undefined> {
  readonly #held: HeldWork;
  readonly #action: string;
  readonly #finish: (held: HeldWork) => Result;
  readonly #others: readonly number[];
  #result: { readonly value: Result } | undefined;

  /** @internal */
  constructor(
    held: HeldWork,
    { action, others, finish }: { action: string; others: readonly number[]; finish: (held: HeldWork) => Result },
  ) {
    this.#held = held;
    this.#action = action;
    this.#finish = finish;
    this.#others = others;
  }

  /** Waits in this thread, as PyTorch does: no other JavaScript runs until it is done.
   *  @throws {DistributedError} where a rank has ended or does not come in time. */
  wait(): Result {
    try {
      getNative().workWait(this.#held);
    } catch (error) {
      throw distributedError(this.#action, error, this.#others);
    }
    return this.#end();
  }

  /** Waits beside the JavaScript thread. */
  async done(): Promise<Result> {
    await told(this.#action, getNative().workDone(this.#held), this.#others);
    return this.#end();
  }

  isCompleted(): boolean {
    return getNative().workIsCompleted(this.#held);
  }

  #end(): Result {
    this.#result ??= { value: this.#finish(this.#held) };
    return this.#result.value;
  }
}
