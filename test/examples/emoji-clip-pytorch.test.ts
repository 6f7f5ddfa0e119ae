// The emoji model and CLIPLoss by `GenericTrainer` beside PyTorch: the same weights, augmented batches, loss, optimizer and schedule give the same losses over 50
// steps, and in the end the same recall. benchmarks/emoji-clip.mjs does it with all pictures.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Generator, manualSeed, noGrad, optim, rand, randint, save, type Tensor, tensor } from 'sconce';
import { DataLoader } from 'sconce/data';
import { RetrievalRecall } from 'sconce/metrics';
import { CLIPLoss } from 'sconce/multimodal';
import { GenericTrainer } from 'sconce/trainer';
import { afterAll, expect, it } from 'vitest';
import { augmentPictures, dropWords } from '../../examples/emoji-clip/augment.ts';
import type { EmojiBatch } from '../../examples/emoji-clip/batches.ts';
import { EmojiClip } from '../../examples/emoji-clip/model.ts';
import { findPythonTorch } from '../parity/python.ts';

const [STEPS, BATCH, SIZE, WORDS, VOCABULARY] = [50, 24, 16, 4, 24];
const AUGMENTATION = { degrees: 15, scale: 0.15, shift: 0.1, color: 0.2, wordDropout: 0.1 };
const RECIPE = { warmupSteps: 10, lr: 2e-3, weightDecay: 0.05 };

const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, emoji-clip beside PyTorch: ${python.missing}`);
const folder = mkdtempSync(join(tmpdir(), 'sconce-emoji-pytorch-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Pictures of one colour each, with a caption of four words; some of the captions come twice. */
function batches(count: number, generator: Generator): EmojiBatch[] {
  const colours = rand([VOCABULARY, 3, 1, 1], { generator });
  return Array.from({ length: count }, () => {
    const shown = randint(0, VOCABULARY - 1, [BATCH], { generator });
    const noise = rand([BATCH, 3, SIZE, SIZE], { generator }).mul(0.2);
    const images = colours.indexSelect(0, shown).mul(0.8).add(noise);
    const words = shown
      .unsqueeze(1)
      .add(tensor([[0n, 7n, 19n, 31n]]))
      .remainder(VOCABULARY - 1)
      .add(1); // [B, W]
    return {
      images: augmentPictures(images, AUGMENTATION, generator),
      textData: dropWords(words.narrow(1, 0, WORDS), AUGMENTATION.wordDropout, generator),
      matchIds: shown,
    };
  });
}

/** What PyTorch answers to requests. */
function askPython(requests: readonly object[]): Record<string, never>[] {
  const script = fileURLToPath(new URL('../../benchmarks/python/emoji_clip.py', import.meta.url));
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const command = 'missing' in python ? '' : python.command;
  const { stdout, stderr, status } = spawnSync(command, [script], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot train in PyTorch: ${stderr}`);
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, never>); // biome-ignore format: a chain
}

/** The losses of all steps. */
async function train(model: EmojiClip, loss: CLIPLoss, data: readonly EmojiBatch[]): Promise<number[]> {
  const parameters = [...model.parameters(), ...loss.parameters()];
  const [matrices, others] = [parameters.filter(({ ndim }) => ndim > 1), parameters.filter(({ ndim }) => ndim <= 1)];
  const { lr, warmupSteps, weightDecay } = RECIPE;
  const groups = [
    { params: matrices, weightDecay },
    { params: others, weightDecay: 0 },
  ];
  const optimizer = new optim.AdamW(groups, { lr });
  const scheduler = new optim.LambdaLR(optimizer, optim.warmupCosine({ warmupSteps, totalSteps: STEPS }));
  const trainer = new GenericTrainer({
    model,
    modules: { loss },
    optimizers: [optimizer],
    schedulers: [{ scheduler, interval: 'step' }],
  });
  const losses: Tensor[] = [];
  trainer.setTrainingStep((_trainer, { matchIds, ...inputs }: EmojiBatch) => {
    const { imageFeatures, textFeatures } = model.forward(inputs);
    const output = loss.forward({ visionFeatures: imageFeatures, textFeatures, matchIds });
    losses.push(output.loss.detach().keep());
    return output;
  });
  const dataset = { length: data.length, get: (i: number): EmojiBatch => ({ ...data[i]! }) };
  await trainer.fit({ trainLoaders: [new DataLoader({ dataset, collate: ([batch]) => batch! })], maxEpochs: 1 });
  return losses.map((each) => each.item());
}

it.skipIf('missing' in python)('emoji-clip trains as in PyTorch', { timeout: 180_000 }, async () => {
  manualSeed(3);
  const model = new EmojiClip(VOCABULARY, 32).to({ memoryFormat: 'channels_last' });
  const loss = new CLIPLoss({ temperature: 0.1, learnableTemperature: true });
  const generator = new Generator(4);
  const data = batches(STEPS, generator);
  const [heldOut] = batches(1, generator) as [EmojiBatch];
  const [statePath, batchesPath, heldOutPath] = ['state.pt', 'batches.pt', 'held-out.pt'].map((name) =>
    join(folder, name),
  );
  await save({ state: { ...model.stateDict(), logit_scale: loss.logit_scale } }, statePath!);
  await save({ batches: data }, batchesPath!);
  await save({ ...heldOut }, heldOutPath!);
  const [, theirs, recalls] = askPython([
    { run: 'start', path: statePath, totalSteps: STEPS, threads: 1, ...RECIPE },
    { run: 'train', path: batchesPath },
    { run: 'evaluate', path: heldOutPath },
  ]) as unknown as [object, { losses: number[] }, Record<string, number>];

  const losses = await train(model, loss, data);
  expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
  for (const [step, value] of losses.entries())
    expect(Math.abs(value / theirs.losses[step]! - 1), `step ${step}`).toBeLessThan(1e-4);

  model.eval();
  const recall = new RetrievalRecall();
  recall.update(
    ...noGrad(() => [model.embedImage(heldOut.images), model.embedText(heldOut.textData), heldOut.matchIds] as const),
  );
  const ours = recall.compute();
  // With another libtorch than PyTorch's a picture or two may change places.
  for (const [key, value] of Object.entries(recalls)) expect(Math.abs(ours[key]! - value), key).toBeLessThan(0.1);
});
