// Learns the digits two classes at a time, by four methods and with two models, and shows what is left of the first when the last were learnt. Run it:
//   npx sconce train examples/continual/train.ts [--set scenario=class]
import { manualSeed, optim } from 'sconce';
import {
  type ContinualMethod,
  type ContinualResult,
  type ContinualScenario,
  type ContinualTask,
  ElasticWeightConsolidation,
  EpisodicMemory,
  ExperienceReplay,
  FineTuning,
  JointTraining,
  loadDigits,
  runContinualBenchmark,
  splitClasses,
} from 'sconce/adaptive';
import { defineExperiment, type TrainingRun } from 'sconce/trainer';
import { Classifier, parametersOf } from '../adaptive/models.ts';
import { lineOf, sectionsOf } from './report.ts';

const OPTIONS = {
  /** 'task': told which two digits it is between. 'domain': even or odd. 'class': which of the ten. */
  scenario: 'task' as ContinualScenario,
  numTasks: 5,
  epochsPerTask: 20,
  batchSize: 32,
  /** Of the plain network. */
  lr: 0.003,
  /** Of the adaptive network, whose gradients are smaller. */
  adaptiveLr: 0.03,
  hiddenDim: 64,
  numNodes: 100,
  /** λ of elastic weight consolidation. */
  strength: 1_000_000,
  /** Samples that replay keeps of all tasks together. */
  memory: 100,
  /** How often everything is trained, each time from another seed. */
  seeds: 1,
  /** Where digits.csv.gz lies. '': where it is usually found. */
  path: '',
};

export type Options = typeof OPTIONS;
export const MODELS = ['mlp', 'adaptive'] as const;

/** One benchmark, and what it was of. */
export interface Outcome {
  readonly model: (typeof MODELS)[number];
  readonly seed: number;
  readonly result: ContinualResult;
}

/** The methods, made anew for each benchmark: they remember. */
export function methodsOf({ strength, memory }: Pick<Options, 'strength' | 'memory'>, seed: number): ContinualMethod[] {
  return [
    new FineTuning(),
    new ElasticWeightConsolidation({ strength, seed }),
    new ExperienceReplay({ memory: new EpisodicMemory({ capacity: memory, seed }) }),
    new JointTraining(),
  ];
}

/** One model by one method on all tasks, from the same weights for every method. */
export async function runOne(
  of: { readonly model: Outcome['model']; readonly method: ContinualMethod; readonly seed: number },
  tasks: readonly ContinualTask[],
  options: Omit<Options, 'scenario' | 'numTasks' | 'seeds' | 'path' | 'strength' | 'memory'>,
  run?: TrainingRun,
): Promise<Outcome> {
  const { model: kind, method, seed } = of;
  const { hiddenDim, numNodes, epochsPerTask, batchSize, lr, adaptiveLr } = options;
  manualSeed(seed);
  const inputDim = tasks[0]!.train[0].flatten({ startDim: 1 }).shape[1]!;
  const model = new Classifier(kind, { inputDim, hiddenDim, numNodes, seed });
  const optimizer = new optim.Adam(model.parameters(), { lr: kind === 'adaptive' ? adaptiveLr : lr });
  const shared = { tasks, optimizer, method, epochsPerTask, batchSize, seed, maxGradNorm: 1 };
  return { model: kind, seed, result: await runContinualBenchmark(model, { ...shared, ...(run && { run }) }) };
}

export default defineExperiment({
  name: 'continual',
  options: OPTIONS,
  async run(run, options) {
    const { scenario, numTasks, path } = options;
    const data = await loadDigits(path === '' ? {} : { path });
    const tasks = await splitClasses(data, { numTasks, scenario });
    const outcomes: Outcome[] = [];
    for (const model of MODELS) {
      for (const [index] of methodsOf(options, 0).entries()) {
        for (let seed = 0; seed < options.seeds; seed++) {
          const method = methodsOf(options, seed)[index]!;
          // The first one is the one that the run's curves are about.
          outcomes.push(await runOne({ model, method, seed }, tasks, options, outcomes.length === 0 ? run : undefined));
        }
        console.log(lineOf(outcomes.slice(-options.seeds)));
      }
    }
    const sizes = { inputDim: 64, hiddenDim: options.hiddenDim, numNodes: options.numNodes, seed: 0 };
    return {
      title: `The digits, two at a time: scenario "${scenario}"`,
      headline: ['train/accuracy', 'train/loss'],
      counts: { parameters: parametersOf(new Classifier('mlp', sizes)) },
      sections: await sectionsOf(outcomes),
    };
  },
});
