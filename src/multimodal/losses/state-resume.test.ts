// What losses keep: one that was saved and loaded goes on to the last bit, a copy goes on as the original, gradients are those of finite differences, and what does not fit is refused.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { normalize } from '../../nn/functional/index.ts';
import { BatchNorm1d, Linear, type Module, Sequential } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { load, save } from '../../serial/tensors.ts';
import { autocast, gradcheck, manualSeed, noGrad, randn, scope, Tensor, zeros } from '../../tensor/index.ts';
import { DualEncoder } from '../models/dual-encoder.ts';
import { BarlowTwinsLoss } from './barlow-twins-loss.ts';
import { CombinedLoss } from './combined-loss.ts';
import { DecorrelationLoss } from './decorrelation-loss.ts';
import { EMAMoCoLoss } from './ema-moco-loss.ts';
import { FeatureConsistencyLoss } from './feature-consistency-loss.ts';
import { HybridPretrainVICRegLoss } from './hybrid-pretrain-vicreg-loss.ts';
import { MoCoLoss } from './moco-loss.ts';
import type { LossInputs, MultimodalLoss } from './multimodal-loss.ts';
import { MultitaskLoss } from './multitask-loss.ts';
import { VICRegLoss } from './vicreg-loss.ts';

/** A batch of a step, the same whenever it is asked for; pairs come nearer from step to step. */
function batchOf(step: number, rows = 3): LossInputs & { visionFeatures: Tensor; textFeatures: Tensor } {
  manualSeed(100 + step);
  const visionFeatures = randn([rows, 4]);
  const textFeatures = visionFeatures.add(randn([rows, 4]).div(1 + step));
  for (const each of [visionFeatures, textFeatures]) each.requiresGrad = true;
  const ids =
    step % 2 === 1 ? { matchIds: Array.from({ length: rows }, (_, row) => `sample ${(row + step) % 5}`) } : {};
  return { visionFeatures, textFeatures, ...ids, inputs: { images: randn([rows, 4]), textData: randn([rows, 4]) } };
}

/** Everything that a step makes: the loss, the gradients, and the state. */
function playStep(loss: MultimodalLoss, step: number): unknown {
  return scope(() => {
    if (step % 3 === 0) loss.updateEpoch(step / 3);
    loss.updateStep(step, 9);
    const inputs = batchOf(step);
    const output = loss.forward(inputs);
    if (output.loss.requiresGrad) output.loss.backward();
    const gradients = [inputs.visionFeatures, inputs.textFeatures].map((leaf) => leaf.grad?.toArray());
    const state = Object.entries(loss.stateDict()).map(([name, value]) => [name, plain(value)]);
    return [output.loss.item(), output.current_phase, gradients, state];
  });
}

function plain(value: unknown): unknown {
  return value instanceof Tensor ? value.toArray({ bigint: value.dtype === 'int64' }) : value;
}

/** The towers of a model, whose weights move with the steps. */
function towers(): { visionEncoder: Module; textEncoder: Module } {
  manualSeed(1);
  const [visionEncoder, textEncoder] = [new Linear(4, 4), new Sequential(new Linear(4, 4), new BatchNorm1d(4))];
  return { visionEncoder, textEncoder };
}

function wholeModel(): DualEncoder {
  manualSeed(1);
  const widths = { visionDim: 4, textDim: 4, projectionDim: 4 };
  return new DualEncoder({ ...widths, visionModel: new Linear(4, 4), textModel: new Linear(4, 4) });
}

