// Our process: does what run.mjs asks, one line of JSON a request. python/worker.py is the other side of every comparison.
// Arguments: the workload, the number of threads, and `first-step` or `first-fit-step` for a process that ends after its first step.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { autocast, manualSeed, optim, scope, setNumThreads } from 'sconce';
import { measurePieces } from './harness/measure.mjs';
import { viewsOf } from './harness/views.mjs';

const NUM_BATCHES = 8;
const CALLS_PER_PIECE = 100;
const PIECES_OF_CALLS = 60;

const [name, numThreads, mode] = process.argv.slice(2);
setNumThreads(Number(numThreads));
const workload = await import(`./workloads/${name}.mjs`);

/** The training loop that a person would write, on batches that lie ready; the same seed gives the same numbers as in Python. */
function makeLoop(
  { makeModel, makeInputs, makeTargets, batchSize, loss },
  { hasViews = false, precision = 'float32', channelsLast = false } = {},
) {
  manualSeed(0);
  const model = makeModel();
  if (channelsLast) model.to({ memoryFormat: 'channels_last' });
  const batches = Array.from({ length: NUM_BATCHES }, () => [makeInputs(batchSize), makeTargets(batchSize)]);
  const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
  let position = 0;
  const step = (shouldRead = false) =>
    scope(() => {
      const batch = batches[position++ % NUM_BATCHES];
      const [inputs, targets] = hasViews ? viewsOf(batch) : batch;
      const given = channelsLast ? inputs.contiguous({ memoryFormat: 'channels_last' }) : inputs;
      const value = autocast('cpu', () => loss(model, given, targets), { enabled: precision === 'bf16-mixed' });
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
      return shouldRead ? value.item() : undefined;
    });
  return { model, batches, optimizer, step };
}

/** Peak resident size, MiB. */
function peakMemory() {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

let calls;
let loop;
const loops = new Map();
const answers = {
  /** One operator, many times: us a call. A scope frees the results of a piece, as that of a training step would. */
  async call({ operator }) {
    calls ??= workload.makeCalls();
    const call = calls[operator];
    const piece = () => {
      for (let i = 0; i < CALLS_PER_PIECE; i++) call();
    };
    return measurePieces(() => scope(piece), PIECES_OF_CALLS, CALLS_PER_PIECE);
  },
  /** The losses of a fresh loop's first steps. */
  async losses({ numSteps }) {
    const { step } = makeLoop(workload.default);
    return Array.from({ length: numSteps }, () => step(true));
  },
  /** The loop by hand: us a step. `isFresh` is for the comparison with a trainer: it begins anew with steps that do not count, and makes the views of
   *  its batches that the trainer's dataset makes. */
  async steps({ isFresh = false }) {
    const { warmSteps, stepsPerPiece, pieces } = workload.default;
    const play = (numSteps) => {
      for (let i = 0; i < numSteps; i++) loop.step();
    };
    if (isFresh || !loop) {
      loop = makeLoop(workload.default, { hasViews: isFresh });
      play(warmSteps);
    }
    return measurePieces(() => play(stepsPerPiece), pieces, stepsPerPiece);
  },
  /** The loop by hand in a precision and a memory order: us a step. */
  async modes({ precision, channelsLast }) {
    const key = `${precision} ${channelsLast}`;
    const { warmSteps, pieces } = workload.default;
    if (!loops.has(key)) {
      const fresh = makeLoop(workload.default, { precision, channelsLast });
      loops.set(key, fresh);
      for (let i = 0; i < warmSteps; i++) fresh.step();
    }
    return measurePieces(() => loops.get(key).step(), pieces, 1);
  },
  /** The same steps by the trainer: us a step. */
  async trainer({ isBare }) {
    const { fitSteps } = await import('./harness/fit.mjs');
    return fitSteps(makeLoop(workload.default), workload.default, { isBare });
  },
  async memory() {
    return peakMemory();
  },
};

const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
if (mode === 'first-step') {
  reply(makeLoop(workload.default).step(true));
} else if (mode === 'first-fit-step') {
  const { fitSteps } = await import('./harness/fit.mjs');
  await fitSteps(makeLoop(workload.default), workload.default, { isBare: false, onFirstStep: reply });
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    reply(await answers[request.run](request));
  }
}
