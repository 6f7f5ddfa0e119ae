// Retrieval, alignment and zero-shot classification against their formulas in PyTorch: with ties, with NaN, with several partners, of two lengths.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { manualSeed, nn, randint, randn, save, type Tensor } from '../../src/index.ts';
import { BatchRetrievalRecall, RetrievalMRR, RetrievalRecall } from '../../src/metrics/index.ts';
import { AlignmentMetric, alignmentMetrics, ZeroShotClassifier } from '../../src/multimodal/index.ts';
import { findPythonTorch, runPython } from './python.ts';

interface Case {
  readonly left: Tensor;
  readonly right: Tensor;
  readonly left_ids?: Tensor;
  readonly right_ids?: Tensor;
}

type Values = Readonly<Record<string, number>>;
interface Expected {
  readonly whole: Readonly<Record<string, Values>>;
  readonly inBatches: Readonly<Record<string, Values>>;
  readonly alignment: Readonly<Record<string, Values>>;
  readonly zeroShot: { readonly top1: number; readonly top3: number; readonly confusion: number[][] };
}

/** The same holds at 5,000: SCONCE_RETRIEVAL_ROWS=5000. */
const NUM = Number(process.env.SCONCE_RETRIEVAL_ROWS ?? 1500);
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, retrieval against a live PyTorch: ${python.missing}`);

function makeCases(): Record<string, Case> {
  manualSeed(8);
  const ids = (rows: number) => randint(0, 1200, [rows], { dtype: 'int64' });
  const left = nn.functional.normalize(randn([NUM, 32]));
  // Small integers: products and sums are exact, and often equal.
  const integers = (rows: number) => randint(-2, 3, [rows, 6], { dtype: 'float32' });
  const damaged = left.clone();
  damaged.narrow(0, 100, 400).fill_(Number.NaN);
  const noisy = nn.functional.normalize(left.add(randn([NUM, 32]).mul(0.3)));
  return {
    continuous: { left, right: noisy },
    ties: { left: integers(NUM), right: integers(NUM), left_ids: ids(NUM) },
    lengths: {
      left,
      right: nn.functional.normalize(randn([2 * NUM, 32])),
      left_ids: ids(NUM),
      right_ids: ids(2 * NUM),
    },
    nan: { left: damaged, right: noisy },
  };
}

describe.skipIf('missing' in python)('retrieval against a live PyTorch', () => {
  const cases = makeCases();
  const zeroShot = {
    images: randn([300, 8]),
    prompts: randn([7, 4, 8]),
    target: randint(0, 7, [300], { dtype: 'int64' }),
  };
  let expected: Expected;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-retrieval-'));
    await save({ cases, zeroShot }, join(folder, 'given.pt'));
    const peer = fileURLToPath(new URL('./retrieval_peer.py', import.meta.url));
    expected = JSON.parse('missing' in python ? '{}' : runPython(python, [peer, join(folder, 'given.pt')]));
    rmSync(folder, { recursive: true });
  }, 120_000);

  /** Near ties may fall the other way in another product of the same matrices: some rows of thousands. */
  const close = (actual: Values, wanted: Values | undefined, tolerance: number): void => {
    for (const [name, value] of Object.entries(wanted!))
      expect(Math.abs(actual[name]! - value), `${name}: ${actual[name]} for ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, value),
      );
    expect(Object.keys(wanted!).length).toBeGreaterThan(3);
  };

  it.each(Object.entries(cases))('over all samples, %s', (name, { left, right, left_ids, right_ids }) => {
    const metrics = [new RetrievalRecall({ k: [1, 10], sides: ['a', 'b'] }), new RetrievalMRR({ sides: ['a', 'b'] })];
    for (const metric of metrics) metric.update(left, right, left_ids, right_ids);
    close(
      Object.assign({}, ...metrics.map((metric) => metric.compute())),
      expected.whole[name],
      name === 'ties' ? 1e-12 : 5e-4,
    );
  });

  it.each(['continuous', 'ties'])('inside batches, %s', (name) => {
    const metric = new BatchRetrievalRecall({ k: [1, 10], sides: ['a', 'b'] });
    const { left, right, left_ids } = cases[name]!;
    for (let start = 0; start < NUM; start += 250) {
      const part = (side: Tensor) => side.narrow(0, start, 250);
      metric.update(part(left), part(right), left_ids && part(left_ids));
    }
    close(metric.compute(), expected.inBatches[name], name === 'ties' ? 1e-12 : 1e-3);
  });

  it.each(['continuous', 'lengths'])('alignment, %s', (name) => {
    const { left, right, left_ids, right_ids } = cases[name]!;
    const metric = new AlignmentMetric();
    const parts = (side: Tensor | undefined, i: number) => side?.narrow(0, (i * side.size(0)) / 2, side.size(0) / 2);
    for (const i of [0, 1]) metric.update(parts(left, i)!, parts(right, i)!, parts(left_ids, i), parts(right_ids, i));
    close(metric.compute(), expected.alignment[name], 1e-6);
    if (left_ids) return;
    const ofBatch = Object.entries(alignmentMetrics(left, right)).map(([key, value]) => [
      key,
      (value as Tensor).item() as number,
    ]);
    close(Object.fromEntries(ofBatch), expected.alignment[name], 1e-5);
  });

  it('zero-shot classification', () => {
    const { images, prompts, target } = zeroShot;
    const classNames = Array.from({ length: 7 }, (_, i) => `class ${i}`);
    const classifier = new ZeroShotClassifier({
      classNames,
      templates: ['a {}', 'the {}', 'one {}', 'some {}'],
      embedTexts: () => prompts.reshape([28, 8]),
      topK: [1, 3],
    });
    classifier.update(images, target);
    const { top1, top3, confusion } = expected.zeroShot;
    expect(classifier.compute()).toEqual({ zero_shot_accuracy: top1, zero_shot_accuracy_top3: top3 });
    expect(classifier.matrices().zero_shot_confusion_matrix!.values).toEqual(confusion);
  });
});
