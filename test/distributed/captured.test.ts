// Captured steps on several ranks: the bits of the same training with steps as they are written, and no rank waits for what another does not send.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

interface Compared {
  readonly isSame: boolean;
  readonly weights: string;
  /** Of the captured run: name, replays, and why it ran as it is written. */
  readonly parts: readonly (readonly [name: string, numReplayed: number, refusal: string | null])[];
  readonly warnings: readonly string[];
}
type Results = Readonly<Record<string, Compared>>;

const entry = new URL('./captured_rank.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sconce-captured-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let ranks: readonly [Results, Results];
beforeAll(async () => {
  ranks = valuesOf(await runRanks(entry, 2, { args: [folder] })) as [Results, Results];
}, 60_000);

test('three ranks, whose sums depend on what lies together in a message, have the same bits too', async () => {
  const three = valuesOf(await runRanks(entry, 3, { args: [folder, 'static'] })) as Results[];
  for (const results of three) {
    const { isSame, parts, weights } = results.static!;
    expect([isSame, weights]).toEqual([true, three[0]!.static!.weights]);
    expect(parts.length).toBe(2);
    for (const [, numReplayed] of parts) expect(numReplayed).toBeGreaterThan(2);
  }
}, 30_000);

const FORWARD = 'the forward and backward pass of loader "a"';
const partOf = (name: string, part: string, rank = 0) => ranks[rank]![name]!.parts.find(([each]) => each === part)!;
const isCaptured = (name: string, part: string, rank = 0): boolean => {
  const [, numReplayed, refusal] = partOf(name, part, rank);
  return numReplayed >= 3 && refusal === null;
};

test.each([
  ['plain', 'a batch at the end with other sizes on the ranks'],
  ['windows', 'two optimizers, windows, clipping, bfloat16'],
  ['messages', 'gradients in many messages, and copied out of them'],
  ['unused', 'parameters that a window leaves out'],
  ['unusedOne', 'parameters that nobody uses'],
  ['static', 'a static graph'],
  ['compressed', 'gradients that travel in fewer bits'],
  ['skipped', 'a batch that one rank has to leave out'],
  ['resumed', 'a training that was stopped and goes on captured'],
])('%s: the same bits on all ranks with %s', (name) => {
  for (const [rank, results] of ranks.entries()) {
    const { isSame, parts, weights } = results[name]!;
    expect(isSame).toBe(true);
    expect(weights).toBe(ranks[0][name]!.weights);
    expect(parts.length).toBeGreaterThan(1);
    for (const [part] of parts) expect(isCaptured(name, part, rank), part).toBe(true);
  }
});

test('an optimizer whose state lies on the ranks is stepped as it is written, and all else captured', () => {
  for (const [rank, { zero }] of ranks.entries()) {
    expect(zero!.isSame).toBe(true);
    expect(isCaptured('zero', FORWARD, rank)).toBe(true);
    expect(isCaptured('zero', 'the norm of the gradients', rank)).toBe(true);
    expect(partOf('zero', 'the update', rank)[2]).toBe(
      'each rank updates its part of the parameters and waits for the others',
    );
  }
});

test('steps in which ranks talk to each other run as they are written, in one order on all ranks', () => {
  for (const { synced, gathered } of ranks) {
    expect([synced!.isSame, gathered!.isSame]).toEqual([true, true]);
    expect(synced!.parts).toEqual([]);
  }
  expect(partOf('gathered', FORWARD)).toEqual([FORWARD, 0, 'ranks talk to each other in the step']);
  expect(ranks[1].gathered!.parts).toEqual([]);
  expect(ranks[0].synced!.warnings).toEqual([
    'captureSteps changes nothing: SyncBatchNorm waits for the other ranks in the step',
  ]);
});

test.each([
  ['shapes', 'shapes change from step to step'],
  ['reads', 'it reads values of a tensor'],
])('%s: a rank whose steps cannot be captured trains with others whose can', (name, reason) => {
  for (const results of ranks) expect(results[name]!.isSame).toBe(true);
  expect(isCaptured(name, FORWARD, 0)).toBe(true);
  expect(partOf(name, FORWARD, 1)).toEqual([FORWARD, 0, reason]);
  expect(ranks[1][name]!.weights).toBe(ranks[0][name]!.weights);
  expect(ranks[0][name]!.warnings).toContain(
    `Rank 1: captureSteps: ${FORWARD} runs as it is written, because ${reason}`,
  );
});

test("'auto' captures where all gradients go in one message", () => {
  for (const { auto, autoMessages } of ranks) {
    expect([auto!.isSame, autoMessages!.isSame]).toEqual([true, true]);
    const [, numReplayed, refusal] = auto!.parts.find(([name]) => name.startsWith('the forward'))!;
    expect([null, 'it is not faster']).toContain(refusal);
    expect(numReplayed).toBeGreaterThan(5);
    expect(autoMessages!.parts).toEqual([]);
  }
});

test('GradientReducer.average() averages what a captured backward pass left, as a backward pass of its own does', () => {
  for (const { byHand } of ranks) expect(byHand!.isSame).toBe(true);
});

test('a step that has changed on one rank ends the training of all', () => {
  const [first, second] = ranks.map(({ changed }) => (changed as unknown as { error: string }).error);
  const message = `Cannot go on training: expected ${FORWARD} to do the same in every step`;
  expect(second).toContain(message);
  expect(first).toContain(`expected all ranks, got an error in rank 1: ${message}`);
});
