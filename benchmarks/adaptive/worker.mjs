// Sconce's side of adaptive.mjs: requests on standard input, as JSON, a reply each.
import { createInterface } from 'node:readline';
import { manualSeed, nn, rand, randint, scope, setNumThreads } from 'sconce';
import { AdaptiveModel } from 'sconce/adaptive';

setNumThreads(1);
let step;

function make({ samples, nodes, hidden, inputs, outputs }) {
  manualSeed(0);
  const model = new AdaptiveModel({ numNodes: nodes, hiddenDim: hidden, inputDim: inputs, outputDim: outputs });
  const [x, target] = [rand([samples, inputs]), randint(0, outputs, [samples])];
  step = () => {
    model.zeroGrad();
    nn.functional.crossEntropy(model.forward(x), target).backward();
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { action, sizes, steps } = JSON.parse(line);
  if (action === 'make') {
    make(sizes);
    console.log('{}');
    continue;
  }
  const started = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < steps; i++) scope(step);
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ ms: (performance.now() - started) / steps, cpuMs: (user + system) / 1000 / steps }));
}
