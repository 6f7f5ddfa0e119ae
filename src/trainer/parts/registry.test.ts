// Parts by name: what a registry refuses before it makes anything, how files may spell names and options, and what the library offers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Linear, Module } from '../../nn/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { scope } from '../../tensor/scope.ts';
import type { PredictionWriter } from '../callbacks/prediction-writer.ts';
import { Ranks } from '../ranks/ranks.ts';
import { temporaryFolder } from '../testing/tiny.ts';
import { libraryParts } from './library.ts';
import { defineParts, part, partKinds, Registry } from './registry.ts';
import { standardStep } from './standard-step.ts';

const standard = { loss: undefined, metrics: [], trainMetrics: [], input: undefined, target: undefined };

class Net extends Module {
  readonly line: Linear;
  readonly note: string;
  constructor(width: number, note: string) {
    super();
    this.line = new Linear(width, 1);
    this.note = note;
  }

  forward(x: Tensor): Tensor {
    return this.line.forward(x);
  }
}

const parts = defineParts({
  models: {
    'tiny-net': part({
      options: { inputWidth: Number, note: 'none', sizes: [1, 2], isDeep: false, anything: undefined },
      build: ({ inputWidth, note, sizes }) => new Net(inputWidth + sizes.length, note),
    }),
    free: (options) => new Net(Number(options.numInputs), ''),
  },
});
const registry = (): Registry => new Registry().add(libraryParts, 'Sconce').add(parts, './model.ts');
const problems = (kind: Parameters<Registry['check']>[0], spec: unknown): string[] =>
  registry()
    .check(kind, spec)
    .map(({ path, text }) => `${path.join('.')}: ${text}`);

