// A trace of a real fit: what is in the file, by structure, and that nothing is left behind.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataLoader, datasetModule } from '../../src/data/index.ts';
import { OperatorRecorder } from '../../src/index.ts';
import { type GenericTrainerOptions, profile } from '../../src/trainer/index.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../../src/trainer/testing/tiny.ts';
import { useWorkers } from '../data/bundle-folder.ts';

useWorkers();

interface Event {
  readonly ph: 'X' | 'M';
  readonly name: string;
  readonly cat?: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly name?: string; readonly loader?: string };
}

/** A fit with a trace, and the events of its file by category. */
async function traced(
  options: { wait?: number; warmup?: number; steps?: number; maxOperators?: number },
  trainerOptions: Partial<GenericTrainerOptions> = {},
  loader: DataLoader<never, never> = tinyLoader(24) as never,
) {
  const path = join(temporaryFolder(), 'deep', 'trace.json');
  const said: string[] = [];
  const callback = profile({ ...options, path, stream: { write: (text) => said.push(text) } });
  const listener = { name: 'listener', forwardEnd: () => {} };
  const { trainer } = tinyTrainer({ callbacks: [callback, listener], ...trainerOptions });
  await trainer.fit({ trainLoaders: [loader] });
  const events = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).traceEvents as Event[]) : [];
  const of = (category: string): Event[] => events.filter(({ cat }) => cat === category);
  const rows = new Map(events.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args!.name]));
  return { callback, said: said.join(''), events, of, rows };
}

const isInside = (inner: Event, outer: Event): boolean =>
  inner.ts >= outer.ts - 5 && inner.ts + inner.dur <= outer.ts + outer.dur + 5; // two clocks, read a moment apart

describe('profile()', () => {
  test('writes the parts of so many batches, with operators, nodes, callbacks, workers and checkpoints', async () => {
    const checkpoint = { rootDir: temporaryFolder(), saveEveryNSteps: 1 };
    const dataset = await datasetModule(new URL('rows.ts', import.meta.url), { length: 24 });
    const loader = new DataLoader({ dataset, batchSize: 2, numWorkers: 1, prefetchFactor: 1 });
    const { of, rows, said, callback } = await traced(
      { wait: 2, warmup: 1, steps: 3 },
      { config: { checkpoint } },
      loader as never,
    );
    await loader.close();
    const loop = of('loop');
    const batches = loop.filter(({ name }) => name === 'batch');
    expect(batches.map(({ args }) => args?.loader)).toEqual(['dl0', 'dl0', 'dl0']);
    for (const part of ['data', 'forward', 'backward', 'optimizer', 'checkpoint'])
      expect([part, loop.filter(({ name }) => name === part).length >= 3]).toEqual([part, true]);
    const forwards = loop.filter(({ name }) => name === 'forward');
    const linear = of('operator').filter(({ name }) => name === 'aten::linear');
    expect(linear.length).toBe(6);
    expect(linear.every((each) => forwards.some((forward) => isInside(each, forward)))).toBe(true);
    const nodes = of('backward').filter(({ name }) => name === 'AddmmBackward0');
    const backwards = loop.filter(({ name }) => name === 'backward');
    expect(nodes.length).toBe(6);
    expect(nodes.every((each) => backwards.some((backward) => isInside(each, backward)))).toBe(true);
    expect(of('callback').filter(({ name }) => name === 'listener.forwardEnd').length).toBe(3);
    expect([...rows.values()]).toEqual(
      expect.arrayContaining(['training loop', 'operators, main thread', 'checkpoints', 'data worker 0']),
    );
    expect(said).toContain('# of Calls');
    expect(said).toContain('aten::'); // what takes the most time; the rest of the table is cut off
    expect(callback.operators?.rows().find(({ name }) => name === 'aten::linear')?.calls).toBe(6);
  });

  test('of a fit that ends before its turn writes nothing, and of one that ends within it what there was', async () => {
    expect((await traced({ wait: 12 })).events).toEqual([]);
    const { of, said } = await traced({ wait: 10, warmup: 0, steps: 5 });
    expect(of('loop').filter(({ name }) => name === 'batch').length).toBe(2);
    expect(said).toContain('Trace: ');
  });

  test('says how many operators there was no room for', async () => {
    const { of, said } = await traced({ wait: 0, warmup: 0, steps: 1, maxOperators: 4 });
    expect(of('operator').length + of('backward').length).toBe(4);
    expect(said).toContain('operators were not recorded: there was no room');
  });

  test('leaves no recorder behind where a step fails', async () => {
    const path = join(temporaryFolder(), 'trace.json');
    const { trainer } = tinyTrainer({ callbacks: [profile({ wait: 0, path, stream: { write: () => true } })] });
    trainer.setTrainingStep(() => {
      throw new Error('no step');
    });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow('no step');
    expect(new OperatorRecorder().start().stop().length).toBe(0);
  });

  test('refuses options that are none, and a trainer that does not measure', async () => {
    expect(() => profile({ steps: 0, wait: -1, path: '', active: 3 } as never)).toThrow(
      /4 problems[\s\S]*active[\s\S]*wait: expected an integer of at least 0, got -1[\s\S]*steps: expected an integer above 0, got 0[\s\S]*path/,
    );
    const { trainer } = tinyTrainer({ callbacks: [profile()], config: { profileTraining: false } });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow(
      'profileTraining: expected true, since a trace has the parts of steps, got false',
    );
  });
});
