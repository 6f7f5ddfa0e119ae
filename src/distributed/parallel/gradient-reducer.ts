// The gradients of some parameters, averaged over ranks bucket by bucket while backward goes on.
import type { HeldReducer } from '../../binding/native.ts';
import { ConfigError } from '../../errors.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { getNative, h } from '../../tensor/call.ts';
import { tensor } from '../../tensor/from-data.ts';
import { libtorchVersion } from '../../tensor/process.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkTensors } from '../group/collective-checks.ts';
import { groupOf, ProcessGroup } from '../group/process-group.ts';
import { A_FLAG, type OptionCheck, optionProblems } from '../option-problems.ts';
import { distributedError } from '../store/told.ts';

/** How gradients are averaged. */
export interface GradientReducerOptions {
  /** Default: the group of all ranks. */
  readonly group?: ProcessGroup | undefined;
  /** How many MiB of gradients go in one message. Default 25; the first bucket has 1 at most, so that sending starts early. */
  readonly bucketCapMb?: number;
  /** Whether a step may leave out parameters: they are looked for in the graph of each loss, which costs time. Default false. */
  readonly findUnusedParameters?: boolean;
  /** Gradients are views of the buckets and not copied out of them: saves their memory once more. Default false. */
  readonly gradientAsBucketView?: boolean;
  /** The caller's word that every step uses the same parameters in the same order: unused ones are found once. Default false. */
  readonly staticGraph?: boolean;
  /** The dtype in which gradients travel. Default: their own. libtorch 1.13 has no bfloat16 here. */
  readonly compress?: 'float16' | 'bfloat16' | undefined;
}

const MIB = 1024 * 1024;
const ACTION = 'average gradients over ranks';

/** @internal */
export const REDUCER_OPTIONS: Readonly<Record<keyof GradientReducerOptions, OptionCheck>> = {
  group: ['a process group', (value) => value instanceof ProcessGroup],
  bucketCapMb: ['MiB, a number above 0', (value) => typeof value === 'number' && value > 0 && Number.isFinite(value)],
  findUnusedParameters: A_FLAG,
  gradientAsBucketView: A_FLAG,
  staticGraph: A_FLAG,
  compress: ['float16 or bfloat16', (value) => value === 'float16' || value === 'bfloat16'],
};

/** Averages gradients as `DistributedDataParallel` does, for a step that is no module's forward: call `prepareForForward` before the forward pass and `prepareForBackward` before
 *  the backward pass; without the latter, gradients of this rank alone accumulate. Source: torch.distributed.Reducer. */
export class GradientReducer {
  readonly findUnusedParameters: boolean;
  readonly staticGraph: boolean;
  readonly compress: 'float16' | 'bfloat16' | undefined;
  readonly #group: ProcessGroup;
  readonly #held: HeldReducer;

