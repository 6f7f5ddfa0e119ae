// Facts of where a run's time went, as the loop measures them and summary.json keeps them.

/** Time of one part. */
export interface ProfilePart {
  /** 'data', 'forward', 'backward', 'optimizer', 'callbacks', 'rest', 'turns', 'logging', 'validation' or 'checkpoint'. */
  readonly name: string;
  readonly ms: number;
  /** How often it began; 0 where that is not counted. */
  readonly count: number;
}

/** Time of one training loader's batches. */
export interface LoaderProfile {
  readonly name: string;
  readonly numBatches: number;
  readonly parts: readonly ProfilePart[];
  /** The longest wait for one batch: mostly the first. */
  readonly longestWaitMs: number;
  /** Threads that make its batches; undefined where the loader does not tell. */
  readonly numWorkers?: number | undefined;
}

/** What a run has of its machine. */
export interface MachineFacts {
  /** Threads that one operator may use. */
  readonly threads: number;
  /** Cores that the process may use, by its affinity and its control group. */
  readonly cores: number;
  /** Cores that it kept busy, on average. */
  readonly busyCores: number;
  /** The system's load average of the last minute. */
  readonly load: number;
}

/** Where the time of a fit went, in this process. */
export interface RunProfile {
  /** The parts add up to it. */
  readonly totalMs: number;
  readonly numBatches: number;
  /** Optimizer updates. */
  readonly numSteps: number;
  /** Of the model, as 'cpu'. */
  readonly device: string;
  readonly parts: readonly ProfilePart[];
  readonly loaders: readonly LoaderProfile[];
  /** Estimates from some of the batches, the greatest first. */
  readonly callbacks: readonly { readonly name: string; readonly ms: number }[];
  /** Operators that a training step calls, on average. */
  readonly stepOperators: number;
  /** Reads of tensors' elements in a training step, on average. */
  readonly stepReads: number;
  /** The line of the first of them. */
  readonly readPlace?: string | undefined;
  /** A forward pass that was not disturbed. */
  readonly quickForwardMs?: number | undefined;
  /** What it takes to call an operator that has next to nothing to do, on this machine. */
  readonly operatorMs?: number | undefined;
  readonly numSaves: number;
  /** Of the time of checkpoints, waiting for the one before. */
  readonly saveWaitMs: number;
  readonly savesInBackground: boolean;
  readonly machine: MachineFacts;
}

/** Time of a part, 0 where there was none. */
export function partMs(parts: readonly ProfilePart[], name: string): number {
  return parts.find((part) => part.name === name)?.ms ?? 0;
}
