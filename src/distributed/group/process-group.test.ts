// What process groups, stores and reducers refuse before they reach for anything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Linear } from '../../nn/index.ts';
import { DistributedDataParallel } from '../parallel/distributed-data-parallel.ts';
import { GradientReducer } from '../parallel/gradient-reducer.ts';
import { FileStore, PrefixStore, TCPStore } from '../store/store.ts';
import { destroyProcessGroup, initProcessGroup, newGroup } from './process-group.ts';

const problem = async (run: () => unknown): Promise<string> => {
  try {
    return `no error, but ${String(await run())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

test('initProcessGroup() tells all problems at once', async () => {
  const wrong = { rank: 2, worldSize: 0, backend: 'mpi', timeout: 5, timeoutMs: '5', masterPort: 70_000, store: {} };
  expect(await problem(() => initProcessGroup(wrong as object))).toBe(
    [
      'Cannot initialize the process group: 6 problems',
      'worldSize: expected an integer above 0, got 0',
      'backend: expected "gloo", "nccl", "cpu:gloo,cuda:nccl", got "mpi"',
      'timeout: expected one of backend, device, rank, worldSize, masterAddr, masterPort, store, checksCalls, timeoutMs, networkInterface, got an unknown option',
      'timeoutMs: expected milliseconds, an integer from 1 to 2147483647, got "5"',
      'masterPort: expected a port from 0 to 65535, got 70000',
      'store: expected a Store, got an object of class Object',
    ].join('\n  - '),
  );
  expect(await problem(() => initProcessGroup({ rank: 2, worldSize: 2 }))).toBe(
    'Cannot initialize the process group: rank: expected an integer from 0 to 1, got 2',
  );
});

test('newGroup() refuses ranks that are none, and options', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-group-'));
  try {
    const store = new FileStore(join(folder, 'store'), { worldSize: 1 });
    const group = await initProcessGroup({ rank: 0, worldSize: 1, store, masterAddr: '127.0.0.1', timeoutMs: 20_000 });
    expect(group.size).toBe(1);
    const refused = [
      [[0, 0], {}, 'ranks: expected ranks below 1, each once, got [0,0]'],
      [[1], {}, 'ranks: expected ranks below 1, each once, got [1]'],
      [[], {}, 'ranks: expected ranks below 1, each once, got []'],
      [0, {}, 'ranks: expected ranks below 1, each once, got 0'],
      [[0], { timeoutMs: 0 }, 'timeoutMs: expected milliseconds, an integer from 1 to 2147483647, got 0'],
      [[0], { networkInterface: '' }, 'networkInterface: expected a text that is not empty, got ""'],
      [[0], { timeout: 1 }, 'timeout: expected one of timeoutMs, networkInterface, got an unknown option'],
    ] as const;
    for (const [ranks, options, wanted] of refused)
      expect(await problem(() => newGroup(ranks as never, options as object))).toBe(
        `Cannot make a process group: ${wanted}`,
      );
    const again = await newGroup([0]);
    expect(again!.ranks).toEqual([0]);
    destroyProcessGroup(again);
  } finally {
    destroyProcessGroup();
    rmSync(folder, { recursive: true });
  }
});

test('stores refuse options that are none', async () => {
  expect(await problem(() => TCPStore.connect({ host: '', port: -1, isMaster: 'yes', world: 2 } as never))).toMatch(
    /^Cannot reach a TCPStore: 4 problems\n.*host: expected a text.*\n.*port: expected a port .* got -1\n.*isMaster: expected true or false, got "yes"\n.*world: expected one of host, /,
  );
  expect(await problem(() => TCPStore.connect({ host: 'localhost', port: 0 }))).toMatch(/only isMaster: true chooses/);
  expect(await problem(() => TCPStore.connect({ port: 1, timeoutMs: -1 } as never))).toMatch(
    /timeoutMs: expected milliseconds.*\n.*host: expected one, got none/,
  );
  expect(await problem(() => new FileStore('', { worldSize: 1.5 }))).toMatch(/path: .*\n.*worldSize: .* got 1.5/);
  expect(await problem(() => new PrefixStore('a', {} as never))).toMatch(/expected a text and a Store/);
});

test('reducers refuse options that are none', async () => {
  const options = { bucketCapMb: 0, staticGraph: 1, compress: 'int8', group: 'all', broadcastBuffer: true };
  const lines = [
    'bucketCapMb: expected MiB, a number above 0, got 0',
    'staticGraph: expected true or false, got 1',
    'compress: expected float16 or bfloat16, got "int8"',
    'group: expected a process group, got "all"',
  ];
  const known = 'group, bucketCapMb, findUnusedParameters, gradientAsBucketView, staticGraph, compress';
  const stray = (names: string): string => `broadcastBuffer: expected one of ${names}, got an unknown option`;
  expect(await problem(() => new GradientReducer([], options as never))).toBe(
    [
      'Cannot average gradients over ranks: 6 problems',
      ...lines,
      stray(known),
      'parameters: expected one that needs a gradient, got none',
    ].join('\n  - '),
  );
  expect(await problem(() => new DistributedDataParallel(new Linear(1, 1), options as never))).toBe(
    ['Cannot make DistributedDataParallel: 5 problems', ...lines, stray(`broadcastBuffers, initSync, ${known}`)].join(
      '\n  - ',
    ),
  );
  expect(await problem(() => new DistributedDataParallel({} as never))).toMatch(
    /module: expected a Module, got object/,
  );
});
