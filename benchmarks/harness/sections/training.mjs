// A training step of one model: by hand in both languages, then by both trainers.
import { startOurs, startTheirs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { median, ratioOf } from '../statistics.mjs';

const NUM_LOSSES = 20;
const WARM_ROUNDS = 2;
/** Largest ratio of a step by hand to PyTorch's. */
const LIMITS = { 'mlp-small': 0.9, mlp: 0.9, cnn: 1.03, gpt: 1.03 };
/** A trainer may add so many microseconds to a step. */
const TRAINER_LIMIT_US = 30;
const isPerceptron = (name) => name.startsWith('mlp');

export async function measureTraining(plan) {
  const { name, numThreads, python, versions, isQuick } = plan;
  const { default: workload } = await import(`../../workloads/${name}.mjs`);
  const { title, batchSize, warmSteps, stepsPerPiece, pieces } = workload;
  const size = { batchSize, warmSteps, stepsPerPiece, pieces };
  const ours = startOurs(plan);
  const theirs = python && startTheirs(plan);
  const threads = `${numThreads} thread${numThreads > 1 ? 's' : ''}`;

  const losses = await compareLosses(ours, theirs, size);
  const byHand = [
    { key: 'sconce', measure: () => ours.ask({ run: 'steps' }) },
    ...(theirs ? [{ key: 'pytorch', measure: () => theirs.ask({ run: 'steps', ...size }) }] : []),
  ];
  await playRounds(byHand, WARM_ROUNDS);
  const steps = await playRounds(byHand, isQuick ? 3 : 11);
  const memory = { sconce: await ours.ask({ run: 'memory' }), pytorch: await theirs?.ask({ run: 'memory' }) };

  const hasTrainers = !isQuick || name === 'mlp-small';
  const byTrainer = [
    { key: 'sconce', measure: () => ours.ask({ run: 'steps', isFresh: true }) },
    { key: 'sconceTrainer', measure: () => ours.ask({ run: 'trainer', isBare: false }) },
    { key: 'sconceBare', measure: () => ours.ask({ run: 'trainer', isBare: true }) },
    ...(versions?.lightning
      ? [
          { key: 'lightning', measure: () => theirs.ask({ run: 'trainer', isBare: false, ...size }) },
          { key: 'lightningBare', measure: () => theirs.ask({ run: 'trainer', isBare: true, ...size }) },
        ]
      : []),
  ];
  let trainers = {};
  if (hasTrainers) {
    await playRounds(byTrainer, 1);
    trainers = await playRounds(byTrainer, isQuick ? 3 : 7);
  }
  await ours.close();
  await theirs?.close();

  printTable(
    `${title}, ${threads}, us a step${losses.text}`,
    ['', 'Sconce', 'Python', 'ratio'],
    [
      ['by hand / PyTorch', cell(steps.sconce), cell(steps.pytorch), ratioCell(steps.sconce, steps.pytorch)],
      ...(hasTrainers
        ? [
            row('trainer / Lightning', trainers.sconceTrainer, trainers.lightning),
            row('the same, everything off', trainers.sconceBare, trainers.lightningBare),
            ['trainer less by hand', cell(added(trainers.sconceTrainer, trainers.sconce))],
          ]
        : []),
      [
        'peak memory by hand, MiB',
        memory.sconce.toFixed(0),
        memory.pytorch?.toFixed(0) ?? '-',
        memory.pytorch ? (memory.sconce / memory.pytorch).toFixed(2) : '-',
      ],
    ],
  );
  const promises = [];
  if (theirs)
    promises.push({
      what: `${name}: step by hand, ratio to PyTorch`,
      found: ratioOf(steps.sconce, steps.pytorch),
      limit: LIMITS[name],
    });
  if (isPerceptron(name) && hasTrainers) {
    const found = median(added(trainers.sconceTrainer, trainers.sconce));
    promises.push({ what: `${name}: us that the trainer adds to a step`, found, limit: TRAINER_LIMIT_US });
  }
  // Only the same libtorch promises the same bits.
  const isSameLibrary = versions?.torch.startsWith('2.13.0');
  const hasWrongLosses = numThreads === 1 && isPerceptron(name) && isSameLibrary && losses.isEqual === false;
  return { results: { losses: losses.values, steps, memory, trainers }, promises, hasWrongLosses };
}

const row = (name, ours, theirs) => [name, cell(ours), cell(theirs), ratioCell(ours, theirs)];

/** What one contender took beyond another, round by round. */
const added = (values, others) => values.map((value, round) => value - others[round]);

async function compareLosses(ours, theirs, { batchSize }) {
  const request = { run: 'losses', numSteps: NUM_LOSSES, batchSize };
  const values = { sconce: await ours.ask(request), pytorch: await theirs?.ask(request) };
  if (!values.pytorch) return { values, text: '', isEqual: undefined };
  const distances = values.sconce.map((loss, step) => Math.abs(loss - values.pytorch[step]));
  const firstOther = values.sconce.findIndex((loss, step) => loss !== values.pytorch[step]);
  if (firstOther < 0) return { values, text: `; ${NUM_LOSSES} losses equal to the last bit`, isEqual: true };
  const text = `; losses differ from step ${firstOther + 1} on, by ${Math.max(...distances).toExponential(1)} at most in ${NUM_LOSSES} steps`;
  return { values, text, isEqual: false };
}
