// The base of losses that compare similarities of two sides: features on their way to unit length, the temperature, the reduction.

import type { Reduction } from '../../nn/functional/loss.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import type { Sequential } from '../../nn/layers/container.ts';
import { Parameter } from '../../nn/parameter.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { tensor } from '../../tensor/from-data.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { above, checkLossOptions, flag, type LossRules, reductions } from './loss-options.ts';
import { type LossInputs, MultimodalLoss } from './multimodal-loss.ts';
import { type Pairs, readFeatures, readMatches, toFloat, withoutAutocast } from './pairs.ts';
import { makeProjection, PROJECTION_RULES, type ProjectionOptions, projectionProblems } from './projection.ts';
import { retrievalScores } from './retrieval-scores.ts';

export interface SimilarityLossOptions extends ProjectionOptions {
  /** What similarities are divided by; where it is learned, at the start. Default 0.07. */
  readonly temperature?: number | undefined;
  /** Whether the temperature is learned: a parameter `logit_scale`, the logarithm of its inverse, which is kept at log 100 and below. Default false. */
  readonly learnableTemperature?: boolean | undefined;
  /** Whether features are brought to length 1, so that similarities are cosines. Default true. */
  readonly normalizeFeatures?: boolean | undefined;
  /** How the losses of the rows become one. A trainer needs 'mean' or 'sum'. Default 'mean'. */
  readonly reduction?: Reduction | undefined;
  /** Whether accuracies and recalls within the batch are measured too. Default true. */
  readonly metrics?: boolean | undefined;
}

export const SIMILARITY_RULES: LossRules<SimilarityLossOptions> = {
  ...PROJECTION_RULES,
  temperature: above(0),
  learnableTemperature: flag,
  normalizeFeatures: flag,
  reduction: reductions,
  metrics: flag,
};

/** What a loss adds to the options of all. */
export interface OwnOptions<Options> {
  readonly rules: LossRules<Options>;
  /** The temperature where none is given. Default 0.07. */
  readonly temperature?: number;
  /** Whether the temperature is learned where nothing is said. Default false. */
  readonly learnsTemperature?: boolean;
  /** The most that a learned temperature multiplies similarities with. Default 100, as CLIP has it. */
  readonly largestScale?: number;
  /** What no rule of a single option can say. */
  readonly problems?: (given: Options) => readonly string[];
  /** Whether it needs `inputDim` without a projection too. Default false. */
  readonly usesInputDim?: (given: Options) => boolean;
}

/** Features shorter than this are divided by it. */
const EPS = 1e-8;

/** A loss of the similarities between two sides of a batch. Features may have any floating dtype: half precision is compared in float32. */
export abstract class SimilarityLoss extends MultimodalLoss {
  /** The one that was given: what it has become, where it is learned, is in the outputs. */
  readonly temperature: number;
  readonly normalizeFeatures: boolean;
  readonly reduction: Reduction;
  readonly metrics: boolean;
  readonly projection: Sequential | undefined;
  /** A logarithm, there where the temperature is learned. Shape: []. */
  readonly logit_scale: Parameter | undefined;
  private readonly largestLogScale: number;

  /** @param name - for messages.  @param own - what the loss adds to the options of all. Default nothing.
   *  @throws {ConfigError} that lists every problem of the options. */
  protected constructor(
    name: string,
    options: SimilarityLossOptions,
    own: OwnOptions<never> = { rules: SIMILARITY_RULES },
  ) {
    super();
    // A loss gives the rules of its own options, and its options: the two belong together.
    const { rules, problems = () => [], usesInputDim = () => false } = own as OwnOptions<SimilarityLossOptions>;
    checkLossOptions(name, options, rules, (given) => [
      ...projectionProblems(given, usesInputDim(given)),
      ...problems(given),
    ]);
    this.temperature = options.temperature ?? own.temperature ?? 0.07;
    this.normalizeFeatures = options.normalizeFeatures ?? true;
    this.reduction = options.reduction ?? 'mean';
    this.metrics = options.metrics ?? true;
    this.projection = makeProjection(options);
    this.largestLogScale = Math.log(own.largestScale ?? 100);
    const isLearned = options.learnableTemperature ?? own.learnsTemperature ?? false;
    this.logit_scale = isLearned ? new Parameter(tensor(-Math.log(this.temperature))) : undefined;
  }

  /** Runs `body` on both sides of the batch: projected, of all ranks, in float32 or float64, of unit length, and without autocast. */
  protected compare<T>(inputs: LossInputs, body: (pairs: Pairs) => T): T {
    const name = this.constructor.name;
    const { vision, text } = readFeatures(name, inputs);
    const { device } = vision;
    const ready = (side: Tensor): Tensor => this.gather(this.projection ? this.projection.forward(side) : side);
    const sides = [ready(vision), ready(text)] as const; // [B, D]
    const { positives, codes } = readMatches(name, inputs, {
      ownRows: vision.size(0),
      rows: sides[0].size(0),
      device,
      gather: (ids) => this.gather(ids),
    });
    return withoutAutocast(device, () => {
      const [one, other] = sides.map((side) => this.unit(toFloat(side))) as [Tensor, Tensor];
      return body({ rows: one.size(0), vision: one, text: other, positives, codes });
    });
  }

  /** Rows of length 1, unless features are to be compared as they are. */
  protected unit(features: Tensor): Tensor {
    return this.normalizeFeatures ? normalize(features, { eps: EPS }) : features;
  }

  /** Similarities over the temperature. A learned factor that an optimizer took above 100 is put back there first, as CLIP does behind each step. */
  protected scaled(similarity: Tensor): Tensor {
    if (!this.logit_scale) return similarity.div(this.temperature);
    return similarity.mul(this.scale(this.logit_scale));
  }

  /** What a learned temperature is now. Shape: []; undefined where it is fixed. */
  protected get learnedTemperature(): Tensor | undefined {
    return this.logit_scale && noGrad(() => this.scale(this.logit_scale!).reciprocal());
  }

  private scale(logScale: Parameter): Tensor {
    if (!this.training) return logScale.clampMax(this.largestLogScale).exp();
    noGrad(() => logScale.clampMax_(this.largestLogScale));
    return logScale.exp();
  }

  /** What is measured beside the loss, if it is: see `retrievalScores`; and the temperature where it is learned.
   *  @param similarity - [B, B], rows of vision. */
  protected measured(similarity: Tensor, { positives }: Pick<Pairs, 'positives'>): Readonly<Record<string, unknown>> {
    const temperature = this.learnedTemperature;
    return {
      ...(this.metrics ? retrievalScores(similarity, positives) : {}),
      ...(temperature ? { temperature } : {}),
    };
  }
}
