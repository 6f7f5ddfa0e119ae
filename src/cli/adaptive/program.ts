// A training of `sconce adaptive train` as a program of a run: a workflow as an experiment of `sconce train`, and its test at the end.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname, join, relative, resolve } from 'node:path';
import { WorkflowConfig } from '../../adaptive/index.ts';
import { workflowOf } from '../../adaptive/workflow/read-workflow.ts';
import { dataOptions, withLayers } from '../../adaptive/workflow/to-experiment.ts';
import { cutSamples, PARTS, readSamples } from '../../adaptive/workflow/workflow-data.ts';
import type { WorkflowFields } from '../../adaptive/workflow/workflow-fields.ts';
import { loadNative } from '../../binding/load.ts';
import { type ConfigDocument, parseDocument, readDocument } from '../../config/index.ts';
import { ConfigError } from '../../errors.ts';
import type { AssembledExperiment } from '../../trainer/parts/assemble.ts';
import { type AroundTraining, prepareExperiment, reopenConfigured } from '../configured-program.ts';
import { placeCheckpoints } from '../multidataset/checkpoint-place.ts';
import type { FlagValues } from '../multidataset/read-flags.ts';
import type { RunProgram } from '../program-of-run.ts';
import { workflowFlags } from './flags.ts';

/** What a run's `config.json` keeps beside the experiment. */
interface AskedWorkflow {
  readonly warnings: readonly string[];
  readonly checkpointDir: string;
  readonly outputDir: string;
  readonly metrics: readonly string[];
  readonly testsBest: boolean;
}

/** Reads and checks a workflow with its data.
 *  @param settings - `path=value` texts.
 *  @throws {ConfigError} that lists everything that is wrong. */
export async function prepareWorkflow(
  flags: FlagValues,
  settings: readonly string[],
  folder: string,
): Promise<RunProgram> {
  const { config } = flags;
  const document = await documentOf(flags, settings);
  const given = workflowOf(document);
  if (flags['save-config'] !== undefined) await new WorkflowConfig(given).toYaml(String(flags['save-config']));
  const { fields, warnings } = atHome(await withLayers(given));
  await checkData(document, fields);
  const name = config === undefined ? fields.dataset.name : basename(String(config), extname(String(config)));
  const { training, evaluation } = fields;
  const workflow: AskedWorkflow = {
    warnings,
    checkpointDir: training.checkpointDir,
    outputDir: evaluation.outputDir,
    metrics: evaluation.metrics,
    testsBest: training.earlyStopping,
  };
  const experiment = await new WorkflowConfig(fields).toExperiment(name);
  return prepareExperiment(experiment, folder, { asked: { workflow }, around: around(workflow) });
}

/** The same from what a run's folder keeps. */
export function reopenWorkflow(folder: string, asked: Readonly<Record<string, unknown>>): Promise<RunProgram> {
  return reopenConfigured(folder, asked, around(asked.workflow as AskedWorkflow)); // `prepareWorkflow` made it
}

async function documentOf(flags: FlagValues, settings: readonly string[]): Promise<ConfigDocument> {
  const { config, dataset } = flags;
  if ((config === undefined) === (dataset === undefined))
    throw new ConfigError('run "sconce adaptive train"', [
      `expected --config, a file, or --dataset, a name, got ${config === undefined ? 'neither' : 'both'}; --list-datasets says which there are`,
    ]);
  const parameters = Object.fromEntries(
    workflowFlags.flatMap(({ name, paths = [] }) =>
      flags[name] === undefined || flags[name] === false ? [] : paths.map((path) => [path, flags[name]]),
    ),
  );
  const options = { overrides: settings, parameters };
  return config === undefined
    ? parseDocument('{}', { ...options, name: '--dataset' })
    : readDocument(String(config), options);
}

