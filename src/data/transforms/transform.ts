// `Transform`: what changes pictures at random (or not), batch by batch; and how a part of a batch is changed.
import { ShapeError } from '../../errors.ts';
import { getScope } from '../../tensor/call.ts';
import { scope, type Tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Draws } from './draws.ts';
import { selectRows } from './pictures.ts';

/** A change of pictures, for `compose`. One of your own extends this class; a plain function of pictures [N, C, H, W] does where nothing is drawn. An example is in docs/data.md. */
export abstract class Transform {
  /** What messages call it. */
  abstract readonly name: string;

  /** Places of the random streams that it takes: 1, and those of the transforms inside of it. */
  get numPlaces(): number {
    return 1;
  }

  /** Whether it makes several tensors of a batch's size in between: then few pictures at a time, which the processor's cache holds, take less time. */
  get hasManySteps(): boolean {
    return false;
  }

  /** Into how many groups, about, it divides pictures that it changes one group after the other. Default 1. */
  get numGroups(): number {
    return 1;
  }

  /** The changed pictures. Shape: [N, C, H, W] -> [N, C', H', W']. Gives new tensors, views of `images`, or `images` itself, and does not change it;
   *  runs inside of a scope. Picture i depends on no other picture, and on nothing drawn but from `draws.of(i)`. */
  abstract apply(images: Tensor, draws: Draws): Tensor;
}

/** A transform, or a function of pictures [N, C, H, W] that draws nothing. */
export type TransformLike = Transform | ((images: Tensor) => Tensor);

/** Applies a transform or function, and checks what it gives. */
export function applyTransform(transform: TransformLike, images: Tensor, draws: Draws): Tensor {
  const result = transform instanceof Transform ? transform.apply(images, draws) : transform(images);
  const isBatch = result?.ndim === 4 && result.size(0) === images.size(0);
  if (!isBatch) {
    const got = result?.ndim === undefined ? String(result) : `[${result.shape.join(', ')}]`;
    throw new ShapeError(
      `Cannot apply ${transformName(transform)}: expected pictures [${images.size(0)}, C, H, W] as its result, got ${got}`,
    );
  }
  return result;
}

/** Applies several one after the other. @param draws - at the place of the first. */
export function applyAll(transforms: readonly TransformLike[], images: Tensor, draws: Draws): Tensor {
  let place = 0;
  return inTurn(images, transforms, (current, transform) => {
    const here = draws.after(place);
    place += placesOf(transform);
    return applyTransform(transform, current, here);
  });
}

/** Changes pictures by one step after the other, and frees what each made for the next, whose memory is then in the cache. */
export function inTurn<T>(images: Tensor, steps: Iterable<T>, change: (current: Tensor, step: T) => Tensor): Tensor {
  let current = images;
  for (const step of steps) {
    const before = current;
    current = scope(() => change(before, step));
    if (current !== before && before !== images && before.scope === getScope()) before.dispose();
  }
  return current;
}

/** Places of the random streams: a function takes one too, so that putting one in the place of a transform moves no other. */
export function placesOf(transform: { readonly numPlaces?: number } | TransformLike): number {
  return 'numPlaces' in transform ? (transform.numPlaces ?? 1) : 1;
}

export function transformName(transform: TransformLike): string {
  return transform.name || 'a function';
}

/** Changes the pictures at `rows` by `change`, which gets them alone, and leaves the others. The input itself where there are no rows.
 *  @throws {ShapeError} where the changed pictures have another shape or dtype than the others. */
export function changeRows(
  action: string,
  images: Tensor,
  rows: readonly number[],
  change: (selected: Tensor) => Tensor,
): Tensor {
  const keys = new Array<true | undefined>(images.size(0)).fill(undefined);
  for (const row of rows) keys[row] = true;
  return changeGroups(action, images, keys, change);
}

/** Changes pictures by groups: all that have one key in `keys` together. @param keys - one a picture; undefined leaves it as it is. */
export function changeGroups<K>(
  action: string,
  images: Tensor,
  keys: readonly (K | undefined)[],
  change: (selected: Tensor, key: K, rows: readonly number[]) => Tensor,
): Tensor {
  const groups = new Map<K, number[]>();
  keys.forEach((key, row) => {
    if (key === undefined) return;
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [row]);
    else rows.push(row);
  });
  const sources = Array.from({ length: images.size(0) }, (_, row): [Tensor, number] => [images, row]);
  for (const [key, rows] of groups) {
    const isAll = rows.length === images.size(0);
    const changed = scope(() => change(isAll ? images : selectRows(images, rows), key, rows));
    if (isAll) return changed;
    rows.forEach((row, place) => {
      sources[row] = [changed, place];
    });
  }
  if (groups.size === 0) return images;
  checkAlike(
    action,
    sources.map(([source]) => source),
  );
  return stack(sources.map(([source, place]) => source.select(0, place)));
}

function checkAlike(action: string, sources: readonly Tensor[]): void {
  const shown = [...new Set(sources)].map((each) => `${each.dtype} [${each.shape.slice(1).join(', ')}]`);
  const other = shown.find((one) => one !== shown[0]);
  if (other !== undefined)
    throw new ShapeError(
      `Cannot ${action}: expected all pictures of a batch to have one dtype and shape, got ${other} beside ${shown[0]}`,
    );
}
