// What is said of a recording on a GPU; of others test/cli/capture.test.ts.
import { expect, test } from 'vitest';
import { capture, ones, readAnew, scope, type Tensor } from '../../tensor/index.ts';
import { describeCapture } from './capture-table.ts';

test('describeCapture() counts the CUDA graphs of a step on a GPU, or says why there are none', () => {
  const step = capture((x: Tensor) => {
    const product = x.mm(x).tanh();
    const [alpha] = readAnew(() => [2]);
    return product.add(x, { alpha }).exp().mm(x);
  });
  for (let i = 0; i < 4; i++) scope(() => void step(ones([2, 2])));
  const explanation = step.explain()!;
  const described = (changes: object): string =>
    describeCapture([{ name: 'the step', status: step.status, explanation: { ...explanation, ...changes } }], false);
  expect(described({})).not.toContain('CUDA');
  expect(described({ device: 'cuda:0' })).toContain(
    'CUDA graphs on cuda:0: 2, and 1 operators that are called between them',
  );
  expect(described({ device: 'cuda:0', graphRefusal: 'it waits' })).toContain(
    'called one by one on cuda:0, and not as CUDA graphs: it waits',
  );
  step.dispose();
});
