// Sequences of calls that no schema describes: scopes, owners, gradients set by hand, shared memory, generators.

import * as torch from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import type { Random } from './random.ts';

type Scenario = (random: Random) => unknown;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  functionsOfTheAddon,
};

function functionsOfTheAddon(_random: Random): unknown {
  return getNative().liveTensors() + torch.ones([1]).numel;
}

export function runScenario(name: string, random: Random): unknown {
  return SCENARIOS[name]!(random);
}
