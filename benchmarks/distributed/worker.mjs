// Our rank of distributed.mjs: joins the group of its environment, and does what it is asked, one line of JSON a request. Arguments: workload; MiB a bucket.
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getRngState, manualSeed, nn, optim, randn, scope, setNumThreads, tensor, zeros } from 'sconce';
import { DataLoader } from 'sconce/data';
import {
  allGatherObject,
  allReduce,
  barrier,
  broadcastObject,
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
  newGroup,
} from 'sconce/distributed';
import { GenericTrainer } from 'sconce/trainer';
import { measurePieces, piecesBetween } from '../harness/measure.mjs';
import { median } from '../harness/statistics.mjs';
import { viewsOf } from '../harness/views.mjs';

const NUM_BATCHES = 8;
const NEVER = 1_000_000_000;
const [name, bucketCapMb] = [process.argv[2], Number(process.argv[3])];
setNumThreads(1);
const { default: workload } = await import(`../workloads/${name}.mjs`);
const { rank, ranks, store } = await initProcessGroup({ timeoutMs: 120_000 });

manualSeed(0);
const plain = workload.makeModel();
const model = new DistributedDataParallel(plain, { bucketCapMb });
manualSeed(1 + rank);
const { makeInputs, makeTargets, batchSize } = workload;
const batches = Array.from({ length: NUM_BATCHES }, () => [makeInputs(batchSize), makeTargets(batchSize)]);
const optimizer = new optim.AdamW(plain.parameters(), { lr: 1e-3 });
let position = 0;

function step(trained, shouldRead = false) {
  return scope(() => {
    const [inputs, targets] = batches[position++ % NUM_BATCHES];
    const loss = workload.loss(trained, inputs, targets);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return shouldRead ? loss.item() : undefined;
  });
}

const play = (trained, numSteps) => {
  for (let i = 0; i < numSteps; i++) step(trained);
};

/** Bytes that this process has given to the system to write, sockets included. */
const written = () => Number(/^wchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]);

const numSockets = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // the folder's own
    }
  }).length;

