// What a fit is measured by: its times, what its steps ask of libtorch, the machine. Makes the profile from which the table and the advice are written.

import type { NamedLoader } from '../../data/index.ts';
import type { ProfilePart, RunProfile } from '../../tracking/profile/run-profile.ts';
import type { Clocks } from '../loop/clocks.ts';
import type { LoopDurations } from '../loop/loop-options.ts';
import { MachineWatch } from './machine-facts.ts';
import { measureOperatorMs } from './operator-cost.ts';
import { type PartTime, RUN_PARTS, type RunPart, RunTimes } from './run-times.ts';
import { StepCounts } from './step-counts.ts';

/** What a profiler has to know of the fit. */
export interface ProfilerOptions {
  readonly loaders: readonly NamedLoader<unknown>[];
  readonly clocks: Readonly<Clocks>;
  readonly durations: Readonly<LoopDurations>;
  readonly device: string;
  readonly savesInBackground: boolean;
}

const partsOf = (times: Readonly<Record<RunPart, PartTime>>): ProfilePart[] =>
  RUN_PARTS.map((name) => ({ name, ...times[name] }));

/** Measures one fit. */
export class RunProfiler {
  readonly times: RunTimes;
  readonly counts = new StepCounts();
  readonly #options: ProfilerOptions;
  readonly #machine = new MachineWatch();
  readonly #stepBefore: number;
  #operatorMs: number | undefined;

  constructor(options: ProfilerOptions) {
    this.#options = options;
    this.times = new RunTimes(options.loaders.map(({ name }) => name));
    this.#stepBefore = options.clocks.step;
  }

  /** Where the time went so far. Takes about a millisecond the first time. */
  profile(): RunProfile {
    const { times, counts } = this;
    const { loaders, clocks, durations, device, savesInBackground } = this.#options;
    const parts = partsOf(times.totals());
    this.#operatorMs ??= device === 'cpu' && counts.numSteps > 0 ? measureOperatorMs() : undefined;
    const perStep = (count: number): number => (counts.numSteps === 0 ? 0 : count / counts.numSteps);
    return {
      totalMs: parts.reduce((sum, { ms }) => sum + ms, 0),
      numBatches: times.numBatches,
      numSteps: clocks.step - this.#stepBefore,
      device,
      parts,
      loaders: loaders.map(({ name, loader }, i) => {
        const own = times.totals(i);
        const numWorkers = workersOf(loader);
        return {
          ...{ name, numBatches: own.data.count, parts: partsOf(own), longestWaitMs: times.longestWaits[i]! },
          ...(numWorkers === undefined ? {} : { numWorkers }),
        };
      }),
      callbacks: times.callbackTimes().map(([name, ms]) => ({ name, ms })),
      stepOperators: perStep(counts.operators),
      stepReads: perStep(counts.reads),
      readPlace: counts.readPlace,
      quickForwardMs: times.quickForwardMs(),
      operatorMs: this.#operatorMs,
      numSaves: times.totals().checkpoint.count,
      saveWaitMs: durations.checkpointWaitMs,
      savesInBackground,
      machine: this.#machine.facts(),
    };
  }
}

/** Threads of a loader, where it tells. */
function workersOf(loader: unknown): number | undefined {
  if (typeof loader !== 'object' || loader === null || !('numWorkers' in loader)) return undefined;
  return typeof loader.numWorkers === 'number' ? loader.numWorkers : undefined;
}
