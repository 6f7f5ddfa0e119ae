// A training step of one model: by hand in both languages, then by both trainers.
import { startJax, startOurs, startTheirs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { median, ratioOf } from '../statistics.mjs';
import { compilersOf, measurePasses, printCaptured, printPasses, promisesOfCaptured } from './captured.mjs';

const NUM_LOSSES = 20;
const WARM_ROUNDS = 2;
/** Largest ratio of a step by hand to PyTorch's. */
const LIMITS = { 'mlp-small': 0.9, mlp: 0.9, cnn: 1.03, gpt: 1.03 };
/** A trainer may add so many microseconds to a step; judged where the step itself is short, and does not hide it in its own noise. */
const TRAINER_LIMIT_US = 30;
const SHORTEST = 'mlp-small';
const isPerceptron = (name) => name.startsWith('mlp');

export async function measureTraining(plan) {
  const { name, numThreads, versions, isQuick } = plan;
  const { default: workload } = await import(`../../workloads/${name}.mjs`);
  const { title, batchSize, warmSteps, stepsPerPiece, pieces } = workload;
  const size = { batchSize, warmSteps, stepsPerPiece, pieces };
  const hasTrainers = !isQuick || name === SHORTEST;
  // Where memory lies, and so how well it is cached, is settled once a process: one pair of processes could be lucky.
  const numGenerations = isQuick || numThreads > 1 ? 1 : 3;
  const rounds = {
    byHand: isQuick ? 3 : 12 / numGenerations,
    byTrainer: hasTrainers ? (isQuick ? 3 : 9 / numGenerations) : 0,
  };
  const generations = [];
  for (let i = 0; i < numGenerations; i++) generations.push(await measureProcesses(plan, size, rounds));
  const results = join(generations);
  const losses = compareLosses(generations[0].losses);

  const threads = `${numThreads} thread${numThreads > 1 ? 's' : ''}`;
  printSteps(`${title}, ${threads}, us a step${losses.text}`, results);
  printCaptured(results.steps);
  if (!isQuick) {
    results.passes = await measurePasses(plan);
    printPasses(`${title}, ${threads}`, results.passes);
  }
  // Only the same libtorch promises the same bits.
  const isSameLibrary = versions?.torch.startsWith('2.13.0');
  const hasWrongLosses =
    !generations[0].isCapturedEqual ||
    (numThreads === 1 && isPerceptron(name) && isSameLibrary && losses.isEqual === false);
  const promises = [...promisesOf(name, results), ...promisesOfCaptured(name, results.steps)];
  return { results, promises, hasWrongLosses };
}

/** Everything about one model, in one process of each language. */
async function measureProcesses(plan, size, rounds) {
  const ours = startOurs(plan);
  const theirs = plan.python && startTheirs(plan);
  const jax = plan.jax && !plan.isQuick ? startJax(plan, plan.jax) : undefined;
  try {
    const request = { run: 'losses', numSteps: NUM_LOSSES, ...size };
    const losses = { sconce: await ours.ask(request), pytorch: await theirs?.ask(request) };
    const byHand = [
      { key: 'sconce', measure: () => ours.ask({ run: 'steps' }) },
      ...(theirs ? [{ key: 'pytorch', measure: () => theirs.ask({ run: 'steps', ...size }) }] : []),
    ];
    await playRounds(byHand, WARM_ROUNDS);
    const memory = {
      sconce: [await ours.ask({ run: 'memory' })],
      ...(theirs ? { pytorch: [await theirs.ask({ run: 'memory' })] } : {}),
    };
    const captured = await ours.ask({ ...request, isCaptured: true });
    const isCapturedEqual = captured.every((loss, step) => Object.is(loss, losses.sconce[step]));
    if (!isCapturedEqual) console.error(`Expected losses of a captured step of ${losses.sconce}, got ${captured}`);
    const all = [
      ...byHand,
      { key: 'captured', measure: () => ours.ask({ run: 'captured' }) },
      ...(plan.isQuick ? [] : await compilersOf(theirs, jax, size)),
    ];
    await playRounds(all, WARM_ROUNDS);
    const steps = await playRounds(all, rounds.byHand);
    const byTrainer = trainerContenders(ours, plan.versions?.lightning ? theirs : undefined, size);
    if (rounds.byTrainer > 0) await playRounds(byTrainer, 1);
    const trainers = await playRounds(byTrainer, rounds.byTrainer);
    return { losses, isCapturedEqual, steps, memory, trainers };
  } finally {
    await ours.close();
    await theirs?.close();
    await jax?.close();
  }
}

function trainerContenders(ours, theirs, size) {
  return [
    { key: 'sconceByHand', measure: () => ours.ask({ run: 'steps', isFresh: true }) },
    { key: 'sconce', measure: () => ours.ask({ run: 'trainer', isBare: false }) },
    { key: 'sconceBare', measure: () => ours.ask({ run: 'trainer', isBare: true }) },
    ...(theirs
      ? [
          { key: 'lightning', measure: () => theirs.ask({ run: 'trainer', isBare: false, ...size }) },
          { key: 'lightningBare', measure: () => theirs.ask({ run: 'trainer', isBare: true, ...size }) },
        ]
      : []),
  ];
}

/** The rounds of all processes, one after the other. */
function join(generations) {
  const joined = {};
  for (const part of ['steps', 'memory', 'trainers']) {
    const keys = Object.keys(generations[0][part]);
    joined[part] = Object.fromEntries(keys.map((key) => [key, generations.flatMap((found) => found[part][key])]));
  }
  return joined;
}

function printSteps(title, { steps, memory, trainers }) {
  const hasTrainers = trainers.sconce.length > 0;
  printTable(
    title,
    ['', 'Sconce', 'Python', 'ratio'],
    [
      row('by hand / PyTorch', steps.sconce, steps.pytorch),
      ...(hasTrainers
        ? [
            row('trainer / Lightning', trainers.sconce, trainers.lightning),
            row('the same, everything off', trainers.sconceBare, trainers.lightningBare),
            ['trainer less by hand', cell(added(trainers.sconce, trainers.sconceByHand))],
          ]
        : []),
      row('peak memory by hand, MiB', memory.sconce, memory.pytorch),
    ],
  );
}

function promisesOf(name, { steps, trainers }) {
  const promises = [];
  if (steps.pytorch)
    promises.push({
      what: `${name}: step by hand, ratio to PyTorch`,
      found: ratioOf(steps.sconce, steps.pytorch),
      limit: LIMITS[name],
    });
  if (isPerceptron(name) && trainers.sconce.length > 0)
    promises.push({
      what: `${name}: us that the trainer adds to a step`,
      found: median(added(trainers.sconce, trainers.sconceByHand)),
      limit: TRAINER_LIMIT_US,
    });
  return promises;
}

const row = (name, ours, theirs) => [name, cell(ours), cell(theirs), ratioCell(ours, theirs)];

/** What one contender took beyond another, round by round. */
const added = (values, others) => values.map((value, round) => value - others[round]);

/** Whether both loops gave the same losses, and how the table's title says it. */
function compareLosses({ sconce, pytorch }) {
  if (!pytorch) return { text: '', isEqual: undefined };
  const firstOther = sconce.findIndex((loss, step) => loss !== pytorch[step]);
  if (firstOther < 0) return { text: `; ${NUM_LOSSES} losses equal to the last bit`, isEqual: true };
  const largest = Math.max(...sconce.map((loss, step) => Math.abs(loss - pytorch[step]))).toExponential(1);
  const text = `; losses differ from step ${firstOther + 1} on, by ${largest} at most in ${NUM_LOSSES} steps`;
  return { text, isEqual: false };
}
