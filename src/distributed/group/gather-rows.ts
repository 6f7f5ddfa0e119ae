// The rows of all ranks in one tensor, through which gradients flow back to the rank that made a row.

import { ShapeError } from '../../errors.ts';
import { AutogradFunction, type FunctionContext } from '../../tensor/autograd/function.ts';
import { refuseCapture } from '../../tensor/capture/notes.ts';
import { dtypeCode } from '../../tensor/dtype.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { allGather, allReduce, type CollectiveOptions } from './collectives.ts';
import { groupOf } from './process-group.ts';

/** The rows of all ranks, in the order of ranks; ranks may have different numbers of rows. Every rank of the group calls it, and waits.
 *
 *  Backward is the transpose: each rank gets the sum, over all ranks, of the gradients of its rows (a reduce-scatter), so every rank has to go backward too. With
 *  gradients averaged over ranks, as `DistributedDataParallel` does, the parameters get the gradient of the mean of all ranks' losses. Where each rank computes the loss of all rows
 *  this is that loss, once: what one process gets of the whole batch.
 *  Shape: [B, ...] -> [sum of B over ranks, ...].
 *  @throws {ShapeError} on every rank, where ranks give different shapes behind the first dimension, or dtypes; and for a tensor without rows.
 *  Source: `all_gather` of torch.distributed.nn. */
export function gatherRows(rows: Tensor, options: CollectiveOptions = {}): Tensor {
  refuseCapture('ranks talk to each other in the step');
  if (rows.ndim === 0) throw new ShapeError('Cannot gather rows: expected at least one dimension, got shape []');
  const group = groupOf(options.group);
  // The Gloo of libtorch 1.13 sends no truth values.
  if (rows.dtype === 'bool') return gatherRows(rows.to('uint8'), options).to('bool');
  return group.size === 1 ? rows : GatherRows.apply(rows, countsOf(rows, options), options);
}

/** How many rows each rank has. All look at the same table, so that all go on or all fail. */
function countsOf(rows: Tensor, options: CollectiveOptions): number[] {
  const [count, ...rest] = rows.shape as [number, ...number[]];
  const own = [dtypeCode(rows.dtype), rows.ndim, rest.reduce((product, size) => product * size, 1), count];
  const table = scope(() =>
    allGather(tensor(own, { dtype: 'float64' }), options).map((each) => each.toArray() as number[]),
  );
  const kinds = table.map((each) => String(each.slice(0, 3)));
  if (kinds.some((kind) => kind !== kinds[0])) {
    const other = kinds.findIndex((kind) => kind !== kinds[0]);
    throw new ShapeError(
      `Cannot gather rows: expected rows of one dtype and size on all ranks, got others on rank ${other} than on rank 0; this rank has ${rows.dtype} [${rows.shape.join(', ')}]`,
    );
  }
  return table.map((each) => each[3]!);
}

type Context = FunctionContext & { first: number; count: number; options: CollectiveOptions };

class GatherRows extends AutogradFunction {
  static forward(ctx: Context, rows: Tensor, counts: readonly number[], options: CollectiveOptions): Tensor {
    const { rank } = groupOf(options.group);
    ctx.first = counts.slice(0, rank).reduce((sum, count) => sum + count, 0);
    ctx.count = counts[rank]!;
    ctx.options = options;
    const most = Math.max(...counts);
    const padded =
      counts[rank] === most ? rows : cat([rows, rows.newZeros([most - counts[rank]!, ...rows.shape.slice(1)])]);
    return cat(allGather(padded, options).map((each, i) => each.narrow(0, 0, counts[i]!)));
  }

  static backward(ctx: Context, gradient: Tensor): [Tensor, undefined, undefined] {
    const sum = allReduce(gradient.contiguous().clone(), ctx.options);
    return [sum.narrow(0, ctx.first, ctx.count).clone(), undefined, undefined];
  }
}
