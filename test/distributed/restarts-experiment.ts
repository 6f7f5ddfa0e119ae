// A training of several ranks with what a restart can lose: dropout, shuffled rows that ranks do not divide, windows of gradients, a schedule, averaged weights, validation, a best metric.
// In its first start it kills a rank, or takes its time, where a test says so.
import { manualSeed, nn, optim, randn, type Tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { defineExperiment, GenericTrainer } from 'sconce/trainer';

export default defineExperiment({
  name: 'restarts',
  options: { epochs: 3, pauseMs: 0, killRank: -1, killAt: 0, saveEverySteps: 2, accumulation: 2, seed: 3 },
  async run(run, options) {
    const { RANK, TORCHELASTIC_RESTART_COUNT: restart, SLURM_RESTART_COUNT: numRequeues = '0' } = process.env;
    console.error(`pid ${process.pid}`);
    manualSeed(options.seed);
    const [inputs, targets] = [randn([70, 6]), randn([70, 2])];
    const model = new nn.Sequential(new nn.Linear(6, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 2));
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 });
    const loss = new nn.MSELoss();
    const trainer = new GenericTrainer({
      config: {
        seed: options.seed,
        performance: { gradientAccumulationSteps: options.accumulation },
        checkpoint: { saveEveryNSteps: options.saveEverySteps, monitorMetric: 'val/loss', monitorMode: 'min' },
        averaging: { kind: 'ema', decay: 0.8 },
        ddp: { timeoutSec: 60 },
        logEveryNSteps: 1,
      },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new optim.LambdaLR(optimizer, (step) => 1 / (1 + step / 5)), interval: 'step' }],
      run,
    });
    let numBatches = 0;
    const lossOf = ({ x, y }: { x: Tensor; y: Tensor }): Tensor => loss.forward(model.forward(x), y);
    trainer.setTrainingStep((_trainer, [x, y]: Tensor[]) => {
      numBatches += 1;
      if (numBatches === 1) console.error('trains');
      if (restart === '0' && Number(RANK) === options.killRank && numBatches === options.killAt)
        process.kill(process.pid, 'SIGKILL');
      const until = performance.now() + (numRequeues === '0' ? options.pauseMs : 0);
      while (performance.now() < until);
      return { loss: lossOf({ x: x!, y: y! }) };
    });
    trainer.setValidationStep((_trainer, [x, y]: Tensor[]) => ({ loss: lossOf({ x: x!, y: y! }) }));
    const loaderOf = (from: number, length: number, shuffle: boolean) =>
      new DataLoader({
        dataset: new TensorDataset([inputs.narrow(0, from, length), targets.narrow(0, from, length)]),
        ...{ batchSize: 4, shuffle, seed: options.seed },
      });
    await trainer.fit({
      trainLoaders: [loaderOf(0, 57, true)],
      valLoaders: [loaderOf(57, 13, false)],
      maxEpochs: options.epochs,
    });
    return undefined;
  },
});
