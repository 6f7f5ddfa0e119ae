// What the rules of the phase scheduler draw by: distributions over the four phases, as rows of a table.

import type { PhaseWeights } from '../config/fields.ts';

/** Where the rows of each rule begin. Those of `anxious` come last: one a node where phases are drawn. */
export const ROW = {
  /** A node that explores. */
  explore: 0,
  /** One with much need of rest. */
  rest: 1,
  /** Little energy: a calm node, an anxious one. */
  lowEnergy: 2,
  /** Much energy and little activity: in company, inspired. */
  idle: 4,
  /** Much activity: a calm node, an anxious one. */
  busy: 6,
  /** No rule applies: by phase, then whether the node is anxious, then whether it needs rest. */
  stay: 8,
  /** Much anxiety: anxious and very anxious, or, where phases are drawn, a row for each node. */
  anxious: 24,
} as const;

/** Weights of ACTIVE, SLEEP, INTERACTIVE, INSPIRED, in the order of the phases' numbers. */
type Weights = readonly [active: number, sleep: number, interactive: number, inspired: number];

const RULES: readonly Weights[] = [
  [0, 0.8, 0.2, 0], // rest
  [0, 0.7, 0.3, 0], // little energy, calm
  [0, 0.9, 0.1, 0], // little energy, anxious
  [0.3, 0, 0.7, 0], // idle, in company
  [0.1, 0, 0.3, 0.6], // idle, inspired
  [0.7, 0, 0.3, 0], // busy, calm
  [0.2, 0, 0.8, 0], // busy, anxious
];

/** The same without drawing: the phase that each rule sets. A calm, busy node goes on being drawn. */
const DECIDED: readonly Weights[] = [
  [0, 1, 0, 0],
  [0, 1, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
  [0.7, 0, 0.3, 0],
  [0, 0, 1, 0],
];

/** How nodes go on where no rule applies, by the phase that they are in. */
const TRANSITIONS: readonly Weights[] = [
  [0.8, 0.04, 0.15, 0.01],
  [0.15, 0.8, 0.04, 0.01],
  [0.15, 0.04, 0.8, 0.01],
  [0.1, 0.05, 0.05, 0.8],
];

/** Where no rule applies: calm or anxious, rested or in need of rest. */
function transitionsOf(from: Weights): Weights[] {
  const [active, sleep, interactive, inspired] = from;
  return [false, true].flatMap((isAnxious) =>
    [false, true].map((needsRest): Weights => {
      const [less, more, company] = isAnxious ? [0.7, 1.5, 1.3] : [1, 1, 1];
      const [rest, idea] = needsRest ? [1.4, 0.6] : [1, 1];
      return [active * less, sleep * more * rest, interactive * company, inspired * idea];
    }),
  );
}

function softmax(weights: Weights, temperature: number): number[] {
  const powers = weights.map((weight) => Math.exp((weight - Math.max(...weights)) / temperature));
  return powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));
}

const normalized = (weights: Weights): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** Rows of upper bounds: a number u from [0, 1) draws the phase whose number is how many of a row's three bounds are at most u.
 *  Rule: softmax(weights / temperature), or the weights over their sum without a temperature. */
export function policyTable(phaseWeights: PhaseWeights, temperature: number | undefined): number[][] {
  const { active, sleep, interactive, inspired } = phaseWeights;
  const transitions = TRANSITIONS.flatMap(transitionsOf);
  const decide = temperature === undefined;
  const rows: readonly Weights[] = [
    decide ? [1, 0, 0, 0] : [active, sleep, interactive, inspired], // without drawing nobody explores
    ...(decide ? DECIDED : RULES),
    ...transitions,
    ...(decide
      ? ([
          [0, 0, 1, 0],
          [0, 1, 0, 0],
        ] as const)
      : []), // anxious, very anxious
  ];
  return rows.map((weights) => {
    const [first = 0, second = 0, third = 0] = decide ? normalized(weights) : softmax(weights, temperature);
    return [first, first + second, first + second + third];
  });
}
