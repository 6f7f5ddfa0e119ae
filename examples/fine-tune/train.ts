// Fine-tunes a BERT from a Hugging Face folder to tell good opinions from bad ones, and writes a folder that transformers opens. Run it:
//   npx sconce train examples/fine-tune/train.ts [--set folder=/path/to/a/bert]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manualSeed, noGrad, optim, scope, type Tensor, tensor } from 'sconce';
import { DataLoader } from 'sconce/data';
import { BertForSequenceClassification, PretrainedTokenizer } from 'sconce/models';
import { defineExperiment, GenericTrainer, ProgressCallback } from 'sconce/trainer';
import { makeFolder } from './folder.ts';
import { allOpinions, type Opinion } from './sentences.ts';

/** A batch as the loaders make it. */
interface OpinionBatch {
  /** [B, T] int64, as the two below. */
  readonly inputIds: Tensor;
  readonly attentionMask: Tensor;
  readonly tokenTypeIds: Tensor;
  /** [B] int64. */
  readonly labels: Tensor;
}

export default defineExperiment({
  name: 'fine-tune',
  options: { folder: '', epochs: 6, batchSize: 32, lr: 3e-3, seed: 0 },
  async run(run, options) {
    manualSeed(options.seed);
    const folder = options.folder === '' ? join(run.folder, 'start') : options.folder;
    if (options.folder === '' && !existsSync(folder)) await makeFolder(folder);
    const tokenizer = await PretrainedTokenizer.fromPretrained(folder);
    const model = await BertForSequenceClassification.fromPretrained(folder, {
      config: { id2label: { 0: 'bad', 1: 'good' } },
      fresh: ['classifier', 'bert.pooler'], // a masked language model has neither
      drop: ['cls'],
      dtype: 'float32',
    });

    const opinions = allOpinions();
    const isHeldOut = (_: Opinion, i: number): boolean => i % 5 === 4;
    const loader = (of: Opinion[], shuffle: boolean) =>
      new DataLoader({
        dataset: { length: of.length, get: (i: number) => of[i]! },
        batchSize: options.batchSize,
        shuffle,
        seed: options.seed,
        collate: (batch: Opinion[]): OpinionBatch => ({
          ...tokenizer.batch(batch.map(({ text }) => text)),
          labels: tensor(
            batch.map(({ label }) => label),
            { dtype: 'int64' },
          ),
        }),
      });
    const training = loader(
      opinions.filter((each, i) => !isHeldOut(each, i)),
      true,
    );
    const validation = loader(opinions.filter(isHeldOut), false);

    const optimizer = new optim.AdamW(model.parameters(), { lr: options.lr });
    const totalSteps = training.length * options.epochs;
    const schedule = optim.warmupCosine({ warmupSteps: Math.ceil(totalSteps / 10), totalSteps });
    const trainer = new GenericTrainer({
      config: { experimentName: 'fine-tune', seed: options.seed, validateEveryNEpochs: 1 },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new optim.LambdaLR(optimizer, schedule), interval: 'step' }],
      callbacks: [new ProgressCallback({ metrics: ['train/loss', 'val/loss', 'val/accuracy'] })],
      run,
    });
    trainer.setTrainingStep((_trainer, { inputIds, ...inputs }: OpinionBatch) => ({
      loss: model.forward(inputIds, inputs).loss!,
    }));
    trainer.setValidationStep((_trainer, { inputIds, ...inputs }: OpinionBatch) => {
      const { loss, logits } = model.forward(inputIds, inputs);
      return { loss: loss!, accuracy: logits.argmax({ dim: 1 }).eq(inputs.labels).to('float32').mean() };
    });
    await trainer.fit({ trainLoaders: [training], valLoaders: [validation], maxEpochs: options.epochs });

    const result = join(run.folder, 'result');
    await model.savePretrained(result);
    await tokenizer.savePretrained(result);
    model.eval();
    const examples = ['the music was never boring !', 'i found the plot not clever .'].map((text) =>
      scope(() => {
        const { inputIds, ...inputs } = tokenizer.batch([text]);
        const good = noGrad(() => model.forward(inputIds, inputs).logits.softmax(1).select(1, 1).item());
        return `"${text}" is good with ${(100 * good).toFixed(1)} %`;
      }),
    );
    for (const line of examples) console.log(line);
    return { title: 'Opinions', headline: ['val/accuracy', 'val/loss'], better: { 'val/accuracy': 'max' } };
  },
});
