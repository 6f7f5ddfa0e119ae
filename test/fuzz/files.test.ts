// The campaign over files, a little of it: each reader gives an error with a reason or a value for whatever is done to a file. What it once found stays found.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, load, nn, optim } from '../../src/index.ts';
import { unpickle } from '../../src/serial/unpickler.ts';
import { registerRunState } from '../../src/trainer/checkpoint/run-state.ts';
import { startClocks } from '../../src/trainer/loop/clocks.ts';
import { makeFile, makePlayer, play, recipeOf } from './files/cases.ts';
import { fileReaders } from './files/readers.ts';

const fixtures = fileURLToPath(new URL('../fixtures/serial', import.meta.url));
let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sconce-mutated-'));
});
afterAll(() => rmSync(work, { recursive: true }));

describe('a file that was changed', () => {
  const names = ['zip', 'lightning', 'legacy', 'tar', 'safetensors', 'shards', 'checkpoint', 'png', 'jpeg'];
  it.each(names)('is an error with a reason or a value: %s', { timeout: 60_000 }, async (name) => {
    const reader = fileReaders({ fixtures, work }).find((candidate) => candidate.name === name)!;
    const player = await makePlayer(reader, join(work, `${name}.bin`), join(work, 'executed'));
    const ends = { error: 0, 'same value': 0, 'other value': 0 };
    for (let number = 0; number < 60; number++) {
      // Memory is looked at in the campaign, where a process does nothing else.
      const { end, problem } = await play(player, recipeOf(player, 1, number), { measuresMemory: false });
      expect(problem, `case ${number}`).toBe(undefined);
      ends[end]++;
    }
    expect(ends.error).toBeGreaterThan(20);
    expect(ends.error).toBeLessThan(60);
  });

  it('is the same file for the same seed', async () => {
    const [reader] = fileReaders({ fixtures, work });
    const player = await makePlayer(reader!, join(work, 'same.bin'), join(work, 'executed'));
    const file = (seed: number): Buffer => makeFile(player, recipeOf(player, seed, 5)).bytes;
    expect(file(3).equals(file(3))).toBe(true);
    expect(file(3).equals(file(4))).toBe(false);
  });
});

describe('what the campaign found', () => {
  it('an old file whose key is a list that holds itself 2^60 times over ends at once', { timeout: 5_000 }, async () => {
    const file = readFileSync(join(fixtures, 'tar.pt'));
    const name = file.indexOf('pickle\0', 0, 'latin1');
    const pickle = Buffer.from(`\x80\x02]q\x00${'(h\x00h\x00lq\x00'.repeat(60)}Q.`, 'latin1');
    file.fill(0, name + 512, name + 1024);
    pickle.copy(file, name + 512);
    file.write(`${pickle.length.toString(8).padStart(11, '0')}\0`, name + 124, 'latin1');
    file.fill(' ', name + 148, name + 156);
    const sum = file.subarray(name, name + 512).reduce((total, byte) => total + byte, 0);
    file.write(`${sum.toString(8).padStart(6, '0')}\0 `, name + 148, 'latin1');
    const path = join(work, 'list.pt');
    writeFileSync(path, file);
    await expect(load(path)).rejects.toThrow('expected the key of a storage or a tensor, got');
  });

  it.each([
    ['nested too deep to be written down', `${']'.repeat(3000)}${'a'.repeat(2999)}`],
    ['a list that holds itself 2^60 times over', `]q\x00${'(h\x00h\x00lq\x00'.repeat(60)}`],
  ])('a byte order that is %s ends at once', { timeout: 5_000 }, (_, list) => {
    const program = `\x80\x02cnumpy\ndtype\n(U\x02f8K\x00K\x01tR(K\x03${list}tb.`;
    const read = (): unknown => unpickle(Buffer.from(program, 'latin1'), { persistentLoad: () => [] as never });
    expect(read).toThrow(
      /^Cannot read checkpoint: expected a NumPy dtype with its byte order, got an instance of Array$/,
    );
  });

  it('parts of a run refuse states that are none', () => {
    const parts = new Map<string, { loadState(state: unknown): void }>();
    const model = new nn.Linear(1, 1);
    registerRunState({ register: (name: string, part: never) => parts.set(name, part) } as never, {
      model,
      modules: {},
      optimizers: [new optim.SGD(model.parameters(), { lr: 1 })],
      schedulers: [],
      scalers: undefined,
      loaders: { loadState: () => {} } as never,
      metrics: { loadState: () => {} } as never,
      trainMetrics: undefined,
      clocks: startClocks(),
      pending: [0],
      history: [],
      lastValidation: { epoch: -1, microStep: -1, values: {} },
      callbacks: [],
    });
    const clocks = { ...startClocks(), step: 1, microStep: 1, epoch: 1, samples: 1, pending: [0] };
    const states: readonly [string, unknown, string][] = [
      ['clocks', { ...clocks, epoch: -1 }, 'expected a count under "clocks.epoch", got -1'],
      ['clocks', { ...clocks, step: 'x' }, 'expected a count under "clocks.step", got string'],
      ['clocks', { ...clocks, pending: undefined }, 'expected a list under "clocks.pending", got undefined'],
      ['clocks', { ...clocks, pending: [0, 0] }, 'expected 1 counts under "clocks.pending"'],
      ['metrics.history', [{ epoch: 0, values: { loss: 'x' } }], '"metrics.history.values.loss", got string'],
      ['rng', { torch_cpu: 5 }, 'expected a tensor under "rng.torch_cpu", got number'],
      ['gradients', { weight: 5 }, 'expected a tensor under "gradients.weight", got number'],
      ['optimizer_state_dicts', [{ state: {}, param_groups: [{ lr: 1 }] }], 'a list of params in group 0'],
      ['optimizer_state_dicts', [{ state: new Map([[0, 5]]), param_groups: [{ params: [0, 1] }] }], 'a dict of state'],
    ];
    for (const [name, state, message] of states) {
      expect(() => parts.get(name)!.loadState(state), message).toThrow(CheckpointError);
      expect(() => parts.get(name)!.loadState(state)).toThrow(message);
    }
  });
});
