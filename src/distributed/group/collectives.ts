// What ranks do together with tensors: each function is called by every rank of a group, in the same order.
import type { CollectiveName, HeldWork } from '../../binding/native.ts';
import { getNative, h } from '../../tensor/call.ts';
import { empty } from '../../tensor/create.ts';
import { emptyLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { distributedError } from '../store/told.ts';
import { checkForNccl, checkMean, checkMessage, checkSplits, checkTensors, checkTimeout } from './collective-checks.ts';
import { groupOf, type ProcessGroup } from './process-group.ts';
import { Work } from './work.ts';

/** How the values of ranks become one. `avg` is the sum divided by the number of ranks. */
export type ReduceOp = 'sum' | 'avg' | 'product' | 'min' | 'max' | 'band' | 'bor' | 'bxor';

/** As c10d numbers them. Gloo has no mean: it is a sum that is divided afterwards. */
const CODES = { sum: 0, avg: 0, product: 2, min: 3, max: 4, band: 5, bor: 6, bxor: 7 } as const;

/** What every collective takes. */
export interface CollectiveOptions {
  /** Default: the group of all ranks. */
  readonly group?: ProcessGroup | undefined;
  /** How long the others have, in milliseconds. Default: what the group says. */
  readonly timeoutMs?: number;
}

/** With `asyncOp: true` a collective gives a `Work` at once; its result may be read when that is done. */
export interface AsyncOption {
  readonly asyncOp: true;
}

/** What a collective that reduces takes. */
export interface ReduceOptions extends CollectiveOptions {
  /** Default 'sum'. */
  readonly op?: ReduceOp;
}

type MaybeAsync = CollectiveOptions & { readonly asyncOp?: boolean };

interface Plan {
  readonly name: CollectiveName;
  readonly outputs?: readonly Tensor[];
  readonly inputs?: readonly Tensor[];
  /** A rank of the default group. */
  readonly root?: number;
  readonly op?: ReduceOp | undefined;
  readonly outputCounts?: readonly number[];
  readonly inputCounts?: readonly number[];
}

/** What is tried, after "Cannot". */
const ACTIONS: Readonly<Record<CollectiveName, string>> = {
  broadcast: 'broadcast',
  allreduce: 'all-reduce',
  allreduceCoalesced: 'all-reduce',
  reduce: 'reduce',
  allgather: 'all-gather',
  gather: 'gather',
  scatter: 'scatter',
  alltoallBase: 'exchange rows with all ranks',
  send: 'send',
  recv: 'receive',
  recvAnysource: 'receive',
  barrier: 'wait for all ranks',
};

const handlesOf = (tensors: readonly Tensor[] = []): Float64Array => Float64Array.from(tensors, (tensor) => h(tensor));

function start<Result>(plan: Plan, options: CollectiveOptions, finish: (held: HeldWork) => Result): Work<Result> {
  const { name, outputs, inputs, root, op = 'sum', outputCounts = [], inputCounts = [] } = plan;
  const group = groupOf(options.group);
  const action = ACTIONS[name];
  if (!(op in CODES)) {
    throw new RangeError(
      `Cannot ${action}: expected op to be one of ${Object.keys(CODES).join(', ')}, got ${JSON.stringify(op)}`,
    );
  }
  const tensors = [...(outputs ?? []), ...(inputs ?? [])];
  checkTimeout(action, options.timeoutMs);
  checkTensors(action, tensors, group);
  const tag = name === 'send' || name.startsWith('recv') ? (inputCounts[0] ?? 0) : 0;
  checkForNccl(action, tensors, { name, op, tag, timeoutMs: options.timeoutMs });
  checkMean(action, op, tensors);
  const own = root === undefined ? 0 : group.rankOf(root);
  const args = [
    group.held,
    name,
    handlesOf(outputs),
    handlesOf(inputs),
    own,
    CODES[op],
    options.timeoutMs ?? -1,
  ] as const;
  try {
    const { others } = group;
    return new Work(getNative().collective(...args, outputCounts, inputCounts), { action, others, finish });
  } catch (error) {
    throw distributedError(action, error, group.others);
  }
}

function run<Result>(plan: Plan, options: MaybeAsync, finish: (held: HeldWork) => Result): Result | Work<Result> {
  const work = start(plan, options, finish);
  return options.asyncOp === true ? work : work.wait();
}

function divideBySize(tensors: readonly Tensor[], group: ProcessGroup | undefined): void {
  const { size } = groupOf(group);
  for (const tensor of tensors) tensor.detach().div_(size);
}

/** The tensor of every rank becomes the sum (or what `op` says) of all, in place. Source: torch.distributed.all_reduce. */
export function allReduce(tensor: Tensor, options: ReduceOptions & AsyncOption): Work<Tensor>;
export function allReduce(tensor: Tensor, options?: ReduceOptions): Tensor;
export function allReduce(tensor: Tensor, options: ReduceOptions & MaybeAsync = {}): Tensor | Work<Tensor> {
  return run({ name: 'allreduce', outputs: [tensor], op: options.op }, options, () => {
    if (options.op === 'avg') divideBySize([tensor], options.group);
    return tensor;
  });
}

/** As `allReduce` for many tensors of one dtype in one message. Source: torch.distributed.all_reduce_coalesced. */
export function allReduceCoalesced(tensors: readonly Tensor[], options: ReduceOptions & AsyncOption): Work<void>;
export function allReduceCoalesced(tensors: readonly Tensor[], options?: ReduceOptions): void;
export function allReduceCoalesced(
  tensors: readonly Tensor[],
  options: ReduceOptions & MaybeAsync = {},
): void | Work<void> {
  if (tensors.length === 0) throw new RangeError('Cannot all-reduce: expected at least one tensor, got none');
  return run({ name: 'allreduceCoalesced', outputs: tensors, op: options.op }, options, () => {
    if (options.op === 'avg') divideBySize(tensors, options.group);
  });
}

/** The tensor of rank `dst` becomes the sum (or what `op` says) of all; what the others hold afterwards means nothing. Source: torch.distributed.reduce. */
export function reduce(tensor: Tensor, options: ReduceOptions & { dst: number } & AsyncOption): Work<Tensor>;
export function reduce(tensor: Tensor, options: ReduceOptions & { dst: number }): Tensor;
export function reduce(tensor: Tensor, options: ReduceOptions & MaybeAsync & { dst: number }): Tensor | Work<Tensor> {
  return run({ name: 'reduce', outputs: [tensor], op: options.op, root: options.dst }, options, () => {
    if (options.op === 'avg') divideBySize([tensor], options.group);
    return tensor;
  });
}

/** The tensor of every rank becomes that of rank `src`, in place. Source: torch.distributed.broadcast. */
export function broadcast(tensor: Tensor, options: CollectiveOptions & { src: number } & AsyncOption): Work<Tensor>;
export function broadcast(tensor: Tensor, options: CollectiveOptions & { src: number }): Tensor;
export function broadcast(tensor: Tensor, options: MaybeAsync & { src: number }): Tensor | Work<Tensor> {
  return run({ name: 'broadcast', outputs: [tensor], root: options.src }, options, () => tensor);
}

/** The tensors of all ranks, which have one shape and dtype, in the order of ranks. Source: torch.distributed.all_gather. */
export function allGather(tensor: Tensor, options: CollectiveOptions & AsyncOption): Work<Tensor[]>;
export function allGather(tensor: Tensor, options?: CollectiveOptions): Tensor[];
export function allGather(tensor: Tensor, options: MaybeAsync = {}): Tensor[] | Work<Tensor[]> {
  const outputs = copiesOf(tensor, groupOf(options.group).size);
  return run({ name: 'allgather', outputs, inputs: [tensor.contiguous()] }, options, () => outputs);
}

/** On rank `dst` the tensors of all ranks, which have one shape and dtype; undefined elsewhere. Source: torch.distributed.gather. */
export function gather(tensor: Tensor, options: CollectiveOptions & { dst: number }): Tensor[] | undefined {
  const group = groupOf(options.group);
  const isRoot = group.rank === group.rankOf(options.dst);
  const outputs = isRoot ? copiesOf(tensor, group.size) : [];
  return start({ name: 'gather', outputs, inputs: [tensor.contiguous()], root: options.dst }, options, () =>
    isRoot ? outputs : undefined,
  ).wait();
}

/** The tensor that rank `src` has for this rank is written into `output`. @param options.tensors - on rank `src`: one for each rank, of the output's shape and dtype.
 *  Source: torch.distributed.scatter. */
export function scatter(
  output: Tensor,
  options: CollectiveOptions & { src: number; tensors?: readonly Tensor[] },
): Tensor {
  const group = groupOf(options.group);
  const isRoot = group.rank === group.rankOf(options.src);
  const { tensors = [] } = options;
  if (tensors.length !== (isRoot ? group.size : 0)) {
    const wanted = isRoot ? `${group.size} tensors, one for each rank` : `tensors on rank ${options.src} alone`;
    throw new RangeError(`Cannot scatter: expected ${wanted}, got ${tensors.length}`);
  }
  const inputs = tensors.map((tensor) => tensor.contiguous());
  return start({ name: 'scatter', outputs: [output], inputs, root: options.src }, options, () => output).wait();
}

/** This rank's part of the sum (or what `op` says) of the tensors of all ranks, cut along dimension 0 into as many parts as there are ranks.
 *  Gloo reduces the whole and each rank keeps its part. Source: torch.distributed.reduce_scatter_tensor.
 *  @throws {RangeError} where the rows cannot be cut evenly. */
export function reduceScatter(tensor: Tensor, options: ReduceOptions = {}): Tensor {
  const { rank, size } = groupOf(options.group);
  const rows = tensor.shape[0] ?? 0;
  if (tensor.ndim === 0 || rows % size !== 0) {
    throw new RangeError(
      `Cannot reduce-scatter: expected a first dimension that ${size} ranks divide, got shape [${tensor.shape.join(', ')}]`,
    );
  }
  const whole = allReduce(tensor.detach().clone(), options);
  return whole.narrow(0, (rank * rows) / size, rows / size).clone();
}

/** Rows for other ranks are sent, and theirs for this one received. Source: torch.distributed.all_to_all_single.
 *  @param options.inputSplits - how many rows each rank gets. Default: the same number.
 *  @param options.outputSplits - how many rows come from each rank. Default: the same number. */
export function allToAll(
  input: Tensor,
  options: CollectiveOptions & { inputSplits?: readonly number[]; outputSplits?: readonly number[] } = {},
): Tensor {
  const { inputSplits = [], outputSplits = [] } = options;
  checkSplits(input, groupOf(options.group), options);
  const rows = outputSplits.length > 0 ? outputSplits.reduce((sum, count) => sum + count, 0) : (input.shape[0] ?? 0);
  const output = empty([rows, ...input.shape.slice(1)], { dtype: input.dtype, device: input.device });
  const plan = {
    outputs: [output],
    inputs: [input.contiguous()],
    outputCounts: outputSplits,
    inputCounts: inputSplits,
  };
  return start({ name: 'alltoallBase', ...plan }, options, () => output).wait();
}

/** Sends to one rank. Source: torch.distributed.isend. @param options.tag - tells messages apart. Default 0. */
export function isend(tensor: Tensor, options: CollectiveOptions & { dst: number; tag?: number }): Work<void> {
  checkMessage('send', groupOf(options.group), { rank: options.dst, tag: options.tag });
  const plan = { inputs: [tensor.contiguous()], root: options.dst, inputCounts: [options.tag ?? 0] };
  return start({ name: 'send', ...plan }, options, () => {});
}

/** As `isend`, and waits until the other rank has it. */
export function send(tensor: Tensor, options: CollectiveOptions & { dst: number; tag?: number }): void {
  isend(tensor, options).wait();
}

/** Receives into a tensor from one rank, or from whichever sends; the work gives the sender. Source: torch.distributed.irecv. */
export function irecv(tensor: Tensor, options: CollectiveOptions & { src?: number; tag?: number } = {}): Work<number> {
  const { src, tag = 0 } = options;
  const group = groupOf(options.group);
  checkMessage('receive', group, { rank: src, tag });
  const plan = { outputs: [tensor], inputCounts: [tag] };
  const sender = (held: HeldWork): number => group.ranks[getNative().workSource(held)]!;
  if (src === undefined) return start({ name: 'recvAnysource', ...plan }, options, sender);
  return start({ name: 'recv', ...plan, root: src }, options, () => src);
}

/** As `irecv`, and waits. */
export function recv(tensor: Tensor, options: CollectiveOptions & { src?: number; tag?: number } = {}): number {
  return irecv(tensor, options).wait();
}

function copiesOf(tensor: Tensor, count: number): Tensor[] {
  return Array.from({ length: count }, () => emptyLike(tensor, { memoryFormat: 'contiguous_format' }));
}
