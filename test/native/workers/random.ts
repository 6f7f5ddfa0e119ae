// A worker that tries every draw without a generator, and makes every draw with one.
import { parentPort } from 'node:worker_threads';
import { empty, Generator, nn, seed, withGenerator } from '../../../src/index.ts';
import { drawing, drawingFromDefault, drawWith } from '../random-operators.ts';

const { init } = nn;
const attempts: Record<string, () => unknown> = {
  ...Object.fromEntries(drawing.map((name) => [name, () => drawWith(name, undefined)])),
  ...drawingFromDefault,
  'functional.dropout in withGenerator': () =>
    withGenerator(new Generator(1), () => nn.functional.dropout(empty([2, 2]))),
  seed,
  Linear: () => new nn.Linear(2, 2),
  uniform_: () => init.uniform_(empty([2, 2])),
  normal_: () => init.normal_(empty([2, 2])),
  kaimingUniform_: () => init.kaimingUniform_(empty([2, 2])),
  kaimingNormal_: () => init.kaimingNormal_(empty([2, 2])),
  xavierUniform_: () => init.xavierUniform_(empty([2, 2])),
  xavierNormal_: () => init.xavierNormal_(empty([2, 2])),
};
const accepted: string[] = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    attempt();
    accepted.push(name);
  } catch (error) {
    if (!/ in a worker: /.test((error as Error).message)) accepted.push(`${name}: ${(error as Error).message}`);
  }
}
parentPort!.postMessage({
  accepted,
  drawn: Object.fromEntries(drawing.map((name) => [name, drawWith(name, new Generator(3))])),
  weights: withGenerator(new Generator(3), () => new nn.Linear(3, 2).weight.toArray()),
});
