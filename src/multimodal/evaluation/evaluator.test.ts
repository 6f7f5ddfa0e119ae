// An evaluation of two modalities: values against a count by hand, true batches, ids, losses, what a subclass adds, and what is refused.
import { describe, expect, it } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Module, Parameter } from '../../nn/index.ts';
import { arange, manualSeed, ones, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { liveTensors } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { type LossInputs, MultimodalLoss } from '../losses/multimodal-loss.ts';
import { alignmentMetrics } from './alignment.ts';
import { Evaluator } from './evaluator.ts';

/** Features of each side as they are, under the names of the documents. */
class Towers extends Module {
  readonly scale = new Parameter(ones([]));
  forward({ images, textData }: { images: Tensor; textData: Tensor }): Record<string, Tensor> {
    return { image_features: images.mul(this.scale), text_features: textData };
  }
}

const NUM = 23;

function data<Columns extends Record<string, Tensor>>(columns = {} as Columns) {
  manualSeed(3);
  const image = randn([NUM, 4]);
  return { image, text: image.add(randn([NUM, 4])), ...columns };
}

const loader = (columns: Record<string, Tensor>, batchSize = 5) =>
  new DataLoader({ dataset: new TensorDataset(columns), batchSize });

/** Where each row's best partner is among the columns: strangers at least as similar, of those level half. */
function places(from: Tensor, to: Tensor, ids: readonly unknown[]): number[] {
  const unit = (rows: Tensor) =>
    (rows.toArray() as number[][]).map((row) => row.map((value) => value / Math.hypot(...row)));
  const [left, right] = [unit(from), unit(to)];
  return left.map((row, i) => {
    const similarity = right.map((other) => other.reduce((sum, value, d) => sum + value * row[d]!, 0));
    const best = Math.max(...similarity.filter((_, j) => ids[j] === ids[i]));
    return similarity.filter((value, j) => ids[j] !== ids[i] && value > best).length;
  });
}

const share = (found: readonly number[], k: number): number => found.filter((place) => place < k).length / found.length;
const rows = Array.from({ length: NUM }, (_, i) => i);

describe('Evaluator', () => {
  it('looks among all samples, and inside each batch', async () => {
    const { image, text } = data();
    const values = await new Evaluator({ model: new Towers(), recallKValues: [1, 3] }).evaluate(
      loader({ image, text }),
    );
    const [i2t, t2i] = [places(image, text, rows), places(text, image, rows)];
    for (const k of [1, 3]) {
      expect(values[`global_i2t_recall@${k}`]).toBeCloseTo(share(i2t, k), 12);
      expect(values[`global_t2i_recall@${k}`]).toBeCloseTo(share(t2i, k), 12);
      expect(values[`global_avg_recall@${k}`]).toBeCloseTo((share(i2t, k) + share(t2i, k)) / 2, 12);
      expect(values[`recalls.i2t_R${k}`]).toBe(values[`global_i2t_recall@${k}`]);
      expect(values[`recalls.t2i_R${k}`]).toBe(values[`global_t2i_recall@${k}`]);
      expect(values[`global_chance_recall@${k}`]).toBeCloseTo(k / NUM, 12);
    }
    expect(values.global_i2t_mrr).toBeCloseTo(i2t.reduce((sum, place) => sum + 1 / (place + 1), 0) / NUM, 12);
    expect(values.global_t2i_median_rank).toBe(t2i.toSorted((a, b) => a - b)[(NUM - 1) / 2]! + 1);
    const batches = [0, 5, 10, 15, 20].map((start) => [start, Math.min(5, NUM - start)] as const);
    const inBatch = batches.flatMap(([start, length]) =>
      places(image.narrow(0, start, length), text.narrow(0, start, length), rows),
    );
    expect(values['in_batch_i2t_recall@1']).toBeCloseTo(share(inBatch, 1), 12);
    expect(values['in_batch_i2t_recall@3']).toBeCloseTo(share(inBatch, 3), 12);
    expect(values.in_batch_i2t_accuracy).toBe(values['in_batch_i2t_recall@1']);
    expect(values['in_batch_i2t_recall@1']).toBeGreaterThan(values['global_i2t_recall@1']!);
    expect(values.in_batch_accuracy).toBe(values['in_batch_avg_recall@1']);
    const alignment = alignmentMetrics(image, text);
    expect(values.alignment_gap).toBeCloseTo(alignment.alignment_gap.item() as number, 6);
  });

  it('has accuracies whatever the k, and leaves the comparison out where it is told to', async () => {
    const evaluator = new Evaluator({ model: new Towers(), recallKValues: [7] });
    const columns = data();
    const values = await evaluator.evaluate(loader(columns));
    const [i2t, t2i] = [places(columns.image, columns.text, rows), places(columns.text, columns.image, rows)];
    expect(values.global_i2t_accuracy).toBeCloseTo(share(i2t, 1), 12);
    expect(values.global_accuracy).toBeCloseTo((share(i2t, 1) + share(t2i, 1)) / 2, 12);
    expect(Object.keys(values).filter((name) => name.includes('@'))).toHaveLength(7); // 3 global, 1 of chance, 3 in batches
    expect(values.in_batch_accuracy).toBeGreaterThan(0);
    const plain = await evaluator.evaluate(loader(columns), { computeInBatchComparison: false });
    expect(Object.keys(plain)).toEqual(Object.keys(values).filter((name) => !name.startsWith('in_batch')));
    expect(evaluator.describe(values)).toMatch(/^Retrieval among all samples:\n {2}accuracy: 0\.\d{4} \(i2t/);
  });

  it('takes rows with one id as partners of each other, as numbers and as texts', async () => {
    const columns = data({ original_idx: arange(NUM, { dtype: 'int64' }).remainder(7) });
    const evaluator = new Evaluator({ model: new Towers(), recallKValues: [1, 2] });
    const values = await evaluator.evaluate(loader(columns));
    const ids = rows.map((i) => i % 7);
    expect(values['global_i2t_recall@2']).toBeCloseTo(share(places(columns.image, columns.text, ids), 2), 12);
    // 2 of 23 with 4 partners in two groups and 3 in five.
    const chance = (partners: number) => 1 - ((NUM - partners) / NUM) * ((NUM - partners - 1) / (NUM - 1));
    expect(values['global_chance_recall@2']).toBeCloseTo((8 * chance(4) + 15 * chance(3)) / NUM, 12);
    const { image: imageEmbeddings, text: textEmbeddings } = columns;
    const named = evaluator.computeRetrievalMetrics({
      imageEmbeddings,
      textEmbeddings,
      indices: ids.map((id) => `emoji ${id}`),
    });
    for (const [name, value] of Object.entries(named)) expect(value).toBe(values[name]);
    const both = await evaluator.evaluate(loader({ ...columns, text_idx: columns.original_idx }));
    expect(both).toEqual(values);
  });

  it('takes several texts a picture, pools tokens, and ranks pictures for each text', async () => {
    const image = tensor([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const text = tensor([
      [
        [1, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 3],
      ],
      [
        [1, 2],
        [1, 0],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      [
        [3, 2],
        [1, 2],
      ],
    ]); // [6, 2, 2]
    const batch = { image, text, idx: tensor([4n, 5n, 6n]), text_idx: tensor([4n, 4n, 5n, 6n, 6n, 6n]) };
    const dataloader = new DataLoader({
      dataset: new TensorDataset({ row: arange(1) }),
      batchSize: 1,
      collate: () => batch,
    });
    const values = await new Evaluator({ model: new Towers(), recallKValues: [1] }).evaluate(dataloader);
    // Texts point to pictures 0, 1, 1, 2, 1, 2; their own are 0, 0, 1, 2, 2, 2.
    expect(values['global_t2i_recall@1']).toBeCloseTo(4 / 6, 12);
    // Picture 1 is level with three texts, two of them strangers' (half of two is one before it).
    expect(values['global_i2t_recall@1']).toBeCloseTo(2 / 3, 12);
    expect(values.global_i2t_mrr).toBeCloseTo((1 + 1 / 2 + 1) / 3, 12);
  });

  it('gives the loss, what it measures, and the values of a subclass, weighed by samples', async () => {
    class Distance extends MultimodalLoss {
      forward({ visionFeatures, textFeatures, labels }: LossInputs) {
        expect(this.training).toBe(false);
        const distance = visionFeatures!
          .sub(textFeatures!)
          .square()
          .sum({ dim: [1] });
        return { loss: distance.mean(), parts: { largest: labels!.to('float32').mean() }, current_phase: 'one' };
      }
    }
    class Counting extends Evaluator {
      override computeMetrics(outputs: Record<string, Tensor>, labels: Tensor) {
        return {
          rows: labels.size(0),
          width: outputs.text_features!.size(1),
          nested: { label: labels.to('float32').mean() },
        };
      }
    }
    const columns = data({ labels: arange(NUM, { dtype: 'int64' }) });
    const lossFn = new Distance();
    const model = new Towers();
    const values = await new Counting({ model }).evaluate(loader(columns), { lossFn });
    const { image, text } = columns;
    const cosine = image
      .mul(text)
      .sum({ dim: [1] })
      .div(image.norm({ p: 2, dim: [1] }))
      .div(text.norm({ p: 2, dim: [1] }))
      .toArray() as number[];
    expect(values.loss).toBeCloseTo(cosine.reduce((sum, value) => sum + 2 - 2 * value, 0) / NUM, 5);
    expect(values['parts.largest']).toBeCloseTo(11, 5);
    expect(values).toMatchObject({ width: 4, 'nested.label': 11, rows: (4 * 25 + 9) / NUM });
    expect(values).not.toHaveProperty('current_phase');
    expect([model.training, lossFn.training]).toEqual([true, true]);
    const plain = await new Evaluator({ model }).evaluate(loader(columns), {
      lossFn: ({ textFeatures }) => textFeatures!.sum().mul(0),
    });
    expect(plain.loss).toBe(0);
  });

  it('takes functions of the caller, leaves empty batches out with a warning, and no tensor behind', async () => {
    const columns = data();
    const evaluator = new Evaluator({ model: new Towers() });
    const before = settledTensors();
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    let seen = 0;
    const values = await evaluator.evaluate(loader(columns), {
      toDeviceFn: (batch) => ({ ...(batch as object), marked: true }),
      prepareModelInputsFn: ({ image, text, marked }) => {
        expect(marked).toBe(true);
        return seen++ === 1 ? undefined : { images: image, textData: text };
      },
    });
    expect((await warned).message).toBe('1 of 5 batches had nothing for the model and were left out');
    expect(values['global_chance_recall@1']).toBeCloseTo(1 / 18, 12);
    expect(liveTensors()).toBeLessThanOrEqual(before); // what others left may be collected meanwhile
  });

  it('says when features have seen their own partners, and takes those from before it where told to', async () => {
    class Peeking extends Towers {
      override forward(inputs: { images: Tensor; textData: Tensor }) {
        const plain = super.forward(inputs);
        const both = inputs.images.add(inputs.textData);
        return { ...plain, vision_features_enhanced: both, text_features_enhanced: both };
      }
    }
    const columns = data();
    const warned: string[] = [];
    const hear = ({ message }: Error) => void warned.push(message);
    process.on('warning', hear);
    const [model, recallKValues] = [new Peeking(), [1]];
    const evaluator = new Evaluator({ model, recallKValues });
    expect(await evaluator.evaluate(loader(columns))).toMatchObject({ global_accuracy: 1 });
    await evaluator.evaluate(loader(columns));
    const alone = new Evaluator({ model, recallKValues, usesEnhancedFeatures: false });
    const values = await alone.evaluate(loader(columns));
    await new Promise(setImmediate); // a warning is told in the next turn
    process.off('warning', hear);
    expect(values).toEqual(await new Evaluator({ model: new Towers(), recallKValues }).evaluate(loader(columns)));
    expect(values.global_accuracy).toBeLessThan(1);
    expect(warned).toEqual([expect.stringContaining('which have seen the other side of their own pair')]);
  });

  it('looks up the features that the loss is given', async () => {
    const columns = data();
    const first = (side: Tensor) => side.narrow(1, 0, 2);
    const values = await new Evaluator({ model: new Towers() }).evaluate(loader(columns), {
      prepareLossInputsFn: ({ images, textData }) => ({
        visionFeatures: first(images as Tensor),
        textFeatures: first(textData as Tensor),
      }),
    });
    const { image, text } = columns;
    expect(values.global_i2t_accuracy).toBeCloseTo(share(places(first(image), first(text), rows), 1), 12);
    expect(values.global_i2t_accuracy).not.toBe(share(places(image, text, rows), 1));
  });

  it('refuses what would be a lie', async () => {
    const columns = data();
    const evaluator = new Evaluator({ model: new Towers() });
    const refused = (dataloader: unknown, options = {}) =>
      expect(evaluator.evaluate(dataloader as never, options)).rejects;
    await refused(loader(columns), { prepareModelInputsFn: () => ({}) }).toThrow(
      'Cannot evaluate: expected features from at least one batch, got 5 without anything for the model',
    );
    await refused([columns]).toThrow('dataloader: expected a DataLoader, got [an object]');
    await refused(loader(columns), { lossFn: 3, recall: 1 }).toThrow(/lossFn: expected a loss, got 3.*recall: /s);
    await refused(loader({ ...columns, idx: randn([NUM]) })).toThrow('expected match ids of integers, got float32');
    const toDeviceFn = (batch: object) => ({ ...batch, idx: [1, 2] });
    await refused(loader(columns), { toDeviceFn }).toThrow(
      'retrieval by "idx": expected one match id for each of 5 rows, got 2',
    );
    let batch = 0;
    const some = (given: object) => (batch++ === 0 ? { ...given, idx: [1, 2, 3, 4, 5] } : given);
    await refused(loader(columns), { toDeviceFn: some }).toThrow(
      'expected ids (original_idx, idx) in every batch or in none, got none in batch 1',
    );
    const fewer = ({ image, text }: { image: Tensor; text: Tensor }) => ({ image, text: text.narrow(0, 0, 2) });
    await refused(loader(columns), { toDeviceFn: fewer }).toThrow('got 5 pictures and 2 texts');
    class Lame extends Evaluator {
      override computeMetrics(): never {
        return undefined as never;
      }
    }
    await expect(new Lame({ model: new Towers() }).evaluate(loader(columns))).rejects.toThrow(
      'expected values by name from computeMetrics(), got undefined',
    );
    expect(() => new Evaluator({ model: 3, recallKValues: [0], devices: 1 } as never)).toThrow(
      /model: .*recallKValues: .*devices: /s,
    );
    const [imageEmbeddings, textEmbeddings] = [ones([2, 3]), ones([3, 3])];
    expect(() => evaluator.computeRetrievalMetrics({ imageEmbeddings, textEmbeddings })).toThrow(
      'got [2, 3] and [3, 3]',
    );
  });
});
