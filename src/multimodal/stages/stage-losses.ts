// The losses of a stage: made by name, and added up by their weights.

import { Linear, Module, ModuleDict } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { makeLoss, nameOfLoss } from '../losses/make-loss.ts';
import { type LossInputs, type LossOutput, MultimodalLoss, takesRawFeatures } from '../losses/multimodal-loss.ts';
import type { LossConfig } from './stage-config.ts';

/** A loss with its name and weight. */
export interface WeightedLoss {
  readonly name: string;
  readonly weight: number;
  readonly loss: MultimodalLoss;
}

/** loss = Σ weight · loss, of losses with names. Gives what the first loss gives under its names, each loss's own value as `{name}`, and what else a further one gives as `{name}_{its name}`. All are told of
 *  epochs and steps. State keys: `losses.{name}`. */
export class StageLoss extends MultimodalLoss {
  readonly losses: ModuleDict<MultimodalLoss>;
  readonly #weighted: readonly WeightedLoss[];

  constructor(losses: readonly WeightedLoss[]) {
    super();
    this.#weighted = losses;
    this.losses = new ModuleDict(losses.map(({ name, loss }) => [name.replaceAll('.', '_'), loss] as const));
  }

  override get takesRawFeatures(): boolean {
    return takesRawFeatures(...this.#weighted.map(({ loss }) => loss));
  }

  override updateEpoch(epoch: number): void {
    for (const { loss } of this.#weighted) loss.updateEpoch(epoch);
  }

  override updateStep(step: number, totalSteps?: number): void {
    for (const { loss } of this.#weighted) loss.updateStep(step, totalSteps);
  }

  override forward(inputs: LossInputs): LossOutput {
    const values: Record<string, unknown> = {};
    let total: Tensor | undefined;
    for (const [i, { name, weight, loss }] of this.#weighted.entries()) {
      const { loss: own, ...others } = loss.forward(inputs);
      const part = own.mul(weight);
      total = total ? total.add(part) : part;
      for (const [key, value] of Object.entries(others)) values[i === 0 ? key : `${name}_${key}`] = value;
      values[name] = own.detach();
    }
    return { ...values, loss: total! }; // there is one at least
  }
}

/** Makes the losses of a stage, one alone as it is where its weight is 1.
 *  @param model - what a loss may have to know: its width, and what it gives at the beginning of the stage. */
export function stageLoss(losses: readonly LossConfig[], model: Module): MultimodalLoss {
  const made = losses.map(({ name, weight, params }) => ({ name, weight, loss: createLoss(name, params, model) }));
  return made.length === 1 && made[0]!.weight === 1 ? made[0]!.loss : new StageLoss(made);
}

/** Makes a loss by its name in a configuration, as `makeLoss` does, with what a stage's model says: a queue is as wide as its features, features stay near to those that it gives now, and they are not projected once more.
 *  @throws {ConfigError} for a name or options that are wrong. */
export function createLoss(name: string, params: Readonly<Record<string, unknown>>, model: Module): MultimodalLoss {
  const options = Object.fromEntries(Object.entries(params).map(([key, value]) => [camelCased(key), value]));
  const type = nameOfLoss(name);
  if (type === 'FeatureConsistencyLoss' && 'distance' in options) {
    const { distance, ...others } = options; // multimodal_insight_engine's name for distanceFn
    return makeLoss({ distanceFn: distance, ...others, type }, model);
  }
  if (type === 'MoCoLoss') options.dim ??= dimensionOf(model);
  if (type === 'SimCLRLoss') options.useProjection ??= false;
  return makeLoss({ ...options, type }, model);
}

/** The width of a model's features: what it says itself, or that of its projections.
 *  @throws {TypeError} where nothing says it. */
export function dimensionOf(model: Module): number {
  const { projectionDim, fusionDim } = model as { projectionDim?: unknown; fusionDim?: unknown };
  for (const own of [projectionDim, fusionDim]) if (typeof own === 'number') return own;
  for (const name of ['vision_projection', 'text_projection', 'vision_proj', 'text_proj']) {
    const projection: unknown = Reflect.get(model, name);
    if (!(projection instanceof Module)) continue;
    const last = [...projection.modules()].findLast((each) => each instanceof Linear);
    if (last instanceof Linear) return last.outFeatures;
  }
  throw new TypeError(
    'Cannot make a loss with a queue: expected a model with a projectionDim or projections, got one without; say dim among the params of the loss',
  );
}
