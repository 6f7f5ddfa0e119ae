import { expect, test } from 'vitest';
import { ConfigError } from '../../../errors.ts';
import { DenseNet } from '../convnets/densenet.ts';
import { ResNet } from '../convnets/resnet.ts';
import { VanillaCNN } from '../convnets/vanilla-cnn.ts';
import { X3DNet } from '../convnets/x3d.ts';
import { ConvBlock, type ConvBlockOptions } from './conv-block.ts';

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const given = { inChannels: 2, outChannels: 4, convParams: { kernelSize: 3 } };
const ofBlock = (options: object): readonly string[] =>
  problemsOf(() => new ConvBlock({ ...given, ...options } as ConvBlockOptions));

const ORDER = 'order: expected a list of pad, conv, norm, act, dropout, pool, each once at most, with conv, got';

const refused: readonly (readonly [name: string, options: object, ...problems: string[]])[] = [
  [
    'channels and axes',
    { inChannels: 0, outChannels: 1.5, dim: 4 },
    'inChannels: expected an integer of at least 1, got 0',
    'outChannels: expected an integer of at least 1, got 1.5',
    'dim: expected an integer from 2 to 3, got 4',
  ],
  ['no kernel', { convParams: {} }, 'convParams.kernelSize: expected an integer of at least 1, or 3 of them, got none'],
  [
    'no convolution',
    { convParams: 3 },
    'convParams: expected an object, got 3',
    'convParams.kernelSize: expected an integer of at least 1, or 3 of them, got none',
  ],
  [
    'a type of convolution',
    { convParams: { type: 'wavelet', kernel: 3 } },
    'convParams.type: expected one of standard, depthwise, stacked2d, windowed2d, separable_windowed2d, got "wavelet"',
  ],
  [
    'a flat convolution of volumes',
    { convParams: { type: 'windowed2d', kernelSize: 3 } },
    'convParams.type: expected a type for dim 3 (standard, depthwise), got "windowed2d"',
  ],
  [
    'a stack that gives another size',
    { dim: 2, convParams: { type: 'stacked2d', kernelSize: 6 } },
    'convParams.kernelSize: expected a square that kernels of 3 make together (3, 5, 7 and so on), got 6',
  ],
  [
    'a window of zeros',
    { dim: 2, convParams: { type: 'windowed2d', kernelSize: [2, 3] } },
    'convParams.windowType: expected a window of 2 points that are not all 0, got hann',
  ],
  [
    'a setting of another window',
    { convParams: { kernelSize: 3, aaWindow: 'hann', aaWindowKwargs: { std: 2 } } },
    'convParams.aaWindowKwargs.std: expected one of power, sym, got an unknown key; did you mean sym?',
  ],
  [
    'a window without weights',
    { convParams: { kernelSize: 3, aaWindow: 'general_cosine' } },
    'convParams.aaWindowKwargs.a: expected a list of numbers, got none',
  ],
  [
    'lengths that are fixed and not there',
    { convParams: { kernelSize: 3, keepUnitNorm: true, weightNormDim: 5 } },
    'convParams.weightNormDim: expected an integer from 0 to 4, got 5',
    'convParams.keepUnitNorm: expected useWeightNorm: true beside it, got true alone',
  ],
  [
    'groups',
    { convParams: { kernelSize: 3, groups: 3 }, normType: 'group', normParams: { numGroups: 3 } },
    'convParams.groups: expected a divisor of 2 and 4 channels, got 3',
    'normParams.numGroups: expected a divisor of 4 channels, got 3',
  ],
  [
    'a setting of another norm',
    { normType: 'grn', normParams: { affine: true } },
    'normParams.affine: expected one of eps, offset, learnableOffset, got an unknown key',
  ],
  [
    'axes of a norm',
    { normType: 'rms', normParams: { targetDim: [1, 5] } },
    'normParams.targetDim: expected axes from 0 to 4, got [1, 5]',
  ],
  [
    'settings of no norm',
    { normType: null, normParams: { eps: 1 } },
    'normParams.eps: expected no settings here, got one',
  ],
  [
    'an activation',
    { actType: 'reul' },
    'actType: expected one of none, relu, leakyrelu, gelu, sigmoid, tanh, silu, swish, mish, softplus, bsoftplus, identity, square, splitrelu, elu, selu, celu, relu6, rrelu, prelu, hardtanh, hardswish, hardsigmoid, hardshrink, softshrink, logsigmoid, softsign, tanhshrink, got "reul"',
  ],
  [
    'a range of an activation',
    { actType: 'bsoftplus', actParams: { betaMin: 2, betaMax: 1 } },
    'actParams.betaMax: expected a number of at least 2, got 1',
  ],
  ['an order', { order: ['norm', 'act'] }, `${ORDER} ["norm", "act"]`],
  [
    'what the order leaves out',
    { order: ['conv'], dropout: 0.5, normType: 'rms', poolParams: { type: 'max', kernelSize: 2 } },
    'normType: expected "norm" in the order beside it, got "rms"',
    'dropout: expected "dropout" in the order beside it, got 0.5',
    'poolParams: expected "pool" in the order beside it, got an object',
  ],
  [
    'a pool',
    { poolParams: { type: 'min', kernelSize: 2 } },
    'poolParams.type: expected one of none, max, avg, adaptivemax, adaptiveavg, aablur, se_pool, locatt, learned, got "min"',
  ],
  [
    'a padding of a pool',
    { poolParams: { type: 'avg', kernelSize: 2, padding: 2 } },
    'poolParams.padding: expected at most half of kernelSize, got 2',
  ],
  [
    'a pool of volumes',
    { dim: 2, poolParams: { type: 'aablur', channels: 3 } },
    'poolParams.type: expected a pool for dim 2, got "aablur"',
    'poolParams.channels: expected the 4 that there are here, or none, got 3',
    'poolParams.r: expected at most the 4 channels, got 8',
  ],
  [
    'windows of an attention',
    { poolParams: { type: 'locatt', spatialKernel: 2 } },
    'poolParams.spatialKernel: expected an odd integer, got 2',
    'poolParams.chanWindow: expected a divisor of 4 channels, got 3',
  ],
  [
    'a block in a pool',
    { poolParams: { type: 'learned', inChannels: 8, stride: 0 } },
    'poolParams.inChannels: expected the 4 that there are here, or none, got 8',
    'poolParams.convParams.stride: expected an integer of at least 1, or 3 of them, got 0',
  ],
];

