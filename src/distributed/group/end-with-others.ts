// How ranks end together where one of them fails: it says so in the store and closes its connections, so that nobody waits for it, and the others say what it has said.
import { DistributedError } from '../../errors.ts';
import { readLaunchEnvironment } from '../environment/launch-environment.ts';
import type { Store } from '../store/store.ts';
import { distributedError, isOfOtherRanks, named } from '../store/told.ts';
import { abandonProcessGroup, getProcessGroup, isInitialized, noteLostGroup } from './process-group.ts';

/** How long a rank that has lost the others looks for the reason. */
const LOOK_FOR_MS = 2000;
const LOOK_EVERY_MS = 50;
/** How long a store may take to answer: its machine, or the network to it, may be gone, of which TCP says nothing for many minutes. */
const ANSWER_MS = 5000;
/** How long the rank that may serve the store stays for the others. */
const STAY_MS = 5000;

interface Failure {
  readonly rank: number;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** Ends the default group after an error, on every rank that has one. A rank whose error is its own tells the others; one that has lost the others finds out whom, and why. Without a group, and of one rank,
 *  nothing happens.  @returns the error to throw: this rank's own, or that another one has failed, with what that one said as `cause`. Waits for seconds at most. */
export async function endWithOthers(error: unknown): Promise<unknown> {
  if (!isInitialized() || getProcessGroup().size === 1) return error;
  const { store, rank, size } = getProcessGroup();
  noteLostGroup();
  store.setTimeout(ANSWER_MS);
  abandonProcessGroup(); // who waits for this rank is told now
  const others = Array.from({ length: size }, (_, other) => other).filter((other) => other !== rank);
  try {
    const isOwn = !isOfOtherRanks(error);
    if (isOwn)
      await inTime(store.compareSet('failure', { expected: '', desired: JSON.stringify(failureOf(error, rank)) }));
    await inTime(store.set(`ended/${rank}`, ''));
    const { failure, missing } = isOwn ? { failure: undefined, missing: [] } : await lookFor(store, others);
    if (missing.length > 0) noteLostGroup(named(missing));
    await inTime(store.set(`informed/${rank}`, ''));
    if (rank === 0)
      await stayFor(
        store,
        others.filter((other) => !missing.includes(other)),
      );
    if (failure) return failureOfOther(failure);
    if (missing.length === 0) return distributedError('go on', error);
    return new DistributedError(
      `Cannot go on: expected ${size} ranks, got none of ${named(missing)}, which ended without a word; what it printed last says why`,
      { cause: error, missingRanks: missing },
    );
  } catch (cause) {
    noteLostGroup('its store');
    if (!isOfOtherRanks(error)) return error; // this rank's own error says more than that nobody hears it
    const hasAgentStore = readLaunchEnvironment()?.hasAgentStore ?? false;
    const server = hasAgentStore ? 'the launcher' : 'rank 0';
    const isOut = cause instanceof NoAnswer || /got (?:Connection timed out|No route|Network is)/.test(String(cause));
    return new DistributedError(
      `Cannot go on: expected the store of ${server} to answer${isOut ? ` within ${ANSWER_MS} ms` : ''}, got none; ${isOut ? 'its machine, or the network to it, may be gone' : 'it has ended, or the network to it is cut: what it printed last says why'}`,
      { cause: isOut ? error : cause, ...(hasAgentStore ? {} : { missingRanks: [0] }) },
    );
  }
}

class NoAnswer extends Error {}

/** What a store answers. The call itself waits on beside the JavaScript thread, where the store is a `TCPStore` until its connection is given up. */
async function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  answer.catch(() => {}); // the answer of a call that nobody waits for any more
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(error: unknown, rank: number): Failure {
  if (!(error instanceof Error)) return { rank, name: 'Error', message: String(error), stack: '' };
  const { name, message, stack = '' } = error;
  return { rank, name, message, stack };
}

/** What another rank has said, as the cause: its stack is printed. */
function failureOfOther({ rank, name, message, stack }: Failure): DistributedError {
  const cause = Object.assign(new Error(message), { name, stack: stack === '' ? `${name}: ${message}` : stack });
  return new DistributedError(`Cannot go on: expected all ranks, got an error in rank ${rank}: ${message}`, {
    cause,
    missingRanks: [rank],
  });
}

/** Waits until a rank has said why, or all have ended, or the time is over. */
async function lookFor(
  store: Store,
  others: readonly number[],
): Promise<{ readonly failure: Failure | undefined; readonly missing: readonly number[] }> {
  const until = performance.now() + LOOK_FOR_MS;
  for (;;) {
    // In this order: a rank writes why before it writes that it has ended.
    const haveEnded = await Promise.all(others.map((other) => inTime(store.check([`ended/${other}`]))));
    if (await inTime(store.check(['failure'])))
      return { failure: JSON.parse(await inTime(store.getText('failure'))) as Failure, missing: [] }; // a rank of this job wrote it
    const missing = others.filter((_, i) => !haveEnded[i]);
    if (missing.length === 0 || performance.now() > until) return { failure: undefined, missing };
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
}

/** The store may end with this process: the others read it first. */
async function stayFor(store: Store, others: readonly number[]): Promise<void> {
  const keys = others.map((other) => `informed/${other}`);
  if (keys.length > 0) await store.wait(keys, { timeoutMs: STAY_MS }).catch(() => {}); // who does not come in time reads of a store that has ended
}
