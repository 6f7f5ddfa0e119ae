// The public names of `sconce/distributed`: processes that train together. Source: torch.distributed.
export { DistributedError } from '../errors.ts';
export { apart, isApart } from '../nn/ranks.ts';
export { type RankError, recordRankErrors, writeRankError } from './environment/error-file.ts';
export { type LaunchEnvironment, readLaunchEnvironment } from './environment/launch-environment.ts';
export { type RankEnvironment, readRankEnvironment, type Variables } from './environment/rank-environment.ts';
export { barrier } from './group/barrier.ts';
export {
  type AsyncOption,
  allGather,
  allReduce,
  allReduceCoalesced,
  allToAll,
  broadcast,
  type CollectiveOptions,
  gather,
  irecv,
  isend,
  type ReduceOp,
  type ReduceOptions,
  recv,
  reduce,
  reduceScatter,
  scatter,
  send,
} from './group/collectives.ts';
export { gatherRows } from './group/gather-rows.ts';
export type { Backend } from './group/nccl.ts';
export { allGatherObject, broadcastObject, gatherObject, scatterObject } from './group/objects.ts';
export {
  destroyProcessGroup,
  getProcessGroup,
  getRank,
  getWorldSize,
  type InitProcessGroupOptions,
  initProcessGroup,
  isInitialized,
  newGroup,
  type ProcessGroup,
} from './group/process-group.ts';
export { Work } from './group/work.ts';
export { type LaunchResult, launch } from './launch/launch.ts';
export type { LaunchNodes, LaunchOptions, LaunchOutput, LaunchSignal } from './launch/launch-options.ts';
export type { RankEnd } from './launch/rank-end.ts';
export { ZeroRedundancyOptimizer, type ZeroRedundancyOptimizerOptions } from './optim/zero-redundancy-optimizer.ts';
export {
  broadcastTensors,
  DistributedDataParallel,
  type DistributedDataParallelOptions,
  synchronizeModule,
} from './parallel/distributed-data-parallel.ts';
export { GradientReducer, type GradientReducerOptions } from './parallel/gradient-reducer.ts';
export type { JoinOptions } from './parallel/join.ts';
export { FileStore, PrefixStore, Store, type StoreValue, TCPStore, type TCPStoreOptions } from './store/store.ts';
