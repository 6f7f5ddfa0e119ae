// A worker that trains for some steps and ends.
import { workerData } from 'node:worker_threads';
import { Generator, nn, optim, randint, randn, scope, withGenerator } from 'sconce';

const generator = new Generator(0);
withGenerator(generator, () => {
  const model = new nn.Sequential(new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 10));
  const optimizer = new optim.AdamW(model.parameters());
  for (let step = 0; step < workerData.numSteps; step++) {
    scope(() => {
      nn.functional.crossEntropy(model.forward(randn([8, 32])), randint(0, 10, [8])).backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
});
