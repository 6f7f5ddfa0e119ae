// How one start of all ranks ended: what the ends of all of them come to, and which failed first.
import { constants } from 'node:os';
import type { RankEnd } from './rank-end.ts';

/** What the ends of all ranks come to. @internal */
export type Verdict =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped'; readonly exitCode: number }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly failure: RankEnd };

const STOPS = ['SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2', 'SIGTERM'] as const;
const STOP_CODES = STOPS.map((signal) => 128 + constants.signals[signal]);

/** Whether a rank has ended as one does that a signal asked to save and stop. @internal */
export function hasStopped({ code }: RankEnd): boolean {
  return code !== undefined && STOP_CODES.includes(code);
}

/** Whether a rank's end is no good one: neither done nor saved and stopped. @internal */
export function hasFailed(end: RankEnd): boolean {
  return end.code !== 0 && !hasStopped(end);
}

/** The exit code that stands for an end, as a shell gives it: 137 for SIGKILL. A rank that was asked to end while it ended by an error of its own has that of the error, 1. @internal */
export function exitCodeOfEnd({ code, signal, wasEnded, error }: RankEnd): number {
  if (wasEnded && error !== undefined && signal !== undefined) return 1;
  return code ?? 128 + constants.signals[signal as NodeJS.Signals];
}

/** @param stopSignal - what the launcher has passed on to the ranks, if it has. @internal */
export function verdictOn(ends: readonly RankEnd[], stopSignal: NodeJS.Signals | undefined): Verdict {
  const failure = firstFailure(ends.filter((end) => stopSignal === undefined || end.signal !== stopSignal));
  // A rank that stops may leave another alone in a collective.
  if (failure !== undefined && !(isConsequence(failure) && stopSignal !== undefined))
    return { kind: 'failed', exitCode: exitCodeOfEnd(failure), failure };
  const stopped = ends.find(hasStopped);
  if (stopped !== undefined) return { kind: 'stopped', exitCode: exitCodeOfEnd(stopped) };
  if (ends.every(({ code }) => code === 0)) return { kind: 'finished' };
  return { kind: 'stopped', exitCode: 128 + constants.signals[stopSignal ?? 'SIGKILL'] };
}

/** The failure that the others come of. A rank that lost another one, or that was asked to end, is not it where there is any other; of those that lost another, one that says which. */
function firstFailure(ends: readonly RankEnd[]): RankEnd | undefined {
  const failed = ends.filter(
    (end) => hasFailed(end) && !(end.wasEnded && (end.error === undefined || isConsequence(end))),
  );
  const since = (end: RankEnd): number => end.error?.timestamp ?? end.endedAtMs;
  return failed.sort(
    (a, b) =>
      Number(isConsequence(a)) - Number(isConsequence(b)) ||
      Number(isNameless(a)) - Number(isNameless(b)) ||
      since(a) - since(b),
  )[0];
}

/** Whether a rank lost others and does not know which, as one that is cut off from the store. */
const isNameless = (end: RankEnd): boolean => isConsequence(end) && (end.error?.missingRanks ?? []).length === 0;

/** Whether a rank ended because it had lost another. @internal */
export const isConsequence = ({ error }: RankEnd): boolean =>
  error?.name === 'DistributedError' || /Connection (?:closed|reset) by peer/.test(error?.message ?? '');

/** Errors that every start of the same command meets: a configuration, a program that is not there in full, flags that a command does not have. */
const LASTING = [/^ERR_SCONCE_(?:CONFIG|SETUP)$/, /^(?:ERR_)?MODULE_NOT_FOUND$/, /^commander\./];
/** What a shell, and `launch`, say of a program that is not there or cannot be run. */
const CANNOT_RUN = [126, 127];

/** Why another start of all ranks would end as this one did; undefined where it may not. @internal */
export function whyLasting({ code, error }: RankEnd): string | undefined {
  if (code !== undefined && CANNOT_RUN.includes(code)) return 'the program cannot be run';
  if (error?.code === undefined || !LASTING.some((pattern) => pattern.test(error.code!))) return undefined;
  return 'it would end with the same error';
}
