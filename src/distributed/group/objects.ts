// What ranks do together with values of JavaScript: plain objects, arrays, maps, sets, numbers, texts, typed arrays, and dense tensors anywhere in them.
// Each function is called by every rank of a group, in the same order, and waits.

import { empty, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { allGather, broadcast, type CollectiveOptions, gather, scatter } from './collectives.ts';
import { bytesOf, valueFrom } from './object-bytes.ts';
import { groupOf } from './process-group.ts';

/** The value of rank `src`, on every rank. What the others give is not looked at. Tensors come to the CPU.
 *  @throws {TypeError} for functions and instances of classes. Source: torch.distributed.broadcast_object_list. */
export function broadcastObject<T>(value: T, options: CollectiveOptions & { readonly src: number }): T {
  const group = groupOf(options.group);
  const isRoot = group.rank === group.rankOf(options.src);
  return scope(() => {
    const bytes = isRoot ? bytesOf(value) : undefined;
    const [size] = sizesOf(broadcast(tensor([bytes?.numel ?? 0], { dtype: 'float64' }), options));
    const moved = broadcast(bytes ?? empty([size!], { dtype: 'uint8' }), options);
    return (isRoot ? value : valueFrom(moved)) as T;
  });
}

/** The values of all ranks, in the order of ranks. Source: torch.distributed.all_gather_object. */
export function allGatherObject<T>(value: T, options: CollectiveOptions = {}): T[] {
  return scope(() => {
    const bytes = bytesOf(value);
    const sizes = sizesOf(cat(allGather(tensor([bytes.numel], { dtype: 'float64' }), options)));
    const padded = allGather(paddedTo(Math.max(...sizes), bytes), options);
    return padded.map((each, i) => valueFrom(each.narrow(0, 0, sizes[i]!)) as T);
  });
}

/** On rank `dst` the values of all ranks; undefined elsewhere. Source: torch.distributed.gather_object. */
export function gatherObject<T>(value: T, options: CollectiveOptions & { readonly dst: number }): T[] | undefined {
  return scope(() => {
    const bytes = bytesOf(value);
    const sizes = sizesOf(cat(allGather(tensor([bytes.numel], { dtype: 'float64' }), options)));
    const padded = gather(paddedTo(Math.max(...sizes), bytes), options);
    return padded?.map((each, i) => valueFrom(each.narrow(0, 0, sizes[i]!)) as T);
  });
}

/** The value that rank `src` has for this rank. @param options.values - on rank `src`: one for each rank. Source: torch.distributed.scatter_object_list.
 *  @throws {RangeError} for another number of values. */
export function scatterObject<T>(
  options: CollectiveOptions & { readonly src: number; readonly values?: readonly T[] },
): T {
  const group = groupOf(options.group);
  const isRoot = group.rank === group.rankOf(options.src);
  const { values = [], ...others } = options;
  if (values.length !== (isRoot ? group.size : 0)) {
    const wanted = isRoot ? `${group.size} values, one for each rank` : `values on rank ${options.src} alone`;
    throw new RangeError(`Cannot scatter: expected ${wanted}, got ${values.length}`);
  }
  return scope(() => {
    const all = values.map(bytesOf);
    const sizes = sizesOf(
      broadcast(
        isRoot
          ? tensor(
              all.map(({ numel }) => numel),
              { dtype: 'float64' },
            )
          : zeros([group.size], { dtype: 'float64' }),
        others,
      ),
    );
    const longest = Math.max(...sizes);
    const output = empty([longest], { dtype: 'uint8' });
    scatter(output, { ...others, ...(isRoot && { tensors: all.map((bytes) => paddedTo(longest, bytes)) }) });
    return valueFrom(output.narrow(0, 0, sizes[group.rank]!)) as T;
  });
}

const sizesOf = (sizes: Tensor): number[] => sizes.toArray() as number[];

/** Gloo gathers tensors of one shape. */
function paddedTo(size: number, bytes: Tensor): Tensor {
  if (bytes.numel === size) return bytes;
  return cat([bytes, zeros([size - bytes.numel], { dtype: 'uint8' })]);
}
