// Tensors as text, against what PyTorch 2.13.0 prints (test/fixtures/tensor/make.py).

import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noGrad } from './autograd.ts';
import { empty, fromBytes, full, ones, tensor, zeros } from './create.ts';
import type { DType } from './dtype.ts';
import { liveTensors, scope } from './scope.ts';
import { settledTensors } from './testing/settled-tensors.ts';

interface Printed {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: string;
  readonly text: string;
}

const path = new URL('../../test/fixtures/tensor/print.json', import.meta.url);
const fixtures = JSON.parse(readFileSync(path, 'utf8')) as readonly Printed[];

describe('Tensor.toString()', () => {
  it.each(fixtures)('prints as PyTorch does: $name', ({ dtype, shape, bytes, text }) => {
    expect(fromBytes(Buffer.from(bytes, 'base64'), shape, dtype).toString()).toBe(text);
  });

  it('says that a leaf requires a gradient', () => {
    expect(ones([2], { requiresGrad: true }).toString()).toBe('tensor([1., 1.], requires_grad=True)');
  });

  it('names the function of a result, on a new line where the last one is full', () => {
    const x = ones([2], { requiresGrad: true });
    expect(x.mul(x).toString()).toBe('tensor([1., 1.], grad_fn=<MulBackward0>)');
    expect(
      zeros([9], { dtype: 'float64', requiresGrad: true })
        .add(full([9], 0.123, { dtype: 'float64' }))
        .toString(),
    ).toBe(
      'tensor([0.1230, 0.1230, 0.1230, 0.1230, 0.1230, 0.1230, 0.1230, 0.1230, 0.1230],\n' +
        '       dtype=torch.float64, grad_fn=<AddBackward0>)',
    );
  });

  it('prints a meta tensor by its size alone', () => {
    expect(empty([3], { device: 'meta', dtype: 'int64' }).toString()).toBe(
      "tensor(..., device='meta', size=(3,), dtype=torch.int64)",
    );
  });

  it('prints a sparse tensor by its parts', () => {
    expect(
      tensor([[1, 0]])
        .toSparse({})
        .toString(),
    ).toBe(
      'tensor(indices=tensor([[0],\n                       [0]]),\n       values=tensor([1.]),\n       size=(1, 2), nnz=1, layout=torch.sparse_coo)',
    );
  });

  it('prints freed tensors as freed, and live ones, whatever scope is open', () => {
    const outer = tensor([1]);
    let inner = outer;
    scope(() => {
      inner = tensor([2]);
      expect([String(outer), String(inner)]).toEqual(['tensor([1.])', 'tensor([2.])']);
      noGrad(() => expect(inspect(inner)).toBe('tensor([2.])'));
    });
    expect(inspect([outer, inner])).toBe('[ tensor([1.]), Tensor(freed) ]');
  });

  it('prints a view by its own elements', () => {
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ]).mT.toString(),
    ).toBe('tensor([[1., 3.],\n        [2., 4.]])');
  });

  it('is what console.log shows', () => {
    expect(inspect({ x: tensor([1]) })).toBe('{ x: tensor([1.]) }');
    const matrix = ones([2, 1]);
    expect(inspect(matrix)).toBe('tensor([[1.],\n        [1.]])');
    expect(inspect({ a: { b: matrix } })).toBe('{\n  a: {\n    b: \n      tensor([[1.],\n              [1.]])\n  }\n}');
    expect(inspect({ a: { b: { c: { d: [matrix.select(0, 0)] } } } }, { depth: 9 })).toContain('tensor([1.])');
  });

  it('says that a tensor was freed instead of failing', () => {
    const x = tensor([1]);
    x.dispose();
    expect(String(x)).toBe('Tensor(freed)');
  });

  it('leaves no tensor behind', () => {
    const x = ones([1200], { dtype: 'bfloat16' });
    const before = settledTensors();
    x.toString();
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});
