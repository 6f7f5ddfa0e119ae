// Optimizers in half precision against their rule in float32: fused kernels and lists have to do the same.
import { describe, expect, it } from 'vitest';
import { type DType, Generator, libtorchVersion, nn, optim, randn, type Tensor } from '../../src/index.ts';

// libtorch 1.13 has few functions of float16 on the CPU.
const HALVES = libtorchVersion().startsWith('1.') ? (['bfloat16'] as const) : (['bfloat16', 'float16'] as const);

const OPTIMIZERS = {
  SGD: (p: nn.Parameter) => new optim.SGD([p], { lr: 0.1 }),
  'SGD with momentum': (p: nn.Parameter) => new optim.SGD([p], { lr: 0.1, momentum: 0.5 }),
  'SGD by Nesterov, with decay': (p: nn.Parameter) =>
    new optim.SGD([p], { lr: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.1 }),
  Adam: (p: nn.Parameter) => new optim.Adam([p], { lr: 0.1, eps: 1e-3 }),
  'AdamW, maxima': (p: nn.Parameter) => new optim.AdamW([p], { lr: 0.1, eps: 1e-3, amsgrad: true }),
  Adagrad: (p: nn.Parameter) => new optim.Adagrad([p], { lr: 0.1, eps: 1e-3 }),
};

/** After three steps over the same numbers. */
function trained(make: (p: nn.Parameter) => optim.Optimizer, size: number, dtype: DType): Tensor {
  const generator = new Generator(size);
  const draw = (): Tensor => randn([size], { generator }).to('bfloat16').to(dtype);
  const parameter = new nn.Parameter(draw());
  const optimizer = make(parameter);
  for (let step = 0; step < 3; step++) {
    parameter.grad = draw();
    optimizer.step();
  }
  return parameter.detach().to('float32');
}

describe.each(Object.entries(OPTIMIZERS))('%s', (_, make) => {
  it.each(HALVES)('does in %s what it does in float32, up to rounding', (dtype) => {
    // Less than a vector, some vectors, and some with a rest.
    for (const size of [3, 16, 48, 50, 129]) {
      const distance = trained(make as never, size, dtype)
        .sub(trained(make as never, size, 'float32'))
        .abs()
        .max();
      expect([size, distance.item() < 0.03]).toEqual([size, true]);
    }
  });
});
