// The example of the adaptive network: its three models, a training of each on small pictures, and the report's sections.
import { AdaptiveModel, createSyntheticLoaders } from 'sconce/adaptive';
import { expect, it } from 'vitest';
import { Classifier, KINDS, parametersOf } from '../../examples/adaptive/models.ts';
import { sectionsOf } from '../../examples/adaptive/report.ts';
import { trainOne } from '../../examples/adaptive/train.ts';

const sizes = { inputDim: 64, hiddenDim: 16, numNodes: 12, seed: 0 };

it('compares networks of about the same size', () => {
  const [adaptive, plain] = KINDS.map((kind) => parametersOf(new Classifier(kind, sizes)));
  expect(Math.abs(plain! / adaptive! - 1)).toBeLessThan(0.02);
  expect(new Classifier('adaptive', sizes).core).toBeInstanceOf(AdaptiveModel);
});

it('trains each of them, and shows what came of it', async () => {
  const loaders = createSyntheticLoaders({ numSamples: 200, inputDim: 64, numClasses: 3, batchSize: 16 });
  const options = { epochs: 6, lr: 0.02, adaptiveLr: 0.02, hiddenDim: 16, numNodes: 12, data: 'digits' };
  const outcomes = [];
  for (const kind of KINDS) outcomes.push(await trainOne(kind, 0, loaders, options));
  for (const { accuracies, reordered, kind } of outcomes) {
    expect(accuracies, kind).toHaveLength(6);
    expect(accuracies.at(-1), kind).toBeGreaterThan(0.5); // three classes
    expect(reordered, kind).toBeCloseTo(accuracies.at(-1)!, 10); // evaluation begins at the same state for every batch
  }
  const { history } = outcomes[0]!.nodes!;
  expect(history).toHaveLength(6);
  const [table, curves, nodes] = await sectionsOf({
    outcomes,
    nodes: history,
    sizesOf: { adaptive: 1, mlp: 2, linear: 3 },
  });
  expect(table).toMatchObject({ kind: 'table', rows: [{ length: 5 }, { length: 5 }, { length: 5 }] });
  for (const section of [curves!, nodes!]) {
    if (section.kind !== 'plot') throw new Error('expected pictures');
    for (const { svg } of section.pictures) expect(svg).toContain('<svg');
  }
});
