// One rank of a training by each loss. The losses, gradients and what a loss keeps are printed as JSON.

import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import {
  DistributedDataParallel,
  destroyProcessGroup,
  gatherRows,
  initProcessGroup,
} from '../../src/distributed/index.ts';
import { full, manualSeed, optim, randn, type Tensor, tensor } from '../../src/index.ts';
import { CLIPLoss } from '../../src/multimodal/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';
import { type Batch, batchOf, losses, ROWS, SECOND, Towers, withoutIds } from './contrast_losses.ts';
import { play } from './contrast_play.ts';

const { rank } = await initProcessGroup({ timeoutMs: 20_000 });
const [first, count] = rank === 0 ? [0, SECOND] : [SECOND, ROWS - SECOND];
const results: Record<string, unknown> = {};

const batchOfRank = (step: number): Batch => batchOf(step, first, count);
const wrap = (towers: Towers): DistributedDataParallel<[Batch], Tensor> => new DistributedDataParallel(towers);
for (const [name, makeLoss] of Object.entries(losses)) results[name] = play(makeLoss, batchOfRank, wrap);
results.withoutIds = play(losses.moco!, (step) => withoutIds(batchOfRank(step)), wrap);

// Each rank weighs the gathered rows by its own number: the gradient is the sum of both.
const rows = full([1 + rank, 2], rank, { requiresGrad: true });
const all = gatherRows(rows);
all
  .mul(rank + 1)
  .sum()
  .backward();
results.rows = [all.toArray(), rows.grad!.toArray()];

try {
  gatherRows(rank === 0 ? randn([2, 3]) : randn([2, 4]));
} catch (error) {
  results.different = (error as Error).message;
}
// In evaluation a rank may have batches that the other has not.
if (rank === 0) {
  const { images, texts } = batchOf(0);
  const criterion = new CLIPLoss().eval();
  results.evaluated = criterion.forward({ visionFeatures: images.narrow(1, 0, 5), textFeatures: texts }).loss.item();
}
results.truth = String(gatherRows(tensor([rank === 0])).toArray());
results.ids = String(gatherRows(tensor([BigInt(rank)])).toArray());
// Three rows here and two there: in batches of two one rank has a batch more.
manualSeed(6);
const towers = new Towers(() => new CLIPLoss());
results.untrained = towers.vision.weight.detach().sum().item();
const batch = batchOf(0, 0, 5);
const trainer = new GenericTrainer({
  config: { logEveryNSteps: 1 },
  model: towers,
  optimizers: [new optim.SGD(towers.parameters(), { lr: 0.1 })],
});
trainer.setTrainingStep((_trainer, [images, texts]: [Tensor, Tensor]) => ({
  loss: towers.forward({ ...batch, images, texts, matchIds: undefined }),
}));
const loader = new DataLoader({ dataset: new TensorDataset([batch.images, batch.texts]), batchSize: 2 });
await trainer.fit({ trainLoaders: [loader], maxEpochs: 1 });
results.trained = [trainer.clocks.step, towers.vision.weight.detach().sum().item()];
destroyProcessGroup();
console.log(JSON.stringify(results));
