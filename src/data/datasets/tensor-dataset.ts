// `TensorDataset`: samples that lie in tensors, a batch of them in one gather.
import { ShapeError } from '../../errors.ts';
import { collectTensors, scope, Tensor, tensor } from '../../tensor/index.ts';
import type { Collated } from '../collate/collate.ts';
import type { Dataset } from './dataset.ts';

/** Tensors whose first dimension counts samples: one tensor, an array of them, or a dictionary. */
export type TensorColumns = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/**
 * Samples that lie in tensors: sample i is row i of each. A batch is one native gather a tensor, with no work per sample.
 * The tensors stay the caller's, who must keep them alive.
 * @throws {ShapeError} where they count different numbers of samples.
 */
export class TensorDataset<T extends TensorColumns> implements Dataset<T> {
  readonly length: number;
  readonly #columns: T;
  readonly #isOnCpu: boolean;

  /** @param others - none: PyTorch's `TensorDataset(x, y)` is `new TensorDataset([x, y])` here. */
  constructor(columns: T, ...others: readonly never[]) {
    if (others.length > 0) {
      throw new TypeError(
        `Cannot make a TensorDataset: expected one argument, got ${1 + others.length}; give several tensors as an array or by name`,
      );
    }
    const lengths = collectTensors(columns).map((column) => column.shape[0]);
    const [length] = lengths;
    if (length === undefined || lengths.some((other) => other !== length)) {
      const got = lengths.map((other) => (other === undefined ? 'a scalar' : other)).join(', ');
      throw new ShapeError(
        `Cannot make a TensorDataset: expected tensors of equal length in dimension 0, got ${got || 'none'}`,
      );
    }
    this.#columns = columns;
    this.#isOnCpu = collectTensors(columns).every(({ device }) => device === 'cpu');
    this.length = length;
  }

  /** Views of row `index`. They live as long as the caller keeps them, and see later changes of the tensors. */
  get(index: number): T {
    return mapColumns(this.#columns, (column) => column.select(0, index));
  }

  getBatch(indices: Int32Array): Collated<T> {
    const rows = tensor(indices);
    const gather = (column: Tensor): Tensor => column.indexSelect(0, rows); // [length, ...] -> [indices, ...]
    const gatherThere = (column: Tensor): Tensor => scope(() => column.indexSelect(0, rows.to(column.device)));
    // Without a scope where none is needed: it would cost as much as the gather of a few small rows.
    const batch = mapColumns(this.#columns, this.#isOnCpu ? gather : gatherThere);
    rows.dispose();
    return batch as unknown as Collated<T>; // columns collate to their own structure, which TypeScript cannot see for an open T
  }
}

function mapColumns<T extends TensorColumns>(columns: T, map: (column: Tensor) => Tensor): T {
  if (columns instanceof Tensor) return map(columns) as T; // each branch keeps the structure of T
  if (Array.isArray(columns)) return columns.map(map) as unknown as T;
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, map(column)])) as unknown as T;
}
