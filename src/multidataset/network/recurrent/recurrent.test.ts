// What the numbers against PyTorch (test/parity/multidataset-parts.test.ts) do not tell of recurrent parts: starts, refusals, clips without a width.
import { expect, test } from 'vitest';
import { ConfigError, ShapeError } from '../../../errors.ts';
import { eye } from '../../../tensor/create.ts';
import { randn } from '../../../tensor/index.ts';
import { ConvGRU, ConvGRUCell } from './conv-gru.ts';
import { ConvLSTM, ConvLSTMCell } from './conv-lstm.ts';
import { createRecurrent } from './create-recurrent.ts';
import { RecurrentWrapper } from './recurrent-wrapper.ts';

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test('ConvGRUCell starts with orthogonal weights and an update gate that is open', () => {
  const cell = new ConvGRUCell(3, 4, 3);
  for (const gate of [cell.update_gate, cell.reset_gate, cell.out_gate]) {
    const rows = gate.weight.detach().flatten({ startDim: 1 }); // [4, 63]
    expect(rows.matmul(rows.t()).allclose(eye(4), { atol: 1e-5 })).toBe(true);
  }
  expect(cell.update_gate.bias!.toArray()).toEqual([1, 1, 1, 1]);
  expect(cell.reset_gate.bias!.toArray()).toEqual([0, 0, 0, 0]);
  expect(cell.out_gate.bias!.toArray()).toEqual([0, 0, 0, 0]);
});

test("ConvLSTMCell starts with Xavier's uniform weights and no bias", () => {
  const { gates } = new ConvLSTMCell(3, 5, 3);
  const bound = Math.sqrt(6 / ((8 + 20) * 9)); // fan in 8 * 9, fan out 20 * 9
  const largest = gates.weight.abs().max().item() as number;
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.95 * bound);
  expect(gates.bias!.abs().max().item()).toBe(0);
});

test('a cell goes from state to state as the layer does', () => {
  const clip = randn([2, 3, 2, 4, 4]);
  const gru = new ConvGRU(3, { hiddenDim: 4 });
  const [cell] = [...gru.cells] as [ConvGRUCell];
  const second = cell.forward(clip.select(2, 1), cell.forward(clip.select(2, 0)));
  expect(gru.forward(clip).select(2, 1).allclose(second, { atol: 1e-6 })).toBe(true);
  const lstm = new ConvLSTM(3, { hiddenDim: 4 });
  const last = lstm.cell.forward(clip.select(2, 1), lstm.cell.forward(clip.select(2, 0)));
  expect(lstm.forward(clip).select(2, 1).allclose(last.hidden, { atol: 1e-6 })).toBe(true);
});

test('clips of one column pass', () => {
  for (const type of ['convgru', 'convlstm']) {
    const { module } = createRecurrent({ type, params: { hidden_dim: 4 } }, { inputDim: 2 });
    expect(module.forward(randn([1, 2, 5, 9, 1])).shape).toEqual([1, 4, 5, 9, 1]);
  }
});

test('createRecurrent() names every problem at its place, and takes null for what is not given', () => {
  const params = { hidden_dim: 0, kernel_size: 4, n_layer: 2, input_dim: 3 };
  expect(problemsOf(() => createRecurrent({ type: 'convgru', params }, { inputDim: 2 }))).toEqual([
    'recurrent.params.hidden_dim: expected an integer of at least 1, or a list of such, got 0',
    'recurrent.params.kernel_size: expected an odd integer above 0, or a list of such, got 4',
    expect.stringMatching(/^recurrent\.params\.n_layer: expected one of .*, got an unknown option$/),
    expect.stringMatching(/^recurrent\.params\.input_dim: expected one of .*, got an unknown option$/),
  ]);
  const uneven = { hidden_dim: [4, 2], n_layers: 3, fast_phase: 'yes' };
  expect(problemsOf(() => createRecurrent({ type: 'convgru', params: uneven }, { inputDim: 2 }))).toEqual([
    'recurrent.params.fast_phase: expected true or false, got "yes"',
    'recurrent.params.hidden_dim: expected 3 numbers, one a layer, got 2',
  ]);
  expect(createRecurrent({ type: 'convlstm', params: { hidden_dim: null } }, { inputDim: 2 }).outChannels).toBe(64);
  expect(problemsOf(() => new ConvLSTM(0, { kernelSize: 2 }))).toHaveLength(2);
  expect(problemsOf(() => createRecurrent({ type: 'gru', params: { dropout: 1 } }, { inputDim: 2 }))).toEqual([
    'recurrent.params.dropout: expected a number from 0 to below 1, got 1',
    'recurrent.params.picture_size: expected the height and width of what comes in, two integers above 0, got none',
  ]);
});

test('a clip of another shape is refused', () => {
  expect(() => new ConvGRU(3).forward(randn([2, 4, 5, 6, 6]))).toThrow(
    new ShapeError('Cannot apply ConvGRU: expected [B, 3, T, H, W], got [2, 4, 5, 6, 6]'),
  );
  expect(() => new ConvLSTM(3).forward(randn([2, 3, 6, 6]))).toThrow(ShapeError);
  const gru = new RecurrentWrapper('gru', 3, { pictureSize: [4, 5] });
  expect(() => gru.forward(randn([1, 3, 2, 5, 4]))).toThrow('expected [B, 3, T, 4, 5], got [1, 3, 2, 5, 4]');
});
