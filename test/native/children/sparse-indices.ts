// Makes sparse tensors of indices that do not fit, and writes to indices; prints for each the sum of the tensor or the error, as JSON.
import { ones, sparseCooTensor, sparseCsrTensor, type Tensor, tensor } from '../../../src/index.ts';
import * as aten from '../../../src/tensor/aten.generated.ts';

const sum = (x: Tensor): number => x.toDense().sum().item();

const uses: Readonly<Record<string, () => number>> = {
  'of indices outside': () => sum(sparseCooTensor(tensor([[0n, 1_000_000_000n]]), { values: ones([2]), size: [3] })),
  'of indices below zero': () => sum(sparseCooTensor(tensor([[0n, -1_000_000_000n]]), { values: ones([2]) })),
  'of rows that fall': () =>
    sum(sparseCsrTensor(tensor([0n, 3n, 1n, 2n]), tensor([0n, 1n]), ones([2]), { size: [3, 3] })),
  'written to': () => {
    const x = ones([3, 3]).toSparse();
    x.indices().fill_(1_000_000_000);
    aten._indices(x).fill_(1_000_000_000);
    return sum(x);
  },
  'written to where they came from': () => {
    const indices = tensor([[0n, 1n, 2n]]);
    const x = sparseCooTensor(indices, { values: tensor([3, 3, 3]), size: [3] });
    indices.fill_(-1_000_000_000);
    return sum(x);
  },
  'of a compressed one, written to': () => {
    const x = ones([3, 3]).toSparseCsr();
    x.crowIndices().fill_(1_000_000_000);
    x.colIndices().fill_(-1_000_000_000);
    return sum(x);
  },
  'values resized': () => {
    const x = ones([3, 3]).toSparse();
    aten._values(x).resize_([1]);
    return sum(x);
  },
  'values written to': () => {
    const x = ones([3, 3]).toSparse();
    x.values().mul_(2);
    return sum(x);
  },
};

const ends = Object.entries(uses).map(([name, use]) => {
  try {
    return [name, use()];
  } catch (error) {
    return [name, `${(error as Error).name}: ${(error as Error).message}`];
  }
});
console.log(JSON.stringify(Object.fromEntries(ends)));
