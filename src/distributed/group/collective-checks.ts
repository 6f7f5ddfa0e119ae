// What is refused before a message is sent: what Gloo would answer with a crash, with nonsense, or with words that say nothing.
import type { Tensor } from '../../tensor/tensor.ts';
import type { ProcessGroup } from './process-group.ts';

/** The largest time and tag: they are 32 bits wide on the way. */
const MAX_INT32 = 2 ** 31 - 1;

/** @throws {RangeError} for a time that is no time. */
export function checkTimeout(action: string, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_INT32)) return;
  throw new RangeError(
    `Cannot ${action}: expected timeoutMs to be an integer from 1 to ${MAX_INT32}, got ${timeoutMs}`,
  );
}

/** @throws {TypeError} for tensors that cannot be sent. */
export function checkTensors(action: string, tensors: readonly Tensor[], { device }: ProcessGroup): void {
  const devices = [...new Set(tensors.flatMap((tensor) => tensor.device ?? []))];
  if (devices.length > 1)
    throw new TypeError(`Cannot ${action}: expected tensors on one device, got some on ${devices.join(' and ')}`);
  const wrong = devices.find((each) => each !== 'cpu' && each !== device);
  if (wrong === undefined) return;
  const wanted = device === undefined ? 'the CPU' : `the CPU or on ${device}, this rank's GPU`;
  const way =
    device === undefined && wrong.startsWith('cuda') ? '; backend "nccl" of initProcessGroup moves those' : '';
  throw new TypeError(`Cannot ${action}: expected a tensor on ${wanted}, got one on ${wrong}${way}`);
}

const OF_BITS = ['band', 'bor', 'bxor'];

/** @throws {TypeError} for what NCCL does not do, or does otherwise than Gloo, with tensors on a GPU. */
export function checkForNccl(
  action: string,
  tensors: readonly Tensor[],
  { name, op, tag, timeoutMs }: { name: string; op: string; tag: number; timeoutMs: number | undefined },
): void {
  if (!tensors.some(({ device }) => device !== 'cpu')) return;
  const refuse = (expected: string, got: string): never => {
    throw new TypeError(`Cannot ${action}: expected ${expected} for tensors on a GPU, got ${got}`);
  };
  if (OF_BITS.includes(op)) refuse('sum, avg, product, min or max as op', `"${op}"`);
  if (name === 'recvAnysource') refuse('the rank that sends', 'none');
  if (tag !== 0) refuse('no tag', `${tag}`);
  if (timeoutMs !== undefined) refuse('the time of the group', `timeoutMs ${timeoutMs}`);
}

/** @throws {TypeError} for a mean of integers, which would be none. */
export function checkMean(action: string, op: string, tensors: readonly Tensor[]): void {
  const wrong = op === 'avg' ? tensors.find(({ dtype }) => /^(?:u?int|bool)/.test(dtype)) : undefined;
  if (wrong) throw new TypeError(`Cannot ${action}: expected a floating dtype for op "avg", got ${wrong.dtype}`);
}

/** @throws {RangeError} for a message to oneself or with a tag that is none. */
export function checkMessage(
  action: string,
  group: ProcessGroup,
  { rank, tag = 0 }: { rank?: number | undefined; tag?: number | undefined },
): void {
  if (!(Number.isInteger(tag) && tag >= 0 && tag <= MAX_INT32))
    throw new RangeError(`Cannot ${action}: expected a tag from 0 to ${MAX_INT32}, got ${tag}`);
  if (rank !== undefined && group.rankOf(rank) === group.rank)
    throw new RangeError(`Cannot ${action}: expected another rank, got rank ${rank} itself`);
}

/** @throws {RangeError} for numbers of rows that do not fit the tensor, or a part for this rank that is not as large as it is on its way out. */
export function checkSplits(
  input: Tensor,
  { rank, size }: ProcessGroup,
  { inputSplits = [], outputSplits = [] }: { inputSplits?: readonly number[]; outputSplits?: readonly number[] },
): void {
  const action = 'exchange rows with all ranks';
  const rows = input.shape[0] ?? 0;
  if (input.ndim === 0) throw new RangeError(`Cannot ${action}: expected rows, got a scalar`);
  for (const [name, splits] of Object.entries({ inputSplits, outputSplits })) {
    if (
      splits.length > 0 &&
      !(splits.length === size && splits.every((count) => Number.isSafeInteger(count) && count >= 0))
    )
      throw new RangeError(
        `Cannot ${action}: expected ${name} to be ${size} integers of at least 0, one for each rank, got [${splits.join(', ')}]`,
      );
  }
  const sent = inputSplits.reduce((sum, count) => sum + count, 0);
  if (inputSplits.length > 0 && sent !== rows)
    throw new RangeError(`Cannot ${action}: expected inputSplits to sum to the ${rows} rows of the input, got ${sent}`);
  if ((inputSplits.length === 0 || outputSplits.length === 0) && rows % size !== 0)
    throw new RangeError(`Cannot ${action}: expected rows that ${size} ranks divide, or both splits, got ${rows} rows`);
  const [own = rows / size, received = rows / size] = [inputSplits[rank], outputSplits[rank]];
  if (own !== received)
    throw new RangeError(
      `Cannot ${action}: expected rank ${rank} to have as many rows for itself in both splits, got ${own} in inputSplits and ${received} in outputSplits`,
    );
}
