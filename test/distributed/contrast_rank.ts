// One rank of a training by each loss. The losses, gradients and what a loss keeps are printed as JSON.
import {
  DistributedDataParallel,
  destroyProcessGroup,
  gatherRows,
  initProcessGroup,
} from '../../src/distributed/index.ts';
import { full, randn, type Tensor, tensor } from '../../src/index.ts';
import { CLIPLoss } from '../../src/multimodal/index.ts';
import { type Batch, batchOf, losses, ROWS, SECOND, type Towers, withoutIds } from './contrast_losses.ts';
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
results.ids = String(gatherRows(tensor([BigInt(rank)])).toArray());
destroyProcessGroup();
console.log(JSON.stringify(results));
