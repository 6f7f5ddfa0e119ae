// What is wrong with the parts of a `ModularNetwork`, all at once.

import { show } from '../../metrics/options.ts';
import { Module } from '../../nn/index.ts';
import type { ModularNetworkParts } from './modular-network.ts';
import { Modulator, Readout } from './parts.ts';

const ONE_MODULE = ['frontend', 'convnet', 'recurrent'] as const;
const KNOWN = new Set([
  ...[
    'names',
    'adapters',
    'readouts',
    'modulator',
    'activation',
    'baseline',
    'spikeHistory',
    'inputChannels',
    'stimSize',
  ],
  ...ONE_MODULE,
]);

/** One line a problem. */
export function assemblyProblems(parts: ModularNetworkParts): string[] {
  if (typeof parts !== 'object' || parts === null) return [`parts: expected an object, got ${show(parts)}`];
  const { modulator, activation, inputChannels } = parts;
  const problems = Object.keys(parts)
    .filter((name) => !KNOWN.has(name))
    .map((name) => `${name}: expected one of ${[...KNOWN].join(', ')}, got an unknown part`);
  const expect = (name: string, value: unknown, isFit: boolean, wanted: string): void => {
    if (!isFit) problems.push(`${name}: expected ${wanted}, got ${show(value)}`);
  };
  for (const name of ONE_MODULE) expect(name, parts[name], parts[name] instanceof Module, 'a module');
  expect('modulator', modulator, modulator === undefined || modulator instanceof Modulator, 'a Modulator');
  expect('activation', activation, activation === undefined || activation instanceof Module, 'a module');
  const isCount = inputChannels === undefined || (Number.isSafeInteger(inputChannels) && inputChannels > 0);
  expect('inputChannels', inputChannels, isCount, 'an integer above 0');
  return [...problems, ...listProblems(parts), ...baselineProblems(parts.baseline)];
}

/** Lists have an entry for each data set. */
function listProblems({ names, adapters, readouts, spikeHistory }: ModularNetworkParts): string[] {
  const areNames = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!areNames || new Set(names).size !== names.length)
    return [`names: expected a list of names that differ, one of each data set, got ${show(names)}`];
  const lists = [
    ['adapters', adapters, Module, 'modules'],
    ['readouts', readouts, Readout, 'Readouts'],
    ...(spikeHistory === undefined ? [] : ([['spikeHistory', spikeHistory, Module, 'modules']] as const)),
  ] as const;
  return lists.flatMap(([name, list, kind, kinds]) =>
    Array.isArray(list) && list.length === names.length && list.every((each) => each instanceof kind)
      ? []
      : [`${name}: expected a list of ${names.length} ${kinds}, one of each data set, got ${show(list)}`],
  );
}

function baselineProblems(baseline: ModularNetworkParts['baseline']): string[] {
  if (baseline === undefined) return [];
  const { activation, initValue = 0 } = baseline;
  return [
    ...(activation === 'relu' || activation === 'softplus'
      ? []
      : [`baseline.activation: expected one of "relu", "softplus", got ${show(activation)}`]),
    ...(Number.isFinite(initValue) ? [] : [`baseline.initValue: expected a number, got ${show(initValue)}`]),
  ];
}