/** On this machine: with paths from the root, and what it does not have said. */
function atHome(fields: WorkflowFields): { fields: WorkflowFields; warnings: string[] } {
  const { dataset, training, evaluation } = fields;
  const { dataPath } = dataset;
  const hasDevice = training.device === 'cpu' || loadNative().hasCuda();
  const numWorkers = Math.min(dataset.numWorkers, availableParallelism());
  const warnings = [
    ...(hasDevice ? [] : [`training.device: there is no GPU for "${training.device}": the run is on the CPU`]),
    ...(numWorkers < dataset.numWorkers
      ? [
          `dataset.num_workers: ${numWorkers} threads make batches, as many as the machine has cores, and not ${dataset.numWorkers}`,
        ]
      : []),
  ];
  return {
    warnings,
    fields: {
      ...fields,
      dataset: { ...dataset, numWorkers, ...(dataPath === undefined ? {} : { dataPath: resolve(dataPath) }) },
      training: {
        ...training,
        device: hasDevice ? training.device : 'cpu',
        checkpointDir: resolve(training.checkpointDir),
        logDir: resolve(training.logDir),
      },
      evaluation: { ...evaluation, outputDir: resolve(evaluation.outputDir) },
    },
  };
}

/** Reads the data, and holds it against the model. @throws {ConfigError} */
async function checkData(document: ConfigDocument, fields: WorkflowFields): Promise<void> {
  const { dataset, model } = fields;
  const options = dataOptions(fields);
  const samples = await readSamples(options);
  const problems: { path: string[]; text: string }[] = [];
  const width = samples.shape.reduce((product, size) => product * size, 1);
  if (['adaptive', 'mlp', 'simple_cnn'].includes(model.name) && width !== model.inputDim)
    problems.push({
      path: ['model', 'input_dim'],
      text: `expected ${width}, the numbers of a sample of "${dataset.name}", got ${model.inputDim}`,
    });
  if (samples.numClasses > model.outputDim)
    problems.push({
      path: ['model', 'output_dim'],
      text: `expected at least ${samples.numClasses}, the classes of "${dataset.name}", got ${model.outputDim}`,
    });
  const cuts = cutSamples(samples, options);
  for (const [i, part] of PARTS.entries())
    if (options.splits[i]! > 0 && cuts[part].length === 0)
      problems.push({
        path: ['dataset', `${part}_split`],
        text: `expected a share with a sample in it, got ${options.splits[i]} of ${samples.targets.shape[0]}`,
      });
  if (problems.length > 0) throw document.error(problems);
}

/** Checkpoints where the workflow has them, and its results. */
function around({ warnings, checkpointDir, outputDir, metrics, testsBest }: AskedWorkflow): AroundTraining {
  return {
    warnings,
    before: async (run) => {
      if (!run.isResumed)
        console.error(`Checkpoints: ${shown(await placeCheckpoints(run, checkpointDir, basename(run.folder)))}`);
    },
    after: async (made, run) => {
      const values = await testValues(made, testsBest);
      if (values === undefined) return;
      const named = Object.entries(values).filter(([key]) => metrics.some((metric) => key === `test/${metric}`));
      const results = Object.fromEntries(named.map(([key, value]) => [key.replace('/', '_'), value]));
      const folder = join(outputDir, basename(run.folder));
      await mkdir(folder, { recursive: true });
      await writeFile(
        join(folder, 'results.json'),
        `${JSON.stringify({ run: run.folder, ...results }, undefined, 2)}\n`,
      );
      for (const [name, value] of Object.entries(results)) console.log(`${name}: ${value}`);
      console.error(`Results: ${shown(join(folder, 'results.json'))}`);
    },
  };
}

/** Of the weights at the end, or of the best where a run may stop early; undefined where there is no test. */
async function testValues(
  { trainer, test }: AssembledExperiment,
  usesBest: boolean,
): Promise<Readonly<Record<string, number>> | undefined> {
  if (test.length === 0) return undefined;
  return trainer.test({
    loaders: test.map(({ loader }) => loader),
    loaderNames: test.map(({ name }) => name),
    ...(usesBest ? { checkpoint: 'best' } : {}),
  });
}

/** A path as the user would write it. */
const shown = (path: string): string => relative(process.cwd(), path) || '.';
