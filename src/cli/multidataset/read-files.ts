// What the files say that flags of `sconce multidataset` name: read and checked before a run is begun.

import { existsSync } from 'node:fs';
import { readDocument } from '../../config/index.ts';
import { ConfigError } from '../../errors.ts';
import { type DatasetConfigs, MultiDatasetModel, readDatasetConfigs } from '../../multidataset/index.ts';
import type { FlagValues } from './read-flags.ts';

export interface FilesOfFlags {
  /** Of `train`: the model's YAML file. */
  readonly modelConfig?: Readonly<Record<string, unknown>>;
  readonly data: DatasetConfigs;
}

/** @param flags - as `readFlags` gives them.
 *  @throws {ConfigError} that lists everything that is wrong with the files and with flags beside each other. */
export async function readFiles(command: string, name: string, flags: FlagValues): Promise<FilesOfFlags> {
  const problems = flagProblems(name, flags);
  const errors: ConfigError[] = [];
  const gather = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error);
      return undefined;
    }
  };
  const path = flags.model_config as string | undefined;
  const modelConfig = path === undefined ? undefined : await gather(async () => (await readDocument(path)).value);
  const data = await gather(() =>
    readDatasetConfigs(String(flags.dataset_configs_path), { maxDs: Number(flags.max_datasets) }),
  );
  if (modelConfig !== undefined && data) await gather(() => checkModel(path!, modelConfig as object, data));
  if (problems.length === 0 && errors.length === 1) throw errors[0]!;
  problems.push(...errors.flatMap((error) => error.problems));
  if (problems.length > 0) throw new ConfigError(`run "sconce multidataset ${command}"`, problems);
  return {
    data: data!, // an error else
    ...(modelConfig === undefined ? {} : { modelConfig: modelConfig as FilesOfFlags['modelConfig'] & object }),
  };
}

/** What single flags do not show. */
function flagProblems(name: string, flags: FlagValues): string[] {
  const problems: string[] = [];
  if (!/^[^./\\\0][^/\\\0]*$/.test(name))
    problems.push(`--experiment_name: expected a name that a folder can have, got ${JSON.stringify(name)}`);
  for (const flag of ['pretrained_checkpoint', 'ckpt_path'])
    if (flags[flag] !== undefined && !existsSync(String(flags[flag])))
      problems.push(`--${flag}: expected a checkpoint, got none at ${flags[flag]}`);
  if (flags.freeze_vision === true && flags.pretrained_checkpoint === undefined)
    problems.push('--freeze_vision: expected --pretrained_checkpoint beside it, got none');
  const hasWarmup = String(flags.lr_scheduler).startsWith('cosine_warmup');
  if (hasWarmup && Number(flags.warmup_epochs) >= Number(flags.max_epochs))
    problems.push(
      `--warmup_epochs: expected an integer below --max_epochs, which is ${flags.max_epochs}, got ${flags.warmup_epochs}`,
    );
  return problems;
}

/** Builds the model, which says all that is wrong with its file. The training makes its own, of its own seed. */
function checkModel(path: string, modelConfig: object, { configs, names }: DatasetConfigs): void {
  try {
    new MultiDatasetModel({ modelConfig, datasetConfigs: configs, names });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map((problem) => `${path}: ${problem}`);
    throw new ConfigError('build a model', problems, { cause: error });
  }
}
