// Uneven inputs: ranks that have none left go along with those that still train, so that no collective waits for them.
import { DistributedError } from '../../errors.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import { allReduce } from '../group/collectives.ts';
import { allGatherObject } from '../group/objects.ts';
import type { ProcessGroup } from '../group/process-group.ts';

/** How ranks with different numbers of batches train together. All ranks give the same. */
export interface JoinOptions {
  /** Gradients are divided by the number of all ranks, so that each sample of an epoch counts the same. False: by the number of those that still train. Default true. */
  readonly divideByInitialWorldSize?: boolean;
  /** Every rank throws once one has no inputs left. Default false. */
  readonly throwOnEarlyTermination?: boolean;
  /** What a rank without inputs does after each backward pass of the others, whose averaged gradients it has by then: an optimizer's step keeps its state that of the others. Default: nothing;
   *  it then takes over the weights alone, at the end. */
  readonly onShadowStep?: () => void;
}

const KNOWN = ['divideByInitialWorldSize', 'throwOnEarlyTermination', 'onShadowStep'];
const ACTION = 'join ranks with uneven inputs';

/** The options as all ranks have them.
 *  @throws {TypeError} for one that is none.  @throws {DistributedError} where ranks differ. @internal */
export function agreeOnJoin(options: JoinOptions, group: ProcessGroup): Required<Omit<JoinOptions, 'onShadowStep'>> {
  const { divideByInitialWorldSize = true, throwOnEarlyTermination = false, onShadowStep } = options;
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined)
    throw new TypeError(
      `Cannot ${ACTION}: expected options of { ${KNOWN.join(', ')} }, got ${JSON.stringify(unknown)}`,
    );
  const agreed = { divideByInitialWorldSize, throwOnEarlyTermination };
  const told = JSON.stringify({ ...agreed, hasShadowStep: onShadowStep !== undefined });
  const all = allGatherObject(told, { group });
  const other = all.findIndex((each) => each !== all[0]);
  if (other > 0)
    throw new DistributedError(
      `Cannot ${ACTION}: expected the same options on all ranks, got ${all[0]} on rank ${group.ranks[0]} and ${all[other]} on rank ${group.ranks[other]}`,
    );
  return agreed;
}

/** What the ranks that still train are about to do; all of them do the same. @internal */
export interface Round {
  /** Whether any rank still trains. */
  readonly isLive: boolean;
  /** The backward pass that follows averages. */
  readonly isAveraged: boolean;
  /** Buffers become those of one rank first. */
  readonly syncsBuffers: boolean;
  /** The rank of the group whose buffers count: the last that still trains. */
  readonly source: number;
}

/** Tells the others what this rank is about to do, or undefined where it has no inputs left, and gives what the ranks that still train do.
 *  @throws {DistributedError} where ranks should have equally many inputs and have not. @internal */
export function meetRound(
  group: ProcessGroup,
  own: Pick<Round, 'isAveraged' | 'syncsBuffers'> | undefined,
  throwsEarly: boolean,
): Round {
  const { rank } = group;
  const flags =
    own === undefined ? [0, rank + 1, 0, 0, 0] : [1, 0, Number(own.isAveraged), Number(own.syncsBuffers), rank];
  const all = scope(() => allReduce(tensor(flags), { group, op: 'max' }).toArray()) as number[];
  const [isLive, ended, isAveraged, syncsBuffers, source] = all as [number, number, number, number, number];
  if (throwsEarly && isLive > 0 && ended > 0) {
    const missingRanks = [group.ranks[ended - 1]!];
    throw new DistributedError(
      `Cannot go on training: expected as many inputs on each rank, got none left on rank ${missingRanks[0]} while others have some`,
      { missingRanks },
    );
  }
  return { isLive: isLive > 0, isAveraged: isAveraged > 0, syncsBuffers: syncsBuffers > 0, source };
}
