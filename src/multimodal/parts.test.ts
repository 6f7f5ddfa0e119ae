// An experiment of a configuration file with a loss of two modalities: parts by name, a training with them, and what is wrong with them told before.
import { describe, expect, test } from 'vitest';
import { RetrievalRecall } from '../metrics/index.ts';
import { manualSeed, type Tensor } from '../tensor/index.ts';
import { Registry } from '../trainer/index.ts';
import { assemble } from '../trainer/parts/assemble.ts';
import { readParts } from '../trainer/parts/experiment-parts.ts';
import { libraryParts } from '../trainer/parts/library.ts';
import type { PartProblem } from '../trainer/parts/part-options.ts';
import { defineParts } from '../trainer/parts/registry.ts';
import type { MoCoLoss } from './losses/moco-loss.ts';
import { multimodalParts } from './parts.ts';
import { pairData, TwoTowers } from './testing/two-towers.ts';

const registry = new Registry()
  .add(libraryParts, 'Sconce')
  .add(multimodalParts, 'sconce/multimodal')
  .add(
    defineParts({ models: { towers: () => new TwoTowers() }, datasets: { pairs: () => pairData(16) } }),
    './parts.ts',
  );

const experiment = (loss: unknown) => ({
  model: 'towers',
  loss,
  step: 'multimodal',
  optimizer: { type: 'adamw', lr: 0.01 },
  metrics: [{ type: 'retrieval-recall', k: [1] }],
  callbacks: [],
  data: { train: { dataset: 'pairs', batch_size: 4 }, val: { dataset: 'pairs', batch_size: 4 } },
});

function readOf(loss: unknown) {
  const problems: PartProblem[] = [];
  return { parts: readParts(experiment(loss), registry, problems), problems };
}

async function assembled(loss: unknown) {
  manualSeed(0);
  const { parts, problems } = readOf(loss);
  expect(problems).toEqual([]);
  return assemble(parts!, { seed: 1 }, { registry, maxEpochs: 1, run: undefined as never });
}

describe('multimodalParts', () => {
  test('has the callbacks that look at such a run, whose options are checked', () => {
    const named = ['alignment-monitor', 'component-gradients', 'feature-collapse-check', 'loss-anomalies'];
    const problemsOf = (callbacks: readonly unknown[]): PartProblem[] => {
      const problems: PartProblem[] = [];
      readParts({ ...experiment('clip'), callbacks }, registry, problems);
      return problems;
    };
    expect(problemsOf(named)).toEqual([]);
    for (const type of named) expect(problemsOf([{ type, name: '' }])).toHaveLength(1);
  });

  test('a file names a loss and the step of two modalities, which trains it with the model and updates metrics', async () => {
    const { trainer, train, val } = await assembled({ type: 'memory_queue', dim: 6, queue_size: 12 });
    const loss = trainer.modules.loss as MoCoLoss;
    const [record] = await trainer.fit({
      trainLoaders: train.map(({ loader }) => loader),
      valLoaders: val.map(({ loader }) => loader),
    });
    expect(record).toMatchObject({ 'val/chance_r1': 1 / 16 });
    expect(Object.keys(record!)).toEqual(
      expect.arrayContaining(['train/loss', 'train/queue_fill', 'val/image_to_text_r1']),
    );
    expect(loss.queue.fill.item()).toBe(12);
  });

  test('the optimizer of a file has the parameters of a loss that learns', async () => {
    const { trainer } = await assembled({ type: 'siglip' });
    const [optimizer] = trainer.optimizers;
    const own = [...trainer.modules.loss!.parameters()];
    expect(own).toHaveLength(2);
    expect(own.every((parameter) => optimizer!.parameters().includes(parameter))).toBe(true);
  });

  test('options are checked before anything is made, and a step without such a loss is refused', async () => {
    expect(readOf({ type: 'clip', temperature: 0 }).problems).toEqual([
      { path: ['loss', 'temperature'], text: 'expected a number above 0, got 0' },
    ]);
    expect(readOf('clop').problems[0]!.text).toContain('got "clop"');
    const { parts } = readOf('MSELoss');
    await expect(assemble(parts!, {}, { registry, maxEpochs: 1, run: undefined as never })).rejects.toThrow(
      'step: Cannot make the step "multimodal": expected a loss of two modalities, as clip',
    );
  });

  test('several partners a row reach the metrics', async () => {
    const recall = new RetrievalRecall({ k: [1] });
    const step = await registry.build('step', 'multimodal', {
      model: new TwoTowers(),
      loss: (await registry.build('loss', 'clip', { model: new TwoTowers() })) as never,
      metrics: [recall],
      trainMetrics: [],
    });
    const { images, text } = (await pairData(4).getBatch!(Int32Array.of(0, 1, 2, 3))) as {
      images: Tensor;
      text: Tensor;
    };
    step.validation!(undefined as never, { images, text, match_id: ['a', 'a', 'a', 'a'] }, 0, 0, 'val');
    expect(recall.compute()).toMatchObject({ image_to_text_r1: 1, text_to_image_r1: 1 });
  });
});
