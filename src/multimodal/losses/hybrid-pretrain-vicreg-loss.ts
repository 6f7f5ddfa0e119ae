// `HybridPretrainVICRegLoss`: contrast first, until pairs are told apart, and VICReg after a transition.

import { noGrad } from '../../tensor/autograd.ts';
import { zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Alignment, alignmentMetrics } from '../evaluation/alignment.ts';
import { CLIPLoss } from './clip-loss.ts';
import { aLoss } from './combined-loss.ts';
import { numbersFrom } from './curriculum.ts';
import { above, anyNumber, checkLossOptions, count, flag, type LossRules } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { readFeatures, withoutAutocast } from './pairs.ts';
import { VICREG_RULES, VICRegLoss, type VICRegOptions } from './vicreg-loss.ts';

export interface HybridPretrainVICRegOptions extends VICRegOptions {
  /** Steps of contrast before the transition; where that is adaptive, those that are thought to be enough, for pretrain_progress alone. Default 300. */
  readonly contrastivePretrainSteps?: number | undefined;
  /** Begin the transition when pairs are told apart, and not after a number of steps. Default true. */
  readonly adaptiveTransition?: boolean | undefined;
  /** The alignment gap above which they are. Default 0.3. */
  readonly minAlignmentThreshold?: number | undefined;
  /** After how many steps the gap is looked at, which waits for the device. Default 10. */
  readonly checkEverySteps?: number | undefined;
  /** Steps of the transition; 0 for none. Default 100. */
  readonly gradualTransitionSteps?: number | undefined;
  /** Temperature of the contrast. Default 0.07. */
  readonly temperature?: number | undefined;
  /** The contrast. Default a `CLIPLoss` of that temperature. */
  readonly contrastiveLoss?: MultimodalLoss | undefined;
}

const RULES: LossRules<HybridPretrainVICRegOptions> = {
  ...VICREG_RULES,
  contrastivePretrainSteps: count(0),
  adaptiveTransition: flag,
  minAlignmentThreshold: anyNumber,
  checkEverySteps: count(),
  gradualTransitionSteps: count(0),
  temperature: above(0),
  contrastiveLoss: aLoss,
};

function problemsOf(given: HybridPretrainVICRegOptions): string[] {
  const problems: string[] = [];
  if (given.contrastiveLoss !== undefined && given.temperature !== undefined)
    problems.push(`temperature: expected no contrastiveLoss beside it, got ${given.temperature}; give it to that loss`);
  if (given.adaptiveTransition === false)
    for (const name of ['minAlignmentThreshold', 'checkEverySteps'] as const)
      if (given[name] !== undefined)
        problems.push(`${name}: expected an adaptive transition beside it, got ${given[name]}`);
  return problems;
}

export type HybridPhase = 'contrastive_pretrain' | 'transition' | 'vicreg';

/** Contrast until pairs are told apart, then VICReg. With p, the part of the transition that is done, from 0 to 1:
 *
 *  loss = (1 - p) · contrast + p · VICReg
 *
 *  The transition takes `gradualTransitionSteps` steps. It begins at step `contrastivePretrainSteps`, or, adaptive, at the first step at which the gap is
 *  looked at, every `checkEverySteps`, after the alignment gap of a batch in training was above `minAlignmentThreshold`. Then p = 0 at that step: a term of
 *  weight 0 is not computed. Steps are what `updateStep` says; without it the contrast goes on for ever. When it began, and the largest gap so far, are part of
 *  the state dict, so that a resumed run changes at the same step.
 *
 *  Takes visionFeatures and textFeatures, [B, D] each, B at least 2, and what the contrast takes. Gives current_phase ('contrastive_pretrain', 'transition',
 *  'vicreg'), pretrain_progress, transition_progress, contrastive_weight, vicreg_weight; the alignment of the batch: diag_mean, the mean cosine of pairs, sim_mean, of all rows with
 *  all, alignment_gap, their difference, alignment_snr, |gap| / (deviation of all + 1e-6); contrastive_loss and vicreg_loss with whatever else each gives, where it
 *  is computed.
 *  @throws {ConfigError} that lists every option that does not fit.
 *  Source: multimodal_insight_engine; VICReg is Bardes et al. 2022, arXiv:2105.04906.
 *  @example
 *  import { HybridPretrainVICRegLoss } from 'sconce/multimodal';
 *  import { randn } from 'sconce';
 *  const loss = new HybridPretrainVICRegLoss({ adaptiveTransition: false, contrastivePretrainSteps: 300 });
 *  const features = { visionFeatures: randn([4, 8]), textFeatures: randn([4, 8]) };
 *  const phases = [0, 300, 350, 400].map((step) => {
 *    loss.updateStep(step, 1000);
 *    const { current_phase, vicreg_weight } = loss.forward(features);
 *    return `${current_phase} ${vicreg_weight}`;
 *  });
 *  phases; // ['contrastive_pretrain 0', 'transition 0', 'transition 0.5', 'vicreg 1'] */
