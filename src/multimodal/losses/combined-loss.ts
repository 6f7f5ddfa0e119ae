// `CombinedLoss`: up to three losses of the same inputs as one.

import { atLeast, checkLossOptions, type LossRules, type Rule } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss, takesRawFeatures } from './multimodal-loss.ts';

export interface CombinedLossOptions {
  readonly primaryLoss: MultimodalLoss;
  readonly secondaryLoss?: MultimodalLoss | undefined;
  /** Default 0.5. */
  readonly secondaryLossWeight?: number | undefined;
  readonly tertiaryLoss?: MultimodalLoss | undefined;
  /** Default 0.3. */
  readonly tertiaryLossWeight?: number | undefined;
}

export const aLoss: Rule = ['a MultimodalLoss', (value) => value instanceof MultimodalLoss];
const RULES: LossRules<CombinedLossOptions> = {
  primaryLoss: aLoss,
  secondaryLoss: aLoss,
  secondaryLossWeight: atLeast(0),
  tertiaryLoss: aLoss,
  tertiaryLossWeight: atLeast(0),
};

function problemsOf(given: CombinedLossOptions): string[] {
  const problems = given.primaryLoss === undefined ? ['primaryLoss: expected a MultimodalLoss, got none'] : [];
  for (const name of ['secondaryLoss', 'tertiaryLoss'] as const)
    if (given[name] === undefined && given[`${name}Weight`] !== undefined)
      problems.push(`${name}Weight: expected ${name} beside it, got ${given[`${name}Weight`]} alone`);
  return problems;
}

/** loss = primary + w₂ · secondary + w₃ · tertiary. All get the same inputs, and are told of epochs and steps.
 *
 *  Gives what the primary loss gives under its names, primary_loss, and for each further one its value (secondary_loss), weight (secondary_weight) and all
 *  else that it gives, with its prefix (secondary_accuracy, secondary_current_phase).
 *  @throws {ConfigError} that lists every option that does not fit.  Source: multimodal_insight_engine.
 *  @example
 *  import { CombinedLoss, DecorrelationLoss, VICRegLoss } from 'sconce/multimodal';
 *  const primaryLoss = new VICRegLoss();
 *  const loss = new CombinedLoss({ primaryLoss, secondaryLoss: new DecorrelationLoss(), secondaryLossWeight: 0.1 });
 *  loss.updateEpoch(5);
 *  primaryLoss.getWarmupFactor(); // 1 */
export class CombinedLoss extends MultimodalLoss {
  readonly primary_loss: MultimodalLoss;
  readonly secondary_loss: MultimodalLoss | undefined;
  readonly tertiary_loss: MultimodalLoss | undefined;
  readonly secondaryLossWeight: number;
  readonly tertiaryLossWeight: number;

  constructor(options: CombinedLossOptions) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    this.primary_loss = options.primaryLoss;
    this.secondary_loss = options.secondaryLoss;
    this.tertiary_loss = options.tertiaryLoss;
    this.secondaryLossWeight = options.secondaryLossWeight ?? 0.5;
    this.tertiaryLossWeight = options.tertiaryLossWeight ?? 0.3;
  }

  override updateEpoch(epoch: number): void {
    for (const loss of this.all()) loss.updateEpoch(epoch);
  }

  override updateStep(step: number, totalSteps?: number): void {
    for (const loss of this.all()) loss.updateStep(step, totalSteps);
  }

  override get takesRawFeatures(): boolean {
    return takesRawFeatures(this.primary_loss, this.secondary_loss, this.tertiary_loss);
  }

  /** One that has two places comes once. */
  private all(): Set<MultimodalLoss> {
    const losses = [this.primary_loss, this.secondary_loss, this.tertiary_loss];
    return new Set(losses.filter((loss) => loss !== undefined));
  }

  override forward(inputs: LossInputs): LossOutput {
    const primary = this.primary_loss.forward(inputs);
    const output: Record<string, unknown> = { ...primary, primary_loss: primary.loss.detach() };
    const further = [
      ['secondary', this.secondary_loss, this.secondaryLossWeight],
      ['tertiary', this.tertiary_loss, this.tertiaryLossWeight],
    ] as const;
    let { loss } = primary;
    for (const [name, part, weight] of further) {
      if (!part) continue;
      const { loss: own, ...others } = part.forward(inputs);
      loss = loss.add(own.mul(weight));
      for (const [key, value] of Object.entries(others)) output[`${name}_${key}`] = value;
      output[`${name}_loss`] = own.detach();
      output[`${name}_weight`] = weight;
    }
    return { ...output, loss };
  }
}
