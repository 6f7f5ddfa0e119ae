// Points where all ranks meet.
import { getNative } from '../../tensor/call.ts';
import { told } from '../store/told.ts';
import { checkTimeout } from './collective-checks.ts';
import type { CollectiveOptions } from './collectives.ts';
import { groupOf } from './process-group.ts';

const ACTION = 'wait for all ranks';

/** Waits until all ranks of the group are here. Where some are not in time, the error names them on the group's first rank; on the others it names the first.
 *  Source: torch.distributed.monitored_barrier.
 *  @param options.timeoutMs - default: the group's. */
export async function barrier(options: CollectiveOptions = {}): Promise<void> {
  const { held } = groupOf(options.group);
  checkTimeout(ACTION, options.timeoutMs);
  const meet = async (): Promise<void> => getNative().monitoredBarrier(held, options.timeoutMs ?? -1, true);
  await told(ACTION, meet());
}
