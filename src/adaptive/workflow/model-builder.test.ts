// Models out of lists of layers: the two files that adaptiveneuralnetwork has of pictures, what a seed decides, and what is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as nn from '../../nn/index.ts';
import { manualSeed, rand, zeros } from '../../tensor/index.ts';
import { LayerRegistry } from './layer-registry.ts';
import { ModelBuilder } from './model-builder.ts';

const MLP = `name: two_hidden_layers
description: "rows to classes"
seed: 42
layers:
  - { type: linear, in_features: 784, out_features: 256 }
  - { type: relu }
  - { type: dropout, p: 0.3 }
  - { type: linear, in_features: 256, out_features: 128 }
  - { type: relu }
  - { type: dropout, p: 0.3 }
  - { type: linear, in_features: 128, out_features: 10 }
`;
const block = (input: number, output: number): string[] => [
  `- { type: conv2d, in_channels: ${input}, out_channels: ${output}, kernel_size: 3, padding: 1 }`,
  `- { type: batchnorm2d, num_features: ${output} }`,
  '- { type: relu }',
];
const POOL = '- { type: maxpool2d, kernel_size: 2, stride: 2 }';
const CNN = [
  ...['name: blocks', 'seed: 42', 'layers:', ...block(3, 32), POOL, ...block(32, 64), POOL, ...block(64, 128)],
  ...['- { type: adaptive_avgpool2d, output_size: [1, 1] }', '- { type: flatten, start_dim: 1 }'],
  '- { type: linear, in_features: 128, out_features: 10 }',
].join('\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-layers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('ModelBuilder', () => {
  test('builds the two-layer perceptron of a file: the layers that PyTorch would have, with the weights of their seed', async () => {
    const model = await new ModelBuilder().buildFromFile(file('mlp.yaml', MLP));
    manualSeed(42);
    const twin = new nn.Sequential(
      ...[new nn.Linear(784, 256), new nn.ReLU(), new nn.Dropout(0.3), new nn.Linear(256, 128), new nn.ReLU()],
      ...[new nn.Dropout(0.3), new nn.Linear(128, 10)],
    );
    expect(String(model)).toBe(String(twin));
    const input = rand([4, 784]);
    expect(model.eval().forward(input).toArray()).toEqual(twin.eval().forward(input).toArray());
    expect(Object.keys(model.stateDict())).toContain('3.weight');
  });

  test('builds the blocks of convolutions of a file, and the same of JSON', async () => {
    const model = await new ModelBuilder().buildFromFile(file('cnn.yaml', CNN));
    expect(model.forward(zeros([2, 3, 8, 8])).shape).toEqual([2, 10]);
    expect(model.parameters().reduce((sum, { numel }) => sum + numel, 0)).toBe(
      3 * 32 * 9 + 32 + 64 + 32 * 64 * 9 + 64 + 128 + 64 * 128 * 9 + 128 + 256 + 1290,
    );
    const text = JSON.stringify({ layers: [{ type: 'linear', inFeatures: 2, outFeatures: 1, bias: false }] });
    const line = await new ModelBuilder().buildFromFile(file('line.json', text));
    expect(String(line)).toBe('Linear(in_features=2, out_features=1, bias=False)');
  });

  test("a seed decides the weights and leaves the default generator alone; a model's own comes first", () => {
    const weightOf = (seed: number | undefined, own?: number): unknown => {
      const config = { layers: [{ type: 'linear', in_features: 2, out_features: 1 }] };
      const builder = new ModelBuilder(seed === undefined ? {} : { seed });
      const model = builder.buildFromConfig(own === undefined ? config : { ...config, seed: own });
      return model.parameters()[0]!.toArray();
    };
    manualSeed(3);
    const next = rand([2]).toArray();
    manualSeed(3);
    const seven = weightOf(7);
    expect(rand([2]).toArray()).toEqual(next);
    expect(weightOf(8, 7)).toEqual(seven);
    expect(weightOf(8)).not.toEqual(seven);
    expect(weightOf(undefined)).not.toEqual(weightOf(undefined));
  });

  test('containers and stacks have layers of their own', () => {
    const encoderLayer = { type: 'transformer_encoder_layer', d_model: 4, nhead: 2, dim_feedforward: 8 };
    const model = new ModelBuilder().buildFromConfig({
      layers: [
        { type: 'sequential', layers: [{ type: 'linear', in_features: 3, out_features: 4 }, { type: 'gelu' }] },
        { type: 'transformer_encoder', encoder_layer: encoderLayer, num_layers: 2 },
      ],
    });
    expect(model.forward(zeros([5, 2, 3])).shape).toEqual([5, 2, 4]);
  });

  test('says all that is wrong with a list of layers', () => {
    const layers = [
      { type: 'linea', in_features: 2 },
      { type: 'linear', in_features: 2 },
      { type: 'relu', slope: 1 },
      'relu',
      { type: 'sequential', layers: [{ type: 'dropout', p: 2 }] },
    ];
    expect(() => new ModelBuilder().buildFromConfig({ layers: layers as never, sed: 1 } as never)).toThrow(
      [
        'Cannot build a model: 6 problems',
        '  - sed: expected one of name, description, seed, layers, got an unknown key; did you mean seed?',
        '  - layers.0: expected a known layer, got an unknown one; did you mean linear?',
        '  - layers.1: expected outFeatures among its options, got none',
        '  - layers.2: expected options of { inplace }, got "slope"',
        '  - layers.3: expected an object with type, got "relu"',
        '  - layers.4.layers.0: ',
      ].join('\n'),
    );
    expect(() => new ModelBuilder().buildFromConfig({ layers: [] })).toThrow('expected a list of at least one layer');
  });

  test('a model of video is refused, with what there is instead', () => {
    for (const type of ['convlstm', 'video_transformer'])
      expect(() => new ModelBuilder().buildFromConfig({ layers: [{ type, hidden_dim: 256 }] })).toThrow(
        `layers.0: expected a layer, got "${type}"; models of video are not part of Sconce: conv3d and`,
      );
  });
});

