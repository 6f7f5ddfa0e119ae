// Generators' states in the middle of a stream, exchanged with Python: either side goes on where the other stood, and ends where the other ends.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  empty,
  full,
  Generator,
  libtorchVersion,
  ones,
  poisson,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
} from '../../src/index.ts';
import { findPythonTorch } from './python.ts';

/** What PyTorch makes of the same names is in generator_peer.py. */
const DRAWS: Readonly<Record<string, (generator: Generator) => Tensor>> = {
  rand: (generator) => rand([7], { generator }),
  'rand float64': (generator) => rand([7], { generator, dtype: 'float64' }),
  randn: (generator) => randn([5], { generator }),
  'randn of 20': (generator) => randn([20], { generator }),
  'randn float64': (generator) => randn([3], { generator, dtype: 'float64' }),
  randint: (generator) => randint(0, 1000, [9], { generator }),
  'randint beyond 2^32': (generator) => randint(0, 2 ** 40, [9], { generator }),
  randperm: (generator) => randperm(30, { generator }),
  normal_: (generator) => empty([3]).normal_({ mean: 1, std: 2, generator }),
  uniform_: (generator) => empty([9]).uniform_({ from: -1, to: 1, generator }),
  bernoulli: (generator) => full([40], 0.3).bernoulli({ generator }),
  bernoulli_: (generator) => empty([40]).bernoulli_({ p: 0.6, generator }),
  exponential_: (generator) => empty([9]).exponential_({ lambd: 2, generator }),
  geometric_: (generator) => empty([9]).geometric_(0.4, { generator }),
  logNormal_: (generator) => empty([9]).logNormal_({ mean: 0.5, std: 0.25, generator }),
  cauchy_: (generator) => empty([9]).cauchy_({ generator }),
  random_: (generator) => empty([9]).random_({ generator }),
  multinomial: (generator) => ones([6]).multinomial(4, { generator }),
  poisson: (generator) => poisson(full([9], 3), { generator }),
};

interface Stretch {
  readonly before: string;
  readonly drawn: string;
  readonly after: string;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Our state in the middle of a stream of this kind, with half of a pair of normal numbers used. */
function standing(draw: (generator: Generator) => Tensor): Generator {
  const generator = new Generator(11);
  randn([1], { generator });
  draw(generator);
  return generator;
}

const python = findPythonTorch({ oldest: 2 });
const isSame = !('missing' in python) && python.torchVersion.startsWith(libtorchVersion());
const reason =
  'missing' in python
    ? python.missing
    : isSame
      ? undefined
      : `expected torch ${libtorchVersion()}, got ${python.torchVersion}`;
if (reason !== undefined) console.log(`skipped, generators against Python: ${reason}`);

describe.runIf(reason === undefined)('states of generators, exchanged with Python', () => {
  const states = Object.fromEntries(
    Object.entries(DRAWS).map(([kind, draw]) => [kind, base64(standing(draw).getState())]),
  );
  const peer = fileURLToPath(new URL('generator_peer.py', import.meta.url));
  const answers = (): Record<string, [Stretch, Stretch]> => {
    if ('missing' in python) throw new Error(python.missing);
    const run = spawnSync(python.command, [peer], {
      encoding: 'utf8',
      input: JSON.stringify(states),
      maxBuffer: 2 ** 26,
    });
    if (run.status !== 0) throw new Error(`Cannot run generator_peer.py: ${run.stderr}`);
    return JSON.parse(run.stdout);
  };
  let answered: Record<string, [Stretch, Stretch]> | undefined;

  it.each(Object.keys(DRAWS))('%s', (kind) => {
    answered ??= answers();
    for (const { before, drawn, after } of answered[kind]!) {
      const generator = new Generator(0).setState(Buffer.from(before, 'base64'));
      expect(base64(DRAWS[kind]!(generator).toBytes())).toBe(drawn);
      expect(base64(generator.getState())).toBe(after);
    }
    expect(answered[kind]![0].before).toBe(states[kind]);
  });
});
