// Trainings on ranks with different numbers of batches, and the same by one process that has the batches of all.
import { manualSeed, type nn, optim, randn, scope, type Tensor } from '../../src/index.ts';
import { Branches, meanSquares, SmallNet } from './parallel_model.ts';

export interface Case {
  /** How many batches each rank has; the first ranks of the job take part. */
  readonly batches: readonly number[];
  readonly model?: 'net' | 'branches';
  readonly options?: object;
  readonly divideByInitialWorldSize?: boolean;
  /** Micro-batches a step; those before the last are not averaged. */
  readonly accumulate?: number;
  /** Whether ranks without inputs step along. */
  readonly stepsAlong?: boolean;
}

export const CASES: Readonly<Record<string, Case>> = {
  three: { batches: [1, 4, 3] },
  two: { batches: [4, 2], stepsAlong: true },
  'none on the first rank': { batches: [0, 2, 3], stepsAlong: true },
  'none on any': { batches: [0, 0, 0] },
  equal: { batches: [2, 2, 2] },
  'divided by those that train': { batches: [1, 2, 4], divideByInitialWorldSize: false, stepsAlong: true },
  views: { batches: [4, 1], options: { gradientAsBucketView: true }, stepsAlong: true },
  'many buckets': { batches: [1, 3, 2], options: { bucketCapMb: 0.0001 }, stepsAlong: true },
  branches: { batches: [2, 4, 1], model: 'branches', options: { findUnusedParameters: true }, stepsAlong: true },
  accumulated: { batches: [4, 2, 6], accumulate: 2 },
  half: { batches: [3, 1], options: { compress: 'float16' }, stepsAlong: true },
};

/** With the rows of all ranks even: ranks train so many steps more after a join. */
export const STEPS_AFTER = 2;

export type Model = nn.Module & { forward(input: Tensor, side: 'left' | 'right'): Tensor };

export function modelOf({ model = 'net' }: Case): Model {
  manualSeed(1);
  return model === 'net' ? new SmallNet() : new Branches();
}

export const optimizerOf = (model: nn.Module): optim.AdamW =>
  new optim.AdamW(model.parameters(), { lr: 0.02, weightDecay: 0.1 });

/** The loss of one batch of one rank. */
export function lossOf(model: Model, rank: number, batch: number): Tensor {
  manualSeed(1000 + 10 * batch + rank);
  const [input, target] = [randn([3, 6]), randn([3, 2])];
  return meanSquares(model.forward(input, batch % 3 === 0 ? 'left' : 'right'), target);
}

/** The weights that one process comes to which sees the batches of all ranks. @param goesOn - also for the steps after a join, which all ranks have. */
export function weightsOfOne(found: Case, goesOn: boolean): number[] {
  const { batches, accumulate = 1, divideByInitialWorldSize = true } = found;
  const model = modelOf(found);
  const optimizer = optimizerOf(model);
  const step = (ranks: readonly number[], batch: number): void =>
    scope(() => {
      const divisor = divideByInitialWorldSize ? batches.length : ranks.length;
      for (const rank of ranks)
        lossOf(model, rank, batch)
          .div(divisor * accumulate)
          .backward();
      if ((batch + 1) % accumulate !== 0) return;
      optimizer.step();
      optimizer.zeroGrad();
    });
  const all = batches.map((_, rank) => rank);
  for (let batch = 0; batch < Math.max(...batches); batch++) {
    const live = all.filter((rank) => batch < batches[rank]!);
    step(live, batch);
  }
  const end = Math.max(...batches);
  for (let i = 0; goesOn && i < STEPS_AFTER * accumulate; i++) step(all, end + i);
  return model.parameters().flatMap((parameter) => parameter.detach().flatten().toArray() as number[]);
}
