// Every error class of Sconce: each a subclass of the nearest built-in, with a `code` and the fields a caller acts on.

/** A tensor has a shape that the operation cannot take. */
export class ShapeError extends RangeError {
  override readonly name = 'ShapeError';
  readonly code = 'ERR_SCONCE_SHAPE';
}

/** A tensor has a dtype that the operation cannot take. */
export class DTypeError extends TypeError {
  override readonly name = 'DTypeError';
  readonly code = 'ERR_SCONCE_DTYPE';
}

/** A tensor is used after its scope ended, after `dispose()`, or from an environment that does not own it. */
export class DisposedError extends ReferenceError {
  override readonly name = 'DisposedError';
  readonly code = 'ERR_SCONCE_DISPOSED';
}

/** An allocation asks for more memory than the machine or its cgroup has left. */
export class OutOfMemoryError extends RangeError {
  override readonly name = 'OutOfMemoryError';
  readonly code = 'ERR_SCONCE_OUT_OF_MEMORY';
}

/** libtorch refused a call. The message names the operator, its tensor arguments and libtorch's first line. */
export class NativeError extends Error {
  override readonly name = 'NativeError';
  readonly code = 'ERR_SCONCE_NATIVE';
  /** The operator, as in `add.Tensor`, or the function of the addon, as in `backward`. */
  readonly operator: string;

  constructor(message: string, operator: string, options?: ErrorOptions) {
    super(message, options);
    this.operator = operator;
  }
}

/** A configuration has problems; the message lists all of them. */
export class ConfigError extends TypeError {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_SCONCE_CONFIG';
  /** One line a problem. */
  readonly problems: readonly string[];

  constructor(action: string, problems: readonly string[], options?: ErrorOptions) {
    super(
      `Cannot ${action}: ${problems.length === 1 ? problems[0] : `${problems.length} problems\n  - ${problems.join('\n  - ')}`}`,
      options,
    );
    this.problems = problems;
  }
}

/** A checkpoint or weights file cannot be written, read or applied. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code = 'ERR_SCONCE_CHECKPOINT';
  /** The file, where there is one. */
  readonly path: string | undefined;
  /** For a state that does not fit a module: names that the module has and the state has not. */
  readonly missing: readonly string[];
  /** Names that the state has and the module has not. */
  readonly unexpected: readonly string[];
  /** What does not fit by its shape or kind of numbers, a line each. */
  readonly mismatched: readonly string[];

  constructor(message: string, options?: ErrorOptions & CheckpointErrorFields) {
    super(message, options);
    this.path = options?.path;
    this.missing = options?.missing ?? [];
    this.unexpected = options?.unexpected ?? [];
    this.mismatched = options?.mismatched ?? [];
  }
}

/** What a `CheckpointError` may say beyond its message. */
export interface CheckpointErrorFields {
  readonly path?: string;
  readonly missing?: readonly string[];
  readonly unexpected?: readonly string[];
  readonly mismatched?: readonly string[];
}

/** A dataset cannot give a sample. The message names both and says why; `cause` is what the dataset threw. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly code = 'ERR_SCONCE_SAMPLE';
  /** The sample's index in the dataset. */
  readonly index: number;

  constructor(message: string, index: number, options?: ErrorOptions) {
    super(message, options);
    this.index = index;
  }
}

/** A worker thread of a loader has ended, or does not answer. The message says which worker, and which samples it was to load. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code = 'ERR_SCONCE_WORKER';
  /** The worker's number, from 0. */
  readonly worker: number;
  /** What the thread ended with; undefined for one that did not answer in time. */
  readonly exitCode: number | undefined;
  /** The samples that it was to load, by their indices in the dataset. */
  readonly indices: readonly number[];

  constructor(message: string, options: ErrorOptions & WorkerErrorFields) {
    super(message, options);
    this.worker = options.worker;
    this.exitCode = options.exitCode;
    this.indices = options.indices ?? [];
  }
}

/** What a `WorkerError` says beyond its message. */
export interface WorkerErrorFields {
  readonly worker: number;
  readonly exitCode?: number | undefined;
  readonly indices?: readonly number[];
}

/** A data file holds what it should not, or ends before it should. The message names the file and, where it has lines or rows, which one. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
  readonly code = 'ERR_SCONCE_DATA_FILE';
  readonly path: string;
  /** Of a text file: the line, from 1. */
  readonly line: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly path: string; readonly line?: number | undefined }) {
    super(message, options);
    this.path = options.path;
    this.line = options.line;
  }
}

/** Ranks could not do something together: one is missing, has ended, or did not come in time. `cause` is what c10d said. */
export class DistributedError extends Error {
  override readonly name = 'DistributedError';
  readonly code = 'ERR_SCONCE_DISTRIBUTED';
  /** The ranks that are missing, where that is known. */
  readonly missingRanks: readonly number[];

  constructor(message: string, options?: ErrorOptions & { readonly missingRanks?: readonly number[] }) {
    super(message, options);
    this.missingRanks = options?.missingRanks ?? [];
  }
}

/** SLURM could not do something: its commands are not there, refuse, or do not answer. */
export class SlurmError extends Error {
  override readonly name = 'SlurmError';
  readonly code = 'ERR_SCONCE_SLURM';
}

/** Signals that can ask a run to save and stop. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** A signal asked a run to stop. It has saved and can be resumed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly code = 'ERR_SCONCE_INTERRUPTED';
  /** As in 'SIGINT'. */
  readonly signal: StopSignal;
  /** The checkpoint to resume from, where the run keeps any. */
  readonly checkpoint: string | undefined;
  /** What became of the SLURM job, where there is one and the run is not by the command, which requeues it last: as in 'Requeued SLURM job 12'. */
  readonly requeue: string | undefined;

  constructor(signal: StopSignal, checkpoint: string | undefined, requeue?: string) {
    const facts = [`Interrupted by ${signal}`, ...(checkpoint === undefined ? [] : [`saved "${checkpoint}"`])];
    super([...facts, ...(requeue === undefined ? [] : [requeue])].join('; '));
    this.signal = signal;
    this.checkpoint = checkpoint;
    this.requeue = requeue;
  }
}

/** The machine lacks something that set-up needs; the message says what to install or set. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly code = 'ERR_SCONCE_SETUP';
}
