// What a configuration file can name of this layer: losses of two modalities, and the step that they need.

import type { Metric } from '../metrics/metric.ts';
import { normalize } from '../nn/functional/normalize.ts';
import { noGrad } from '../tensor/autograd.ts';
import { scope } from '../tensor/scope.ts';
import { describeValue } from '../trainer/config/problems.ts';
import type { Callback } from '../trainer/loop/events.ts';
import type { TrainingOutput } from '../trainer/loop/step.ts';
import type { LossPart, PartContexts, StepPart } from '../trainer/parts/part-kinds.ts';
import { type Part, type Parts, part } from '../trainer/parts/registry.ts';
import { DataHandler } from './batches/data-handler.ts';
import { withFeatures } from './batches/features.ts';
import { AlignmentMonitor } from './diagnostics/alignment-monitor.ts';
import { ComponentGradients } from './diagnostics/component-gradients.ts';
import { FeatureCollapseCheck } from './diagnostics/feature-collapse-check.ts';
import { LossAnomalies } from './diagnostics/loss-anomalies.ts';
import { lossAliases, lossClasses, makeLoss } from './losses/make-loss.ts';
import { matchCodes } from './losses/match-ids.ts';
import { MultimodalLoss, takesRawFeatures } from './losses/multimodal-loss.ts';

/** Those that look into the model, which is not there when a file is checked. */
const OF_MODEL = ['EMAMoCoLoss', 'FeatureConsistencyLoss'];

/** By name: the losses of this layer with the options of their classes, also without `Loss` behind the name and under the `loss_type` of multimodal_insight_engine; callbacks that look at features and towers, and `step: multimodal`. */
export const multimodalParts: Parts = {
  losses: {
    ...Object.fromEntries(
      Object.keys(lossClasses).flatMap((name) => [
        [name, lossPart(name)],
        [name.replace(/Loss$/, ''), lossPart(name)],
      ]),
    ),
    ...Object.fromEntries(Object.keys(lossAliases).map((alias) => [alias, lossPart(alias)])),
  },
  callbacks: {
    'alignment-monitor': callbackPart(AlignmentMonitor),
    'component-gradients': callbackPart(ComponentGradients),
    'feature-collapse-check': callbackPart(FeatureCollapseCheck),
    'loss-anomalies': callbackPart(LossAnomalies),
  },
  steps: {
    multimodal: part({ options: {}, build: (_options, context) => multimodalStep(context) }),
  },
};

/** Of a class that checks its options when it is made, and does nothing else then. */
function callbackPart(Class: new (options: object) => Callback): Part<object, Callback> {
  return { build: (options: object) => new Class(options), try: (options) => void new Class(options) };
}

function lossPart(type: string): Part<PartContexts['loss'], LossPart> {
  return {
    build: (options: Readonly<Record<string, unknown>>, { model }) =>
      makeLoss({ ...options, type }, model) as never as LossPart, // the step below is what calls it
    try: (options) => {
      if (!OF_MODEL.includes(lossAliases[type] ?? type)) scope(() => makeLoss({ ...options, type }));
    },
  };
}

/** The step of a configuration whose model gives features of two modalities: what a `TrainingLoop` does. Metrics take the features of both sides, and the ids of what belongs together where the batch has some.
 *  @throws {TypeError} for a loss of another kind. */
function multimodalStep({ model, loss, metrics, trainMetrics }: PartContexts['step']): StepPart {
  const lossFn: unknown = loss;
  if (!(lossFn instanceof MultimodalLoss))
    throw new TypeError(
      `Cannot make the step "multimodal": expected a loss of two modalities, as clip, got ${describeValue(loss)}`,
    );
  const handler = new DataHandler({ model, enableDiagnostics: false, normalizesFeatures: !takesRawFeatures(lossFn) });
  const run = (batch: unknown, updated: readonly Metric[]): TrainingOutput => {
    const named = handler.toDevice(batch);
    const inputs = handler.prepareLossInputs(named, model.forward(handler.prepareModelInputs(named) as never));
    const output = lossFn.forward(inputs);
    const { visionFeatures: vision, textFeatures: text, matchIds } = inputs;
    if (vision === undefined || text === undefined) return output;
    const codes = matchIds === undefined ? [] : [matchCodes('metrics', matchIds, vision.size(0), vision.device)];
    noGrad(() => {
      const [left, right] = [normalize(vision.detach()), normalize(text.detach())];
      for (const metric of updated) metric.update(left, right, ...codes);
    });
    return withFeatures(output, inputs);
  };
  return {
    training: (_trainer, batch) => run(batch, trainMetrics),
    validation: (_trainer, batch) => run(batch, metrics),
  };
}
