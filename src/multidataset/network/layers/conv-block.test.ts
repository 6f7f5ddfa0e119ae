import { expect, test } from 'vitest';
import { ShapeError } from '../../../errors.ts';
import type { Parameter } from '../../../nn/index.ts';
import { AdamW } from '../../../optim/index.ts';
import { autocast, manualSeed, noGrad, ones, randn, scope, type Tensor, zeros } from '../../../tensor/index.ts';
import { cat, conv2d, conv3d } from '../../../tensor/ops.generated.ts';
import { ConvBlock, type ConvBlockOptions } from './conv-block.ts';

type Given = Partial<ConvBlockOptions> & Pick<ConvBlockOptions, 'convParams'>;

const blockOf = (options: Given): ConvBlock => new ConvBlock({ inChannels: 2, outChannels: 4, ...options });

const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

test('a causal block looks back alone, and the first frame stands for those before it', () => {
  manualSeed(1);
  const block = blockOf({
    convParams: { kernelSize: [4, 3, 3], dilation: [2, 1, 1] },
    normType: 'rms',
    actType: 'gelu',
  });
  const [past, future] = [randn([1, 2, 5, 6, 4]), randn([1, 2, 3, 6, 4])];
  const alone = block.forward(past);
  const followed = block.forward(cat([past, future], { dim: 2 }));
  expect(followed.shape).toEqual([1, 4, 8, 4, 2]);
  expect(distance(followed.narrow(2, 0, 5), alone)).toBeLessThan(1e-5); // another length, another order of sums
  const still = past.narrow(2, 0, 1);
  const repeated = block.forward(cat([still, still, still, past], { dim: 2 }));
  expect(distance(repeated.narrow(2, 3, 5), alone)).toBeLessThan(1e-5);
});

test.each([
  ['frequencies along the height', [2, 2, 6, 9, 1], [3, 3, 1], [2, 4, 6, 7, 1]],
  ['frequencies along the width', [2, 2, 6, 1, 9], [3, 1, 3], [2, 4, 6, 1, 7]],
  ['a single frame', [2, 2, 1, 5, 9], [3, 3, 3], [2, 4, 1, 3, 7]],
] as const)('a block takes %s', (_name, shape, kernelSize, expected) => {
  const block = blockOf({ convParams: { kernelSize, padding: [1, 0, 0] }, normType: 'grn', actType: 'silu' });
  expect(block.forward(randn(shape)).shape).toEqual(expected);
});

test('padding of one number leaves axes alone on which the kernel is 1', () => {
  const block = blockOf({ convParams: { kernelSize: [3, 1, 3], padding: 1 }, normType: null });
  expect(block.forward(randn([1, 2, 4, 5, 6])).shape).toEqual([1, 4, 4, 5, 6]);
});

test('ConvBlock.weight is the kernel with all that is done to it', () => {
  manualSeed(2);
  const kinds: readonly Given[] = [
    { convParams: { kernelSize: [2, 5, 5], aaSignal: true, useWeightNorm: true } },
    { convParams: { type: 'depthwise', kernelSize: [2, 3, 3], aaSignal: true, useWeightNorm: true } },
    { dim: 2, convParams: { type: 'stacked2d', kernelSize: 7, subKernelSize: 4 } },
    { dim: 2, convParams: { type: 'stacked2d', kernelSize: 5, groups: 2 } },
    { dim: 2, convParams: { type: 'windowed2d', kernelSize: [5, 3] } },
    { dim: 2, convParams: { type: 'separable_windowed2d', kernelSize: [5, 3], windowType: 'hamming' } },
  ];
  for (const kind of kinds) {
    const block = blockOf({
      ...kind,
      causal: false,
      normType: 'none',
      actType: 'none',
      convParams: { ...kind.convParams, bias: false },
    });
    const input = randn(block.dim === 2 ? [1, 2, 9, 8] : [1, 2, 3, 9, 8]);
    const once = (block.dim === 2 ? conv2d : conv3d)(input, block.weight);
    expect([kind, distance(once, block.forward(input)) < 1e-5]).toEqual([kind, true]);
  }
});

