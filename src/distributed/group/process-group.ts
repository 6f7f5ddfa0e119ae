// The process groups of this process: the default one, which `initProcessGroup` makes, and groups of some of its ranks.
import type { CollectiveName, HeldGroup } from '../../binding/native.ts';
import { ConfigError, DistributedError } from '../../errors.ts';
import { type BatchRanks, setAllRanks } from '../../nn/ranks.ts';
import { readBackwardErrors } from '../../tensor/autograd/backward-errors.ts';
import { getNative, h } from '../../tensor/call.ts';
import { empty, zeros } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { recordRankErrors } from '../environment/error-file.ts';
import { readLaunchEnvironment } from '../environment/launch-environment.ts';
import { DEFAULT_MASTER_PORT, type RankEnvironment, readRankEnvironment } from '../environment/rank-environment.ts';
import { A_COUNT, A_FLAG, A_PORT, A_TEXT, A_TIME, type OptionCheck, optionProblems } from '../option-problems.ts';
import { PrefixStore, Store, TCPStore } from '../store/store.ts';
import { distributedError, isOfOtherRanks, named, requireC10d, told } from '../store/told.ts';
import { addNccl, BACKEND_NAMES, type Backend, isForGpus, type NcclPart, requireNccl, useDevice } from './nccl.ts';

/** As c10d numbers it. */
const SUM = 0;

/** Ranks that do things together. Source: torch.distributed.ProcessGroup. */
export class ProcessGroup implements BatchRanks {
  /** This process in the group. */
  readonly rank: number;
  readonly size: number;
  /** The group's ranks as ranks of the default group. */
  readonly ranks: readonly number[];
  readonly backend: 'gloo' | 'cpu:gloo,cuda:nccl';
  /** This rank's GPU, where the group moves tensors of GPUs. */
  readonly device: Device | undefined;
  /** The group's own part of the store. */
  readonly store: Store;
  #held: HeldGroup | undefined;
  readonly #nccl: NcclPart | undefined;

  /** @internal */
  constructor(
    held: HeldGroup,
    { rank, ranks, store, nccl }: { rank: number; ranks: readonly number[]; store: Store; nccl?: NcclPart | undefined },
  ) {
    this.#held = held;
    this.#nccl = nccl;
    this.backend = nccl === undefined ? 'gloo' : 'cpu:gloo,cuda:nccl';
    this.device = nccl?.device;
    this.rank = rank;
    this.ranks = ranks;
    this.size = ranks.length;
    this.store = store;
  }

  /** @internal */
  get held(): HeldGroup {
    if (this.#held !== undefined) return this.#held;
    throw new DistributedError('Cannot use a process group: expected a live one, got one that was destroyed');
  }

  /** The ranks beside this one, as ranks of the default group. @internal */
  get others(): readonly number[] {
    return this.ranks.filter((_, i) => i !== this.rank);
  }

  /** The group's rank that a rank of the default group is.
   *  @throws {RangeError} where it is not in the group. */
  rankOf(globalRank: number): number {
    const rank = this.ranks.indexOf(globalRank);
    if (rank >= 0) return rank;
    throw new RangeError(`Cannot find rank ${globalRank} in a process group: expected one of ${this.ranks.join(', ')}`);
  }

  /** The tensors of all ranks, of one shape and dtype, in the order of ranks; layers like `SyncBatchNorm` call it. */
  gatherTensor(tensor: Tensor): Tensor {
    const gathered = empty([this.size, ...tensor.shape], { dtype: tensor.dtype, device: tensor.device });
    this.#run('allgather', 'all-gather', gathered.unbind(), [tensor.contiguous()]);
    return gathered; // [ranks, ...shape]
  }

  /** The tensor becomes the sum of those of all ranks, in place. */
  sumTensor(tensor: Tensor): void {
    this.#run('allreduce', 'all-reduce', [tensor], []);
  }

  #run(name: CollectiveName, action: string, outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
    const native = getNative();
    try {
      const [to, from] = [outputs, inputs].map((list) => Float64Array.from(list, (tensor) => h(tensor)));
      native.workWait(native.collective(this.held, name, to!, from!, 0, SUM, -1, [], []));
    } catch (error) {
      throw distributedError(action, error, this.others);
    }
  }

