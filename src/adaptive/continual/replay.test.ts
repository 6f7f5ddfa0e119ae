// Which samples an episodic memory keeps, and that replay from it keeps what fine-tuning forgets.
import { describe, expect, test } from 'vitest';
import { Linear, ReLU, Sequential } from '../../nn/index.ts';
import { Adam } from '../../optim/index.ts';
import { arange, manualSeed, ones, tensor } from '../../tensor/index.ts';
import { temporaryFolder } from '../../trainer/testing/tiny.ts';
import type { Pair } from '../data/loaders.ts';
import { runContinualBenchmark } from './benchmark.ts';
import { EpisodicMemory } from './episodic-memory.ts';
import { FineTuning } from './method.ts';
import { ExperienceReplay } from './replay.ts';
import { splitClasses } from './split-classes.ts';
import { pointLoaders } from './testing/points.ts';

/** Samples `start` to `end`, each with its own number. */
function numbered(start: number, end: number): Pair {
  const classes = arange(start, end, { dtype: 'int64' });
  return [classes.to('float32').unsqueeze(1).mul(2), classes];
}
const keptBy = (memory: EpisodicMemory) => Array.from(memory.samples[1].toArray() as number[], Number);

describe('EpisodicMemory', () => {
  test('keeps each of all samples with the same probability, however they came', () => {
    const times = new Array<number>(20).fill(0);
    const numMemories = 300;
    for (let seed = 0; seed < numMemories; seed++) {
      const memory = new EpisodicMemory({ capacity: 5, seed });
      for (const [start, end] of [
        [0, 3],
        [3, 13],
        [13, 20],
      ] as const)
        memory.add(numbered(start, end));
      const kept = keptBy(memory);
      expect(new Set(kept).size).toBe(5);
      for (const number of kept) times[number]!++;
    }
    // Of 300 each is kept 75 times (deviation 7.5), the first five together 375 times (15): a place drawn from one number less would give 316.
    for (const count of times) expect(Math.abs(count - numMemories / 4)).toBeLessThan(30);
    const ofFirst = times.slice(0, 5).reduce((sum, count) => sum + count, 0);
    expect(Math.abs(ofFirst - (5 * numMemories) / 4)).toBeLessThan(35);
  });

  test('keeps inputs with their classes, and the same samples in whatever batches they come', () => {
    const [whole, parts] = [new EpisodicMemory({ capacity: 4 }), new EpisodicMemory({ capacity: 4 })];
    whole.add(numbered(0, 30));
    for (let i = 0; i < 30; i += 6) parts.add(numbered(i, i + 6));
    expect(keptBy(parts)).toEqual(keptBy(whole));
    expect(parts.samples[0].flatten().toArray()).toEqual(keptBy(whole).map((number) => 2 * number));
    expect([parts.length, parts.numSeen]).toEqual([4, 30]);
  });

  test('goes on from its state as if nothing had been', () => {
    const memory = new EpisodicMemory({ capacity: 4 });
    memory.add(numbered(0, 9));
    const copy = new EpisodicMemory({ capacity: 4 });
    copy.loadStateDict(memory.stateDict());
    for (const one of [memory, copy]) one.add(numbered(9, 40));
    expect(keptBy(copy)).toEqual(keptBy(memory));
    const drawn = memory.sample(50, { seed: 3 })[1].toArray();
    expect(copy.sample(50, { seed: 3 })[1].toArray()).toEqual(drawn);
    expect(copy.sample(50, { seed: 4 })[1].toArray()).not.toEqual(drawn);
    expect(new Set(Array.from(drawn as number[], Number))).toEqual(new Set(keptBy(memory)));
    expect(() => new EpisodicMemory({ capacity: 5 }).loadStateDict(memory.stateDict())).toThrow('expected capacity 5');
  });

  test('refuses samples of another kind, and to give any where there are none', () => {
    const memory = new EpisodicMemory();
    expect(() => memory.sample(1, { seed: 0 })).toThrow('expected samples in it, got none');
    memory.add(numbered(0, 2));
    expect(() => memory.add([ones([2, 3]), tensor([0n, 1n])])).toThrow(
      'expected inputs of float32 [1], got float32 [3]',
    );
    expect(() => memory.add([ones([2, 1]), tensor([0n])])).toThrow('expected as many inputs as classes');
    expect(() => memory.sample(0, { seed: 0 })).toThrow('expected at least one sample, got 0');
    expect(() => new EpisodicMemory({ capacity: 0 })).toThrow('capacity: expected an integer of at least 1, got 0');
    expect(keptBy(memory)).toEqual([0, 1]);
  });
});

describe('ExperienceReplay', () => {
  test('adds samples of the memory to each batch, other ones to each, with their classes', () => {
    const method = new ExperienceReplay({ memory: new EpisodicMemory({ capacity: 6 }), replaySize: 4 });
    expect(method.transform({ batchSize: 2 })).toBeUndefined();
    method.memory.add(numbered(0, 6));
    const transform = method.transform({ batchSize: 2 })!;
    const contextOf = (seed: number) => ({ seed, epoch: 0, position: 0, indices: Int32Array.of(0, 1) });
    const rowsOf = (seed: number) => {
      const [x, y] = transform(numbered(100, 102), contextOf(seed));
      expect(x.flatten().div(2).toArray()).toEqual(Array.from(y.toArray() as number[], Number));
      return Array.from(y.toArray() as number[], Number);
    };
    const rows = rowsOf(1);
    expect([rows.length, ...rows.slice(0, 2)]).toEqual([6, 100, 101]);
    expect(rows.slice(2).every((row) => row < 6)).toBe(true);
    expect(rowsOf(1)).toEqual(rows);
    expect(rowsOf(2)).not.toEqual(rows);
  });

  test('keeps an earlier task where fine-tuning forgets it, and goes on after a kill to the last bit', async () => {
    const tasks = await splitClasses(pointLoaders(), { numTasks: 2, scenario: 'class' });
    const run = async (method: FineTuning | ExperienceReplay, folder?: string, dies = false) => {
      manualSeed(1);
      const model = new Sequential(new Linear(2, 16), new ReLU(), new Linear(16, 4));
      const optimizer = new Adam(model.parameters(), { lr: 0.03 });
      const killer = {
        name: 'killer',
        epochStart: ({ clocks }: { clocks: { epoch: number } }) => {
          if (dies && clocks.epoch === 13) throw new Error('killed');
        },
      };
      const options = { tasks, optimizer, method, epochsPerTask: 12, batchSize: 8, folder, callbacks: [killer] };
      return (await runContinualBenchmark(model, options)).accuracies;
    };
    const replay = () => new ExperienceReplay({ memory: new EpisodicMemory({ capacity: 8 }) });
    const [forgot, kept] = [await run(new FineTuning()), await run(replay())];
    expect(forgot[1]![0]).toBeLessThan(0.2);
    expect(kept[1]![0]).toBeGreaterThan(0.7);
    const folder = temporaryFolder();
    await expect(run(replay(), folder, true)).rejects.toThrow('killed');
    expect(await run(replay(), folder)).toEqual(kept);
  });

  test('refuses options that do not fit', () => {
    expect(() => new ExperienceReplay({ memory: [], replaySize: 0 } as never)).toThrow(
      /memory: expected an EpisodicMemory, got \[\]\s+- replaySize: expected/,
    );
  });
});
