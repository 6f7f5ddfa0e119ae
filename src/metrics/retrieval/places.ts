// The place of each row's best partner among the rows of another side, both ways, a tile of the table of similarities at a time.
// Letters of shapes: N rows of the left side, M of the right, D size of an embedding, R rows and C columns of a tile.

import { full, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Group, groupById } from './groups.ts';

/** Two sides whose rows look for each other. Rows with equal ids are partners; without ids row i of one side has row i of the other alone. */
export interface Sides {
  /** [N, D] */
  readonly left: Tensor;
  /** [M, D] */
  readonly right: Tensor;
  /** [N] */
  readonly leftIds?: Tensor | undefined;
  /** [M]; default: the left ones. */
  readonly rightIds?: Tensor | undefined;
}

/** What is known of each row of one side. */
export interface Ranking {
  /** From 0: how many rows of the other side that are no partners are more similar than the best partner, and half of those exactly as similar. Infinity without a partner. */
  readonly places: Float64Array;
  /** How many partners it has. */
  readonly partners: Float64Array;
  /** Rows of the other side. */
  readonly numCandidates: number;
}

/** On the CPU a tile stays in the cache through all that is done to it; elsewhere it is as large as a launch is worth. */
const TILE = { host: [256, 1024], device: [2048, 8192] } as const;

/** A run of rows of one side, in the order in which partners lie together. */
interface Block {
  /** [R, D] */
  readonly embeddings: Tensor;
  /** Numbers of the groups, [R] */
  readonly numbers: Tensor;
  readonly first: number;
  readonly last: number;
  readonly length: number;
  /** The similarity of the best partner, [R]; written in place. */
  readonly best: Tensor;
  /** [R] of float64; added to in place. */
  readonly above: Tensor;
}

/** The rankings of the left and of the right side. Not "greater than": what is not a number is above everything, so that a model that gives nothing but NaN puts every partner last.
 *  Memory: a tile, and a copy of a side whose partners do not lie together. Waits for the device.
 *  @param tile - rows and columns of a tile. */
export function rankBothWays(sides: Sides, tile?: readonly [rows: number, columns: number]): [Ranking, Ranking] {
  const { left, right } = sides;
  const groups = groupById(left.size(0), sides.leftIds, sides.rightIds);
  const [height, width] = tile ?? TILE[left.device === 'cpu' ? 'host' : 'device'];
  return scope(() => {
    const rows = blocksOf(left, groups.left, height);
    const columns = blocksOf(right, groups.right, width);
    const isOrdinary = staysFinite(left, right);
    for (const row of rows)
      for (const column of columns) if (haveCommon(row, column)) scope(() => findBest(row, column), 'retrieval');
    for (const row of rows)
      for (const column of columns)
        scope(() => {
          if (isOrdinary && !haveCommon(row, column)) countStrangers(row, column);
          else countAll(row, column);
        }, 'retrieval');
    return [ranking(rows, groups.left, right.size(0)), ranking(columns, groups.right, left.size(0))];
  }, 'retrieval');
}

function blocksOf(embeddings: Tensor, { order, numbers }: Group, size: number): Block[] {
  const { device } = embeddings;
  const sorted = order ? embeddings.indexSelect(0, tensor(order, { device })) : embeddings;
  const numbersThere = tensor(numbers, { device });
  const starts = Array.from({ length: Math.ceil(numbers.length / size) }, (_, i) => i * size);
  return starts.map((start) => {
    const length = Math.min(size, numbers.length - start);
    return {
      embeddings: sorted.narrow(0, start, length),
      numbers: numbersThere.narrow(0, start, length),
      first: numbers[start]!,
      last: numbers[start + length - 1]!,
      length,
      best: full([length], Number.NEGATIVE_INFINITY, { device }),
      above: zeros([length], { dtype: 'float64', device }),
    };
  });
}

/** Whether the tile may have partners in it. */
const haveCommon = (row: Block, column: Block): boolean => row.first <= column.last && column.first <= row.last;

/** Whether no similarity can be infinite or NaN. */
function staysFinite(left: Tensor, right: Tensor): boolean {
  if (left.numel === 0 || right.numel === 0) return true;
  const largest = (side: Tensor): number => Math.max(...side.aminmax().map((end) => Math.abs(end.item())));
  return largest(left) * largest(right) * left.size(1) < 3e38;
}

/** [R, C]. The same call with the same operands gives the same bits, so that a partner is as similar in the second pass as in the first. */
const similarity = (row: Block, column: Block): Tensor => row.embeddings.matmul(column.embeddings.t());
const areStrangers = (row: Block, column: Block): Tensor => row.numbers.unsqueeze(1).ne(column.numbers.unsqueeze(0));

function findBest(row: Block, column: Block): void {
  const partners = similarity(row, column).maskedFill(areStrangers(row, column), Number.NEGATIVE_INFINITY);
  row.best.copy_(row.best.maximum(partners.amax({ dim: [1] })));
  column.best.copy_(column.best.maximum(partners.amax({ dim: [0] })));
}

/** Of a tile without partners and of finite numbers: above + level / 2 = (all + above - below) / 2. */
function countStrangers(row: Block, column: Block): void {
  const table = similarity(row, column);
  const balance = table
    .sub(row.best.unsqueeze(1))
    .sign_()
    .sum({ dim: [1] }); // [R], exact: small integers
  row.above.add_(balance.add(column.length).mul(0.5));
  const other = table
    .sub_(column.best)
    .sign_()
    .sum({ dim: [0] }); // [C]
  column.above.add_(other.add(row.length).mul(0.5));
}

function countAll(row: Block, column: Block): void {
  const table = similarity(row, column);
  const strangers = areStrangers(row, column);
  row.above.add_(strangersBefore(table, row.best.unsqueeze(1), strangers, 1));
  column.above.add_(strangersBefore(table, column.best, strangers, 0));
}

/** How many strangers are above `best`, and half of those level with it. @param dim - that is counted over. */
export function strangersBefore(table: Tensor, best: Tensor, strangers: Tensor, dim: 0 | 1): Tensor {
  const count = (isCounted: Tensor): Tensor => isCounted.logicalAnd(strangers).sum({ dim: [dim], dtype: 'float64' });
  return count(table.le(best).logicalNot()).add(count(table.eq(best)), { alpha: 0.5 });
}

function ranking(blocks: readonly Block[], { order, partners }: Group, numCandidates: number): Ranking {
  if (blocks.length === 0) return { places: new Float64Array(), partners, numCandidates };
  const sorted = cat(blocks.map(({ above }) => above)).toTypedArray() as Float64Array;
  const places = order ? new Float64Array(sorted.length) : sorted;
  if (order) for (const [i, original] of order.entries()) places[original] = sorted[i]!;
  for (const [i, count] of partners.entries()) if (count === 0) places[i] = Number.POSITIVE_INFINITY;
  return { places, partners, numCandidates };
}
