// `Ranks`: the processes that train together, as a trainer sees them. With one process everything is what it was given, so that the loop has one path.

import { goneWithGroup, isGroupLost } from '../../distributed/group/process-group.ts';
import {
  allGatherObject,
  allReduce,
  barrier,
  broadcastObject,
  FileStore,
  gatherObject,
  getRank,
  getWorldSize,
  initProcessGroup,
  isInitialized,
  readRankEnvironment,
  type Store,
} from '../../distributed/index.ts';
import { ConfigError, DistributedError } from '../../errors.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';

type DDP = ResolvedConfig['ddp'];

/** What ranks agree on, beside gradients. Each method is called by all of them in the same order, and waits for the others. */
export class Ranks {
  /** A process that trains alone. */
  static readonly alone = new Ranks(0, 1);

  readonly rank: number;
  readonly worldSize: number;

  private constructor(rank: number, worldSize: number) {
    this.rank = rank;
    this.worldSize = worldSize;
  }

  /** The ranks of the process group that there is; else of one that is joined, where the environment says that this process is one of several. It stays until the process
   *  ends. @throws {ConfigError} @throws {DistributedError} where the others do not come. */
  static async join(ddp: DDP): Promise<Ranks> {
    if (!isInitialized()) {
      const place = readRankEnvironment();
      const gone = goneWithGroup();
      if (gone !== undefined)
        throw new DistributedError(
          `Cannot train with the other ranks again: expected all of them, got a group that has lost ${gone}; end all ranks and start them again, as sconce launch --max-restarts does`,
        );
      const isSeveral = place !== undefined && place.worldSize > 1;
      if (!isSeveral && isGroupLost())
        throw new DistributedError(
          'Cannot train with the other ranks: expected a process group, got one that has ended because a rank failed; call initProcessGroup() again on all of them',
        );
      if (!isSeveral) return Ranks.alone;
      await initProcessGroup({
        backend: ddp.backend,
        ...meetingPlace(ddp.initMethod, place.worldSize),
        timeoutMs: ddp.timeoutSec * 1000,
      });
    }
    return getWorldSize() === 1 ? Ranks.alone : new Ranks(getRank(), getWorldSize());
  }

  get isAlone(): boolean {
    return this.worldSize === 1;
  }

  /** Whether this process logs and writes for all. */
  get isPrimary(): boolean {
    return this.rank === 0;
  }

  /** Whether it is true for any rank. */
  anyTrue(flag: boolean): boolean {
    return this.isAlone ? flag : this.sum([Number(flag)])[0]! > 0;
  }

  /** Sums over ranks, number by number. All ranks give equally many. */
  sum(values: readonly number[]): number[] {
    if (this.isAlone || values.length === 0) return [...values];
    return scope(() => allReduce(tensor([...values], { dtype: 'float64' })).toArray() as number[]);
  }

  /** What the primary has. */
  broadcast<T>(value: T): T {
    return this.isAlone ? value : broadcastObject(value, { src: 0 });
  }

  /** What the primary finds out, and an error of it on all. */
  async decide<T>(find: () => Promise<T>): Promise<T> {
    if (this.isAlone) return find();
    if (!this.isPrimary) {
      const { value, problem } = this.broadcast<Decided<T>>({});
      if (problem !== undefined) throw new DistributedError(`The first rank failed: ${problem}`);
      return value as T; // there is one where there is no problem
    }
    let value: T;
    try {
      value = await find();
    } catch (error) {
      this.broadcast<Decided<T>>({ problem: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    this.broadcast<Decided<T>>({ value });
    return value;
  }

  /** What each rank has, in their order. */
  gather<T>(value: T): T[] {
    return this.isAlone ? [value] : allGatherObject(value);
  }

  /** What each rank has, in their order, on the primary alone. */
  collect<T>(value: T): T[] | undefined {
    return this.isAlone ? [value] : gatherObject(value, { dst: 0 });
  }

  /** Waits until all are here. @throws {DistributedError} that names who is not. */
  async barrier(): Promise<void> {
    if (!this.isAlone) await barrier();
  }
}

interface Decided<T> {
  readonly value?: T;
  readonly problem?: string;
}

function meetingPlace(
  initMethod: string,
  worldSize: number,
): { masterAddr?: string; masterPort?: number; store?: Store } {
  if (initMethod === 'env://') return {};
  const [, host, port] = /^tcp:\/\/\[?([^/\]]+)\]?:(\d+)$/.exec(initMethod) ?? [];
  if (host !== undefined) return { masterAddr: host, masterPort: Number(port) };
  const [, path] = /^file:\/\/(\/.+)$/.exec(initMethod) ?? [];
  if (path !== undefined) return { store: new FileStore(path, { worldSize }) };
  throw new ConfigError('join the other ranks', [
    `ddp.initMethod: expected env://, tcp://host:port or file:///path, got ${JSON.stringify(initMethod)}`,
  ]);
}