describe('Registry', () => {
  test('PredictionWriter of a file writes what a run has: what the model gave in validations and tests', async () => {
    const path = join(temporaryFolder(), 'a.csv');
    const spec = { type: 'prediction-writer', path };
    const run = { folder: temporaryFolder(), addToReport: () => {} };
    const writer = (await registry().build('callback', spec, { model: new Net(1, ''), run })) as PredictionWriter;
    const step = standardStep({ ...standard, model: new Net(1, ''), loss: (output) => (output as Tensor).mean() });
    const context = { phase: 'validate', batchSize: 2, loaderName: 'held_out', clocks: {}, ranks: Ranks.alone };
    scope(() => {
      const output = step.validation!(undefined as never, [tensor([[1], [2]]), tensor([0, 0])] as never, 0, 0, 'val');
      writer.validationBatchEnd({ ...context, output } as never);
    });
    await writer.validationEnd(context as never, {} as never);
    expect(readFileSync(path, 'utf8')).toMatch(
      /^loader,sample,prediction(_0)?\nheld_out,0,[-.\d]+\nheld_out,1,[-.\d]+\n$/,
    );
    expect(problems('callback', { ...spec, of: 'predict' })).toEqual([
      'of: expected "validate" or "test" in a file, got "predict"',
    ]);
  });

  test('makes a part with its defaults, and takes names and options in several spellings', async () => {
    const model = (await registry().build('model', { type: 'TinyNet', input_width: 3, sizes: [5] }, {})) as Net;
    expect([model.line.inFeatures, model.note]).toEqual([4, 'none']);
    const other = (await registry().build('model', { type: 'tiny_net', inputWidth: 1, note: 'x' }, {})) as Net;
    expect([other.line.inFeatures, other.note]).toEqual([3, 'x']);
    const free = (await registry().build('model', { type: 'free', num_inputs: 2 }, {})) as Net;
    expect(free.line.inFeatures).toBe(2);
  });

  test('finds every problem of a part at once, with its place', () => {
    expect(problems('model', { type: 'tiny-net', note: 3, isDeep: 'yes', sizes: 1, widht: 2 })).toEqual([
      'note: expected a text, got 3',
      'isDeep: expected true or false, got "yes"',
      'sizes: expected a list, got 1',
      'widht: expected one of inputWidth, note, sizes, isDeep, anything, got an unknown key',
      ': expected inputWidth, a number, got none',
    ]);
    expect(problems('model', { type: 'tiny-net', inputWidth: 1, input_width: 2 })).toEqual([
      'inputWidth: expected one spelling, got input_width too',
    ]);
    expect(problems('model', 3)).toEqual([': expected a name, or an object with type, got 3']);
    expect(problems('model', {})).toEqual([': expected a name, or an object with type, got an object']);
    expect(problems('model', { 'type:net': null, 'width:3': null })).toEqual([
      ': expected a name, or an object with type, got an object with the key "type:net"; write "type: net"',
    ]);
  });

  test('names the nearest for an unknown name', () => {
    expect(problems('model', { type: 'tinynett' })).toEqual([
      'type: expected one of tiny-net, free, got "tinynett"; did you mean tiny-net?',
    ]);
    expect(problems('loss', 'hubber')).toEqual([
      expect.stringMatching(/^: expected one of Huber, .* or \d+ others, got "hubber"; did you mean Huber\?$/),
    ]);
    expect(problems('step', 'mine')).toEqual([': expected a step of a module, got "mine"; name the module in modules']);
  });

  test('finds what is wrong with the options of library parts by trying them', () => {
    expect(problems('loss', { type: 'cross-entropy', reduction: 'meen' })[0]).toMatch(
      /^reduction: expected .*got .*meen/,
    );
    expect(problems('transform', { type: 'Normalize', mean: [0.5] })[0]).toMatch(/std/);
    expect(problems('metric', { type: 'accuracy', task: 'multiclass', num_classes: 3, top_k: 2 })).toEqual([]);
    for (const name of ['retrieval-recall', 'r2-score', 'mean_squared_error'])
      expect(problems('metric', name)).toEqual([]);
    expect(problems('metric', { type: 'F1Score', task: 'multiclass' })[0]).toMatch(/numClasses: expected an integer/);
  });

  test('refuses names that are taken and what is no part, all of them', () => {
    const bad = { models: { tinynet: () => new Net(1, ''), x: 3 }, model: {}, losses: { MSE: () => () => undefined } };
    expect(() => registry().add(bad as never, './b.ts')).toThrow(
      [
        'Cannot use the parts of "./b.ts": 4 problems',
        '  - models.tinynet: expected a name that is free, got one that ./model.ts has, "tiny-net"',
        '  - models.x: expected a function or part({ … }), got 3',
        '  - model: expected one of models, datasets, losses, optimizers, schedulers, callbacks, metrics, steps, transforms, collates, got an unknown key',
        '  - losses.MSE: expected a name that is free, got one that Sconce has, "MSE"',
      ].join('\n'),
    );
    expect(() => registry().add(undefined as never, './b.ts')).toThrow(
      /expected defineParts\(\{ … \}\) as its default export, got none/,
    );
    expect(() => registry().register('model', 'Tiny_Net', () => new Net(1, ''))).toThrow(
      'Cannot register model "Tiny_Net" of a program: expected a name that is free, got one that ./model.ts has, "tiny-net"',
    );
  });

  test('names part and options where a builder is asked for wrong ones', async () => {
    await expect(registry().build('model', { type: 'tiny-net', note: 1 }, {})).rejects.toThrow(
      /^Cannot make model "tiny-net": 2 problems\n {2}- note: expected a text, got 1\n {2}- expected inputWidth, a number, got none$/,
    );
  });
});

describe('libraryParts', () => {
  test('make what they are called', async () => {
    const whole = registry();
    for (const kind of partKinds)
      if (!['model', 'optimizer', 'scheduler', 'step'].includes(kind))
        expect(whole.names(kind).length, kind).toBeGreaterThan(0);
    for (const name of whole.names('loss')) expect(whole.check('loss', name), name).toEqual([]);
  });
});
