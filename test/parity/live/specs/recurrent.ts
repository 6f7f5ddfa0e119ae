// Recurrent layers and cells.
import type { Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

const recurrent =
  (kind: 'RNN' | 'LSTM' | 'GRU'): Spec['draw'] =>
  (d) => {
    const [input, hidden] = [d.size(5), d.size(5)];
    const numLayers = d.maybe([1, 2, 3], 0.6);
    const isBatchFirst = d.chance(0.4);
    const isBidirectional = d.chance(0.4);
    const projSize = kind === 'LSTM' && hidden > 1 && d.chance(0.25) ? d.int(1, hidden - 1) : undefined;
    const options: Drawn = {
      numLayers,
      bias: d.flag(0.3),
      batchFirst: isBatchFirst || undefined,
      dropout: (numLayers ?? 1) > 1 ? d.maybeFloat(0, 0.6, 0.4) : undefined,
      bidirectional: isBidirectional || undefined,
      projSize,
      nonlinearity: kind === 'RNN' ? d.maybe(['tanh', 'relu'], 0.5) : undefined,
    };
    const isBatched = d.chance(0.8);
    const [steps, batch] = [d.chance(0.03) ? 0 : d.int(1, 5), d.batch()];
    const lead = isBatched ? (isBatchFirst ? [batch, steps] : [steps, batch]) : [steps];
    const x = d.tensor([...lead, input]);
    const states = (numLayers ?? 1) * (isBidirectional ? 2 : 1);
    const state = (width: number): Value => d.tensor(isBatched ? [states, batch, width] : [states, width]);
    const inputs: Value[] = [x];
    if (d.chance(0.5)) inputs.push(kind === 'LSTM' ? [state(projSize ?? hidden), state(hidden)] : state(hidden));
    d.layer({ args: [input, hidden], options, inputs });
  };

const cell =
  (kind: 'RNN' | 'LSTM' | 'GRU'): Spec['draw'] =>
  (d) => {
    const [input, hidden] = [d.size(), d.size()];
    const lead = d.chance(0.2) ? [] : [d.batch()];
    const options = { bias: d.flag(0.3), nonlinearity: kind === 'RNN' ? d.maybe(['tanh', 'relu'], 0.5) : undefined };
    const state = (): Value => d.tensor([...lead, hidden]);
    const inputs: Value[] = [d.tensor([...lead, input])];
    if (d.chance(0.6)) inputs.push(kind === 'LSTM' ? [state(), state()] : state());
    d.layer({ args: [input, hidden], options, inputs });
  };

export const RECURRENTS: Specs = {
  'nn.RNN': recurrent('RNN'),
  'nn.LSTM': recurrent('LSTM'),
  'nn.GRU': recurrent('GRU'),
  'nn.RNNCell': cell('RNN'),
  'nn.LSTMCell': cell('LSTM'),
  'nn.GRUCell': cell('GRU'),
};