test('unit kernels stay of length 1 while they are trained, and are one parameter under two names', () => {
  const block = blockOf({ convParams: { kernelSize: 3, useWeightNorm: true, keepUnitNorm: true }, normType: 'none' });
  const at = 'components.conv.conv.parametrizations.weight';
  expect([...block.namedParameters()].filter(([, each]) => each.requiresGrad).map(([name]) => name)).toEqual([
    'components.conv.conv.bias',
    `${at}.original`,
  ]);
  const optimizer = new AdamW(
    block.parameters().filter((each) => each.requiresGrad),
    { lr: 0.1 },
  );
  const before = block.weight.detach().clone();
  for (let step = 0; step < 3; step++)
    scope(() => {
      optimizer.zeroGrad();
      block
        .forward(randn([1, 2, 3, 4, 5]))
        .square()
        .sum()
        .backward();
      optimizer.step();
    });
  expect(distance(before, block.weight)).toBeGreaterThan(0.01);
  expect(distance(block.weight.square().sum({ dim: [1, 2, 3, 4] }), ones([4]))).toBeLessThan(1e-6);
  const copy = block.deepCopy();
  noGrad(() => copy.getParameter(`${at}.original`).fill_(2));
  expect(copy.getParameter(`${at}.0.v`)).toBe(copy.getParameter(`${at}.original`));
  expect(distance(copy.weight, block.weight)).toBeGreaterThan(0.01);
});

test('of a file that keeps the kernel of the start, the trained one is loaded', () => {
  const block = blockOf({ convParams: { kernelSize: 3, useWeightNorm: true } });
  const state = block.stateDict();
  const at = 'components.conv.conv.parametrizations.weight';
  const trained = randn(state[`${at}.0.v`]!.shape);
  block.loadStateDict({ ...state, [`${at}.original`]: zeros(trained.shape), [`${at}.0.v`]: trained });
  expect(distance(block.getParameter(`${at}.0.v`), trained)).toBe(0);
});

test('a kernel of zeros stays one, with a gradient that is a number', () => {
  const block = blockOf({ convParams: { kernelSize: 3, useWeightNorm: true }, normType: null });
  const kernel = block.getParameter('components.conv.conv.parametrizations.weight.0.v') as Parameter;
  noGrad(() => kernel.zero_());
  block
    .forward(ones([1, 2, 3, 4, 5]))
    .sum()
    .backward();
  expect(block.weight.abs().max().item()).toBe(0);
  expect(kernel.grad!.isfinite().all().item()).toBe(1);
});

test.each(['rms', 'layer', 'grn', 'response'] as const)(
  'norm %s keeps half precision apart from its sums',
  (normType) => {
    const block = blockOf({ convParams: { kernelSize: 1 }, normType, actType: 'none' });
    const norm = block.components.get('norm');
    const large = randn([1, 4, 2, 5, 3]).mul(1000); // squares beyond float16
    const half = norm.forward(large.to('float16'));
    expect(half.dtype).toBe('float16');
    expect(distance(half.to('float32'), norm.forward(large)) / norm.forward(large).abs().max().item()).toBeLessThan(
      2e-3,
    );
    const mixed = autocast('cpu', () => block.forward(randn([1, 2, 2, 5, 3])), { dtype: 'bfloat16' });
    expect([mixed.dtype, mixed.isfinite().all().item()]).toEqual(['bfloat16', 1]);
  },
);

test('ConvBlock refuses input of other channels or axes', () => {
  const block = blockOf({ convParams: { kernelSize: 3 } });
  expect(() => block.forward(randn([1, 3, 3, 4, 5]))).toThrow(ShapeError);
  expect(() => block.forward(randn([2, 3, 4, 5]))).toThrow(
    'Cannot apply ConvBlock: expected [B, 2, T, H, W], got [2, 3, 4, 5]',
  );
});