  /** Every rank gives the same parameters in the same order; those that need no gradient are left out.
   *  @throws {ConfigError} for options that are none, and where no parameter needs a gradient.
   *  @throws {DistributedError} where the parameters of a rank differ from those of the first. */
  constructor(named: Iterable<readonly [name: string, parameter: Parameter]>, options: GradientReducerOptions = {}) {
    const { bucketCapMb = 25, findUnusedParameters = false, gradientAsBucketView = false, compress } = options;
    const { staticGraph = false } = options;
    const parameters = Array.from(named).filter(([, parameter]) => parameter.requiresGrad);
    const problems = optionProblems(options, REDUCER_OPTIONS);
    if (compress === 'bfloat16' && libtorchVersion().startsWith('1.'))
      problems.push(
        `compress: expected float16 with libtorch ${libtorchVersion()}, whose Gloo cannot add bfloat16, got bfloat16`,
      );
    if (parameters.length === 0) problems.push('parameters: expected one that needs a gradient, got none');
    if (problems.length > 0) throw new ConfigError(ACTION, problems);
    const group = groupOf(options.group);
    checkTensors(
      ACTION,
      parameters.map(([, parameter]) => parameter),
      group,
    );
    this.findUnusedParameters = findUnusedParameters;
    this.staticGraph = staticGraph;
    this.compress = compress;
    this.#group = group;
    const native = getNative();
    const tensors = parameters.map(([, parameter]) => parameter);
    const bytes = Math.ceil(bucketCapMb * MIB);
    this.#held = attempt(group, () => {
      native.verifyParameters(group.held, handlesOf(tensors));
      const names = parameters.map(([name]) => name);
      const limits = [Math.min(MIB, bytes), bytes] as const;
      return native.makeReducer(
        group.held,
        handlesOf(tensors),
        names,
        limits,
        findUnusedParameters,
        gradientAsBucketView,
      );
    });
    if (staticGraph) native.reducerSetStaticGraph(this.#held);
    if (compress !== undefined) native.reducerCompress(this.#held, group.held, compress);
  }

  /** Before a forward pass whose gradients are averaged. */
  prepareForForward(): void {
    attempt(this.#group, () => {
      getNative().reducerRebuildBuckets(this.#held);
      getNative().reducerPrepareForForward(this.#held);
    });
  }

  /** Before the backward pass that averages. @param outputs - what backward starts from; looked at with `findUnusedParameters` or `staticGraph` alone. */
  prepareForBackward(outputs: readonly Tensor[]): void {
    const needed = this.findUnusedParameters || this.staticGraph ? outputs : [];
    attempt(this.#group, () => getNative().reducerPrepareForBackward(this.#held, handlesOf(needed)));
  }

  /** Before `prepareForBackward`: has the backward pass from `root` timed, for `waitedMs`. */
  timeBackward(root: Tensor): void {
    getNative().reducerTimeBackward(this.#held, h(root));
  }

  /** Milliseconds since this rank's own part of the timed backward pass was through: asked for behind it, how long it waited for the other ranks. */
  get waitedMs(): number {
    return getNative().reducerWaitedUs(this.#held) / 1000;
  }

  /** Averages the gradients that there are, with the messages and the bits that `prepareForBackward` and the backward pass that made them would have had: for a backward pass that a
   *  captured step has played. Some ranks may call it where others go backward. Behind `prepareForForward`; a parameter without a gradient counts as unused.
   *  @throws {DistributedError} where no parameter has a gradient, and where a rank has ended or does not come. */
  average(): void {
    const searches = this.findUnusedParameters && !this.staticGraph;
    attempt(this.#group, () => getNative().reducerAverage(this.#held, searches));
  }

  /** Takes part in the backward pass of other ranks with gradients of 0. @param keepsGradients - this rank's become their average. @internal */
  shadowBackward(keepsGradients: boolean): void {
    const findsUnused = this.findUnusedParameters;
    attempt(this.#group, () => getNative().reducerShadow(this.#held, this.#group.held, findsUnused, keepsGradients));
  }

  /** The next gradients are divided by the number of ranks that call this with true. Without an argument: by that of all ranks. @internal */
  divideByRanks(isCounted?: boolean): void {
    attempt(this.#group, () => {
      if (isCounted === undefined) {
        getNative().reducerSetForwardWork(this.#held, undefined);
        return;
      }
      const work = scope(() => {
        const count = Float64Array.of(h(tensor([isCounted ? 1 : 0])));
        return getNative().collective(this.#group.held, 'allreduce', count, new Float64Array(), 0, 0, -1, [], []);
      });
      getNative().reducerSetForwardWork(this.#held, work);
    });
  }

  /** Bytes of each bucket, in the order in which they are sent. */
  get bucketBytes(): readonly number[] {
    return getNative().reducerBuckets(this.#held);
  }

  /** Takes its hooks off the parameters: from then on gradients are this rank's own. */
  destroy(): void {
    getNative().letGoOfReducer(this.#held);
  }
}

const handlesOf = (tensors: readonly Tensor[]): Float64Array => Float64Array.from(tensors, (tensor) => h(tensor));

function attempt<Result>(group: ProcessGroup, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw distributedError(ACTION, error, group.others);
  }
}
