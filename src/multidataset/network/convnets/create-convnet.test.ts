import { expect, test } from 'vitest';
import { ConfigError } from '../../../errors.ts';
import type { UnaryModule } from '../../../nn/index.ts';
import { manualSeed, noGrad, randn } from '../../../tensor/index.ts';
import { createConvnet } from './create-convnet.ts';
import type { VanillaCNN } from './vanilla-cnn.ts';

const problemsOf = (type: string, params: Readonly<Record<string, unknown>>): readonly string[] => {
  try {
    createConvnet({ type, params }, { inChannels: 4 });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

/** As the published configuration learned_resnet_concat_convgru_gaussian has it, with fewer channels. */
const published = {
  channels: [6, 8],
  checkpointing: false,
  stem_config: {
    out_channels: 2,
    conv_params: {
      type: 'standard',
      kernel_size: [1, 7, 7],
      padding: [0, 0, 0],
      stride: 1,
      dilation: [1, 1, 1],
      aa_signal: true,
      weight_norm_dim: 0,
      use_weight_norm: true,
      keep_unit_norm: true,
    },
    norm_type: 'rms',
    act_type: 'splitrelu',
    pool_params: null,
    dropout: 0.0,
    order: ['pad', 'conv', 'norm', 'act'],
  },
  block_configs: [
    {
      conv_params: {
        type: 'standard',
        kernel_size: [3, 9, 9],
        aa_signal: true,
        aa_window: 'hann',
        aa_window_kwargs: { power: 1.0 },
        use_weight_norm: true,
        keep_unit_norm: true,
        padding: [0, 0, 0],
      },
      norm_type: 'grn',
      act_type: 'splitrelu',
      dropout: 0.0,
      pool_params: { type: 'max', kernel_size: 2, stride: 2 },
    },
    {
      conv_params: {
        type: 'standard',
        kernel_size: [3, 5, 5],
        use_weight_norm: true,
        keep_unit_norm: true,
        aa_signal: true,
        padding: [0, 0, 0],
      },
      norm_type: 'grn',
      act_type: 'splitrelu',
      dropout: 0.0,
      pool_params: null,
    },
  ],
};

test('createConvnet() builds a published configuration, for pictures that are not square', () => {
  const { module, outChannels } = createConvnet({ type: 'ResNet', params: published }, { inChannels: 4 });
  const core = module as UnaryModule;
  expect(outChannels).toBe(16);
  // 7, then 9 and a pool, then 5: (40 - 6 - 8) / 2 - 4, and in time a pool by 2.
  expect(core.forward(randn([2, 4, 8, 40, 33])).shape).toEqual([2, 16, 4, 9, 5]);
  expect(Object.keys(core.stateDict()).filter((key) => key.startsWith('layers.1.'))).toEqual([
    'layers.1.main_block.components.conv.conv.parametrizations.weight.original',
    'layers.1.main_block.components.conv.conv.parametrizations.weight.0.v',
    'layers.1.main_block.components.conv.conv.parametrizations.weight.0.g',
    'layers.1.main_block.components.norm.gamma',
    'layers.1.main_block.components.norm.beta',
    'layers.1.main_block.components.norm.offset',
    'layers.1.main_block.components.act.ongain',
    'layers.1.shortcut.weight',
  ]);
});

test('createConvnet() keeps the channels of none', () => {
  const { module, outChannels } = createConvnet({ type: 'none' }, { inChannels: 3 });
  const input = randn([1, 3, 2, 2, 2]);
  expect(outChannels).toBe(3);
  expect((module as UnaryModule).forward(input)).toBe(input);
});

test('a core that keeps nothing of its blocks gives the same gradients', () => {
  manualSeed(1);
  const params = {
    channels: [3, 4],
    block_config: { conv_params: { kernel_size: 3 }, dropout: 0.3, act_type: 'gelu' },
  };
  const gradients = [false, true].map((checkpointing) => {
    manualSeed(2);
    const { module } = createConvnet({ type: 'resnet', params: { ...params, checkpointing } }, { inChannels: 1 });
    manualSeed(3);
    (module as UnaryModule)
      .forward(randn([2, 1, 4, 9, 7]))
      .square()
      .sum()
      .backward();
    return module.parameters().map((parameter) => parameter.grad!.toArray());
  });
  expect(gradients[1]).toEqual(gradients[0]);
});

test('checkpointing runs layers again in backward, in training alone', () => {
  const params = {
    channels: [2],
    stem_config: { out_channels: 2, conv_params: { kernel_size: 1 } },
    block_config: { conv_params: { kernel_size: 3 } },
  };
  for (const [type, checkpointing, wanted] of [
    ['vanilla', true, 4],
    ['resnet', true, 4],
    ['densenet', true, 4],
    ['densenet', false, 2],
  ] as const) {
    const core = createConvnet({ type, params: { ...params, checkpointing } }, { inChannels: 1 }).module as VanillaCNN;
    let count = 0;
    for (const layer of [core.stem!, ...core.layers]) layer.registerForwardPreHook(() => void count++);
    const run = (): void =>
      core
        .forward(randn([2, 1, 4, 5, 6]))
        .sum()
        .backward();
    run();
    expect([type, checkpointing, count]).toEqual([type, checkpointing, wanted]);
    core.eval();
    run();
    expect(count).toBe(wanted + 2);
  }
});

test('a shortcut goes along with a pool that leaves time alone, and with one that says no stride', () => {
  const conv_params = { kernel_size: 3, padding: 1 };
  const pools = [
    { type: 'aablur', r: 2 },
    { type: 'max', kernel_size: [1, 2, 2] },
  ];
  const block_configs = pools.map((pool_params) => ({ conv_params, pool_params }));
  const { module } = createConvnet({ type: 'resnet', params: { channels: [2, 4], block_configs } }, { inChannels: 1 });
  expect((module as UnaryModule).forward(randn([2, 1, 5, 16, 12])).shape).toEqual([2, 4, 5, 4, 3]);
});

test('a shortcut is cut to the middle of time beside a block that looks both ways, and to its end beside one that looks back', () => {
  const input = randn([1, 1, 5, 1, 1]);
  for (const [causal, frames] of [
    [false, [1, 2, 3]],
    [true, [0, 1, 2, 3, 4]],
  ] as const) {
    const params = {
      channels: [1],
      block_config: { causal, conv_params: { kernel_size: [3, 1, 1] }, norm_type: 'none' },
    };
    const { module } = createConvnet({ type: 'resnet', params }, { inChannels: 1 });
    noGrad(() => module.parameters().forEach((parameter) => void parameter.zero_()));
    expect((module as UnaryModule).forward(input).flatten().toArray()).toEqual(
      frames.map((frame) => input.flatten().select(0, frame).item()),
    );
  }
});

test.each(['vanilla', 'resnet', 'densenet', 'x3d'])('%s takes a spectrogram along either axis', (type) => {
  for (const [shape, kernel_size] of [
    [
      [2, 1, 7, 12, 1],
      [3, 5, 1],
    ],
    [
      [2, 1, 7, 1, 12],
      [3, 1, 5],
    ],
  ] as const) {
    const block_config = { conv_params: { kernel_size, padding: [0, 2, 2] }, norm_type: 'grn', act_type: 'silu' };
    const params = type === 'x3d' ? { channels: [3] } : { channels: [2, 3], block_config };
    const { module, outChannels } = createConvnet({ type, params }, { inChannels: 1 });
    expect((module as UnaryModule).forward(randn(shape)).shape).toEqual([2, outChannels, ...shape.slice(2)]);
  }
});

test('createConvnet() says everything that is wrong at once, as the file spells it', () => {
  expect(
    problemsOf('resnet', {
      channels: [8, 0],
      checkpointing: 'yes',
      block_config: {
        conv_params: { kernel_size: [3, 3], aa_windw: 'hann', groups: 3 },
        norm_type: 'grm',
        norm_params: { eps: 0 },
        dropout: 2,
        order: ['conv', 'conv'],
      },
      in_channels: 3,
    }),
  ).toMatchInlineSnapshot(`
    [
      "convnet.params.in_channels: expected none, since the parts before say how many come, got one",
      "convnet.params.checkpointing: expected true or false, got "yes"",
      "convnet.params.channels: expected a list of integers of at least 1, got [8, 0]",
      "convnet.params.block_config.order: expected a list of pad, conv, norm, act, dropout, pool, each once at most, with conv, got ["conv", "conv"]",
      "convnet.params.block_config.norm_type: expected one of none, batch, instance, layer, rms, group, grn, response, got "grm"",
      "convnet.params.block_config.dropout: expected a number from 0 to 1, got 2",
      "convnet.params.block_config.conv_params.kernel_size: expected an integer of at least 1, or 3 of them, got [3, 3]",
      "convnet.params.block_config.conv_params.groups: expected a divisor of 4 and 8 channels, got 3",
      "convnet.params.block_config.norm_params.eps: expected a number above 0, got 0",
      "convnet.params.block_config.conv_params.groups: expected a divisor of 8 and 1 channels, got 3",
      "convnet.params.block_config.conv_params.aa_windw: expected a known key, got an unknown key; did you mean aa_window?",
    ]
  `);
});
