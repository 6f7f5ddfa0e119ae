// One rank of trainings with uneven inputs. Weights, and what went wrong, are printed as JSON.
import {
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
  newGroup,
} from '../../src/distributed/index.ts';
import { nn, noGrad, randn, scope, type Tensor } from '../../src/index.ts';
import { CASES, type Case, lossOf, type Model, modelOf, optimizerOf, STEPS_AFTER } from './join_cases.ts';
import { weightsOf } from './parallel_model.ts';

const world = await initProcessGroup({ timeoutMs: 20_000 });
const pair = await newGroup([0, 1]);
const { rank } = world;

async function train(found: Case): Promise<unknown> {
  const { batches, accumulate = 1, divideByInitialWorldSize, stepsAlong = false } = found;
  const group = batches.length === 2 ? pair : world;
  if (group === undefined) return 'outside';
  const inner = modelOf(found);
  const model = new DistributedDataParallel<[Tensor, 'left' | 'right'], Tensor>(inner, { group, ...found.options });
  const optimizer = optimizerOf(inner);
  const apply = (): void => {
    optimizer.step();
    optimizer.zeroGrad();
  };
  const step = (batch: number): void =>
    scope(() => {
      const backward = (): void =>
        lossOf(model as Model, rank, batch)
          .div(accumulate)
          .backward();
      if ((batch + 1) % accumulate !== 0) return model.noSync(backward);
      backward();
      return apply();
    });
  let shadowed = 0;
  const onShadowStep = (): void => {
    shadowed++;
    apply();
  };
  await model.join(
    async () => {
      for (let batch = 0; batch < batches[rank]!; batch++) {
        await Promise.resolve();
        step(batch);
        noGrad(() => scope(() => void model.forward(randn([2, 6]), 'left'))); // no backward follows
      }
    },
    {
      ...(divideByInitialWorldSize !== undefined && { divideByInitialWorldSize }),
      ...(stepsAlong && { onShadowStep }),
    },
  );
  const joined = weightsOf(inner);
  for (let i = 0; i < STEPS_AFTER * accumulate; i++) step(Math.max(...batches) + i);
  const weights = weightsOf(inner);
  model.reducer.destroy();
  return { joined, weights, shadowed };
}

const problem = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    return String(await run());
  } catch (error) {
    return (error as Error).message;
  }
};

const trained: Record<string, unknown> = {};
for (const [name, found] of Object.entries(CASES)) trained[name] = await train(found);

const linear = (options = {}): DistributedDataParallel<[Tensor], Tensor> =>
  new DistributedDataParallel(new nn.Linear(2, 1), options);
const early = linear();
let steps = 0;
const nothing = (): void => {};
const norm = new nn.Sequential(new nn.Linear(2, 2), new nn.SyncBatchNorm(2));
const results = {
  trained,
  early: await problem(() =>
    early.join(
      () => {
        for (; steps < 2 + rank; steps++)
          early
            .forward(randn([1, 2]))
            .sum()
            .backward();
      },
      { throwOnEarlyTermination: true },
    ),
  ),
  steps,
  refused: [
    await problem(() => linear({ staticGraph: true }).join(nothing)),
    await problem(() => linear({ compress: 'float16' }).join(nothing, { divideByInitialWorldSize: false })),
    await problem(() =>
      new DistributedDataParallel(norm as nn.Module & { forward(input: Tensor): Tensor }).join(nothing),
    ),
    await problem(() => early.join(nothing, { divideByInitialWorldSize: rank === 1 })),
    await problem(() => early.join(nothing, { enable: true } as object)),
  ],
  result: await early.join(() => rank + 1),
};
destroyProcessGroup();
console.log(JSON.stringify(results));
