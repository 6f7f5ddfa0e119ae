// The example of continual learning: all methods with both models on small data, and the report's sections.
import { Generator, randn, tensor } from 'sconce';
import type { ContinualTask, Pair } from 'sconce/adaptive';
import { expect, it } from 'vitest';
import { lineOf, sectionsOf } from '../../examples/continual/report.ts';
import { MODELS, methodsOf, type Outcome, runOne } from '../../examples/continual/train.ts';

/** Points around four places, of which a task has two. */
function pointsOf(labels: readonly number[], seed: number): Pair {
  const places = [
    [5, 3],
    [1, 3],
    [3, 5],
    [3, 1],
  ];
  const classes = Array.from({ length: 32 }, (_, i) => labels[i % labels.length]!);
  const noise = randn([32, 2], { generator: new Generator(seed) }).mul(0.4);
  return [tensor(classes.map((label) => places[label]!)).add(noise), tensor(BigInt64Array.from(classes, BigInt))];
}

it('compares four methods with both models on the same tasks, and shows what came of it', async () => {
  const taskOf = (name: string, labels: number[]): ContinualTask => ({
    name,
    train: pointsOf(labels, 1),
    test: pointsOf(labels, 2),
  });
  const tasks = [taskOf('left and right', [0, 1]), taskOf('up and down', [2, 3])];
  const options = { epochsPerTask: 12, batchSize: 16, lr: 0.03, adaptiveLr: 0.03, hiddenDim: 16, numNodes: 6 };
  const outcomes: Outcome[] = [];
  for (const model of MODELS)
    for (const method of methodsOf({ strength: 100, memory: 20 }, 0))
      outcomes.push(await runOne({ model, method, seed: 0 }, tasks, options));
  const [floor, , replay, joint] = outcomes.map(({ result }) => result.measures.average_accuracy);
  expect(joint).toBeGreaterThan(floor! + 0.15); // of two tasks much of one is forgotten
  expect(replay).toBeGreaterThan(floor! + 0.1);
  expect(lineOf(outcomes.slice(0, 1))).toMatch(
    /^mlp, fine-tuning: [\d.]+ % on average at the end; forgetting [\d.]+ %$/,
  );
  const [table, curves, matrices] = await sectionsOf(outcomes);
  expect(table).toMatchObject({ kind: 'table', columns: { length: 6 }, rows: { length: 8 } });
  expect(curves).toMatchObject({ kind: 'plot', pictures: { length: 2 } });
  if (matrices!.kind !== 'plot') throw new Error('expected pictures');
  expect(matrices!.pictures.map(({ name }) => name)).toContain('matrix-adaptive-EWC');
  for (const { svg } of matrices!.pictures) expect(svg).toContain('after learning');
});
