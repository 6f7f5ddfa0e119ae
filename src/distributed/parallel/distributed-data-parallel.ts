// `DistributedDataParallel`: a module whose gradients are averaged over ranks.
import { ConfigError } from '../../errors.ts';
import { SyncBatchNorm } from '../../nn/layers/sync-batch-norm.ts';
import { Module } from '../../nn/module.ts';
import { isGradEnabled } from '../../tensor/autograd.ts';
import { getNative, h } from '../../tensor/call.ts';
import { tensor } from '../../tensor/from-data.ts';
import { collectTensors, scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkTensors } from '../group/collective-checks.ts';
import { allReduce } from '../group/collectives.ts';
import { groupOf, type ProcessGroup } from '../group/process-group.ts';
import { A_FLAG, optionProblems } from '../option-problems.ts';
import { distributedError } from '../store/told.ts';
import { GradientReducer, type GradientReducerOptions, REDUCER_OPTIONS } from './gradient-reducer.ts';
import { agreeOnJoin, type JoinOptions, meetRound, type Round } from './join.ts';

/** How a module is trained on all ranks. */
export interface DistributedDataParallelOptions extends GradientReducerOptions {
  /** Buffers become the first rank's before each forward pass in training. Default true. */
  readonly broadcastBuffers?: boolean;
  /** Parameters and buffers become the first rank's in the constructor. Default true. */
  readonly initSync?: boolean;
}

type Joined = ReturnType<typeof agreeOnJoin>;

/** So many bytes of parameters and buffers go in one message. */
const BROADCAST_BYTES = 250 * 1024 * 1024;

/** Wraps a module so that every rank trains on its own batches and all have the same weights: backward averages gradients over ranks while it goes on.
 *  Keys of its state dict begin with `module.`, as in PyTorch. Source: torch.nn.parallel.DistributedDataParallel (arXiv 2006.15704). */
export class DistributedDataParallel<Inputs extends unknown[], Output> extends Module {
  readonly module: Module & { forward(...inputs: Inputs): Output };
  readonly reducer: GradientReducer;
  readonly broadcastBuffers: boolean;
  readonly processGroup: ProcessGroup;
  /** Whether backward averages; `noSync` sets it. */
  requireBackwardGradSync = true;
  private joined: Joined | undefined;

  /** Every rank calls it, with a module of the same structure.
   *  @throws {ConfigError} that lists all options that are wrong, and where no parameter needs a gradient.  @throws {DistributedError} where the parameters of ranks differ in number or shape, and where a rank does not come. */
  constructor(module: Module & { forward(...inputs: Inputs): Output }, given: DistributedDataParallelOptions = {}) {
    super();
    const problems = optionProblems(given, { broadcastBuffers: A_FLAG, initSync: A_FLAG, ...REDUCER_OPTIONS });
    if (!(module instanceof Module)) problems.unshift(`module: expected a Module, got ${typeof module}`);
    if (problems.length > 0) throw new ConfigError('make DistributedDataParallel', problems);
    const { broadcastBuffers = true, initSync = true, ...options } = given;
    this.module = module;
    this.broadcastBuffers = broadcastBuffers;
    this.processGroup = groupOf(options.group);
    this.reducer = new GradientReducer(module.namedParameters(), options);
    if (initSync) synchronizeModule(module, this.processGroup);
  }

  override forward(...inputs: Inputs): Output {
    const isAveraged = this.requireBackwardGradSync && isGradEnabled();
    const syncsBuffers = this.broadcastBuffers && this.training && this.requireBackwardGradSync;
    const source = this.tellJoined({ isAveraged, syncsBuffers });
    if (isAveraged) this.reducer.prepareForForward();
    if (syncsBuffers) broadcastTensors(this.module.buffers(), this.processGroup, source);
    const output = this.module.forward(...inputs);
    if (isAveraged) this.reducer.prepareForBackward(collectTensors(output));
    return output;
  }

  /** Runs `body`, whose backward passes leave gradients to this rank: they accumulate, and the first backward after it averages the sum. Forward and backward belong inside. */
  noSync<Result>(body: () => Result): Result {
    const before = this.requireBackwardGradSync;
    this.requireBackwardGradSync = false;
    try {
      return body();
    } finally {
      this.requireBackwardGradSync = before;
    }
  }

