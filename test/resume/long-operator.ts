// A step that takes one operator half a minute; a signal has come before it begins.
import { nn, ones, optim, type Tensor, tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { defineExperiment, GenericTrainer } from 'sconce/trainer';

/** Products of integers have no fast kernel. */
const SIZE = 4000;

export default defineExperiment({
  name: 'long-operator',
  options: {},
  async run(run) {
    const model = new nn.Linear(1, 1);
    const trainer = new GenericTrainer({ model, optimizers: [new optim.AdamW(model.parameters())], run });
    trainer.setTrainingStep((_trainer, { x }: { x: Tensor }) => {
      process.kill(process.pid, 'SIGINT');
      const matrix = ones([SIZE, SIZE], { dtype: 'int64' });
      process.stderr.write('in the operator\n');
      matrix.matmul(matrix);
      process.stderr.write('after the operator\n');
      return { loss: model.forward(x).mean() };
    });
    const dataset = new TensorDataset({ x: tensor([[1]]) });
    await trainer.fit({ trainLoaders: [new DataLoader({ dataset })] });
    return undefined;
  },
});
