// `WorkflowConfig`: data, model, optimizer, training and evaluation in one file.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readDocument } from '../../config/document.ts';
import type { ExperimentConfig } from '../../config/experiment-types.generated.ts';
import type { MapNode } from '../../config/node.ts';
import { nodeOf } from '../../config/override.ts';
import { withoutVariables } from '../../config/print-config.ts';
import { camelCased, snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { readWorkflow, workflowOf } from './read-workflow.ts';
import { experimentOfWorkflow, withLayers } from './to-experiment.ts';
import type {
  WorkflowDataset,
  WorkflowEvaluation,
  WorkflowFields,
  WorkflowModel,
  WorkflowOptimizer,
  WorkflowOptions,
  WorkflowTraining,
} from './workflow-fields.ts';

const SECTIONS = ['dataset', 'model', 'optimizer', 'training', 'evaluation'] as const;

/** A training from data to results: checked when it is made, never changed afterwards. Names are camelCase here and snake_case in files and in `toDict()`; both
 *  spellings are read. Files are YAML or JSON as `sconce train` reads them, with `extends` and `${VARIABLES}`.
 *  `sconce adaptive train` trains one; `toExperiment()` is what it becomes for `sconce train`.
 *  @throws {ConfigError} that lists every field that is unknown, does not fit, or that nothing would read.
 *  Source: adaptiveneuralnetwork, WorkflowConfig.
 *  @example
 *  import { WorkflowConfig } from 'sconce/adaptive';
 *  const config = new WorkflowConfig({ dataset: { name: 'synthetic' }, model: { name: 'mlp', inputDim: 32 }, training: { epochs: 3 } });
 *  config.update({ training: { epochs: 5 } }).toDict().training.epochs; // 5
 *  config.optimizer.learningRate; // 0.001
 *  Object.keys((await config.toExperiment('trial')).data!); // ['train', 'val', 'test'] */
export class WorkflowConfig implements WorkflowFields {
  readonly dataset: WorkflowDataset;
  readonly model: WorkflowModel;
  readonly optimizer: WorkflowOptimizer;
  readonly training: WorkflowTraining;
  readonly evaluation: WorkflowEvaluation;

  constructor(options: WorkflowOptions = {}) {
    const fields = fieldsOf(options, 'make a WorkflowConfig');
    this.dataset = Object.freeze(fields.dataset);
    this.model = Object.freeze(fields.model);
    this.optimizer = Object.freeze(fields.optimizer);
    this.training = Object.freeze(fields.training);
    this.evaluation = Object.freeze(fields.evaluation);
  }

  /** A configuration from plain data, as `toDict()` and files have it. @throws {ConfigError} that lists every problem. */
  static fromDict(dict: Readonly<Record<string, unknown>>): WorkflowConfig {
    return new WorkflowConfig(dict as WorkflowOptions);
  }

  /** Reads a file of YAML, or of JSON where it ends in .json.
   *  @throws {ConfigError} that lists every problem with its file, line and column. */
  static async fromYaml(path: string): Promise<WorkflowConfig> {
    return new WorkflowConfig(workflowOf(await readDocument(path)));
  }

  /** The same as `fromYaml`, which goes by the ending. */
  static fromJson(path: string): Promise<WorkflowConfig> {
    return WorkflowConfig.fromYaml(path);
  }

  /** Writes every field to a file that `fromYaml` and adaptiveneuralnetwork read; makes its folder. */
  async toYaml(path: string): Promise<void> {
    const { stringify } = await import('yaml');
    await writeIn(path, stringify(plainTexts(this.toDict()), { lineWidth: 0 }));
  }

  /** Writes every field to a file that `fromJson` and adaptiveneuralnetwork read; makes its folder. */
  async toJson(path: string): Promise<void> {
    await writeIn(path, `${JSON.stringify(plainTexts(this.toDict()), undefined, 2)}\n`);
  }

  /** Plain data with names in snake_case; null for what is not set. `dataset_params`, which adaptiveneuralnetwork does not have, is there where it says something. */
  toDict(): Record<(typeof SECTIONS)[number], Record<string, unknown>> {
    const entries = SECTIONS.map((section) => [section, dictOf(section, { ...this[section] })] as const);
    return structuredClone(Object.fromEntries(entries)) as ReturnType<WorkflowConfig['toDict']>; // an entry each
  }

  /** Another configuration, with some fields changed and everything checked again.
   *  @throws {ConfigError} that lists every field that does not fit. */
  update(changes: WorkflowOptions): WorkflowConfig {
    const given: Readonly<Record<string, unknown>> = changes;
    const unknown = Object.keys(given).filter((key) => !SECTIONS.some((section) => section === key));
    const whole = SECTIONS.map((section) => {
      const change = given[section] ?? {};
      if (typeof change !== 'object' || Array.isArray(change))
        throw new ConfigError('update a WorkflowConfig', [
          `${section}: expected an object, got ${describeValue(change)}`,
        ]);
      const named = Object.entries(change).map(([key, value]) => [camelCased(key), value]);
      return [section, { ...this[section], ...Object.fromEntries(named) }];
    });
    const others = unknown.map((key) => [key, given[key]]);
    return new WorkflowConfig(fieldsOf(Object.fromEntries([...whole, ...others]), 'update a WorkflowConfig'));
  }

  /** The experiment of `sconce train` that trains the same: `printConfig` of `sconce/config` writes it as a file. The device is the CPU or what `training.device` names.
   *  @param name - of the experiment.  @throws {ConfigError} for a file of layers that is not there or does not fit. */
  async toExperiment(name = 'workflow'): Promise<ExperimentConfig> {
    return experimentOfWorkflow(await withLayers(this), name);
  }
}

function fieldsOf(options: object, action: string): WorkflowFields {
  const place = { source: '' };
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new ConfigError(action, [`config: expected an object, got ${describeValue(options)}`]);
  const { fields, problems } = readWorkflow(nodeOf(options, place) as MapNode); // an object is a map
  if (fields) return fields;
  throw new ConfigError(
    action,
    problems.map(({ path, text }) => `${path.join('.')}: ${text}`),
  );
}

function dictOf(section: string, fields: object): Record<string, unknown> {
  const optional = { dataset: { dataPath: null }, optimizer: { scheduler: null }, training: { maxSteps: null } };
  const whole = { ...(optional as Readonly<Record<string, object>>)[section], ...fields };
  return Object.fromEntries(
    Object.entries(whole)
      .filter(([name, value]) => name !== 'datasetParams' || Object.keys(value as object).length > 0)
      .map(([name, value]) => [snakeCased(name), value ?? null]),
  );
}

/** Dollar signs are doubled, so that no text becomes a variable. */
function plainTexts(value: unknown): unknown {
  if (typeof value === 'string') return withoutVariables(value);
  if (Array.isArray(value)) return value.map(plainTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainTexts(inner)]));
}

async function writeIn(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