  /** Trains on ranks with different numbers of batches. Every rank calls it with the loop over its own; one whose loop has ended takes part in the collectives of the others with gradients of 0
   *  until all have ended, and then all take over the weights and buffers of the last. Inside, each forward pass of this module is followed by its backward pass, if it has one.
   *  @returns what `body` gives, once all ranks have ended.
   *  @throws {TypeError} for options that do not go together, before `body` runs.  @throws {DistributedError} where options differ between ranks, and with `throwOnEarlyTermination` where
   *  inputs are uneven. Source: torch.nn.parallel.DistributedDataParallel.join. Example: `docs/distributed.md`. */
  async join<Result>(body: () => Result | Promise<Result>, options: JoinOptions = {}): Promise<Result> {
    const { onShadowStep } = options;
    const joined = agreeOnJoin(options, this.processGroup);
    this.refuseToJoin(joined);
    this.joined = joined;
    try {
      const result = await body();
      const isLast = this.followOthers(joined, onShadowStep);
      const source = lastOf(isLast, this.processGroup);
      synchronizeModule(this.module, this.processGroup, source);
      return result;
    } finally {
      this.joined = undefined;
      this.reducer.divideByRanks();
    }
  }

  /** @returns whether this rank trained to the end. */
  private followOthers(joined: Joined, onShadowStep: (() => void) | undefined): boolean {
    let isLast = true;
    for (;;) {
      const round = meetRound(this.processGroup, undefined, joined.throwOnEarlyTermination);
      if (!round.isLive) return isLast;
      isLast = false;
      if (!joined.divideByInitialWorldSize) this.reducer.divideByRanks(false);
      if (round.isAveraged) this.reducer.prepareForForward();
      if (round.syncsBuffers) broadcastTensors(this.module.buffers(), this.processGroup, round.source);
      if (!round.isAveraged) continue;
      this.reducer.shadowBackward(onShadowStep !== undefined);
      onShadowStep?.();
    }
  }

  /** Says to ranks without inputs what comes. @returns the rank whose buffers count. */
  private tellJoined(next: Pick<Round, 'isAveraged' | 'syncsBuffers'>): number {
    if (this.joined === undefined) return 0;
    const { source } = meetRound(this.processGroup, next, this.joined.throwOnEarlyTermination);
    if (!this.joined.divideByInitialWorldSize) this.reducer.divideByRanks(true);
    return source;
  }

  private refuseToJoin({ divideByInitialWorldSize, throwOnEarlyTermination }: Joined): void {
    const { compress, staticGraph } = this.reducer;
    const refuse = (expected: string, got: string): never => {
      throw new TypeError(`Cannot join ranks with uneven inputs: expected ${expected}, got ${got}`);
    };
    if (this.joined !== undefined) refuse('none under way', 'a join inside another');
    if (throwOnEarlyTermination) return;
    if (staticGraph) refuse('a graph that ranks without inputs need not learn', 'staticGraph: true; leave it out');
    if (compress !== undefined && !divideByInitialWorldSize)
      refuse(
        'gradients that the reducer divides',
        `compress: "${compress}"; leave out divideByInitialWorldSize: false`,
      );
    const synchronized = [...this.module.namedModules()].find(([, each]) => each instanceof SyncBatchNorm);
    if (synchronized !== undefined)
      refuse(
        'a forward pass without collectives of its own',
        `SyncBatchNorm "${synchronized[0]}"; set throwOnEarlyTermination: true, which stops all ranks together`,
      );
  }
}

/** The last of the ranks that trained to the end. */
function lastOf(isLast: boolean, group: ProcessGroup): number {
  return scope(() => allReduce(tensor([isLast ? group.rank : -1]), { group, op: 'max' }).item() as number);
}

/** Parameters and buffers of all ranks become those of one.
 *  @param source - a rank of the group. Default 0. */
export function synchronizeModule(module: Module, group?: ProcessGroup, source = 0): void {
  broadcastTensors([...module.parameters(), ...module.buffers()], group, source);
}

/** Tensors of all ranks become those of one, in few messages. Every rank gives tensors of the same dtypes and shapes.
 *  @param source - a rank of the group. Default 0. */
export function broadcastTensors(tensors: readonly Tensor[], among?: ProcessGroup, source = 0): void {
  if (tensors.length === 0) return;
  const group = groupOf(among);
  for (const each of tensors) checkTensors('broadcast', [each], group);
  try {
    scope(() => {
      const handles = Float64Array.from(tensors, (tensor) => h(asBytes(tensor)));
      getNative().broadcastCoalesced(group.held, handles, BROADCAST_BYTES, source);
    });
  } catch (error) {
    throw distributedError(`take over the parameters of rank ${group.ranks[source]}`, error);
  }
}

/** Truth values on the same memory as bytes: the Gloo of libtorch 1.13 sends no truth values. */
const asBytes = (tensor: Tensor): Tensor => (tensor.dtype === 'bool' ? tensor.detach().view('uint8') : tensor);
