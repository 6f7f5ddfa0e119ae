// Our process: does what run.mjs asks, one line of JSON a request. python/worker.py is the other side of every comparison.
// Arguments: the workload, the number of threads, and `first-step` or `first-fit-step` for a process that ends after its first step.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { autocast, CAPTURE_PASSES, capture, manualSeed, optim, scope, setNumThreads } from 'sconce';
import { measurePieces } from './harness/measure.mjs';
import { median } from './harness/statistics.mjs';
import { viewsOf } from './harness/views.mjs';

const NUM_BATCHES = 8;
/** Behind which a step is replayed. */
const NUM_LOSSES = 20;
const CALLS_PER_PIECE = 100;
const PIECES_OF_CALLS = 60;
const PIECES_OF_KERNELS = 15;

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

/** The same loop whose step is captured. @param passes - default: all.  @throws {Error} where it is refused. */
function makeCapturedLoop(passes) {
  const { makeModel, makeInputs, makeTargets, batchSize, loss, warmSteps } = workload.default;
  manualSeed(0);
  const model = makeModel();
  const batches = Array.from({ length: NUM_BATCHES }, () => [makeInputs(batchSize), makeTargets(batchSize)]);
  const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
  const captured = capture((inputs, targets) => {
    const value = loss(model, inputs, targets);
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
    return value;
  }, passes && { passes });
  let position = 0;
  const step = (shouldRead = false) =>
    scope(() => {
      const value = captured(...batches[position++ % NUM_BATCHES]);
      return shouldRead ? value.item() : undefined;
    });
  const warmUp = () => {
    for (let i = 0; i < Math.max(warmSteps, NUM_LOSSES); i++) step();
    const { numReplayed, refusal } = captured.status;
    if (numReplayed === 0) throw new Error(`Cannot measure a captured step: expected replays, got none: ${refusal}`);
  };
  return { captured, step, warmUp };
}

/** Passes up to one of them, by its name; none of them by `none`. */
function passesUpTo(last) {
  const names = Object.keys(CAPTURE_PASSES);
  return names.slice(0, names.indexOf(last) + 1);
}

let calls;
let loop;
const capturedLoops = new Map();
function capturedLoopOf(last) {
  if (!capturedLoops.has(last)) {
    capturedLoops.set(last, makeCapturedLoop(last && passesUpTo(last)));
    capturedLoops.get(last).warmUp();
  }
  return capturedLoops.get(last);
}
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
  async losses({ numSteps, isCaptured = false }) {
    const { step } = isCaptured ? makeCapturedLoop() : makeLoop(workload.default);
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
  /** The loop by hand with a captured step: us a step. @param upTo - the last of the passes; default: all. */
  async captured({ upTo }) {
    const { stepsPerPiece, pieces } = workload.default;
    const { step } = capturedLoopOf(upTo);
    const play = () => {
      for (let i = 0; i < stepsPerPiece; i++) step();
    };
    return measurePieces(play, pieces, stepsPerPiece);
  },
  /** What a captured step is made of: operators that a replay runs, us that they take by themselves and the whole step with them while they are timed, KiB of their results and of the arena that these share. */
  async kernels({ upTo }) {
    const { step, captured } = capturedLoopOf(upTo);
    const { stepsPerPiece } = workload.default;
    const read = () => {
      const { operations, numReplays, ...sizes } = captured.explain();
      const run = operations.filter(({ fate }) => !['folded', 'dropped', 'computed once'].includes(fate));
      const ns = numReplays * run.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
      return { ns, numReplays, numOperators: run.length, ...sizes };
    };
    const [pieces, walls] = [[], []];
    let last = read();
    for (let i = 0; i < PIECES_OF_KERNELS; i++) {
      captured.time(true);
      const started = performance.now();
      for (let j = 0; j < 8 * stepsPerPiece; j++) step();
      walls.push(((performance.now() - started) * 1000) / (8 * stepsPerPiece));
      captured.time(false);
      const now = read();
      pieces.push((now.ns - last.ns) / (now.numReplays - last.numReplays) / 1000);
      last = now;
    }
    const [us, stepUs] = [median(pieces), median(walls)];
    const { numOperators, arenaBytes, madeBytes } = last;
    return { numOperators, us, stepUs, madeKiB: madeBytes / 1024, arenaKiB: arenaBytes / 1024 };
  },
  async passes() {
    return Object.keys(CAPTURE_PASSES);
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
