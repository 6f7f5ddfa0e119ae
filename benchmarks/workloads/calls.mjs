// What one small call costs: operators on 8x8 tensors, where the arithmetic takes next to nothing.
import { cat, manualSeed, nn, randn } from 'sconce';

const { layerNorm, linear } = nn.functional;

/** Names as in python/workloads/calls.py. */
export const operators = ['add', 'matmul', 'sum', 'softmax', 'view', 'index', 'cat', 'linear', 'layer_norm'];

/** One call of each operator, by name. */
export function makeCalls() {
  manualSeed(0);
  const x = randn([8, 8]);
  const y = randn([8, 8]);
  const bias = randn([8]);
  const list = Array.from({ length: 8 }, () => randn([8, 8]));
  return {
    add: () => x.add(y),
    matmul: () => x.matmul(y),
    sum: () => x.sum({ dim: 1 }),
    softmax: () => x.softmax(1),
    view: () => x.view([64]),
    index: () => x.index(3),
    cat: () => cat(list),
    linear: () => linear(x, y, { bias }),
    layer_norm: () => layerNorm(x, [8], { weight: bias, bias }),
  };
}