describe('LayerRegistry', () => {
  test('every layer that it lists can be made', () => {
    const sizes = {
      ...{ in_features: 2, out_features: 2, in1_features: 2, in2_features: 2, in_channels: 2, out_channels: 2 },
      ...{ kernel_size: 1, output_size: 1, num_features: 2, normalized_shape: 2, num_groups: 1, num_channels: 2 },
      ...{ input_size: 2, hidden_size: 2, embed_dim: 2, num_heads: 1, d_model: 2, nhead: 1, dim: 1 },
    } as const;
    const registry = new LayerRegistry();
    const taken: Record<string, string[]> = {
      ...{ softmax: ['dim'], log_softmax: ['dim'], bilinear: ['in1_features', 'in2_features', 'out_features'] },
      ...{
        linear: ['in_features', 'out_features'],
        layernorm: ['normalized_shape'],
        groupnorm: ['num_groups', 'num_channels'],
      },
      ...{ multihead_attention: ['embed_dim', 'num_heads'] },
    };
    const namesOf = (name: string): string[] => {
      if (taken[name]) return taken[name];
      if (name.startsWith('conv')) return ['in_channels', 'out_channels', 'kernel_size'];
      if (name.startsWith('adaptive')) return ['output_size'];
      if (/^(max|avg)pool/.test(name)) return ['kernel_size'];
      if (/^(batch|instance)norm/.test(name)) return ['num_features'];
      if (/^(rnn|lstm|gru)$/.test(name)) return ['input_size', 'hidden_size'];
      return name.endsWith('coder_layer') ? ['d_model', 'nhead'] : [];
    };
    const whole = registry
      .listLayers()
      .filter((name) => !/^(transformer(_..coder)?|sequential|module_list)$/.test(name));
    for (const name of whole) {
      const options = Object.fromEntries(namesOf(name).map((key) => [key, sizes[key as keyof typeof sizes]]));
      expect(registry.create(name, options), name).toBeInstanceOf(nn.Module);
    }
    expect(whole.length).toBeGreaterThan(40);
  });

  test("takes a program's own layers, each name once, and lets them go", () => {
    const registry = new LayerRegistry().register('square', nn.Bilinear, ['in1Features', 'in2Features', 'outFeatures']);
    const square = registry.create('square', { in1_features: 1, in2_features: 2, out_features: 3 });
    expect(String(square)).toContain('in2_features=2');
    expect(() => registry.registerFactory('linear', () => new nn.Identity())).toThrow('got one that is taken');
    registry.unregister('square');
    expect([registry.hasLayer('square'), new LayerRegistry().hasLayer('linear')]).toEqual([false, true]);
    registry.registerFactory('none', () => undefined as never);
    expect(() => registry.create('none')).toThrow('expected a module of its maker, got none');
  });
});