const stateful: Readonly<Record<string, () => MultimodalLoss>> = {
  MoCoLoss: () => new MoCoLoss({ dim: 4, queueSize: 16 }),
  EMAMoCoLoss: () => new EMAMoCoLoss({ ...towers(), dim: 4, K: 16, m: 0.5 }),
  'EMAMoCoLoss of a whole model': () => new EMAMoCoLoss({ model: wholeModel(), dim: 4, K: 16, m: 0.5 }),
  'FeatureConsistencyLoss of a whole model': () =>
    new FeatureConsistencyLoss({ referenceModel: wholeModel(), distanceFn: 'smooth_l1', textWeight: 0.5 }),
  VICRegLoss: () => new VICRegLoss({ numEpochs: 3 }),
  BarlowTwinsLoss: () => {
    manualSeed(2);
    return new BarlowTwinsLoss({ useProjection: true, inputDim: 4, projectionDim: 6 });
  },
  DecorrelationLoss: () => new DecorrelationLoss(),
  FeatureConsistencyLoss: () => {
    const { visionEncoder, textEncoder } = towers();
    return new FeatureConsistencyLoss({ referenceVisionModel: visionEncoder, referenceTextModel: textEncoder });
  },
  'HybridPretrainVICRegLoss, adaptive': () =>
    new HybridPretrainVICRegLoss({ checkEverySteps: 2, gradualTransitionSteps: 3, minAlignmentThreshold: 0.6 }),
  'HybridPretrainVICRegLoss, after steps': () =>
    new HybridPretrainVICRegLoss({ adaptiveTransition: false, contrastivePretrainSteps: 3, gradualTransitionSteps: 4 }),
  'CombinedLoss of a queue and a curriculum': () =>
    new CombinedLoss({ primaryLoss: new MoCoLoss({ dim: 4, queueSize: 10 }), secondaryLoss: new VICRegLoss() }),
  'MultitaskLoss with dynamic weights': () =>
    new MultitaskLoss({
      lossFunctions: { contrast: new MoCoLoss({ dim: 4, queueSize: 10 }), spread: new VICRegLoss() },
      dynamicWeighting: true,
      momentum: 0.5,
    }),
};

const NUM_STEPS = 9;
const steps = Array.from({ length: NUM_STEPS }, (_, step) => step);

describe('losses that keep something', () => {
  it.each(Object.entries(stateful))('%s: N steps equal k, save, load, N - k', async (_name, make) => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-losses-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const whole = make();
    const expected = steps.map((step) => playStep(whole, step));
    for (const k of [2, 6]) {
      const [first, second] = [make(), make()];
      for (const step of steps.slice(0, k)) playStep(first, step);
      noGrad(() => {
        for (const parameter of second.parameters()) parameter.add_(1); // nothing is right by chance
      });
      const path = join(folder, `${k}.pt`);
      await save(first.stateDict(), path);
      second.loadStateDict((await load(path)) as Record<string, Tensor>);
      const copy = first.deepCopy();
      for (const loss of [second, copy])
        expect(steps.slice(k).map((step) => playStep(loss, step))).toEqual(expected.slice(k));
    }
  });

  it.each(Object.entries(stateful))('%s in evaluation changes nothing of it', (_name, make) => {
    const loss = make();
    for (const step of steps.slice(0, 4)) playStep(loss, step);
    const state = (): unknown => Object.entries(loss.stateDict()).map(([name, value]) => [name, plain(value)]);
    const before = state();
    loss.eval();
    const [one, other] = [loss.forward(batchOf(20)), loss.forward(batchOf(20))];
    expect(one.loss.item()).toBe(other.loss.item());
    expect(state()).toEqual(before);
  });

  it.each(Object.entries(stateful))('%s differentiates as finite differences do', (_name, make) => {
    const loss = make().to('float64');
    for (const step of [0, 1, 2, 3, 4]) {
      loss.updateStep(step, 9);
      const { visionFeatures, textFeatures, ...rest } = batchOf(step);
      const inputs = Object.fromEntries(
        Object.entries(rest.inputs!).map(([name, value]) => [name, (value as Tensor).to('float64')]),
      );
      const of = (vision: Tensor, text: Tensor): Tensor =>
        loss.forward({ ...rest, inputs, visionFeatures: vision, textFeatures: text }).loss;
      const leaves = [visionFeatures, textFeatures].map((each) => each.detach().to('float64').requiresGrad_());
      of(leaves[0]!, leaves[1]!);
      if (step < 4) continue;
      if (!(loss instanceof BarlowTwinsLoss)) loss.eval(); // its batch norms take the batch's statistics in training alone
      expect(gradcheck(of, leaves, { eps: 1e-5 })).toBe(true);
    }
  });

  it.each(Object.entries(stateful))('%s takes bfloat16, and computes in float32 under autocast', (_name, make) => {
    const [half, cast] = [make(), make()];
    const { visionFeatures, textFeatures, ...rest } = batchOf(0, 4);
    const rounded = { visionFeatures: visionFeatures.to('bfloat16'), textFeatures: textFeatures.to('bfloat16') };
    if (half instanceof BarlowTwinsLoss) half.to('bfloat16'); // a network of its own
    const inputs =
      half instanceof EMAMoCoLoss || half instanceof FeatureConsistencyLoss ? rest : { ...rest, inputs: {} };
    const output = half.forward({ ...inputs, ...rounded });
    expect(output.loss.dtype).toBe('float32');
    const other = autocast('cpu', () => cast.forward({ ...inputs, visionFeatures, textFeatures }));
    expect(other.loss.dtype).toBe('float32');
    const tolerance = half instanceof BarlowTwinsLoss ? 0.3 : 0.1;
    expect(Math.abs(output.loss.item() - other.loss.item())).toBeLessThan(
      tolerance * (1 + Math.abs(other.loss.item())),
    );
  });
});

