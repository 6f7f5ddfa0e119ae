import { describe, expect, test } from 'vitest';
import { profileFindings } from './advice.ts';
import { printProfile } from './profile-table.ts';
import type { RunProfile } from './run-profile.ts';

const part = (name: string, ms: number, count = 100) => ({ name, ms, count });

/** A run without a problem. */
const HEALTHY: RunProfile = {
  totalMs: 1000,
  numBatches: 100,
  numSteps: 100,
  device: 'cpu',
  parts: [
    ...[part('data', 50), part('forward', 300), part('backward', 400), part('optimizer', 100), part('callbacks', 0, 0)],
    ...[part('rest', 20, 0), part('logging', 10, 2), part('validation', 100, 1), part('checkpoint', 20, 3)],
  ],
  loaders: [{ name: 'dl0', numBatches: 100, parts: [part('data', 50)], longestWaitMs: 20, numWorkers: 0 }],
  callbacks: [],
  stepOperators: 10,
  stepReads: 0,
  quickForwardMs: 3,
  operatorMs: 0.003,
  numSaves: 3,
  saveWaitMs: 0,
  savesInBackground: true,
  machine: { threads: 2, cores: 2, busyCores: 1.5, load: 1.6 },
};

const found = (facts: Partial<RunProfile>): string[] =>
  profileFindings({ ...HEALTHY, ...facts }).map(({ rule }) => rule);

describe('profileFindings()', () => {
  test('finds nothing in a healthy run, and says nothing of a few batches', () => {
    expect(found({})).toEqual([]);
    expect(found({ machine: { threads: 64, cores: 2, busyCores: 2, load: 2 }, numBatches: 3 })).toEqual([]);
  });

  test('blames the loader whose batches are waited for, not the one whose first batch was late', () => {
    const loaders = [
      { name: 'late', numBatches: 50, parts: [part('data', 300)], longestWaitMs: 290 },
      { name: 'slow', numBatches: 50, parts: [part('data', 400)], longestWaitMs: 10, numWorkers: 1 },
    ];
    const [finding] = profileFindings({ ...HEALTHY, loaders });
    expect(finding?.message).toBe(
      'training waits for data 45 % of its time, 4 ms a batch, most of it for loader "slow"',
    );
    expect(finding?.advice).toContain('raise numWorkers of loader "slow" from 1, up to the 2 cores');
    expect(found({ loaders: loaders.slice(0, 1) })).toEqual([]);
  });

  test('takes a read for a note on the CPU and for a warning on a device', () => {
    const [note] = profileFindings({ ...HEALTHY, stepReads: 2, readPlace: 'step (train.ts:3:5)' });
    expect([note?.rule, note?.severity]).toEqual(['host-read', 'note']);
    expect(note?.message).toContain('2 times a batch, at step (train.ts:3:5)');
    expect(profileFindings({ ...HEALTHY, stepReads: 1, device: 'cuda:0' })[0]?.severity).toBe('warning');
    expect(found({ stepReads: 0.02 })).toEqual([]);
  });

  test('compares calls with a forward pass on the CPU alone, where the pass is waited for', () => {
    expect(found({ quickForwardMs: 0.06 })).toEqual(['tiny-batch']);
    expect(found({ quickForwardMs: 0.06, device: 'cuda:0' })).toEqual([]);
  });

  test('finds checkpoints that stall, unless there were few', () => {
    const parts = [...HEALTHY.parts.slice(0, -1), part('checkpoint', 300, 3)];
    expect(found({ parts })).toEqual(['checkpoint-stall']);
    expect(found({ parts, numSaves: 2 })).toEqual([]);
    const [finding] = profileFindings({ ...HEALTHY, parts, saveWaitMs: 240 });
    expect(finding?.message).toContain('80 % of that for the one before to be written');
  });

  test('counts threads against cores, and others against what is left', () => {
    expect(found({ machine: { threads: 3, cores: 2, busyCores: 2, load: 2 } })).toEqual(['thread-oversubscription']);
    expect(found({ machine: { threads: 2, cores: 2, busyCores: 1, load: 4 } })).toEqual(['busy-machine']);
  });

  test('names the callback that takes the most', () => {
    const parts = HEALTHY.parts.map((each) => (each.name === 'callbacks' ? part('callbacks', 400) : each));
    const [finding] = profileFindings({ ...HEALTHY, parts, callbacks: [{ name: 'Painter', ms: 390 }] });
    expect(finding?.message).toBe('callbacks take 40 % of the time, most of it "Painter"');
  });
});

test('printProfile() is a table of parts, of loaders where there are several, and advice', () => {
  const loaders = ['a', 'b'].map((name) => ({
    ...{ name, numBatches: 50, longestWaitMs: 1 },
    parts: [part('data', 25), part('forward', 75)],
  }));
  expect(printProfile({ ...HEALTHY, loaders, stepReads: 1 })).toMatchInlineSnapshot(`
    "Where the time went: 1.0 s, 100 batches
      part                         time    share   each
      waiting for data             50 ms   5.0 %   0.5 ms
      forward                      300 ms  30.0 %  3 ms
      backward                     400 ms  40.0 %  4 ms
      optimizer                    100 ms  10.0 %  1 ms
      everything else              20 ms   2.0 %   0.2 ms
      logging                      10 ms   1.0 %   5 ms
      validation                   100 ms  10.0 %  100 ms
      checkpoints                  20 ms   2.0 %   6.67 ms
      loader "a", 25 % of it data  100 ms  10.0 %  2 ms
      loader "b", 25 % of it data  100 ms  10.0 %  2 ms
      note: the training step reads elements out of tensors once a batch, for which a GPU would have to be waited for; return the tensor from the step: its mean is read at log points alone; decide on the device (where, clamp) what depends on values"
  `);
});
