import { expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { type ComponentMaker, makeComponent } from './component.ts';

const makers: Readonly<Record<string, ComponentMaker<unknown>>> = {
  none: () => 'nothing',
  gru: (options: object) => {
    if ('hiddenDim' in options) return options;
    throw new ConfigError('make a ConvGRU', ['hiddenDim: expected an integer above 0, got none']);
  },
};

const problemsOf = (config: unknown): readonly string[] => {
  try {
    makeComponent('recurrent', config, makers);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test('a part is made by its type, its parameters in camelCase through all levels', () => {
  const config = { type: 'GRU', params: { hidden_dim: 4, inner_params: [{ kernel_size: 3 }] } };
  expect(makeComponent('recurrent', config, makers)).toEqual({ hiddenDim: 4, innerParams: [{ kernelSize: 3 }] });
  expect(makeComponent('recurrent', { type: 'none' }, makers)).toBe('nothing');
});

test('what is wrong is said with the place in the file, in the spelling of the file', () => {
  expect(problemsOf({ type: 'gro', parms: {} })).toEqual([
    'recurrent.parms: expected one of type, params, got an unknown key; did you mean params?',
    'recurrent.type: expected one of none, gru, got "gro"',
  ]);
  expect(problemsOf('gru')).toEqual(['recurrent: expected { type, params }, got "gru"']);
  expect(problemsOf({ type: 'gru', params: 3 })).toEqual(['recurrent.params: expected an object, got 3']);
  expect(problemsOf({ type: 'gru', params: { hidden: 3 } })).toEqual([
    'recurrent.params.hidden_dim: expected an integer above 0, got none',
  ]);
});
