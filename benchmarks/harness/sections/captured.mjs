// A captured step: beside what compiles steps in Python, and what each of its passes brings.
import { startOurs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { ratioOf } from '../statistics.mjs';

/** Largest ratios of a captured step to those of others. */
const LIMITS = {
  'mlp-small': { jax: 0.35, pytorch: 0.12 },
  mlp: { jax: 0.45, pytorch: 0.45 },
  cnn: { compiled: 0.75 },
  gpt: { compiled: 0.85 },
};
const OTHERS = {
  sconce: 'Sconce as it is written',
  pytorch: 'PyTorch, fused AdamW',
  compiled: 'torch.compile, fused AdamW',
  jax: 'JAX jit',
};
const PASS_ROUNDS = 5;

/** What compiles steps: contenders beside the loops by hand, and why one of them is not there. */
export async function compilersOf(theirs, jax, size) {
  const reason = theirs && (await theirs.ask({ run: 'compile', ...size }));
  if (reason) console.log(`Without torch.compile: ${reason}`);
  return [
    ...(theirs && !reason ? [{ key: 'compiled', measure: () => theirs.ask({ run: 'compiled', ...size }) }] : []),
    ...(jax ? [{ key: 'jax', measure: () => jax.ask({ run: 'steps', ...size }) }] : []),
  ];
}

export function printCaptured(steps) {
  const { captured } = steps;
  const there = Object.keys(OTHERS).filter((key) => steps[key]);
  printTable(
    'captured, us a step, and others',
    ['', 'us', 'captured to it'],
    [
      ['captured', cell(captured), ''],
      ...there.map((key) => [OTHERS[key], cell(steps[key]), ratioCell(captured, steps[key])]),
    ],
  );
}

export const promisesOfCaptured = (name, steps) =>
  Object.entries(LIMITS[name]).flatMap(([key, limit]) =>
    steps[key]
      ? [{ what: `${name}: captured step, ratio to ${OTHERS[key]}`, found: ratioOf(steps.captured, steps[key]), limit }]
      : [],
  );

/** Measures a step without passes, and with each of them added to those before. */
export async function measurePasses(plan) {
  const ours = startOurs(plan);
  try {
    const passes = ['none', ...(await ours.ask({ run: 'passes' }))];
    const eager = { key: 'eager', measure: () => ours.ask({ run: 'steps' }) };
    const contenders = [
      eager,
      ...passes.map((upTo) => ({ key: upTo, measure: () => ours.ask({ run: 'captured', upTo }) })),
    ];
    const kernels = {};
    for (const upTo of passes) kernels[upTo] = await ours.ask({ run: 'kernels', upTo });
    await playRounds(contenders, 1);
    const steps = await playRounds(contenders, PASS_ROUNDS);
    return { passes, steps, kernels };
  } finally {
    await ours.close();
  }
}

export function printPasses(title, { passes, steps, kernels }) {
  const rowOf = (pass, i) => {
    const { numOperators, us, stepUs, madeKiB, arenaKiB } = kernels[pass];
    const sizes = [
      numOperators.toFixed(0),
      us.toFixed(1),
      (stepUs - us).toFixed(1),
      madeKiB.toFixed(0),
      arenaKiB.toFixed(0),
    ];
    return [
      i === 0 ? 'replayed, no pass' : `+ ${pass}`,
      cell(steps[pass]),
      ratioCell(steps[pass], steps.eager),
      ...sizes,
    ];
  };
  printTable(
    `${title}: what each pass brings`,
    ['', 'us a step', 'to eager', 'operators', 'us by themselves', 'us beyond', 'KiB made', 'KiB of arena'],
    [['eager', cell(steps.eager)], ...passes.map(rowOf)],
  );
}
