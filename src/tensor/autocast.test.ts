// Autocast: which operators run in which precision, and that nothing of it stays behind.
import { describe, expect, it } from 'vitest';
import { DTypeError, NativeError } from '../errors.ts';
import { autocast, getAutocastDtype, isAutocastCacheEnabled, isAutocastEnabled } from './autocast.ts';
import { noGrad } from './autograd.ts';
import { getNative } from './call.ts';
import { ones, tensor, zeros } from './create.ts';
import { mseLoss } from './nn-ops.generated.ts';
import { cat } from './ops.generated.ts';
import { libtorchVersion } from './process.ts';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

describe('autocast()', () => {
  const [a, b] = [ones([4, 4]), ones([4, 4])];

  it('runs products in bfloat16 inside, float32 outside, and sensitive operators in float32', () => {
    const inside = autocast('cpu', () => [a.matmul(b).dtype, mseLoss(a.matmul(b), a).dtype, a.add(b).dtype]);
    expect(inside).toEqual(['bfloat16', 'float32', 'float32']);
    expect(a.matmul(b).dtype).toBe('float32');
  });

  // libtorch 1.13 knows bfloat16 alone on the CPU.
  it.skipIf(libtorchVersion().startsWith('1.'))('takes float16, and can be switched off inside', () => {
    const seen = autocast(
      'cpu',
      () => [a.matmul(b).dtype, autocast('cpu', () => a.matmul(b).dtype, { enabled: false }), a.matmul(b).dtype],
      { dtype: 'float16' },
    );
    expect(seen).toEqual(['float16', 'float32', 'float16']);
    expect(autocast('cpu', () => autocast('cpu', () => a.matmul(b).dtype), { dtype: 'float16' })).toBe('bfloat16');
  });

  it('gives float32 gradients to float32 weights', () => {
    const weight = leaf([1, 2]);
    autocast('cpu', () =>
      ones([3, 2])
        .matmul(weight.reshape([2, 1]))
        .sum(),
    ).backward();
    expect([weight.grad!.dtype, weight.grad!.toArray()]).toEqual(['float32', [3, 3]]);
  });

  it('sees a weight that changed between two bodies', () => {
    const weight = leaf([1]);
    const apply = (): number =>
      autocast('cpu', () =>
        ones([1, 1])
          .matmul(weight.reshape([1, 1]))
          .item(),
      );
    expect(apply()).toBe(1);
    noGrad(() => weight.fill_(5));
    expect(apply()).toBe(5);
  });

  it('ends with an exception, and refuses a Promise', () => {
    expect(() => autocast('cpu', () => a.matmul(zeros([3])))).toThrow(NativeError);
    expect(() => autocast('cpu', async () => {})).toThrow('Cannot leave autocast');
    expect(a.matmul(b).dtype).toBe('float32');
  });

  it('refuses dtypes that are no half precision', () => {
    expect(() => autocast('cpu', () => a, { dtype: 'int64' })).toThrow(
      new DTypeError('Cannot enter autocast: expected dtype "bfloat16" or "float16", got "int64"'),
    );
    expect(() => autocast('meta', () => a)).toThrow('Cannot use autocast: expected device "cpu" or "cuda"');
  });

  it('says what it is set to, and is set back', () => {
    const seen = (): unknown[] => [isAutocastEnabled('cpu'), getAutocastDtype('cpu'), isAutocastCacheEnabled()];
    expect(seen()).toEqual([false, 'bfloat16', true]);
    expect(autocast('cpu', seen, { cacheEnabled: false })).toEqual([true, 'bfloat16', false]);
    expect(autocast('cpu', seen, { enabled: false })).toEqual([false, 'bfloat16', true]);
    expect(seen()).toEqual([false, 'bfloat16', true]);
    expect(() => isAutocastEnabled('meta')).toThrow('Cannot use autocast: expected device "cpu" or "cuda"');
  });

  it.runIf(getNative().hasCuda())('is float16 on a GPU unless told otherwise', () => {
    expect(autocast('cuda', () => getAutocastDtype('cuda'))).toBe('float16');
    expect(autocast('cuda', () => getAutocastDtype('cuda'), { dtype: 'bfloat16' })).toBe('bfloat16');
  });

  it('casts a weight once, or every time without the cache', () => {
    const weight = leaf([1]);
    const used = (): number =>
      autocast('cpu', () =>
        weight
          .reshape([1, 1])
          .matmul(ones([1, 1]))
          .item(),
      );
    expect(used()).toBe(1);
    const twice = (cacheEnabled: boolean): number[] =>
      autocast(
        'cpu',
        () => {
          const square = tensor([[1]], { requiresGrad: true });
          const first = ones([1, 1]).matmul(square).item() as number;
          noGrad(() => square.fill_(5));
          return [first, ones([1, 1]).matmul(square).item() as number];
        },
        { cacheEnabled },
      );
    expect(twice(true)).toEqual([1, 1]);
    expect(twice(false)).toEqual([1, 5]);
  });

  it('refuses options that it does not know', () => {
    expect(() => autocast('cpu', () => a, { cache: false } as never)).toThrow(
      /^Cannot call autocast: expected .*dtype, enabled, cacheEnabled.*cache/,
    );
  });

  it.runIf(libtorchVersion().startsWith('1.'))('says that float16 on the CPU takes a newer libtorch', () => {
    expect(() => autocast('cpu', () => a, { dtype: 'float16' })).toThrow(
      'Cannot enter autocast: expected dtype "bfloat16" on the CPU, got "float16", which takes libtorch 2',
    );
  });

  it('knows operators over lists', () => {
    expect(autocast('cpu', () => cat([a.matmul(b), a]).dtype)).toBe('float32');
  });
});