const answers = {
  /** Steps by hand, all ranks together: us a step. */
  steps: ({ warmSteps, stepsPerPiece, pieces }) => {
    play(model, warmSteps);
    return measurePieces(() => play(model, stepsPerPiece), pieces, stepsPerPiece);
  },
  /** The same steps without averaging, by ranks that only share the machine: us a step. */
  own: ({ warmSteps, stepsPerPiece, pieces }) =>
    model.noSync(() => {
      play(model, warmSteps);
      return measurePieces(() => play(model, stepsPerPiece), pieces, stepsPerPiece);
    }),
  /** All-reduces of so many bytes, microseconds each: by the clock with products of matrices between them, as in training, beyond these; and of this rank's processor time, one after the
   *  other, since a thread of Gloo's that finds nothing else to be done asks again and again. */
  reduce: ({ bytes, times }) => {
    const buffer = zeros([bytes / 4]);
    const matrix = randn([192, 192]);
    const product = () => scope(() => void matrix.matmul(matrix));
    const measure = (piece) => {
      const before = process.cpuUsage();
      const [wall] = measurePieces(
        () => {
          for (let i = 0; i < times; i++) piece();
        },
        1,
        times,
      );
      const { user, system } = process.cpuUsage(before);
      return { wall, processor: (user + system) / times };
    };
    const both = () => {
      product();
      allReduce(buffer);
    };
    for (let i = 0; i < 3; i++) both();
    const wall = measure(both).wall - measure(product).wall;
    return { wall, processor: measure(() => allReduce(buffer)).processor };
  },
  /** A further group of all ranks: how long that takes in ms, and what it leaves in the store and in this process. */
  join: async () => {
    const counts = async () => ({ keys: await store.numKeys(), sockets: numSockets() });
    const before = await counts();
    await barrier();
    const started = performance.now();
    const group = await newGroup(ranks);
    const ms = performance.now() - started;
    await barrier({ group });
    const after = await counts();
    destroyProcessGroup(group);
    return { ms, keys: after.keys - before.keys, sockets: after.sockets - before.sockets };
  },
  /** Writes and reads of a store by one rank, the others idle: microseconds each. */
  ask: async ({ times }) => {
    if (rank !== 0) return undefined;
    await store.set('asked', 'value');
    const started = performance.now();
    for (let i = 0; i < times; i++) await store.get('asked');
    return ((performance.now() - started) * 1000) / times;
  },
  /** The bytes that this rank sends in a step, and those of its gradients. */
  bytes: ({ numSteps }) => {
    play(model, 3); // buckets are laid out anew behind the first
    const before = written();
    play(model, numSteps);
    const sent = (written() - before) / numSteps;
    const buckets = [...model.reducer.bucketBytes];
    const parameters = plain.parameters().reduce((sum, { numel }) => sum + numel, 0);
    return { sent, buckets, gradients: buckets.reduce((sum, size) => sum + size, 0), parameters };
  },
  /** The same steps by the trainer, of a model of its own, as they are written or captured: us a step. */
  trainer: async ({ warmSteps, stepsPerPiece, pieces, captureSteps = false }) => {
    const numSteps = warmSteps + stepsPerPiece * pieces + 1;
    const fresh = workload.makeModel();
    const dataset = { length: numSteps * ranks.length, get: (i) => viewsOf(batches[i % NUM_BATCHES]) };
    const loader = new DataLoader({ dataset, collate: ([batch]) => batch });
    const marks = [];
    const trainer = new GenericTrainer({
      config: { logEveryNSteps: NEVER, ddp: { bucketCapMb }, performance: { captureSteps } },
      model: fresh,
      optimizers: [new optim.AdamW(fresh.parameters(), { lr: 1e-3 })],
      callbacks: [{ name: 'marks', batchStart: () => void marks.push(performance.now()) }],
    });
    trainer.setTrainingStep((_trainer, [inputs, targets]) => ({ loss: workload.loss(fresh, inputs, targets) }));
    await trainer.fit({ trainLoaders: [loader] });
    return piecesBetween(marks.slice(warmSteps), stepsPerPiece);
  },
  /** What averaging adds to the backward pass of square layers, us: for one rank alone that is the reducer's hooks and copies. */
  hooks: ({ width, layers, times }) => {
    const stack = new nn.Sequential(...Array.from({ length: layers }, () => new nn.Linear(width, width)));
    const averaged = new DistributedDataParallel(stack, { bucketCapMb });
    const input = randn([2, width]);
    const piece = () => scope(() => averaged.forward(input).mean().backward());
    const measure = () => median(measurePieces(piece, times, 1));
    for (let i = 0; i < 5; i++) piece();
    const us = measure() - averaged.noSync(measure);
    averaged.reducer.destroy();
    return { us, parameters: 2 * layers, bytes: 4 * layers * width * (width + 1) };
  },
  /** Checkpoints of the model, or of square layers of a width, with AdamW's state: ms each, and its bytes. */
  save: async ({ width, layers, times, warmTimes }) => {
    const stack = () => new nn.Sequential(...Array.from({ length: layers }, () => new nn.Linear(width, width)));
    const saved = width ? stack() : workload.makeModel();
    const dataset = { length: 2, get: (i) => (width ? [randn([2, width])] : viewsOf(batches[i])) };
    const trainer = new GenericTrainer({
      config: { logEveryNSteps: NEVER, ddp: { shardLoaders: false } },
      model: saved,
      optimizers: [new optim.AdamW(saved.parameters(), { lr: 1e-3 })],
    });
    trainer.setTrainingStep((_trainer, [inputs, targets]) => ({
      loss: width ? saved.forward(inputs).mean() : workload.loss(saved, inputs, targets),
    }));
    await trainer.fit({ trainLoaders: [new DataLoader({ dataset, collate: ([batch]) => batch })] });
    const path = join(process.env.SCONCE_BENCH_FOLDER, 'saved.ckpt');
    const ms = [];
    for (let i = -warmTimes; i < times; i++) {
      await barrier();
      const started = performance.now();
      await trainer.saveCheckpoint(path);
      await barrier();
      if (i >= 0) ms.push(performance.now() - started);
    }
    const bytes = rank === 0 ? statSync(path).size : 0;
    if (rank === 0) rmSync(path);
    return { ms, bytes, tensors: 3 * saved.parameters().length };
  },
  /** What ranks tell one another in a checkpoint, without one: each its generator's state, the first that it has written. ms each. */
  gather: async ({ times }) => {
    const own = { rng: { torch_cpu: tensor(getRngState()) }, gradients: {}, loaders: {}, metrics: {} };
    const ms = [];
    for (let i = 0; i < times; i++) {
      await barrier();
      const started = performance.now();
      scope(() => {
        allGatherObject(own);
        broadcastObject({ value: null }, { src: 0 });
      });
      await barrier();
      ms.push(performance.now() - started);
    }
    own.rng.torch_cpu.dispose();
    return ms;
  },
  /** Collecting the state of square layers and their AdamW, which every rank does: ms each. */
  collect: ({ width, layers, times }) => {
    const stack = new nn.Sequential(...Array.from({ length: layers }, () => new nn.Linear(width, width)));
    const adam = new optim.AdamW(stack.parameters(), { lr: 1e-3 });
    scope(() =>
      stack
        .forward(randn([2, width]))
        .mean()
        .backward(),
    );
    adam.step();
    const piece = () => scope(() => void [stack.stateDict(), adam.stateDict()]);
    for (let i = 0; i < 20; i++) piece();
    return { ms: median(measurePieces(piece, times, 1)) / 1000, tensors: 6 * layers };
  },
  /** This rank's losses of the next steps, by which the two languages are compared. */
  losses: ({ numSteps }) => Array.from({ length: numSteps }, () => step(model, true)),
};

const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  await barrier();
  reply((await answers[request.run](request)) ?? null);
}
destroyProcessGroup();
