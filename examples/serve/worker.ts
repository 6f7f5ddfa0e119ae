// The thread that has the model: batches of points come in as messages, scores of classes go back. The event loop of the server never waits for it.
import { parentPort, workerData } from 'node:worker_threads';
import { Generator, load, noGrad, scope, tensor, withGenerator } from 'sconce';
import { SpiralNet } from './model.ts';

const { checkpoint, hidden } = workerData as { checkpoint: string; hidden: number };
const port = parentPort!; // this file is a worker's
// Weights are drawn before they are loaded, in a worker from a generator of its own.
const model = withGenerator(new Generator(), () => new SpiralNet(hidden));
const { model_state_dict: weights } = (await load(checkpoint)) as {
  model_state_dict: Parameters<typeof model.loadStateDict>[0];
};
model.loadStateDict(weights);
model.eval();

port.on('message', ({ id, points }: { id: number; points: number[][] }) => {
  try {
    const scores = scope(() => noGrad(() => model.forward(tensor(points)).softmax(-1).toArray()));
    port.postMessage({ id, scores });
  } catch (error) {
    port.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
});
port.postMessage({ isReady: true });
