// Our side of overhead.mjs: one run, which stops before every block of steps until it is asked for. Arguments: `raw`, `bare` or `everything`; steps a block; blocks; `clock`
// or `cpu`.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { manualSeed, optim, scope, setNumThreads } from 'sconce';
import { DataLoader } from 'sconce/data';
import { GenericTrainer, ProgressCallback, TrainingRun } from 'sconce/trainer';
import { viewsOf } from './harness/views.mjs';
import workload from './workloads/mlp-small.mjs';

const NUM_BATCHES = 8;
const STEPS_PER_SAVE = 5000;
const NEVER = 1_000_000_000;
const [mode, stepsPerBlock, numBlocks] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

setNumThreads(1);
manualSeed(0);
const model = workload.makeModel();
const { makeInputs, makeTargets, batchSize } = workload;
const batches = Array.from({ length: NUM_BATCHES }, () => [makeInputs(batchSize), makeTargets(batchSize)]);
const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let started;

/** Milliseconds by the clock, or of this process's processor time. */
const now = process.argv[5] === 'cpu' ? () => cpuMs(process.cpuUsage()) : () => performance.now();
const cpuMs = ({ user, system }) => (user + system) / 1000;

/** Between two blocks: tells how long the last one took, and waits until the next one is wanted. */
async function takeTurn() {
  if (started !== undefined) process.stdout.write(`${((now() - started) * 1000) / stepsPerBlock}\n`);
  await lines.next();
  started = now();
}

const isFirst = (step) => step % stepsPerBlock === 0;

async function playRaw() {
  for (let step = 0; step < stepsPerBlock * numBlocks; step++) {
    if (isFirst(step)) await takeTurn();
    scope(() => {
      const [inputs, targets] = viewsOf(batches[step % NUM_BATCHES]);
      const loss = workload.loss(model, inputs, targets);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    });
  }
  await takeTurn();
}

/** A callback that hears of every event of a step. */
const listener = () => ({
  name: 'Listener',
  count: 0,
  ...Object.fromEntries(
    ['batchStart', 'forwardEnd', 'backwardEnd', 'optimizerStepStart', 'optimizerStepEnd', 'batchEnd'].map((event) => [
      event,
      function hear() {
        this.count++;
      },
    ]),
  ),
});

async function playTrainer() {
  const hasEverything = mode === 'everything';
  // One step more than the blocks have: where it begins, the last block is over.
  const get = (step) => {
    const views = () => viewsOf(batches[step % NUM_BATCHES]);
    return isFirst(step) ? takeTurn().then(views) : views();
  };
  const loader = new DataLoader({
    dataset: { length: stepsPerBlock * numBlocks + 1, get },
    collate: ([batch]) => batch,
  });
  const run = hasEverything ? await openRun() : undefined;
  const trainer = new GenericTrainer({
    config: hasEverything
      ? { profileTraining: true, checkpoint: { saveEveryNSteps: STEPS_PER_SAVE } }
      : { profileTraining: false, logEveryNSteps: NEVER },
    model,
    optimizers: [optimizer],
    callbacks: hasEverything ? [new ProgressCallback({ stream: terminal }), listener()] : [],
    ...(run ? { run } : {}),
  });
  trainer.setTrainingStep((_trainer, [inputs, targets]) => {
    const loss = workload.loss(model, inputs, targets);
    return hasEverything ? { loss, samples: batchSize } : { loss };
  });
  await trainer.fit({ trainLoaders: [loader] });
  await run?.finish({ status: 'finished', exitCode: 0 });
}

async function openRun() {
  const run = new TrainingRun(mkdtempSync(join(process.env.SCONCE_BENCH_FOLDER, 'run-')), { isResumed: false });
  await run.create({});
  return run;
}

/** A terminal to draw on, since Lightning's bar is drawn too. */
const terminal = { isTTY: true, columns: 120, write: (text) => process.stderr.write(text) };

await (mode === 'raw' ? playRaw() : playTrainer());
