// What measuring costs: the calls that a step makes for it, by themselves, as a part of a step; and fits of the small perceptron with `profileTraining`, without, and without once
// more, which take turns in one process: the third says how far the machine's noise goes. Processor time, so that others on the machine matter less.
//   --rounds <n>  of two fits each, behind four that do not count; default 30
import { parseArgs } from 'node:util';
import { manualSeed, optim, setNumThreads } from 'sconce';
import { DataLoader } from 'sconce/data';
import { GenericTrainer } from 'sconce/trainer';
import { PART, RunTimes } from '../dist/trainer/profiling/run-times.js';
import { StepCounts } from '../dist/trainer/profiling/step-counts.js';
import { describeMachine } from './harness/machine.mjs';
import { printMachine, printPromises, printTable } from './harness/report.mjs';
import { median, quantile } from './harness/statistics.mjs';
import { viewsOf } from './harness/views.mjs';
import workload from './workloads/mlp-small.mjs';

const STEPS = 1000;
const WARM_ROUNDS = 4;
const LIMIT_PERCENT = 1;

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } });
setNumThreads(1);
printMachine(describeMachine());
const { makeInputs, makeTargets, batchSize } = workload;
const batches = Array.from({ length: 8 }, () => [makeInputs(batchSize), makeTargets(batchSize)]);

/** Gives microseconds of processor time a step, of one more fit each time. */
function contender(profileTraining) {
  manualSeed(0);
  const model = workload.makeModel();
  const optimizers = [new optim.AdamW(model.parameters(), { lr: 1e-3 })];
  const config = { profileTraining, hooks: { enableLoggingHook: false } };
  const trainer = new GenericTrainer({ config, model, optimizers });
  trainer.setTrainingStep((_trainer, [inputs, targets]) => ({ loss: workload.loss(model, inputs, targets) }));
  const loader = new DataLoader({
    dataset: { length: STEPS, get: (step) => viewsOf(batches[step % batches.length]) },
    collate: ([batch]) => batch,
  });
  let epochs = 0;
  return async () => {
    const before = process.cpuUsage();
    await trainer.fit({ trainLoaders: [loader], maxEpochs: ++epochs });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / STEPS;
  };
}

/** Microseconds of processor time for what a step with one optimizer calls to be measured: the least of a few blocks. */
function callsOfAStep() {
  const times = new RunTimes(['dl0']);
  const counts = new StepCounts();
  const blocks = Array.from({ length: 6 }, () => {
    const before = process.cpuUsage();
    for (let step = 0; step < 100_000; step++) {
      times.enter(PART.data);
      times.batchArrived(0, performance.now());
      times.begin(PART.forward);
      counts.begin();
      counts.end();
      times.forwardEnded();
      times.begin(PART.backward);
      times.enter(PART.rest);
      times.begin(PART.optimizer);
      times.enter(PART.rest);
      times.batchEnded();
      if (step % 50 === 0) times.take();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 100_000;
  });
  return Math.min(...blocks);
}

const fits = [contender(false), contender(true), contender(false)];
const rounds = [];
for (let round = 0; round < Number(flags.rounds) + WARM_ROUNDS; round++) {
  const row = [];
  for (let turn = 0; turn < fits.length; turn++) {
    const which = (round + turn) % fits.length;
    row[which] = await fits[which]();
  }
  if (round >= WARM_ROUNDS) rounds.push(row);
}
const stepUs = median(rounds.map(([plain]) => plain));
const rowOf = (name, which) => {
  const added = rounds.map((row) => (row[which] / row[0] - 1) * 100);
  const spread = `${quantile(added, 0.1).toFixed(1)} to ${quantile(added, 0.9).toFixed(1)}`;
  return [name, median(rounds.map((row) => row[which])).toFixed(1), median(added).toFixed(2), spread];
};
printTable(
  `MLP 784-32-32-10, batch 8, ${STEPS} steps a fit`,
  ['', 'us a step', 'added %', '10 to 90 %'],
  [rowOf('without', 0), rowOf('with', 1), rowOf('without, again', 2)],
);
const callsUs = callsOfAStep();
console.log(`calls of a step: ${callsUs.toFixed(2)} us`);
printPromises([
  { what: 'percent of a step for the calls that measure it', found: (callsUs / stepUs) * 100, limit: LIMIT_PERCENT },
]);
