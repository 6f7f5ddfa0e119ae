// What is asked of NCCL where there is none, which is refused before a rank looks for the others.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Linear } from '../../nn/index.ts';
import { getNative } from '../../tensor/call.ts';
import { empty } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { DistributedDataParallel } from '../parallel/distributed-data-parallel.ts';
import { FileStore } from '../store/store.ts';
import { checkForNccl, checkTensors } from './collective-checks.ts';
import { allReduce } from './collectives.ts';
import { BACKEND_NAMES, isForGpus } from './nccl.ts';
import { destroyProcessGroup, initProcessGroup, isInitialized, type ProcessGroup } from './process-group.ts';

const problem = async (run: () => unknown): Promise<string> => {
  try {
    return `no error, but ${String(await run())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

afterEach(() => vi.unstubAllEnvs());

test('backends say which tensors they move', () => {
  const forGpus = BACKEND_NAMES.map((name) => [name, isForGpus(name)]);
  expect(forGpus).toEqual([
    ['gloo', false],
    ['nccl', true],
    ['cpu:gloo,cuda:nccl', true],
  ]);
});

test('initProcessGroup() refuses devices that do not go with the backend', async () => {
  const refused = [
    [{ device: 'cuda' }, 'device: expected a GPU, as in "cuda:0", got "cuda"'],
    [{ device: 'cuda:0' }, 'device: expected none with backend "gloo", got "cuda:0"'],
    [{ backend: 'gloo', device: 'cuda:1' }, 'device: expected none with backend "gloo", got "cuda:1"'],
    [
      { backend: 'nccl' },
      'device: expected the GPU of this rank, as in "cuda:0", or its number in LOCAL_RANK, got neither',
    ],
  ] as const;
  vi.stubEnv('LOCAL_RANK', undefined);
  for (const [options, wanted] of refused)
    expect(await problem(() => initProcessGroup({ rank: 0, worldSize: 2, ...options } as object))).toBe(
      `Cannot initialize the process group: ${wanted}`,
    );
});

// Where the addon has NCCL, it is the GPU that is missing.
test.skipIf('addNccl' in getNative())('initProcessGroup() says at once what is missing for NCCL', async () => {
  const wanted =
    /^Cannot initialize the process group: expected an addon with NCCL for backend "nccl", got one without: (?:libtorch is built for the CPU; install a CUDA build of torch .*npx sconce setup|NCCL needs libtorch 2\.6)/;
  const began = performance.now();
  for (const backend of ['nccl', 'cpu:gloo,cuda:nccl'] as const) {
    const place = { rank: 0, worldSize: 2, masterPort: 1, device: 'cuda:0' } as const;
    expect(await problem(() => initProcessGroup({ backend, ...place }))).toMatch(wanted);
  }
  vi.stubEnv('LOCAL_RANK', '1');
  expect(await problem(() => initProcessGroup({ backend: 'nccl', rank: 1, worldSize: 2 }))).toMatch(wanted);
  expect(performance.now() - began).toBeLessThan(2000);
  expect(isInitialized()).toBe(false);
});

test("collectives take tensors of the CPU and of the rank's GPU", () => {
  const on = (device: string): Tensor => ({ device }) as Tensor;
  const tell = (tensors: readonly Tensor[], device?: string): string => {
    try {
      checkTensors('all-reduce', tensors, { device } as ProcessGroup);
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(tell([on('cpu'), on('cpu')])).toBe('taken');
  expect(tell([on('cuda:1')], 'cuda:1')).toBe('taken');
  expect(tell([on('cpu')], 'cuda:1')).toBe('taken');
  expect(tell([on('cuda:0')], 'cuda:1')).toBe(
    "Cannot all-reduce: expected a tensor on the CPU or on cuda:1, this rank's GPU, got one on cuda:0",
  );
  expect(tell([on('cuda:0')])).toBe(
    'Cannot all-reduce: expected a tensor on the CPU, got one on cuda:0; backend "nccl" of initProcessGroup moves those',
  );
  expect(tell([on('cpu'), on('cuda:1')], 'cuda:1')).toBe(
    'Cannot all-reduce: expected tensors on one device, got some on cpu and cuda:1',
  );
});

test('what NCCL does not do is refused for tensors on GPUs, and for no others', () => {
  const tell = (device: string, plan: object): string => {
    try {
      const usual = { name: 'allreduce', op: 'sum', tag: 0, timeoutMs: undefined };
      checkForNccl('try', [{ device } as Tensor], { ...usual, ...plan });
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const refused = [
    [{ op: 'bxor' }, 'sum, avg, product, min or max as op for tensors on a GPU, got "bxor"'],
    [{ name: 'recvAnysource' }, 'the rank that sends for tensors on a GPU, got none'],
    [{ name: 'send', tag: 3 }, 'no tag for tensors on a GPU, got 3'],
    [{ timeoutMs: 5 }, 'the time of the group for tensors on a GPU, got timeoutMs 5'],
  ] as const;
  for (const [plan, wanted] of refused) {
    expect(tell('cuda:0', plan)).toBe(`Cannot try: expected ${wanted}`);
    expect(tell('cpu', plan)).toBe('taken');
  }
  expect(tell('cuda:0', { op: 'avg' })).toBe('taken');
});

test('a group of Gloo refuses tensors that are elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-nccl-'));
  try {
    const store = new FileStore(join(folder, 'store'), { worldSize: 1 });
    const group = await initProcessGroup({ rank: 0, worldSize: 1, store, masterAddr: '127.0.0.1', timeoutMs: 20_000 });
    expect([group.backend, group.device]).toEqual(['gloo', undefined]);
    expect(await problem(() => allReduce(empty([1], { device: 'meta' })))).toBe(
      'Cannot all-reduce: expected a tensor on the CPU, got one on meta',
    );
    const model = new Linear(1, 1, { device: 'meta' });
    expect(await problem(() => new DistributedDataParallel(model))).toMatch(
      /expected a tensor on the CPU, got one on meta$/,
    );
  } finally {
    destroyProcessGroup();
    rmSync(folder, { recursive: true });
  }
});