test.each(refused.map(([name, options, ...problems]) => [name, options, problems] as const))(
  'ConvBlock refuses %s',
  (_name, options, problems) => {
    expect(ofBlock(options)).toEqual(problems);
  },
);

const core = { inChannels: 4, channels: [2, 8] };
const blockConfig = { convParams: { kernelSize: 3 } } as const;

test('cores refuse blocks that do not go with their channels', () => {
  expect(problemsOf(() => new VanillaCNN({ ...core }))).toEqual([
    'blockConfigs: expected either it, a list with one for each block, or blockConfig for all, got none',
  ]);
  expect(problemsOf(() => new DenseNet({ ...core, blockConfig, blockConfigs: [blockConfig] }))).toEqual([
    'blockConfigs: expected either it, a list with one for each block, or blockConfig for all, got both',
    'blockConfigs: expected one for each of the 2 channels, got 1',
  ]);
  expect(
    problemsOf(() => new VanillaCNN({ ...core, channels: [], blockConfigs: 'x' as never, stemConfig: {} as never })),
  ).toEqual([
    'channels: expected a list of integers of at least 1, got []',
    'stemConfig.outChannels: expected an integer of at least 1, got none',
    'stemConfig.convParams.kernelSize: expected an integer of at least 1, or 3 of them, got none',
    'blockConfigs: expected a list of objects, got "x"',
  ]);
});

test('ResNet refuses shortcuts that cannot be made', () => {
  const pooled = { ...blockConfig, poolParams: { type: 'adaptiveavg', kernelSize: 1 } } as const;
  expect(
    problemsOf(
      () =>
        new ResNet({
          ...core,
          blockConfigs: [pooled, blockConfig],
          resnetShortcutProjection: false,
          resnetPostAddActivation: 'splitrelu',
        }),
    ),
  ).toEqual([
    'blockConfigs[0].poolParams.type: expected a pool beside whose stride a shortcut can be set, got one with an output size',
    'resnetShortcutProjection: expected true where a block gives fewer channels than its 4, got false',
    'resnetPostAddActivation: expected one that keeps the channels, got "splitrelu"',
  ]);
});

test('X3DNet refuses stages that do not fit', () => {
  expect(
    problemsOf(
      () =>
        new X3DNet({
          ...core,
          dim: 2 as 3,
          depth: [1, 2, 3],
          tKernel: 4,
          attention: 'se',
          attentionStage: 2,
          actType: 'splitrelu',
          stochasticDepth: -1,
        }),
    ),
  ).toEqual([
    'dim: expected 3, since its blocks take time and space apart, got 2',
    'depth: expected an integer of at least 1, or one for each of the 2 channels, got [1, 2, 3]',
    'tKernel: expected an odd integer, got 4',
    'actType: expected one that keeps the channels, got "splitrelu"',
    'stochasticDepth: expected a number from 0 to 1, got -1',
    'attentionStage: expected an integer from -1 to 1, got 2',
  ]);
});
