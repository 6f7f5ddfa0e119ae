// Trains a small network in scopes for 20,000 steps, and prints the resident memory at ten places of the run.
import { liveTensors, manualSeed, nn, optim, randn, scope, setNumThreads } from '../../../src/index.ts';

setNumThreads(1);
manualSeed(0);
const model = new nn.Sequential(new nn.Linear(16, 16), new nn.ReLU(), new nn.Linear(16, 4));
const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
const schedule = new optim.LambdaLR(optimizer, optim.warmupCosine({ warmupSteps: 10, totalSteps: 20_000 }));
const criterion = new nn.MSELoss();
const [input, target] = [randn([8, 16]), randn([8, 4])];
const step = (): void =>
  scope(() => {
    optimizer.zeroGrad();
    criterion.forward(model.forward(input), target).backward();
    optim.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    schedule.step();
  });
for (let i = 0; i < 1000; i++) step();
const live = liveTensors();
const residentMiB: number[] = [];
for (let i = 0; i < 20_000; i++) {
  step();
  if (i % 2000 === 1999) residentMiB.push(process.memoryUsage.rss() / 2 ** 20);
}
console.log(JSON.stringify({ residentMiB, leaked: liveTensors() - live }));
