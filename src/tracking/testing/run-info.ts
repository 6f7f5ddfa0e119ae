// A run as tests of loggers tell them of one, with what it was warned of.
import type { RunInfo } from '../logger.ts';
import type { Clocks } from '../run-format.ts';

export function runInfo(more: Partial<RunInfo> = {}): RunInfo & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const run = { id: 'id-1', name: 'digits', folder: undefined, config: { lr: 0.1 }, tags: [], resumedFrom: undefined };
  return { ...run, warn, ...more, warnings };
}

export const clocksAt = (step: number): Clocks => ({ step, microStep: step, epoch: 0 });
