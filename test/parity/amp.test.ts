// Training under autocast and a loss scale beside a live PyTorch: the same losses, scales and weights, to the bit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  autocast,
  libtorchVersion,
  load,
  manualSeed,
  nn,
  optim,
  randint,
  randn,
  save,
  setNumThreads,
  type Tensor,
} from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import { findPythonTorch, runPython } from './python.ts';
import { expectSame } from './reference.ts';

/** As in amp_peer.py. */
class Net extends nn.Module {
  readonly conv = new nn.Conv2d(3, 8, 3, { padding: 1 });
  readonly norm = new nn.BatchNorm2d(8);
  readonly attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  readonly layer_norm = new nn.LayerNorm(8);
  readonly head = new nn.Linear(8, 5);

  forward(input: Tensor): Tensor {
    const x = nn.functional.gelu(this.norm.forward(this.conv.forward(input)));
    const tokens = x.flatten({ startDim: 2 }).transpose(1, 2);
    const [mixed] = this.attention.forward(tokens, tokens, tokens, { needWeights: false });
    return this.head.forward(this.layer_norm.forward(tokens.add(mixed)).mean({ dim: 1 }));
  }
}

interface Trained {
  readonly losses: number[];
  readonly scales: number[];
  readonly scaler: Record<string, unknown>;
  readonly model: StateDict;
}

/** dtype, whether the loss is scaled, first scale, factor on the loss. */
const CASES: Readonly<Record<string, ['bfloat16' | 'float16', boolean, number, number]>> = {
  bfloat16: ['bfloat16', false, 1, 1],
  float16: ['float16', true, 2 ** 16, 1],
  'float16, overflowing': ['float16', true, 2 ** 26, 16],
};

const python = findPythonTorch();
const isSame = !('missing' in python) && libtorchVersion() === python.torchVersion.split('+')[0];
if (!isSame)
  console.log(`skipped, autocast against PyTorch: ${'missing' in python ? python.missing : 'another version'}`);

describe.runIf(isSame)('autocast and GradScaler', () => {
  let folder: string;
  let theirs: Readonly<Record<string, Trained>>;
  let start: { model: StateDict; x: Tensor; y: Tensor };

  beforeAll(async () => {
    setNumThreads(1);
    folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    manualSeed(4);
    start = { model: new Net().stateDict(), x: randn([6, 3, 6, 6]), y: randint(0, 5, [6]) };
    await save(start, join(folder, 'start.pt'));
    if ('missing' in python) return;
    runPython(python, [
      fileURLToPath(new URL('amp_peer.py', import.meta.url)),
      join(folder, 'start.pt'),
      join(folder, 'result.pt'),
    ]);
    theirs = (await load(join(folder, 'result.pt'))) as typeof theirs;
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(CASES))('train as in Python: %s', (name, [dtype, isScaled, initScale, factor]) => {
    const model = new Net();
    model.loadStateDict(start.model);
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const scaler = new optim.GradScaler({ initScale, growthInterval: 3, enabled: isScaled });
    const [losses, scales]: [number[], number[]] = [[], []];
    for (let step = 0; step < 8; step++) {
      optimizer.zeroGrad();
      const loss = autocast('cpu', () => nn.functional.crossEntropy(model.forward(start.x), start.y).mul(factor), {
        dtype,
      });
      scaler.scale(loss).backward();
      scaler.unscale_(optimizer);
      optim.clipGradValue_(model.parameters(), 0.05);
      scaler.step(optimizer);
      scaler.update();
      losses.push(loss.item());
      scales.push(scaler.getScale());
    }
    const expected = theirs[name]!;
    expect(losses).toEqual(expected.losses.map(Number));
    expect(scales).toEqual(expected.scales.map(Number));
    expect(scaler.stateDict()).toEqual(
      Object.fromEntries(Object.entries(expected.scaler).map(([key, value]) => [key, Number(value)])),
    );
    for (const [key, value] of Object.entries(model.stateDict())) expectSame(value, expected.model[key]!, key);
    if (name.endsWith('overflowing')) expect(new Set(scales).size).toBeGreaterThan(3);
  });
});