  /** Waits until this rank's GPU has done all that was asked of it. Gloo has nothing to wait for: its collectives have been waited for. @internal */
  settle(): void {
    const { device } = this;
    if (device !== undefined) scope(() => zeros([1], { device }).item());
  }

  /** @param aborts - whether GPUs give up what is under way, where a rank is gone. @internal */
  destroy(aborts = false): void {
    if (this.#held === undefined) return;
    this.#nccl?.close(aborts);
    getNative().letGoOfGroup(this.#held);
    this.#held = undefined;
    groupsOnGpus.delete(this);
  }
}

/** How the ranks of a job find one another. What is not given is read from the environment (`readRankEnvironment`). */
export interface InitProcessGroupOptions {
  /** Default 'gloo', for tensors on the CPU. 'nccl', or 'cpu:gloo,cuda:nccl', which means the same here: those on GPUs go by NCCL and those on the CPU by Gloo. That one is untested: none of us has run
   *  it on a GPU. It needs a libtorch with CUDA (`docs/distributed.md`). */
  readonly backend?: Backend;
  /** With NCCL: the GPU of this rank, `cuda:0`, which "cuda" means from then on. Default: that of the number of this rank on its machine (`LOCAL_RANK`). */
  readonly device?: `cuda:${number}`;
  readonly rank?: number;
  readonly worldSize?: number;
  readonly masterAddr?: string;
  readonly masterPort?: number;
  /** Where the ranks meet, instead of a store at `masterAddr` and `masterPort`. That one rank 0 serves, or the launcher, where the environment says so and names the place
   *  (`TORCHELASTIC_USE_AGENT_STORE`). */
  readonly store?: Store;
  /** How long a rank waits for the others, at the start and in every collective, in milliseconds. Default 1,800,000, as PyTorch's. */
  readonly timeoutMs?: number;
  /** The network interface that other machines reach this one by, as in `eth0`. Default: `GLOO_SOCKET_IFNAME`, else by the name of the machine. */
  readonly networkInterface?: string;
  /** Compares every call with those of the other ranks before it is made: its name, shapes and dtypes. Where they differ all ranks get an error that says how. Costs a few small messages a call.
   *  Default: whether `TORCH_DISTRIBUTED_DEBUG` is DETAIL. Groups of some ranks do as this one does. */
  readonly checksCalls?: boolean;
}

const DEFAULT_TIMEOUT_MS = 30 * 60 * 1000;
const GROUP_OPTIONS = { timeoutMs: A_TIME, networkInterface: A_TEXT };
const OPTIONS: Readonly<Record<string, OptionCheck>> = {
  backend: [
    BACKEND_NAMES.map((name) => `"${name}"`).join(', '),
    (value) => BACKEND_NAMES.some((name) => name === value),
  ],
  device: ['a GPU, as in "cuda:0"', (value) => typeof value === 'string' && /^cuda:\d{1,2}$/.test(value)],
  rank: ['an integer', Number.isSafeInteger],
  worldSize: A_COUNT,
  masterAddr: A_TEXT,
  masterPort: A_PORT,
  store: ['a Store', (value) => value instanceof Store],
  checksCalls: A_FLAG,
  ...GROUP_OPTIONS,
};
const ACTION = 'initialize the process group';

let defaultGroup: ProcessGroup | undefined;
let defaultReach: Reach | undefined;
let defaultDevice: Device | undefined;
let checksCalls = false;
let numGroups = 0;

/** Joins the job's other processes; kept once all are there.
 *  @throws {ConfigError} that lists all that is missing or wrong.
 *  @throws {DistributedError} where the others do not come in time. Source: torch.distributed.init_process_group. */
export async function initProcessGroup(options: InitProcessGroupOptions = {}): Promise<ProcessGroup> {
  if (defaultGroup !== undefined)
    throw new DistributedError(`Cannot ${ACTION}: expected none, got one already; destroyProcessGroup() ends it`);
  const place = placeOf(options);
  requireC10d(getNative(), ACTION);
  const { device } = place;
  if (device !== undefined) requireNccl(device, ACTION);
  recordRankErrors();
  const { rank, worldSize } = place;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const store = options.store ?? (await openStore(options, place, timeoutMs));
  const ranks = Array.from({ length: worldSize }, (_, i) => i);
  await meet(store, { rank, ranks, timeoutMs });
  defaultReach = reachOf(options, place.masterAddr);
  if (device !== undefined) useDevice(device);
  defaultDevice = device;
  checksCalls = options.checksCalls ?? process.env.TORCH_DISTRIBUTED_DEBUG?.toUpperCase() === 'DETAIL';
  defaultGroup = await connect('default', { rank, ranks, store, timeoutMs, ...defaultReach });
  isLost = false;
  setAllRanks(defaultGroup);
  const { others } = defaultGroup;
  readBackwardErrors((error) =>
    isOfOtherRanks(error) ? distributedError('average gradients over ranks', error, others) : error,
  );
  return defaultGroup;
}

/** A store that outlives the groups that meet in it: the next one finds the same server, and not what the one before has left. */
interface MeetingPlace {
  readonly store: TCPStore;
  numJoined: number;
}

const meetingPlaces = new Map<string, MeetingPlace>();

/** The store where the ranks meet. In a launcher's store the keys of each start stand apart, as PyTorch's do. */
async function openStore(options: InitProcessGroupOptions, place: Place, timeoutMs: number): Promise<Store> {
  const isElsewhere = options.masterAddr !== undefined || options.masterPort !== undefined;
  const launch = isElsewhere ? undefined : readLaunchEnvironment();
  const isServed = launch?.hasAgentStore === true;
  const { masterAddr: host, masterPort: port } = place;
  const name = `${host}:${port}`;
  const at = meetingPlaces.get(name) ?? {
    store: await TCPStore.connect({
      ...{ host, port, timeoutMs, waitForWorkers: false },
      isMaster: place.rank === 0 && !isServed,
    }),
    numJoined: 0,
  };
  meetingPlaces.set(name, at);
  at.store.setTimeout(timeoutMs);
  const again = at.numJoined === 0 ? '' : `/join_${at.numJoined}`;
  at.numJoined += 1;
  const prefix = `${isServed ? `/worker/attempt_${launch.restartCount}` : ''}${again}`;
  return prefix === '' ? at.store : new PrefixStore(prefix, at.store);
}

/** Waits until every rank has written that it is there. @throws {DistributedError} that names those who did not in time. */
async function meet(
  store: Store,
  { rank, ranks, timeoutMs }: { rank: number; ranks: readonly number[]; timeoutMs: number },
): Promise<void> {
  const keyOf = (other: number): string => `joined/${other}`;
  await store.set(keyOf(rank), '').catch((cause: unknown) => {
    throw new DistributedError(
      `Cannot ${ACTION}: expected the store where ranks meet to answer, got none; its process has ended, or the network to it is cut: end all ranks and start them again, as sconce launch --max-restarts does`,
      { cause },
    );
  });
  try {
    await store.wait(ranks.map(keyOf), { timeoutMs });
  } catch (error) {
    const areThere = await Promise.all(ranks.map((other) => store.check([keyOf(other)])));
    const missingRanks = ranks.filter((_, i) => !areThere[i]);
    if (missingRanks.length === 0) return;
    throw new DistributedError(
      `Cannot ${ACTION}: expected ${ranks.length} ranks within ${timeoutMs} ms, got none of ${named(missingRanks)}; look at what these printed`,
      { cause: error, missingRanks },
    );
  }
}

/** Makes a group of some ranks. Every rank of the default group calls it, with the same ranks in the same order of calls; gives undefined to those outside.
 *  @param options.timeoutMs - how long a rank waits for the others, as of `initProcessGroup`. Default 1,800,000.
 *  @param options.networkInterface - default: that of the default group.
 *  @throws {ConfigError} for ranks that are none, and for options. Source: torch.distributed.new_group. */
export async function newGroup(
  ranks: readonly number[],
  options: Pick<InitProcessGroupOptions, 'timeoutMs' | 'networkInterface'> = {},
): Promise<ProcessGroup | undefined> {
  const world = groupOf(undefined);
  const problems = optionProblems(options, GROUP_OPTIONS);
  const sorted = Array.isArray(ranks) ? ranks.toSorted((a: number, b: number) => a - b) : [];
  const isSound = sorted.length > 0 && sorted.every((rank, i) => world.ranks.includes(rank) && rank !== sorted[i - 1]);
  if (!isSound) problems.push(`ranks: expected ranks below ${world.size}, each once, got ${JSON.stringify(ranks)}`);
  if (problems.length > 0) throw new ConfigError('make a process group', problems);
  const name = `group-${++numGroups}`;
  if (!sorted.includes(world.rank)) return undefined;
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return connect(name, {
    rank: sorted.indexOf(world.rank),
    ranks: sorted,
    store: world.store,
    timeoutMs,
    ...(options.networkInterface === undefined ? defaultReach! : reachOf(options)),
  });
}

/** Ends the default group. The store where its ranks met stays until the process ends: another group may meet there. Without a group it does nothing.
 *  Where GPUs take part it waits for what they do, and ends all other groups with them, the last one made first. */
export function destroyProcessGroup(group?: ProcessGroup): void {
  if (group !== undefined && group !== defaultGroup) group.destroy();
  else endDefaultGroup(false);
}

/** Ends the default group, whose ranks are not all there any more: nothing is waited for. @internal */
export function abandonProcessGroup(): void {
  endDefaultGroup(true);
}

function endDefaultGroup(aborts: boolean): void {
  if (defaultGroup?.device !== undefined) closeGroupsOnGpus(aborts);
  defaultGroup?.destroy();
  defaultGroup = undefined;
  setAllRanks(undefined);
  readBackwardErrors(undefined);
}

/** In the order in which they were made. */
const groupsOnGpus = new Set<ProcessGroup>();

function closeGroupsOnGpus(aborts: boolean): void {
  for (const group of Array.from(groupsOnGpus).reverse()) group.destroy(aborts);
}

let closesAtExit = false;

/** A process that ends unloads CUDA: what still talks to it ends before. */
function closeAtExit(): void {
  if (closesAtExit) return;
  closesAtExit = true;
  process.once('exit', (exitCode) => closeGroupsOnGpus(exitCode !== 0));
}

/** The group of all ranks. @throws {DistributedError} where there is none. Source: torch.distributed.group.WORLD. */
export function getProcessGroup(): ProcessGroup {
  return groupOf(undefined);
}

let isLost = false;
let gone: string | undefined;

/** Says that the default group has ended because a rank failed. @param what - what is gone with it, without which this process cannot join again. @internal */
export function noteLostGroup(what?: string): void {
  isLost = true;
  gone = what;
}

/** Whether there was a default group that has ended because a rank failed, and none since. @internal */
export function isGroupLost(): boolean {
  return isLost && defaultGroup === undefined;
}

/** What is gone with the default group: ranks that ended without a word, or its store. Undefined where all can join again. @internal */
export function goneWithGroup(): string | undefined {
  return isGroupLost() ? gone : undefined;
}

/** Whether there is a default group. */
export function isInitialized(): boolean {
  return defaultGroup !== undefined;
}

/** This process: in a group, or in the default one; 0 where there is none. */
export function getRank(group?: ProcessGroup): number {
  return (group ?? defaultGroup)?.rank ?? 0;
}

/** How many ranks a group has, or the default one; 1 where there is none. */
export function getWorldSize(group?: ProcessGroup): number {
  return (group ?? defaultGroup)?.size ?? 1;
}

/** The group, or the default one. @throws {DistributedError} where there is none. @internal */
export function groupOf(group: ProcessGroup | undefined): ProcessGroup {
  const found = group ?? defaultGroup;
  if (found !== undefined) return found;
  throw new DistributedError(
    'Cannot reach other ranks: expected a process group, got none; call initProcessGroup() first',
  );
}

type Place = Pick<RankEnvironment, 'rank' | 'worldSize' | 'masterAddr' | 'masterPort'> & {
  /** Where tensors of GPUs are moved. */
  readonly device: Device | undefined;
};

function placeOf(options: InitProcessGroupOptions): Place {
  const problems = optionProblems(options, OPTIONS);
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  const isWhole = options.rank !== undefined && options.worldSize !== undefined;
  const said = isWhole ? undefined : readRankEnvironment();
  const rank = options.rank ?? said?.rank;
  const worldSize = options.worldSize ?? said?.worldSize;
  if (rank === undefined || worldSize === undefined) {
    problems.push(
      'rank, worldSize: expected both, or RANK and WORLD_SIZE in the environment, got neither; start the processes with sconce launch, srun or torchrun',
    );
  } else if (rank < 0 || rank >= worldSize) {
    problems.push(`rank: expected an integer from 0 to ${worldSize - 1}, got ${rank}`);
  }
  const device = deviceOf(options, said, problems);
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  const masterAddr = options.masterAddr ?? said?.masterAddr ?? process.env.MASTER_ADDR ?? '127.0.0.1';
  const masterPort = options.masterPort ?? said?.masterPort ?? Number(process.env.MASTER_PORT ?? DEFAULT_MASTER_PORT);
  return { rank: rank!, worldSize: worldSize!, masterAddr, masterPort, device };
}

function deviceOf(
  { backend = 'gloo', device }: InitProcessGroupOptions,
  said: RankEnvironment | undefined,
  problems: string[],
): Device | undefined {
  if (!isForGpus(backend)) {
    if (device !== undefined) problems.push(`device: expected none with backend "${backend}", got "${device}"`);
    return undefined;
  }
  const localRank = said === undefined ? process.env.LOCAL_RANK : String(said.localRank);
  if (device === undefined && !/^\d{1,2}$/.test(localRank ?? ''))
    problems.push(
      `device: expected the GPU of this rank, as in "cuda:0", or its number in LOCAL_RANK, got ${localRank ?? 'neither'}`,
    );
  return device ?? `cuda:${Number(localRank)}`;
}

interface Reach {
  readonly networkInterface: string;
  readonly hostname: string;
}

/** How others reach this process. A job whose store is on this machine alone stays on it. Groups of some ranks are reached as all are. */
function reachOf({ networkInterface }: { readonly networkInterface?: string }, masterAddr?: string): Reach {
  const chosen = networkInterface ?? process.env.GLOO_SOCKET_IFNAME?.split(',')[0] ?? '';
  if (chosen !== '') return { networkInterface: chosen, hostname: '' };
  const isLocal = masterAddr === '127.0.0.1' || masterAddr === 'localhost';
  return { networkInterface: '', hostname: isLocal ? '127.0.0.1' : '' };
}

interface Connection extends Reach {
  readonly rank: number;
  readonly ranks: readonly number[];
  readonly store: Store;
  readonly timeoutMs: number;
}

async function connect(name: string, connection: Connection): Promise<ProcessGroup> {
  const { rank, ranks, timeoutMs, networkInterface, hostname } = connection;
  const store = new PrefixStore(name, connection.store);
  const make = (place: Store, checks: boolean): Promise<HeldGroup> =>
    told(ACTION, getNative().makeGroup(place.held, rank, ranks.length, timeoutMs, networkInterface, hostname, checks));
  const held = await make(store, checksCalls);
  // A rank that has all its connections may leave at once: not before the others have theirs.
  await meet(store, { rank, ranks: ranks.map((_, i) => i), timeoutMs });
  const device = defaultDevice;
  if (device === undefined) return new ProcessGroup(held, { rank, ranks, store: connection.store });
  const checks = checksCalls ? await make(new PrefixStore('cuda-checks', store), false) : undefined;
  const nccl = await addNccl(held, ACTION, { name, device, store, ranks, timeoutMs, checks });
  const group = new ProcessGroup(held, { rank, ranks, store: connection.store, nccl });
  groupsOnGpus.add(group);
  closeAtExit();
  return group;
}
