// Schedules that Python goes on with: what a checkpoint holds of them in their middle is loaded by PyTorch's classes, and what those save is loaded here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, save, type Tensor } from '../../src/index.ts';
import { decodeOptimizer, encodeOptimizer, encodeScheduler } from '../../src/trainer/checkpoint/format.ts';
import { findPythonTorch, runPython } from './python.ts';
import { type Case, makeOptimizer, makeScheduler, stepOnce, valuesOf } from './schedules.ts';

interface Fixture {
  readonly cases: {
    readonly cases: Readonly<Record<string, { scheduler: Case; optimizer: string }>>;
    readonly metrics: readonly number[];
  };
}

interface Continued {
  readonly rates: Tensor;
  readonly scheduler: object;
  readonly groups: unknown;
  readonly 'other types': object;
}

const MIDDLE = 77;
const NUM_STEPS = 200;
const found = findPythonTorch();
const python =
  'torchVersion' in found && !found.torchVersion.startsWith('2.13.')
    ? { missing: `expected torch 2.13, got ${found.torchVersion}` }
    : found;
if ('missing' in python) console.log(`skipped, states of schedules against a live PyTorch: ${python.missing}`);

const fixture = fileURLToPath(new URL('../fixtures/parity/schedules.pt', import.meta.url));
const { cases, metrics } = ((await load(fixture)) as Fixture).cases;

describe.skipIf('missing' in python)('schedules that Python goes on with', () => {
  let folder: string;
  let theirs: Record<string, Continued>;

  const middle = ({ scheduler: given, optimizer: kind }: Fixture['cases']['cases'][string]) => {
    const optimizer = makeOptimizer(kind);
    const scheduler = makeScheduler(given, optimizer);
    for (let step = 0; step < MIDDLE; step++) stepOnce(scheduler, metrics[step]!);
    return { optimizer, scheduler };
  };

  beforeAll(async () => {
    if ('missing' in python) return;
    folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    const [from, to] = [join(folder, 'in.pt'), join(folder, 'out.pt')];
    const saved = Object.entries(cases).map(([name, each]) => {
      const { optimizer, scheduler } = middle(each);
      const states = { scheduler: encodeScheduler(scheduler.stateDict()), groups: encodeOptimizer(optimizer) };
      return [name, { optimizer: each.optimizer, ...states }];
    });
    await save(Object.fromEntries(saved), from);
    runPython(python, ['-B', fileURLToPath(new URL('schedules_peer.py', import.meta.url)), from, to]);
    theirs = (await load(to)) as Record<string, Continued>;
  }, 60_000);

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(cases))('%s: has the same rates and states, and comes back', (name, each) => {
    const { rates, scheduler: state, groups, 'other types': others } = theirs[name]!;
    expect(others).toEqual({});
    const { optimizer, scheduler } = middle(each);
    for (const [i, expected] of (rates.toArray() as number[][]).entries()) {
      if (i > 0) stepOnce(scheduler, metrics[MIDDLE + i - 1]!);
      expect([i, ...valuesOf(optimizer).rates]).toEqual([i, ...expected]);
    }
    expect(rates.size(0)).toBe(NUM_STEPS - MIDDLE + 1);
    expect(scheduler.stateDict()).toEqual(structuredClone(state)); // a Counter is a Map of its own kind
    const again = makeOptimizer(each.optimizer);
    const back = makeScheduler(each.scheduler, again);
    again.loadStateDict(decodeOptimizer(groups));
    back.loadStateDict(state);
    expect(back.stateDict()).toEqual(scheduler.stateDict());
    expect(valuesOf(again)).toEqual(valuesOf(optimizer));
  });
});
