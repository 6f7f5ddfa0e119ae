// `TrainingConfig`: a training in stages, from a file or from code, and back into a file.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { ConfigDocument, type DocumentOptions, readDocument } from '../../config/document.ts';
import type { MapNode } from '../../config/node.ts';
import { nodeOf } from '../../config/override.ts';
import { withoutVariables } from '../../config/print-config.ts';
import { snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { DEFAULT_RECIPE } from './default-recipe.ts';
import { trainingOf } from './read-training-config.ts';
import type { StageConfig, TrainingConfigInput } from './stage-config.ts';

/** A training in stages, with every default filled in.
 *  @throws {ConfigError} that lists every problem.
 *  Source: multimodal_insight_engine's TrainingConfig.
 *  @example
 *  import { TrainingConfig } from 'sconce/multimodal';
 *  const config = new TrainingConfig({ stages: [{ name: 'warm-up', epochs: 2, components: [{ name: 'vision_model', freeze: true }] }] });
 *  const [stage] = config.stages;
 *  [stage!.batchSize, stage!.optimizer.lr, stage!.scheduler.name]; // [32, 0.0001, 'warmup_cosine'] */
export class TrainingConfig {
  /** Default 'MultiModal_Insight_Engine'. */
  readonly projectName: string;
  /** The folder that stages write to. Default 'outputs'. */
  readonly outputDir: string;
  /** Stage i starts its generators at seed + i. Default 42. */
  readonly seed: number;
  readonly stages: readonly StageConfig[];
  /** Values of yours about the data; they are kept. */
  readonly dataConfig: Readonly<Record<string, unknown>>;
  /** Values of yours about the model; they are kept. */
  readonly modelConfig: Readonly<Record<string, unknown>>;

  constructor(options: TrainingConfigInput = {}) {
    const read = trainingOf(documentOf('TrainingConfig', options));
    this.projectName = read.projectName;
    this.outputDir = read.outputDir;
    this.seed = read.seed;
    this.stages = read.stages;
    this.dataConfig = read.dataConfig;
    this.modelConfig = read.modelConfig;
  }

  /** Reads a file (.yaml, .yml, .json), with what it `extends`, and `${NAME}` from the environment.
   *  @throws {ConfigError} that lists every problem with file, line and column. */
  static async load(path: string, options: DocumentOptions = {}): Promise<TrainingConfig> {
    requireEnding(path, 'read');
    return new TrainingConfig(trainingOf(await readDocument(path, options)));
  }

  /** Reads plain data with keys in either spelling, as `toDict` gives it.
   *  @throws {ConfigError} that lists every problem. */
  static fromDict(dict: Readonly<Record<string, unknown>>): TrainingConfig {
    return new TrainingConfig(trainingOf(documentOf('dict', dict)));
  }

  /** Three stages: each modality by itself, what joins them, and everything at small rates; a place to begin. */
  static createDefaultMultistageConfig(): TrainingConfig {
    return new TrainingConfig(DEFAULT_RECIPE);
  }

  /** Plain data as a file has it, keys in snake_case. */
  toDict(): Record<string, unknown> {
    return inFileSpelling({ ...this }, '') as Record<string, unknown>;
  }

  /** Writes a file that reads as this again; its folder is made.
   *  @throws {ConfigError} for an ending other than .yaml, .yml and .json. */
  async save(path: string): Promise<void> {
    requireEnding(path, 'write');
    const dict = inFileSpelling({ ...this }, '', withoutVariables);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.json') ? `${JSON.stringify(dict, undefined, 2)}\n` : await yamlOf(dict));
  }
}

async function yamlOf(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { aliasDuplicateObjects: false, version: '1.2', lineWidth: 0 });
}

function requireEnding(path: string, action: string): void {
  if (['.yaml', '.yml', '.json'].includes(extname(path))) return;
  throw new ConfigError(`${action} a training configuration`, [
    `path: expected a file that ends in .yaml, .yml or .json, got ${describeValue(path)}`,
  ]);
}

function documentOf(name: string, value: unknown): ConfigDocument {
  const place = { source: name };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`read "${name}"`, [`configuration: expected an object, got ${describeValue(value)}`]);
  return new ConfigDocument(name, { files: [], root: nodeOf(value, place) as MapNode, cwd: process.cwd() });
}

/** Values of these are the user's, with keys as they are. */
const FREE = ['dataConfig', 'modelConfig', 'params', 'strategyParams'];

function inFileSpelling(value: unknown, key: string, text: (value: string) => string = (same) => same): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => inFileSpelling(item, key, text));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const isFree = FREE.includes(key);
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      isFree ? name : snakeCased(name),
      inFileSpelling(inner, isFree ? key : name, text),
    ]),
  );
}
