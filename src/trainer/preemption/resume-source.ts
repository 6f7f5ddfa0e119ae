// Where a fit goes on from: the newest checkpoint of its own folder, one that is named, or none.

import { realpathSync } from 'node:fs';
import { CheckpointError } from '../../errors.ts';

/** What decides it. */
export interface ResumeSituation {
  /** Paths of the checkpoints in the trainer's own folder, oldest first. */
  readonly stored: readonly string[];
  /** The folder or address itself, for messages. */
  readonly folder: string | undefined;
  /** `fit`'s option: a path, or 'latest'. */
  readonly wanted: string | undefined;
  /** Whether the newest of `stored` is gone on from without being asked for. */
  readonly goesOn: boolean;
}

/** Where to go on from. */
export interface ResumeSource {
  /** 'newest': of those that verify. */
  readonly from: 'newest' | { readonly path: string } | undefined;
  /** What of the options changes nothing. */
  readonly warning?: string;
}

/** What lies in the trainer's folder comes first, so that the same program, started again, goes on where it stopped, whatever it named to begin with.
 *  Source: model-training-framework, whose order it is.
 *  @throws {CheckpointError} for 'latest' where there is none, and for checkpoints that nobody wants to go on from. */
export function resumeSource({ stored, folder, wanted, goesOn }: ResumeSituation): ResumeSource {
  const newest = stored.at(-1);
  if (wanted === 'latest') {
    if (newest !== undefined) return { from: 'newest' };
    throw new CheckpointError(`Cannot fit: expected a checkpoint in "${folder}" to go on from, got none`, {
      path: folder!, // 'latest' is refused where there is no folder
    });
  }
  if (newest !== undefined && goesOn) {
    if (wanted === undefined || isSame(wanted, newest)) return { from: 'newest' };
    const warning = `resumeFromCheckpoint changes nothing: the run goes on from the newest checkpoint in "${folder}"; preemption.resumeFromLatestSymlink: false goes back to the one named`;
    return { from: 'newest', warning };
  }
  if (wanted !== undefined) return { from: { path: wanted } };
  if (newest === undefined) return { from: undefined };
  throw new CheckpointError(
    `Cannot fit: expected no checkpoints in "${folder}" at the start of a run, got ${stored.length}; go on from one with resumeFromCheckpoint, or choose another experimentName`,
    { path: folder! },
  );
}

/** Whether two paths are one file; `latest.ckpt` is a link. */
function isSame(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b; // an address, or a file that is not there
  }
}