describe('EMAMoCoLoss', () => {
  it('leaves the towers to the model, and trains no key encoder', () => {
    const model = towers();
    const loss = new EMAMoCoLoss({ ...model, dim: 4, K: 8, m: 0.9 });
    expect(
      Object.keys(loss.stateDict()).filter((name) => !/^(queue|(vision|text)_key_encoder)\.|_extra_state/.test(name)),
    ).toEqual([]);
    expect(loss.parameters().some((parameter) => parameter.requiresGrad)).toBe(false);
    const own = new Set(loss.parameters());
    expect(
      Object.values(model)
        .flatMap((tower) => tower.parameters())
        .some((each) => own.has(each)),
    ).toBe(false);

    const optimizer = new AdamW([...Object.values(model).flatMap((tower) => tower.parameters()), ...own], {
      weightDecay: 0.5,
    });
    const key = loss.vision_key_encoder as Linear;
    const before = key.weight.clone();
    const batch = batchOf(0);
    const { images, textData } = batch.inputs as Record<string, Tensor>;
    const visionFeatures = (model.visionEncoder as Linear).forward(images!);
    loss
      .forward({ ...batch, visionFeatures, textFeatures: (model.textEncoder as Linear).forward(textData!) })
      .loss.backward();
    optimizer.step();
    expect(key.weight.equal(before)).toBe(true);
    const query = (model.visionEncoder as Linear).weight;
    expect(query.equal(before)).toBe(false);
    loss.updateStep(1);
    loss.forward(batch);
    const expected = before.mul(0.9).add(query.detach().mul(0.1));
    expect(key.weight.detach().allclose(expected)).toBe(true);
  });

  it('makes the keys of a copy of the model, as a DataHandler reads what it gives', () => {
    const model = wholeModel();
    const loss = new EMAMoCoLoss({ model, dim: 4, K: 8, symmetric: false });
    const { inputs } = batchOf(0);
    const { visionFeatures, textFeatures } = model.forward(inputs!);
    loss.forward({ visionFeatures, textFeatures, inputs });
    const keys = loss.queue.text!.narrow(1, 0, 3).t();
    expect(keys.allclose(normalize(textFeatures!.detach()))).toBe(true);
    expect(Object.keys(loss.stateDict()).filter((name) => name.startsWith('key_model.vision_model'))).toHaveLength(2);
    expect(loss.parameters().some((each) => each.requiresGrad)).toBe(false);
    noGrad(() => (model.text_model as Linear).weight.zero_());
    loss.updateStep(1);
    loss.forward({ visionFeatures, textFeatures, inputs });
    const first = loss.stateDict()['key_model.text_model.weight']!;
    expect(first.allclose((wholeModel().text_model as Linear).weight.detach().mul(0.999))).toBe(true);
  });

  it('moves the key encoders once a step, however many batches it has', () => {
    const model = towers();
    const loss = new EMAMoCoLoss({ ...model, dim: 4, K: 8, m: 0.5 });
    noGrad(() => (model.visionEncoder as Linear).weight.fill_(1));
    noGrad(() => (loss.vision_key_encoder as Linear).weight.fill_(0));
    const seen = [0, 0, 1].map((step) => {
      loss.updateStep(step);
      loss.forward(batchOf(step));
      return (loss.vision_key_encoder as Linear).weight.max().item();
    });
    expect(seen).toEqual([0.5, 0.5, 0.75]);
  });

  it('names the argument of a tower that is not there', () => {
    const loss = new EMAMoCoLoss({ ...towers(), dim: 4, K: 8 });
    const { inputs, ...features } = batchOf(0);
    expect(() => loss.forward(features)).toThrow('expected inputs, what the model was given, got none');
    expect(() => loss.forward({ ...features, inputs: { pixels: inputs!.images } })).toThrow(
      "expected the vision tower's argument among inputs, got pixels; say where it is with visionInput",
    );
    expect(() => loss.forward({ ...features, inputs: { ...inputs, images: zeros([2, 4]) } })).toThrow(
      'Cannot compute EMAMoCoLoss: expected vision features of [3, 4] from the copy, got [2, 4]',
    );
  });
});
