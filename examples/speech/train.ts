// One core that hears five languages, and a readout for each that spells what is said. Run it:
//   npx sconce train examples/speech/train.ts [--set epochs=2] [--set languages=it]
import { manualSeed } from 'sconce';
import { MultiDatasetModel, multiDatasetTrainer } from 'sconce/multidataset';
import { defineExperiment, ProgressCallback } from 'sconce/trainer';
import { SpeechData } from './data.ts';
import { MODEL } from './model.ts';
import { makers, SpellingObjective } from './network.ts';

export default defineExperiment({
  name: 'speech',
  options: {
    languages: 'en,es,fr,it,ru',
    epochs: 30,
    batchSize: 40,
    lr: 2e-3,
    seed: 0,
    share: '/usr/share',
    maxClips: 10_000,
  },
  async run(run, { languages, epochs, batchSize, lr, seed, share, maxClips }) {
    const dm = await SpeechData.read({ languages: languages.split(','), share, batchSize, seed, maxClips });
    manualSeed(seed);
    const model = new MultiDatasetModel({
      modelConfig: MODEL,
      datasetConfigs: dm.configs,
      ...{ makers, lr, wd: 1e-2, lrScheduler: 'cosine_warmup', warmupEpochs: 1 },
      objective: new SpellingObjective(dm.alphabets),
    });
    const trainer = multiDatasetTrainer({
      ...{ model, dm, run, seed, maxEpochs: epochs, monitor: 'val_cer_overall', monitorMode: 'min' },
      callbacks: [new ProgressCallback()],
      initReadoutBias: false,
    });
    await trainer.train();
    return {
      title: `Speech of ${dm.names.length} languages`,
      headline: ['val_cer_overall', ...dm.names.map((name) => `val_cer/${name}`)],
      better: { val_cer_overall: 'min' },
    };
  },
});
