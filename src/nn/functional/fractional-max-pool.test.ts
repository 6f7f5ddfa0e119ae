// Outputs without elements, which PyTorch gives where a ratio leaves nothing of a dimension.
import { describe, expect, it } from 'vitest';
import { ones } from '../../tensor/create.ts';
import { libtorchVersion } from '../../tensor/process.ts';
import { FractionalMaxPool2d, FractionalMaxPool3d } from '../index.ts';

// Of older ones it is not known that they write nothing: there it is refused.
describe.skipIf(!libtorchVersion().startsWith('2.13'))('an output without elements', () => {
  it('comes from a ratio that leaves nothing of a dimension, with a gradient of zeros, as in PyTorch', () => {
    const flat = ones([1, 6, 1]).requiresGrad_();
    const pooled = new FractionalMaxPool2d([3, 1], { outputRatio: 0.583 }).forward(flat);
    expect(pooled.shape).toEqual([1, 3, 0]);
    pooled.sum().backward();
    expect(flat.grad!.flatten().toArray()).toEqual([0, 0, 0, 0, 0, 0]);
    const deep = new FractionalMaxPool3d(2, { outputSize: [0, 3, 3] }).forward(ones([2, 6, 6, 6]));
    expect(deep.shape).toEqual([2, 0, 3, 3]);
  });

  it('has no size below 0, and no window larger than the input', () => {
    expect(() => new FractionalMaxPool2d(2, { outputSize: [-1, 3] })).toThrow(
      /expected integers of at least 0 for outputSize/,
    );
    expect(() => new FractionalMaxPool2d([3, 3], { outputRatio: 0.5 }).forward(ones([1, 6, 1]))).toThrow(
      /pool width 3 too large/,
    );
  });
});
