// `validate`, `test` and `predict` outside of a fit.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../errors.ts';
import type { Tensor } from '../tensor/index.ts';
import { liveTensors } from '../tensor/index.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import type { Callback } from './loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from './testing/tiny.ts';

describe('validate() and test()', () => {
  test('give what a fit gives of the same weights, and leave everything as it was', async () => {
    const { trainer, model } = tinyTrainer();
    const [record] = await trainer.fit({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(5, { start: 9 })] });
    const weights = weightsOf(model);
    const values = await trainer.validate({ loaders: [tinyLoader(5, { start: 9 })] });
    expect(values).toEqual({ 'val/loss': record!['val/loss'], 'val/dl_val_dl0/loss': record!['val/loss'] });
    expect(weightsOf(model)).toEqual(weights);
    expect(trainer.clocks).toMatchObject({ step: 3, epoch: 1, validatedAt: 3 });
    const tested = await trainer.test({ loaders: [tinyLoader(5, { start: 9 })], loaderNames: ['unseen'] });
    expect(tested).toEqual({ 'test/loss': record!['val/loss'], 'test/dl_unseen/loss': record!['val/loss'] });
  });

  test('run their own step, and tell callbacks which phase it is', async () => {
    const phases: string[] = [];
    const listener: Callback = { name: 'listener', validationEnd: ({ phase }) => void phases.push(phase) };
    const { trainer } = tinyTrainer({ callbacks: [listener] });
    trainer.setTestStep((_trainer, { row }: TinyBatch) => ({ row: row.to('float32').mean() }));
    expect(await trainer.test({ loaders: [tinyLoader(4)], limitBatches: 1 })).toEqual({
      'test/row': 0.5,
      'test/dl_test_dl0/row': 0.5,
    });
    await trainer.validate({ loaders: [tinyLoader(4)] });
    expect(phases).toEqual(['test', 'validate']);
  });

  test('take the weights of a checkpoint, and put the own ones back', async () => {
    const rootDir = temporaryFolder();
    const { trainer, model } = tinyTrainer({ config: { checkpoint: { rootDir, monitorMetric: 'val/loss' } } });
    const valLoaders = [tinyLoader(4, { start: 30 })];
    const history = await trainer.fit({ trainLoaders: [tinyLoader(8)], valLoaders, maxEpochs: 4 });
    const weights = weightsOf(model);
    const losses = history.map((record) => record['val/loss']!);
    const path = join(rootDir, 'experiment', 'epoch_002_step_000008.ckpt');
    const lossWith = async (checkpoint: string): Promise<number | undefined> =>
      (await trainer.validate({ loaders: valLoaders, checkpoint }))['val/loss'];
    expect([await lossWith('latest'), await lossWith('best'), await lossWith(path)]).toEqual([
      losses[3],
      Math.min(...losses),
      losses[1],
    ]);
    expect(weightsOf(model)).toEqual(weights);
    await expect(tinyTrainer().trainer.validate({ loaders: valLoaders, checkpoint: 'best' })).rejects.toThrow(
      'Cannot evaluate a checkpoint: checkpoint: expected a path, got "best" of a trainer that keeps none; set checkpoint.rootDir',
    );
  });

  test('stop at a signal', async () => {
    const stopper: Callback = { name: 'stopper', validationBatchEnd: () => void process.kill(process.pid, 'SIGTERM') };
    const { trainer } = tinyTrainer({ callbacks: [stopper] });
    await expect(trainer.test({ loaders: [tinyLoader(6)] })).rejects.toThrow(InterruptedError);
  });

  test('refuse what does not fit, all at once', async () => {
    const { trainer } = tinyTrainer();
    await expect(trainer.test({ loaders: [], limitBatches: 0, loaderName: [] } as never)).rejects.toThrow(
      [
        'Cannot test: 3 problems',
        '  - loaderName: expected one of loaders, loaderNames, limitBatches, checkpoint, onMatrix, got an unknown key; did you mean loaderNames?',
        '  - loaders: expected at least one loader, got none',
        '  - limitBatches: expected an integer above 0, got 0',
      ].join('\n'),
    );
    await expect(trainer.predict({ loaders: [tinyLoader(2)] })).rejects.toThrow(
      'Cannot predict: predict step: expected a function, got none; call setPredictStep() before predict()',
    );
  });
});

describe('predict()', () => {
  test('gives the output of every batch, in order, with tensors that are the caller’s', async () => {
    const { trainer, model } = tinyTrainer();
    trainer.setPredictStep((_trainer, { x, row }: TinyBatch, batchIdx, _loader, name) => {
      return { batchIdx, name, row, output: model.forward(x) };
    });
    const outputs = (await trainer.predict({ loaders: [tinyLoader(3)] })) as { output: Tensor; row: Tensor }[];
    expect(outputs).toMatchObject([
      { batchIdx: 0, name: 'dl0' },
      { batchIdx: 1, name: 'dl0' },
    ]);
    expect(outputs.flatMap(({ row }) => row.toArray())).toEqual([0, 1, 2]);
    expect(outputs.map(({ output }) => [output.shape, output.requiresGrad])).toEqual([
      [[2, 1], false],
      [[1, 1], false],
    ]);
  });

  test('hands outputs over one by one, and keeps none', async () => {
    const { trainer, model } = tinyTrainer();
    trainer.setPredictStep((_trainer, { x }: TinyBatch) => model.forward(x));
    const loader = tinyLoader(40);
    const before = settledTensors();
    let rows = 0;
    const returned = await trainer.predict({
      loaders: [loader],
      onBatch: (output) => {
        rows += (output as Tensor).size(0);
      },
    });
    expect([returned, rows, liveTensors() - before]).toEqual([[], 40, 0]);
  });
});
