// One rank: trainings with validation that a signal stops at one moment after the other, each of which goes on from its checkpoint. What came of them is printed as JSON.
import { join } from 'node:path';
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { arange, manualSeed, nn, optim, type Tensor } from '../../src/index.ts';
import { type Callback, GenericTrainer } from '../../src/trainer/index.ts';

const [rootDir, momentsText] = process.argv.slice(2) as [string, string];
const moments = JSON.parse(momentsText) as { at: keyof Callback | 'later'; nth: number; ranks: number[] }[];
const { rank, size } = { rank: Number(process.env.RANK ?? 0), size: Number(process.env.WORLD_SIZE ?? 1) };
const NUM_SAMPLES = 98;

interface Ended {
  readonly ended: string;
  readonly step: number;
  readonly validations: readonly unknown[];
  readonly weights: readonly number[];
}

async function train(folder: string, moment?: (typeof moments)[number]): Promise<Ended> {
  manualSeed(3);
  const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Dropout(0.2), new nn.Linear(8, 1));
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
  const isHere = moment?.ranks.includes(rank) ?? false;
  const stop = (): void => void process.kill(process.pid, 'SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  let heard = 0;
  const stopper: Callback = { name: 'stopper' };
  if (isHere && moment!.at === 'later') {
    stopper.fitStart = () => {
      timer = setTimeout(stop, moment!.nth);
    };
  } else if (isHere) {
    Object.assign(stopper, {
      [moment!.at]: () => {
        heard += 1;
        if (heard === moment!.nth) stop();
      },
    });
  }
  const trainer = new GenericTrainer({
    model,
    optimizers: [optimizer],
    config: {
      seed: 11,
      logEveryNSteps: 3,
      performance: { gradientAccumulationSteps: 2 },
      validation: { frequency: 'every_n_steps', everyNSteps: 5, sanitySteps: 1 },
      checkpoint: { rootDir: join(rootDir, folder), saveEveryNSteps: 5 },
    },
    callbacks: [stopper],
  });
  const loss = ([x, index]: readonly [Tensor, Tensor]): Tensor =>
    model.forward(x).squeeze({ dim: 1 }).sub(index.div(NUM_SAMPLES)).square().mean();
  const validations: unknown[] = [];
  trainer.setTrainingStep((_, batch: readonly [Tensor, Tensor]) => ({ loss: loss(batch) }));
  trainer.setValidationStep((_, batch: readonly [Tensor, Tensor]) => ({ loss: loss(batch) }));
  const index = arange(NUM_SAMPLES);
  const x = arange(2 * NUM_SAMPLES).reshape([NUM_SAMPLES, 2]);
  const dataset = new TensorDataset([x.mul(0.01), index] as const);
  const trainLoaders = [new DataLoader({ dataset, batchSize: 6 / size, shuffle: true, seed: 2 })];
  const valLoaders = [new DataLoader({ dataset, batchSize: 6 / size })];
  let ended = 'complete';
  try {
    validations.push(await trainer.fit({ trainLoaders, valLoaders, maxEpochs: 2 }));
  } catch (error) {
    ended = (error as Error).name === 'InterruptedError' ? 'InterruptedError' : String((error as Error).stack);
  }
  clearTimeout(timer);
  const weights = [...model.parameters()].flatMap((each) => each.detach().flatten().toArray() as number[]);
  return { ended, step: trainer.clocks.step, validations, weights };
}

const whole = await train('whole');
const stopped: { first: Ended; rest: Ended }[] = [];
for (const [i, moment] of moments.entries())
  stopped.push({ first: await train(`stopped-${i}`, moment), rest: await train(`stopped-${i}`) });
console.log(JSON.stringify({ whole, stopped }));
process.exit(0);
