// Steps of all kinds in one process, drawn at random: live tensors are as many after each as before it, and resident memory stays in its band.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import {
  adopt,
  Generator,
  keep,
  liveTensors,
  manualSeed,
  memoryStats,
  memorySummary,
  nn,
  optim,
  randint,
  randn,
  scope,
  zeros,
} from 'sconce';
import { residentBytes } from '../../benchmarks/memory/resident.mjs';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const MIB = 2 ** 20;
/** Resident memory after the first tenth of the time, against its end. Blocks are kept by size: changing shapes need some of each. */
const GROWTH_MIB = 96;

/** mulberry32: numbers in [0, 1) from a seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Averaging extends nn.Module {
  layer = new nn.Linear(16, 16);

  constructor() {
    super();
    this.registerBuffer('mean', zeros([16]));
  }

  forward(input) {
    this.mean = this.mean.mul(0.9).add(
      input
        .detach()
        .mean({ dim: [0] })
        .mul(0.1),
    );
    return this.layer.forward(input.sub(this.mean));
  }
}

/** One step of each kind; each leaves as many tensors as it found. */
function makeSteps(random) {
  const model = new Averaging();
  const head = new nn.Linear(16, 4);
  const optimizer = new optim.AdamW([...model.parameters(), ...head.parameters()]);
  const below = (bound) => 1 + Math.floor(random() * bound);
  const train = (rows) => {
    nn.functional.crossEntropy(head.forward(model.forward(randn([rows, 16])).relu()), randint(0, 4, [rows])).backward();
    optimizer.step();
    optimizer.zeroGrad();
  };
  let carry = zeros([4, 16]);
  const queue = [];
  // Filled, so that it neither grows nor shrinks later.
  scope(() => train(8));
  for (let i = 0; i < 16; i++) queue.push(randn([2, 16]));
  return {
    train: () => scope(() => train(below(64))),
    nested: () => scope(() => scope(() => scope(() => train(below(8))), 'inner'), 'outer'),
    carry: () => {
      carry = scope(() => model.layer.forward(adopt(carry)).tanh().detach());
    },
    queue: () =>
      scope(() => {
        queue.push(keep(randn([2, 16])));
        adopt(queue.shift());
      }),
    throws: () => {
      const kind = below(3);
      assert.throws(() =>
        scope(() => {
          train(below(8));
          if (kind === 1) randn([2]).add(randn([3]));
          else if (kind === 2) randn([2]).reshape([3]);
          throw new RangeError('of the step');
        }),
      );
    },
    part: () =>
      scope(() => {
        head
          .forward(randn([2, 16]))
          .sum()
          .backward(); // the model has no gradient this time
        optimizer.step();
        optimizer.zeroGrad();
      }),
    restore: () => scope(() => optimizer.loadStateDict(optimizer.stateDict())),
    generators: () =>
      scope(() => void randn([8], { generator: Generator.fork({ seed: below(100), index: below(100) }) })),
    large: () =>
      scope(
        () =>
          void randn([below(64), 1024, 16])
            .exp()
            .sum()
            .item(),
      ),
  };
}

async function playWorker(random) {
  const url = new URL('../../benchmarks/memory/worker.mjs', import.meta.url);
  const worker = new Worker(url, { workerData: { numSteps: 50 } });
  if (random() < 0.5) await once(worker, 'exit');
  else {
    await once(worker, 'online');
    await worker.terminate();
  }
}

export async function run({ seed, minutes }) {
  const random = randomFrom(seed);
  manualSeed(seed);
  const steps = Object.entries(makeSteps(random));
  for (const [, step] of steps) step();
  // What was there before the first steps replaced it: it goes now, and not from the counts below.
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    liveTensors();
  }
  const before = liveTensors();
  const started = performance.now();
  const end = started + minutes * 60_000;
  let baseline;
  let numSteps = 0;
  let numWorkers = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 200; i++) {
      const [name, step] = steps[Math.floor(random() * steps.length)];
      step();
      numSteps++;
      assert.equal(liveTensors(), before, `live tensors after "${name}"\n${memorySummary()}`);
    }
    if (random() < 0.05) {
      await playWorker(random);
      numWorkers++;
    }
    if (baseline === undefined && performance.now() - started > (end - started) / 10) baseline = residentBytes();
  }
  const grown = (residentBytes() - (baseline ?? residentBytes())) / MIB;
  assert(grown < GROWTH_MIB, `resident memory has grown by ${grown.toFixed(1)} MiB\n${memorySummary()}`);
  const { allocator } = memoryStats();
  console.log(
    `memory: ${numSteps} steps and ${numWorkers} workers, live tensors ${before} after each, resident memory grown by ${grown.toFixed(1)} MiB, ` +
      `allocator in use ${(allocator.inUseBytes / MIB).toFixed(1)} MiB`,
  );
}
