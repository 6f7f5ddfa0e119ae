// The live comparison at a fixed seed: every spec agrees with a live PyTorch, and what does not agree is found, shrunk and printed to be run by hand.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { libtorchVersion } from '../../src/index.ts';
import { Campaign, describeFound } from './live/campaign.ts';
import type { Specs } from './live/draw.ts';
import { SPECS } from './live/specs/index.ts';
import { findPythonTorch } from './python.ts';

const python = findPythonTorch();
const isSame = !('missing' in python) && python.torchVersion.split('+')[0] === libtorchVersion();
if (!isSame)
  console.log(`skipped, the live comparison: ${'missing' in python ? python.missing : 'another version of torch'}`);

const campaign = (specs: Specs, numRounds: number, seed = 1): Campaign => {
  const peerScript = fileURLToPath(new URL('live/peer.py', import.meta.url));
  const command = 'missing' in python ? '' : python.command;
  return new Campaign({ specs, python: command, peerScript, seed, to: numRounds * Object.keys(specs).length });
};

describe.runIf(isSame)('the live comparison', () => {
  it('agrees with PyTorch in every spec', { timeout: 120_000 }, async () => {
    const all = campaign(SPECS, 1);
    try {
      const { found, numCases, numExact } = await all.play();
      expect(found.map((each) => describeFound(each, 1))).toEqual([]);
      expect(numExact / numCases).toBeGreaterThan(0.99);
    } finally {
      await all.close();
    }
  });

  /** Specs in which the two sides are not told the same. */
  const WRONG: Specs = {
    values: (d) => {
      const x = d.tensor([3, d.size()]);
      d.show(
        d.call('nn.functional.softplus', [x], {
          beta: { ours: 1.5, python: { float: 1.5000001 } },
          threshold: { float: 4 },
        }),
      );
    },
    gradients: (d) => {
      const x = d.tensor([3]);
      const y = d.call(
        'nn.functional.relu',
        [x],
        {},
        { python: { name: 'nn.functional.hardtanh', options: { minVal: { float: 0 }, maxVal: { float: 0.5 } } } },
      );
      d.add({ kind: 'backward', of: [y] });
      d.showGradients([x]);
    },
    weights: (d) => {
      d.seed();
      d.show(d.call('nn.Linear', [2, 3], { bias: false }, { python: { args: [3, 2] } }), 'state');
    },
    text: (d) => d.show(d.call('nn.Dropout', [{ ours: 0.25, python: { float: 0.5 } }]), 'text'),
    refusal: (d) => d.show(d.call('nn.Dropout', [{ ours: 2, python: { float: 0.5 } }]), 'text'),
    acceptance: (d) => d.show(d.call('nn.Dropout', [{ ours: 0.5, python: { float: 2 } }]), 'text'),
    accident: (d) => void d.call('undefinedThing', [], {}, { on: d.call('nn.ReLU', []), python: { name: 'missing' } }),
    state: (d) => {
      const [first, second] = [
        d.call('nn.PReLU', []),
        d.call('nn.PReLU', [], { init: { ours: 0.5, python: { float: 0.25 } } }),
      ];
      d.add({ kind: 'share', of: second });
      d.after(() => {
        d.add({ kind: 'take', on: first, from: second });
        d.show(first, 'state');
      });
    },
  };
  const KINDS = {
    values: 'values',
    gradients: 'values',
    weights: 'shape',
    text: 'text',
    refusal: 'ours refuses',
    acceptance: 'PyTorch refuses',
    accident: 'accident',
    state: 'values',
  };

  it('finds what differs, and prints it in both languages', { timeout: 120_000 }, async () => {
    const wrong = campaign(WRONG, 4, 3);
    try {
      const { found } = await wrong.play();
      const kinds = new Map(found.map(({ spec, verdict }) => [spec, verdict.what]));
      expect(Object.fromEntries(kinds)).toEqual(KINDS);
      const values = await wrong.shrink(found.find(({ spec }) => spec === 'values')!);
      const text = describeFound(values, 3);
      expect(text).toContain('sconce.nn.functional.softplus(x0, { beta: 1.5 });');
      expect(text).toContain('torch.nn.functional.softplus(x0, beta=1.5000001)');
      expect(text).toMatch(/again with: node test\/stress\/parity.mjs --seed 3 --case \d+/);
    } finally {
      await wrong.close();
    }
  });

  it('goes on where PyTorch dies', { timeout: 120_000 }, async () => {
    const deadly: Specs = {
      fine: (d) => d.show(d.call('nn.ReLU', []), 'text'),
      dead: (d) =>
        void d.call(
          'nn.ReLU',
          [],
          {},
          { python: { name: 'ops.aten.mul', args: [{ source: '', python: '__import__("os").abort()' }] } },
        ),
    };
    const rough = campaign(deadly, 1);
    try {
      const { numCases, found, reasons } = await rough.play();
      expect([numCases, found, [...reasons]]).toEqual([2, [], [['PyTorch dies of dead', 1]]]);
    } finally {
      await rough.close();
    }
  });
});
