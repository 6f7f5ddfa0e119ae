// An experiment that a configuration file describes, as a program of a run: read and checked whole, its modules bundled, made of parts when it runs.

import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adaptiveParts } from '../adaptive/parts.ts';
import {
  type ConfigDocument,
  type ExperimentConfig,
  type ExperimentReading,
  experimentOf,
  parseDocument,
  type ReadExperiment,
  readDocument,
} from '../config/index.ts';
import { modelParts } from '../models/parts.ts';
import { multimodalParts } from '../multimodal/parts.ts';
import { type AssembledExperiment, assemble } from '../trainer/parts/assemble.ts';
import { type ExperimentParts, readParts } from '../trainer/parts/experiment-parts.ts';
import { libraryParts } from '../trainer/parts/library.ts';
import type { PartProblem } from '../trainer/parts/part-options.ts';
import { Registry } from '../trainer/parts/registry.ts';
import { EvaluationEnd, type RunReport, type TrainingRun } from '../trainer/run/run.ts';
import { bundleParts, codePath, importParts } from './experiment-bundle.ts';
import type { RunProgram } from './program-of-run.ts';

/** Reads a file with everything it extends, checks it, and bundles its modules into the run's folder.
 *  @throws {ConfigError} that lists every problem with its file, line and column. */
export async function prepareConfigured(
  entry: string,
  settings: readonly string[],
  folder: string,
): Promise<RunProgram> {
  const document = await readDocument(entry, { overrides: settings });
  const { modules } = modulesOf(document);
  await bundleParts(modules, folder, dirname(resolve(entry)));
  const registry = await registryOf(folder);
  const asked = {
    entry: relative(process.cwd(), resolve(entry)),
    settings,
    configuration: document.value,
  };
  return programOf(document, registry, asked);
}

/** What is done around the training of an experiment that another command describes. */
export interface AroundTraining {
  readonly warnings: readonly string[];
  before(run: TrainingRun): Promise<void>;
  after(made: AssembledExperiment, run: TrainingRun): Promise<void>;
}

/** An experiment that no file describes.  @param options.asked - what the run's `config.json` keeps beside it. */
export async function prepareExperiment(
  experiment: ExperimentConfig,
  folder: string,
  { asked, around }: { readonly asked: Readonly<Record<string, unknown>>; readonly around: AroundTraining },
): Promise<RunProgram> {
  await bundleParts([], folder, process.cwd());
  return reopenConfigured(folder, { ...asked, configuration: experiment }, around);
}

/** The same from a run's folder: its bundle, and the configuration that it was started with. */
export async function reopenConfigured(
  folder: string,
  asked: Readonly<Record<string, unknown>>,
  around?: AroundTraining,
): Promise<RunProgram> {
  const document = await parseDocument(JSON.stringify(escaped(asked.configuration)), {
    format: 'json',
    name: relative(process.cwd(), resolve(folder, 'config.json')),
    environment: {},
  });
  return programOf(document, await registryOf(folder), asked, around);
}

/** Variables were put in when the run began: a dollar sign is one now. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, escaped(entry)]));
}

async function registryOf(folder: string): Promise<Registry> {
  const registry = new Registry()
    .add(libraryParts, 'Sconce')
    .add(modelParts, 'sconce/models')
    .add(multimodalParts, 'sconce/multimodal')
    .add(adaptiveParts, 'sconce/adaptive');
  for (const [parts, source] of (await importParts(folder)).modules) registry.add(parts, source);
  return registry;
}

/** @throws {ConfigError} that lists every problem with its place. */
function programOf(
  document: ConfigDocument,
  registry: Registry,
  asked: Readonly<Record<string, unknown>>,
  around?: AroundTraining,
): RunProgram {
  const { experiment, problems, warnings, spell } = experimentOf(document);
  const partProblems: PartProblem[] = [];
  const parts = readParts(document.value, registry, partProblems);
  const name = experiment?.config.experimentName ?? 'experiment';
  if (!/^[^./\\\0][^/\\\0]*$/.test(name))
    partProblems.push({
      path: ['experiment_name'],
      text: `expected a name that a folder can have, got ${JSON.stringify(name)}`,
    });
  if (!experiment || !parts || partProblems.length > 0) throw document.error([...problems, ...partProblems]);
  return {
    name,
    asked: { experiment: name, ...asked },
    warnings: [...(around?.warnings ?? []), ...warnings],
    run: (run) => train(run, { experiment, parts, registry, warnings, spell, around }),
  };
}

interface Configured {
  readonly experiment: ReadExperiment;
  readonly parts: ExperimentParts;
  readonly registry: Registry;
  readonly warnings: ExperimentReading['warnings'];
  readonly spell: ExperimentReading['spell'];
  readonly around: AroundTraining | undefined;
}

async function train(
  run: TrainingRun,
  { experiment, parts, registry, warnings, spell, around }: Configured,
): Promise<RunReport> {
  const { config, maxEpochs } = experiment;
  run.tags = experiment.tags;
  run.saidWarnings = warnings; // by the command
  run.spell = spell;
  const { monitorMetric, monitorMode = 'min' } = config.checkpoint ?? {};
  run.addToReport({
    title: config.experimentName ?? 'Run', // parts may add another
    better: {
      'val/loss': 'min',
      'val/accuracy': 'max',
      ...(monitorMetric === undefined ? {} : { [monitorMetric]: monitorMode }),
    },
  });
  if (!run.evaluate) await around?.before(run);
  const program = pathToFileURL(codePath(run.folder));
  const made = await assemble(parts, config, { registry, maxEpochs, run, program });
  if (run.evaluate) throw new EvaluationEnd(await evaluate(made, run.evaluate.checkpoint));
  await made.trainer.fit({
    trainLoaders: made.train.map(({ loader }) => loader),
    ...(made.val.length > 0
      ? { valLoaders: made.val.map(({ loader }) => loader), valLoaderNames: made.val.map(({ name }) => name) }
      : {}),
    maxEpochs,
  });
  await around?.after(made, run);
  return {};
}

/** Values of validation and test. */
async function evaluate(made: AssembledExperiment, checkpoint: string): Promise<Record<string, number>> {
  const { trainer, val, test } = made;
  const of = (loaders: AssembledExperiment['val']) => ({
    loaders: loaders.map(({ loader }) => loader),
    loaderNames: loaders.map(({ name }) => name),
    checkpoint,
  });
  return {
    ...(val.length > 0 ? await trainer.validate(of(val)) : {}),
    ...(test.length > 0 ? await trainer.test(of(test)) : {}),
  };
}

/** The modules of a document: absolute, and as it writes them. */
function modulesOf(document: ConfigDocument): { modules: { path: string; source: string }[] } {
  const { modules } = document.value;
  if (!Array.isArray(modules)) return { modules: [] }; // `experimentOf` says what is wrong
  return {
    modules: modules.flatMap((source: unknown, i) =>
      typeof source === 'string' ? [{ source, path: resolve(dirname(document.fileOf(['modules', i])), source) }] : [],
    ),
  };
}
