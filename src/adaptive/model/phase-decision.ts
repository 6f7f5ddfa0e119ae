// The phases that nodes go over to, for all samples and nodes at once: the first rule that applies, as operators on tensors.

import { arange } from '../../tensor/create.ts';
import { cat, onesLike, stack, where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Phase } from './phase.ts';
import { ROW } from './policy-table.ts';

// B batch, N nodes.

/** What a node knows of itself beyond its energy and activity, each of shape [N]. */
export interface NodeMood {
  readonly phases: Tensor;
  readonly anxiety: Tensor;
  readonly restorativeNeeds: Tensor;
  readonly sleepQuality: Tensor;
}

/** By what is decided. */
export interface Policy {
  /** See `policyTable`. */
  readonly table: Tensor;
  readonly anxietyThreshold: number;
  readonly explorationRate: number;
  /** Undefined where nothing is drawn but what no rule decides. */
  readonly temperature: number | undefined;
  /** Of the day, from -1 to 1. */
  readonly circadianFactor: number;
  /** Two numbers from [0, 1) for each sample and node: whether it explores, and what is drawn. Shape: [2, B, N]. */
  readonly draws: Tensor;
}

/** Phases of each sample, all of which move on from the same phases. Shape: energy and activity [B, N] -> [B, N] of int64. */
export function decidePhases(energy: Tensor, activity: Tensor, mood: NodeMood, policy: Policy): Tensor {
  return decide(energy, activity, mood, policy);
}

/** The phases after the samples have moved one row of phases on, each from where the one before left it.
 *  Rule: every sample maps each of the four phases of a node to one; the maps are composed pairwise, in log2(B) rounds. Shape: [B, N] -> [N] of int64. */
export function decideInTurn(energy: Tensor, activity: Tensor, mood: NodeMood, policy: Policy): Tensor {
  const from = arange(4, { device: energy.device }).view([4, 1, 1]);
  let maps = decide(energy, activity, { ...mood, phases: from }, policy); // [4, B, N]
  for (let size = maps.shape[1]!; size > 1; size = maps.shape[1]!) {
    const half = size >> 1;
    const pairs = maps.narrow(1, 0, 2 * half).reshape([4, half, 2, -1]);
    const composed = pairs.select(2, 1).gather(0, pairs.select(2, 0)); // [4, B / 2, N]
    maps = size % 2 === 0 ? composed : cat([composed, maps.narrow(1, size - 1, 1)], { dim: 1 });
  }
  return maps.select(1, 0).gather(0, mood.phases.unsqueeze(0)).squeeze({ dim: 0 }); // [N]
}

function decide(energy: Tensor, activity: Tensor, mood: NodeMood, policy: Policy): Tensor {
  const { phases, anxiety, restorativeNeeds: needs } = mood;
  const { anxietyThreshold: threshold, explorationRate, circadianFactor, draws } = policy;
  const tense = anxiety.gt(0.5 * threshold).to('int64');
  const stay = phases.mul(4).add(tense.mul(2)).add(needs.gt(0.4)).add(ROW.stay);
  const idle = anxiety
    .lt(0.3 * threshold)
    .to('int64')
    .mul(circadianFactor > 0.5 ? 1 : 0)
    .add(ROW.idle);
  const busy = anxiety
    .gt(0.4 * threshold)
    .to('int64')
    .add(ROW.busy);
  // From the last rule to the first, so that the first one has the last word.
  let row = where(activity.gt(0.7), busy, stay);
  row = where(energy.gt(20).logicalAnd(activity.lt(0.3)), idle, row);
  row = where(energy.lt(2), tense.add(ROW.lowEnergy), row);
  row = where(needs.gt(0.6).logicalAnd(phases.ne(Phase.SLEEP)), ROW.rest, row);
  const { table, anxious } = withAnxious(anxiety, policy);
  row = where(anxiety.gt(threshold), anxious, row);
  if (policy.temperature !== undefined) row = where(draws.select(0, 0).lt(explorationRate), ROW.explore, row);
  const bounds = table.indexSelect(0, row.flatten()).view([...row.shape, 3]);
  return bounds.le(draws.select(0, 1).unsqueeze(-1)).sum({ dim: -1 });
}

/** The table, and the row of each node for when it is anxious. */
function withAnxious(anxiety: Tensor, policy: Policy): { table: Tensor; anxious: Tensor } {
  const { table, temperature, anxietyThreshold } = policy;
  if (temperature === undefined) {
    const isSevere = anxiety.gt(1.4 * anxietyThreshold); // a severity above 0.7
    return { table, anxious: isSevere.to('int64').add(ROW.anxious) };
  }
  const severity = anxiety
    .to(table.dtype)
    .div(2 * anxietyThreshold)
    .clamp({ max: 1 });
  const none = severity.mul(0);
  const weights = stack([severity.neg().add(1).mul(0.1), severity.mul(0.6), severity.mul(0.3), none], { dim: 1 });
  const bounds = weights.div(temperature).softmax(1).cumsum(1).narrow(1, 0, 3);
  const nodes = arange(anxiety.shape[0]!, { device: anxiety.device });
  return { table: cat([table, bounds]), anxious: nodes.add(ROW.anxious) };
}

/** What a step in these phases does to the need of rest and to the quality of sleep.
 *  Rule: need + 0.05 (ACTIVE), + 0.03 (INTERACTIVE), - strength * eff (SLEEP), within [0, 1]; quality + 0.02 * eff within [0, 1] (SLEEP), * 0.995 otherwise;
 *  eff = 0.7 for nodes above the threshold of anxiety, 1 for others. */
export function rested(mood: NodeMood, strength: number, anxietyThreshold: number): NodeMood {
  const { phases, anxiety, restorativeNeeds: needs, sleepQuality: quality } = mood;
  const sleeps = phases.eq(Phase.SLEEP);
  const effect = where(anxiety.gt(anxietyThreshold), 0.7, onesLike(anxiety));
  const awake = where(
    phases.eq(Phase.ACTIVE),
    needs.add(0.05),
    where(phases.eq(Phase.INTERACTIVE), needs.add(0.03), needs),
  );
  return {
    phases,
    anxiety,
    restorativeNeeds: where(sleeps, needs.sub(effect.mul(strength)), awake).clamp({ min: 0, max: 1 }),
    sleepQuality: where(sleeps, quality.add(effect.mul(0.02)).clamp({ min: 0, max: 1 }), quality.mul(0.995)),
  };
}
