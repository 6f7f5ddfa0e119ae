// Trains one core for all sessions, and the short sessions each by itself; then says how near both come to the best. Run it:
//   npx sconce train examples/recordings/train.ts [--set epochs=2]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manualSeed } from 'sconce';
import { type ModelConfig, MultiDatasetDM, MultiDatasetModel, multiDatasetTrainer } from 'sconce/multidataset';
import { defineExperiment, ProgressCallback, type TrainingRun } from 'sconce/trainer';
import { parse } from 'yaml';
import { evaluate } from './evaluate.ts';
import { DATA_FOLDER, generateRecordings, shortSessions } from './generate.ts';
import { EXPERIMENT, SESSIONS } from './parameters.ts';
import { EXAMPLE_FOLDER } from './photographs.ts';
import { sectionsOf, totals } from './report.ts';

const OPTIONS = {
  epochs: 12,
  batchSize: 256,
  /** Of readouts, whose places have some pixels to go. */
  lr: 0.04,
  coreLrScale: 0.1,
  weightDecay: 1e-5,
  seed: 0,
  /** Whether the short sessions are trained by themselves, too. */
  alone: true,
  folder: DATA_FOLDER,
};

type Options = typeof OPTIONS;

/** Trains a model of the sessions that a YAML file in `options.folder` names.  @returns with it bits per spike on held-out time after each epoch. */
export async function train(
  file: string,
  modelConfig: ModelConfig,
  options: Pick<Options, 'epochs' | 'batchSize' | 'lr' | 'coreLrScale' | 'weightDecay' | 'seed' | 'folder'>,
  run?: TrainingRun,
): Promise<{ model: MultiDatasetModel; dm: MultiDatasetDM; bps: readonly number[] }> {
  const { epochs: maxEpochs, batchSize, lr, coreLrScale, weightDecay: wd, seed, folder } = options;
  const cfgDir = join(folder, file);
  const dm = new MultiDatasetDM({ cfgDir, batch: batchSize, seed, stepsPerEpoch: 1e6 }); // all of an epoch
  await dm.setup();
  manualSeed(seed);
  const model = await MultiDatasetModel.create({ modelConfig, cfgDir, lr, wd, coreLrScale });
  const trainer = multiDatasetTrainer({
    ...{ model, dm, maxEpochs, seed },
    ...{ lrScheduler: 'cosine_warmup', warmupEpochs: Math.min(1, maxEpochs - 1) },
    callbacks: [new ProgressCallback({ metrics: ['train_loss', 'val_loss', 'val_bps_overall'] })],
    ...(run && { run }),
  });
  const history = await trainer.train();
  return { model, dm, bps: history.map((record) => record.val_bps_overall!) };
}

export default defineExperiment({
  name: 'recordings',
  options: OPTIONS,
  async run(run, options) {
    const { folder } = options;
    await generateRecordings({ folder, log: (line) => console.log(line) });
    const modelConfig = parse(await readFile(join(EXAMPLE_FOLDER, 'model.yaml'), 'utf8')) as ModelConfig;
    const { model, dm } = await train('all.yaml', modelConfig, options, run);
    const shared = await evaluate(model, dm, folder);
    const alone = options.alone ? await trainAlone(modelConfig, dm, options) : {};
    const { bps, share, error } = totals(shared);
    console.log(
      `${bps.toFixed(3)} bits per spike, ${(100 * share).toFixed(1)} % of the best; places ${error.toFixed(2)} pixels from the true ones`,
    );
    for (const { name, bps: own, bestBps } of shared) {
      const by = alone[name] === undefined ? '' : `, alone ${alone[name].toFixed(3)}`;
      console.log(`${name}: ${own.toFixed(3)} of ${bestBps.toFixed(3)}${by}`);
    }
    const numFrames = (dm.cfgs[0]!.keys_lags.stim as readonly number[]).length;
    const findings = { model, folder, experiment: EXPERIMENT, sessions: SESSIONS, shared, alone, numFrames };
    await dm.close();
    return {
      title: 'Recordings with a known truth',
      headline: ['val_bps_overall', 'val_loss'],
      better: { val_bps_overall: 'max' },
      counts: { parameters: model.parameters().reduce((sum, { numel }) => sum + numel, 0) },
      sections: await sectionsOf(findings),
    };
  },
});

/** Trains each short session by itself: it is seen as often, in as many steps, as in the shared training, since its batches are as large as its part of a shared batch
 *  was. Of its epochs the one counts that was best on held-out time; of the shared model the last one counts.
 *  @returns bits per spike by session. */
async function trainAlone(
  modelConfig: ModelConfig,
  { trainDsets }: MultiDatasetDM,
  options: Options,
): Promise<Record<string, number>> {
  const numSamples = Object.values(trainDsets).reduce((sum, { length }) => sum + length, 0);
  const results: Record<string, number> = {};
  for (const { name } of shortSessions(SESSIONS)) {
    const batchSize = Math.round((options.batchSize * trainDsets[name]!.length) / numSamples);
    const { dm, bps } = await train(`${name}.yaml`, modelConfig, { ...options, batchSize });
    await dm.close();
    results[name] = Math.max(...bps);
  }
  return results;
}
