// Every optimizer's state goes on in a live PyTorch, and comes back, to the same weights.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libtorchVersion, load, save, setNumThreads, type Tensor } from '../../src/index.ts';
import { decodeOptimizer, encodeOptimizer } from '../../src/trainer/checkpoint/format.ts';
import { EVERY_OPTIMIZER, Problem } from './every-optimizer.ts';
import { findPythonTorch, runPython } from './python.ts';
import { expectClose, expectSame } from './reference.ts';

const python = findPythonTorch({ oldest: 2 });
const MADE_FOR = '2.13';
const skipped =
  'missing' in python
    ? python.missing
    : python.torchVersion.startsWith(MADE_FOR)
      ? undefined
      : `expected torch ${MADE_FOR}, got ${python.torchVersion}`;
if (skipped !== undefined) console.log(`skipped, every optimizer against a live PyTorch: ${skipped}`);

interface Going {
  readonly values: Tensor[];
  readonly optimizer: unknown;
}

describe.skipIf(skipped !== undefined)('a state that Python goes on with', () => {
  const names = Object.keys(EVERY_OPTIMIZER);
  const ours = new Map<string, Problem>();
  let theirs: Record<string, Going>;
  let isExact = false;
  let folder: string;

  beforeAll(async () => {
    if ('missing' in python) return;
    setNumThreads(1);
    isExact = python.torchVersion.startsWith(libtorchVersion());
    folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    const [from, to] = [join(folder, 'in.pt'), join(folder, 'out.pt')];
    const started: Record<string, Going> = {};
    for (const name of names) {
      const problem = new Problem(name);
      problem.step(4);
      ours.set(name, problem);
      started[name] = { values: problem.values, optimizer: encodeOptimizer(problem.optimizer) };
    }
    await save(started, from);
    runPython(python, ['-B', fileURLToPath(new URL('every_optimizer_peer.py', import.meta.url)), from, to, '4']);
    theirs = (await load(to)) as Record<string, Going>;
  }, 60_000);
  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  const hold = (name: string, actual: Tensor, expected: Tensor, what: string): void => {
    // The paper's Lion writes its sum in another order.
    if (isExact && name !== 'Lion') expectSame(actual, expected, what);
    else expectClose(actual, expected, 1e-5, what);
  };

  it.each(names)('%s: has the same weights there, and after the way back', (name) => {
    const problem = ours.get(name)!;
    problem.step(4);
    const { values, optimizer } = theirs[name]!;
    for (const [i, value] of problem.values.entries()) hold(name, value, values[i]!, `there, ${i}`);
    const back = new Problem(name, values);
    back.optimizer.loadStateDict(decodeOptimizer(optimizer));
    back.step(3);
    problem.step(3);
    for (const [i, value] of problem.values.entries()) hold(name, back.values[i]!, value, `back, ${i}`);
    const [expected, actual] = [problem.optimizer.stateDict(), back.optimizer.stateDict()];
    expect(actual.param_groups).toEqual(expected.param_groups);
    expect([...actual.state.keys()]).toEqual([...expected.state.keys()]);
  });
});
