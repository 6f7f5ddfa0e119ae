// `StopAgreement`: all ranks stop behind the same step, whichever of them gets a signal.
//
// Nobody waits for anybody while there is none: each rank looks into the store about ten times a second, beside its steps. A rank that gets a signal writes that there. Who sees it
// counts itself among those that know, and from then on looks behind every step; when all know, the primary, behind step p, writes that the stop is behind step p + 2. No rank can be
// further than p + 1 then, because step p + 1 needs the primary's gradients: all read it in time. Where gradients go between GPUs, steps are queued ahead of them: a rank that knows waits
// for its GPU before it counts itself and before it looks, and so is as far as its gradients are.

import { getProcessGroup, type Store } from '../../distributed/index.ts';
import { DistributedError } from '../../errors.ts';
import type { StopWatch } from '../preemption/stop-watch.ts';
import type { Ranks } from './ranks.ts';

type StopSignal = NonNullable<StopWatch['signal']>;

/** Between two looks, which cost time of other threads alone. */
const LOOK_EVERY_MS = 100;

/** Steps between the primary's word and the stop. */
const NOTICE = 2;

/** Keys of one fit are not those of another. All ranks fit equally often. */
let numFits = 0;

export class StopAgreement {
  readonly #ranks: Ranks;
  readonly #stop: StopWatch;
  readonly #store: Store | undefined;
  readonly #key: string;
  #lastLook = performance.now();
  #isLooking = false;
  /** Whether a rank is known to have got one. */
  #isKnown = false;
  #isTold = false;
  #isCounted = false;
  #stopAt: number | undefined;
  #failure: DistributedError | undefined;

  constructor(ranks: Ranks, stop: StopWatch) {
    this.#ranks = ranks;
    this.#stop = stop;
    this.#store = ranks.isAlone ? undefined : getProcessGroup().store;
    this.#key = `stop/${numFits++}`;
  }

  /** Whether `isReached` is to be asked behind this step. Does not wait. @throws {DistributedError} where the store has ended. */
  get isDue(): boolean {
    if (this.#store === undefined) return this.#stop.isRequested;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isKnown || this.#stop.isRequested) return true;
    const now = performance.now();
    if (!this.#isLooking && now - this.#lastLook >= LOOK_EVERY_MS) {
      this.#lastLook = now;
      void this.#look(this.#store);
    }
    return false;
  }

  async #look(store: Store): Promise<void> {
    this.#isLooking = true;
    try {
      this.#isKnown = await store.check([`${this.#key}/asked`]);
    } catch (cause) {
      this.#failure = new DistributedError(
        'Cannot go on training: expected the store of the ranks to answer, got none; its process, the first rank or the launcher, has ended',
        { cause },
      );
    }
    this.#isLooking = false;
  }

  /** @returns whether this step is the one behind which all ranks stop; they ask for the `signal` then. */
  async isReached(step: number): Promise<boolean> {
    const store = this.#store;
    if (store === undefined) return true;
    getProcessGroup().settle();
    this.#isKnown = true;
    if (this.#stop.isRequested && !this.#isTold) {
      await store.set(`${this.#key}/asked`, '');
      this.#isTold = true;
    }
    const numKnowing = await store.add(`${this.#key}/known`, this.#isCounted ? 0 : 1);
    this.#isCounted = true;
    if (this.#ranks.isPrimary && numKnowing === this.#ranks.worldSize && this.#stopAt === undefined) {
      this.#stopAt = step + NOTICE;
      await store.set(`${this.#key}/at`, String(this.#stopAt));
    }
    if (this.#stopAt === undefined && (await store.check([`${this.#key}/at`])))
      this.#stopAt = Number(await store.getText(`${this.#key}/at`));
    return this.#stopAt !== undefined && step >= this.#stopAt;
  }

  /** At a place where all ranks are: the signal that any of them got. */
  signal(): StopSignal | undefined {
    const own = this.#stop.signal;
    if (!this.#ranks.anyTrue(own !== undefined)) return undefined;
    return this.#ranks.gather(own).find((signal) => signal !== undefined);
  }
}
