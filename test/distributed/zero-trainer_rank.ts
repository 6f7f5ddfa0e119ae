// One rank: trains with an optimizer whose state lies in parts on the ranks, or with the optimizer alone, each going on from the other's checkpoints. Weights are printed as JSON.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { destroyProcessGroup, initProcessGroup, ZeroRedundancyOptimizer } from '../../src/distributed/index.ts';
import { arange, manualSeed, nn, optim, type Tensor } from '../../src/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const [folder] = process.argv.slice(2);
const { size } = await initProcessGroup({ timeoutMs: 20_000 });
const numbers = arange(24).to('float32');
const dataset = new TensorDataset([numbers.reshape([12, 2]).mul(0.1), numbers.narrow(0, 0, 12).mul(0.1)] as const);

let numPlayed = 0;

async function train(kind: string, rootDir: string, maxEpochs: number): Promise<unknown> {
  manualSeed(3);
  const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Dropout(0.2), new nn.Linear(8, 1));
  const defaults = { lr: 0.02, weightDecay: 0.1 };
  const optimizer =
    kind === 'zero'
      ? new ZeroRedundancyOptimizer(model.parameters(), { optimizerClass: optim.AdamW, defaults })
      : new optim.AdamW(model.parameters(), defaults);
  const trainer = new GenericTrainer({
    model,
    optimizers: [optimizer],
    schedulers: [{ scheduler: new optim.StepLR(optimizer, { stepSize: 2, gamma: 0.7 }), interval: 'step' }],
    config: { seed: 11, ddp: { zero: kind === 'config' }, checkpoint: { rootDir }, performance: { clipGradNorm: 0.5 } },
  });
  trainer.setTrainingStep((_, [x, y]: readonly [Tensor, Tensor]) => {
    numPlayed++;
    return { loss: model.forward(x).squeeze({ dim: 1 }).sub(y).square().mean() };
  });
  const loader = new DataLoader({ dataset, batchSize: 4 / size, shuffle: true, seed: 2 });
  await trainer.fit({ trainLoaders: [loader], maxEpochs });
  if (kind === 'config') {
    const [made] = trainer.optimizers;
    if (!(made instanceof ZeroRedundancyOptimizer)) throw new Error('expected a ZeroRedundancyOptimizer');
    const isOwn = model.parameters().map((each) => made.stateOf(each) !== undefined);
    if (isOwn.every(Boolean) || !isOwn.some(Boolean)) throw new Error('expected a part of the state on each rank');
  }
  return model.parameters().map((each) => each.detach().toArray());
}

/** Weights after runs in one folder, each of which goes on from the last. */
async function trainInTurn(
  name: string,
  runs: readonly (readonly [kind: string, maxEpochs: number])[],
): Promise<unknown> {
  let weights: unknown;
  numPlayed = 0;
  for (const [kind, maxEpochs] of runs) weights = await train(kind, `${folder}/${name}`, maxEpochs);
  return { weights, numPlayed }; // 3 of each epoch
}

const results = {
  plain: await trainInTurn('plain', [['plain', 3]]),
  zeroThenPlain: await trainInTurn('zeroThenPlain', [
    ['zero', 2],
    ['plain', 3],
  ]),
  config: await trainInTurn('config', [['config', 3]]),
  configThenPlain: await trainInTurn('configThenPlain', [
    ['config', 1],
    ['plain', 2],
    ['config', 3],
  ]),
  plainThenZero: await trainInTurn('plainThenZero', [
    ['plain', 1],
    ['zero', 3],
  ]),
};
destroyProcessGroup();
console.log(JSON.stringify(results));
