// What is played for the memory proofs. Each scenario plays its steps and calls `look(step)` after each.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { nn, optim, randint, randn, scope } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { Trainer } from 'sconce/trainer';
import { withLoggers } from './with-loggers.mjs';

const makeModel = () =>
  new nn.Sequential(new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 10));
const lossOf = (model, inputs, targets) => nn.functional.crossEntropy(model.forward(inputs), targets);

/** One step by hand. */
function makeStep(draw = () => [randn([8, 32]), randint(0, 10, [8])]) {
  const model = makeModel();
  const optimizer = new optim.AdamW(model.parameters());
  return (step) => {
    const [inputs, targets] = draw(step);
    const loss = lossOf(model, inputs, targets);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss.item();
  };
}

function inScope({ numSteps, look }) {
  const play = makeStep();
  for (let step = 0; step < numSteps; step++) {
    scope(() => play(step));
    look(step);
  }
}

function withoutScope({ numSteps, look }) {
  const play = makeStep();
  for (let step = 0; step < numSteps; step++) {
    play(step);
    look(step);
  }
}

async function throughTrainer({ numSteps, look }) {
  const batchSize = 8;
  const numBatches = 5000; // the history's record of an epoch takes about 150 bytes, which is no leak
  const dataset = new TensorDataset([randn([batchSize * numBatches, 32]), randint(0, 10, [batchSize * numBatches])]);
  const model = makeModel();
  let step = 0;
  const trainer = new Trainer({
    model,
    optimizer: new optim.AdamW(model.parameters()),
    criterion: new nn.CrossEntropyLoss(),
    callbacks: [{ name: 'look', batchEnd: () => look(step++) }],
    seed: 0,
  });
  const trainLoader = new DataLoader({ dataset, batchSize, shuffle: true });
  await trainer.fit({ trainLoader, numEpochs: numSteps / numBatches });
}

/** Batches of 1 to 64 samples, with 1 to 64 time steps that are averaged away. */
function changingShapes({ numSteps, look }) {
  const play = makeStep((step) => {
    const [length, width] = [1 + ((step * 7919) % 64), 1 + ((step * 104_729) % 64)];
    return [randn([length, width, 32]).mean({ dim: 1 }), randint(0, 10, [length])];
  });
  for (let step = 0; step < numSteps; step++) {
    scope(() => play(step));
    look(step);
  }
}

/** Every tenth step ends with an error of libtorch, of the addon, or of the step's own, in turn. */
function withErrors({ numSteps, look }) {
  const play = makeStep();
  const model = makeModel();
  const fail = [
    () => model.forward(randn([8, 31])),
    () => randn([2]).reshape([3]),
    () => {
      throw new RangeError('in the step');
    },
  ];
  let numErrors = 0;
  for (let step = 0; step < numSteps; step++) {
    try {
      scope(() => {
        play(step);
        if (step % 10 === 9) fail[((step - 9) / 10) % fail.length]();
      });
    } catch {
      numErrors++;
    }
    look(step);
  }
  if (numErrors !== Math.floor(numSteps / 10)) throw new Error(`expected an error every tenth step, got ${numErrors}`);
}

const STEPS_A_WORKER = 1000;

/** Workers one after the other, each with steps of its own; `look` counts their steps. */
async function inWorkers({ numSteps, look }) {
  for (let step = 0; step < numSteps; step += STEPS_A_WORKER) {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { numSteps: STEPS_A_WORKER } });
    await once(worker, 'exit');
    look(step);
  }
}

/** @property play - the scenario.  @property numSteps - by default.  @property collects - garbage is collected before every look.
 *  @property bandMiB - where it is present: memory is to stay in a band so wide, and no slope is judged. */
export const scenarios = {
  scope: { title: 'by hand, each step in a scope', play: inScope, numSteps: 300_000 },
  // The collector frees when it likes: live tensors rise and fall.
  loop: { title: 'by hand, one loop without a scope', play: withoutScope, numSteps: 100_000, bandMiB: 64 },
  // After 100,000 steps the slope is still 5 bytes a step: five times as many are played (docs/log.md, 2026-11-26).
  trainer: { title: 'the trainer with its defaults', play: throughTrainer, numSteps: 500_000, collects: true },
  // Grows by 1 MiB and stays there, over 100,000 steps as over 350,000; one line of a log kept a step would be 10 MiB.
  loggers: {
    title: 'the trainer with every step logged to every kind of file',
    play: (options) => withLoggers({ ...options, model: makeModel() }),
    numSteps: 100_000,
    collects: true,
    bandMiB: 4,
  },
  shapes: { title: 'changing shapes', play: changingShapes, numSteps: 100_000 },
  errors: { title: 'an error in every tenth step', play: withErrors, numSteps: 100_000 },
  // Node's own workers, empty ones, come and go in a band of 2 MiB.
  workers: { title: 'workers of 1,000 steps each', play: inWorkers, numSteps: 200_000, collects: true, bandMiB: 8 },
};