export class HybridPretrainVICRegLoss extends MultimodalLoss {
  readonly contrastive_loss: MultimodalLoss;
  readonly vicreg_loss: VICRegLoss;
  readonly adaptiveTransition: boolean;
  readonly contrastivePretrainSteps: number;
  readonly minAlignmentThreshold: number;
  readonly checkEverySteps: number;
  readonly gradualTransitionSteps: number;
  /** The largest alignment gap of a batch in training, []. */
  declare largest_gap: Tensor;
  /** Where the run is, and the step at which the transition began; -1 before it. */
  private phase = { step: 0, start: -1 };

  constructor(options: HybridPretrainVICRegOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    const { simCoeff = 5, varCoeff, covCoeff, epsilon = 1e-4, warmupEpochs, curriculum, numEpochs } = options;
    this.vicreg_loss = new VICRegLoss({ simCoeff, varCoeff, covCoeff, epsilon, warmupEpochs, curriculum, numEpochs });
    this.contrastive_loss = options.contrastiveLoss ?? new CLIPLoss({ temperature: options.temperature ?? 0.07 });
    this.adaptiveTransition = options.adaptiveTransition ?? true;
    this.contrastivePretrainSteps = options.contrastivePretrainSteps ?? 300;
    this.minAlignmentThreshold = options.minAlignmentThreshold ?? 0.3;
    this.checkEverySteps = options.checkEverySteps ?? 10;
    this.gradualTransitionSteps = options.gradualTransitionSteps ?? 100;
    this.registerBuffer('largest_gap', zeros([]).fill_(Number.NEGATIVE_INFINITY));
  }

  override updateEpoch(epoch: number): void {
    this.contrastive_loss.updateEpoch(epoch);
    this.vicreg_loss.updateEpoch(epoch);
  }

  /** Waits for the device where it looks at the gap. */
  override updateStep(step: number, totalSteps?: number): void {
    this.contrastive_loss.updateStep(step, totalSteps);
    this.vicreg_loss.updateStep(step, totalSteps);
    this.phase = { step, start: this.phase.start >= 0 ? this.phase.start : this.startAt(step) };
  }

  private startAt(step: number): number {
    if (!this.adaptiveTransition) return step >= this.contrastivePretrainSteps ? this.contrastivePretrainSteps : -1;
    const isLookedAt = step > 0 && step % this.checkEverySteps === 0;
    return isLookedAt && this.largest_gap.item() > this.minAlignmentThreshold ? step : -1;
  }

  /** What part of the transition is done, from 0 to 1. */
  get transitionProgress(): number {
    const { step, start } = this.phase;
    if (start < 0) return 0;
    return this.gradualTransitionSteps === 0 ? 1 : Math.min(1, Math.max(0, step - start) / this.gradualTransitionSteps);
  }

  override get takesRawFeatures(): boolean {
    return true;
  }

  get currentPhase(): HybridPhase {
    if (this.phase.start < 0) return 'contrastive_pretrain';
    return this.transitionProgress < 1 ? 'transition' : 'vicreg';
  }

  override forward(inputs: LossInputs): LossOutput {
    const progress = this.transitionProgress;
    const alignment = noGrad(() => this.align(inputs));
    const output: Record<string, unknown> = {};
    const parts = [
      ['contrastive', this.contrastive_loss, 1 - progress],
      ['vicreg', this.vicreg_loss, progress],
    ] as const;
    const terms = parts.flatMap(([name, part, weight]) => {
      output[`${name}_weight`] = weight;
      if (weight === 0) return [];
      const { loss: own, ...others } = part.forward(inputs);
      Object.assign(output, others, { [`${name}_loss`]: own.detach() });
      return [weight === 1 ? own : own.mul(weight)];
    });
    const loss = terms.reduce((sum, term) => sum.add(term));
    return { ...output, ...alignment, loss, ...this.position() };
  }

  private position(): Record<string, number | string> {
    const pretrained = this.contrastivePretrainSteps === 0 ? 1 : this.phase.step / this.contrastivePretrainSteps;
    return {
      current_phase: this.currentPhase,
      pretrain_progress: this.phase.start < 0 ? Math.min(1, pretrained) : 1,
      transition_progress: this.transitionProgress,
    };
  }

  private align(inputs: LossInputs): Alignment {
    const { vision, text } = readFeatures(this.constructor.name, inputs);
    const found = withoutAutocast(vision.device, () => alignmentMetrics(this.gather(vision), this.gather(text)));
    const gap = found.alignment_gap.to(this.largest_gap.dtype);
    if (this.training) this.largest_gap.copy_(this.largest_gap.maximum(gap));
    return found;
  }

  override getExtraState(): Record<string, number> {
    return { ...this.phase };
  }

  override setExtraState(state: unknown): void {
    this.phase = numbersFrom(this.constructor.name, this.phase, state);
  }
}
