// Blocks and cores against their formulas, computed in Python (test/fixtures/multidataset/cores.py): names of the state, values and gradients, in double and in single precision.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { UnaryModule } from '../../nn/index.ts';
import { load } from '../../serial/tensors.ts';
import { arange, scope, type Tensor } from '../../tensor/index.ts';
import { DenseNet } from './convnets/densenet.ts';
import { ResNet } from './convnets/resnet.ts';
import { VanillaCNN } from './convnets/vanilla-cnn.ts';
import { X3DNet } from './convnets/x3d.ts';
import { readWindow, type WindowName } from './layers/anti-alias-window.ts';
import { ConvBlock } from './layers/conv-block.ts';
import { SettingsReader } from './settings-reader.ts';

interface Case {
  readonly kind: string;
  readonly options: string;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly input: Tensor;
  readonly output: Tensor;
  readonly gradients: Readonly<Record<string, Tensor>>;
  readonly input_gradient: Tensor;
}
interface Recorded {
  readonly cases: Readonly<Record<string, Case>>;
  readonly windows: readonly { readonly name: WindowName; readonly kwargs: string; readonly values: Tensor }[];
}

const file = fileURLToPath(new URL('../../../test/fixtures/multidataset/cores.pt', import.meta.url));
const { cases, windows } = (await load(file)) as unknown as Recorded;
const classes = { ConvBlock, VanillaCNN, ResNet, DenseNet, X3DNet } as unknown as Readonly<
  Record<string, new (options: object) => UnaryModule & { readonly outChannels: number }>
>;

/** The largest difference, over the largest value or 1. */
function difference(actual: Tensor, expected: Tensor): number {
  expect(actual.shape).toEqual(expected.shape);
  const largest = Math.max(expected.abs().max().item(), 1);
  return actual.to('float64').sub(expected).abs().max().item() / largest;
}

describe.each(Object.entries(cases))('%s', (_name, { kind, options, state, input, output, ...expected }) => {
  test.each([
    ['float64', 1e-12],
    ['float32', 2e-4],
  ] as const)('in %s', (dtype, tolerance) =>
    scope(() => {
      const module = new classes[kind]!(JSON.parse(options) as object);
      expect(Object.keys(module.stateDict()).sort()).toEqual(Object.keys(state).sort());
      module.to(dtype);
      module.loadStateDict(state);
      const x = input.to(dtype).detach().requiresGrad_();
      const result = module.forward(x);
      expect(result.dtype).toBe(dtype);
      expect(module.outChannels).toBe(output.size(1));
      expect(difference(result.detach(), output)).toBeLessThan(tolerance);
      const cotangent = arange(result.numel, { dtype: 'float64' }).mul(0.37).add(0.5).sin().reshape(result.shape);
      result.backward(cotangent.to(dtype));
      expect(difference(x.grad!, expected.input_gradient)).toBeLessThan(tolerance);
      const trained = Object.fromEntries(
        [...module.namedParameters()].filter(([, parameter]) => parameter.requiresGrad),
      );
      expect(Object.keys(trained).sort()).toEqual(
        Object.keys(expected.gradients)
          .filter((name) => name in trained || !name.endsWith('.v'))
          .sort(),
      );
      for (const [name, parameter] of Object.entries(trained))
        expect([name, difference(parameter.grad!, expected.gradients[name]!) < tolerance]).toEqual([name, true]);
    }),
  );
});

test('windows have the values of torch.signal.windows, their largest 1', () => {
  for (const { name, kwargs, values } of windows) {
    const windowOf = readWindow(name, new SettingsReader(JSON.parse(kwargs)));
    const actual = windowOf(values.numel);
    const expected = Array.from(values.toTypedArray(), Number);
    const largest = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
    expect([name, kwargs, largest < 1e-14]).toEqual([name, kwargs, true]);
  }
});
