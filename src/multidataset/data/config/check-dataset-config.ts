// Checks what the YAML file of a data set says, all of it at once, and puts the defaults in.

import { resolve } from 'node:path';
import { ConfigError } from '../../../errors.ts';
import { describeValue } from '../../../trainer/config/problems.ts';
import { checkDatafilter } from '../filters/datafilter.ts';
import { checkTransform } from '../transforms/registry.ts';
import type {
  DatafilterConfig,
  DatasetConfig,
  Lags,
  OpConfig,
  SamplingConfig,
  TransformConfig,
} from './dataset-config.ts';
import { type FieldProblem, Fields, isObject, kinds } from './fields.ts';
import type { DatasetConfigs } from './read-dataset-configs.ts';

const KEYS = [
  'session', 'types', 'cids', 'keys_lags', 'transforms', 'datafilters', 'sampling', 'train_val_split', 'seed', 'n_lags',
  'data_dir', 'eye', 'lab', 'adapter', 'readout',
] as const; // biome-ignore format: a list

/** Notes on units, which VisionCore's files have and nothing reads. */
const UNIT_NOTES = ['visual', 'qcmissing', 'qccontam', 'cidsqc', 'cids_qc'] as const;
const THRESHOLD_NOTES = ['snr', 'missingth', 'contamth'] as const;

/** What there is where a file says nothing of it. */
export interface ConfigDefaults {
  readonly session?: string;
  readonly data_dir?: string;
}

/** @returns the configuration, where nothing is wrong with it, and the problems. */
export function checkDatasetConfig(
  value: unknown,
  defaults: ConfigDefaults = {},
): { readonly config?: DatasetConfig; readonly problems: readonly FieldProblem[] } {
  if (!isObject(value)) return { problems: [{ path: [], text: `expected an object, got ${describeValue(value)}` }] };
  const fields = new Fields(value, [...KEYS, ...UNIT_NOTES, ...THRESHOLD_NOTES]);
  const lags: Record<string, Lags> = {};
  readLags(fields.required('keys_lags', kinds.object), fields.path('keys_lags'), { lags, problems: fields.problems });
  const transforms = readTransforms(fields, lags);
  const datafilters = readDatafilters(fields, lags);
  if (fields.has('keys_lags') && lags.robs === undefined && !fields.problems.some(({ path }) => path.includes('robs')))
    fields.fail([...fields.path('keys_lags'), 'robs'], 'expected the lag of the responses, got none; write robs: 0');
  const sampling = readSampling(fields);
  const optional = {
    ...given('n_lags', fields.optional('n_lags', kinds.count)),
    ...given('eye', fields.optional('eye', kinds.fileName)),
    ...given('lab', fields.optional('lab', kinds.text)),
    ...readNotes(fields),
    ...given('adapter', fields.optional('adapter', kinds.object)),
    ...given('readout', fields.optional('readout', kinds.object)),
  };
  const config = {
    session:
      defaults.session === undefined
        ? fields.required('session', kinds.fileName)
        : (fields.optional('session', kinds.fileName) ?? defaults.session),
    types: fields.required('types', kinds.names),
    cids: fields.required('cids', kinds.units, '; a readout has one output for each'),
    keys_lags: lags,
    transforms,
    datafilters,
    ...given('sampling', sampling),
    train_val_split: fields.optional('train_val_split', kinds.share) ?? 0.8,
    seed: fields.optional('seed', kinds.count) ?? 1002,
    data_dir: fields.optional('data_dir', kinds.name) ?? defaults.data_dir ?? '.',
    ...optional,
  };
  const { problems } = fields;
  return problems.length > 0 ? { problems } : { config: config as DatasetConfig, problems }; // nothing that is required lacks
}

/**
 * A data set's configuration of plain data, as a YAML file has it, with its defaults: for data sets that no file describes.
 * @throws {ConfigError} that lists every problem.
 * @example
 * import { datasetConfig } from 'sconce/multidataset';
 * const config = datasetConfig({ session: 'first', types: ['images'], cids: [0, 2], keys_lags: { stim: [0, 1, 2], robs: 0 } });
 * [config.train_val_split, config.seed]; // [0.8, 1002]
 */
export function datasetConfig(value: unknown): DatasetConfig {
  const { config, problems } = checkDatasetConfig(value);
  if (config) return config;
  throw new ConfigError(
    'read a data set',
    problems.map(({ path, text }) => `${path.join('.') || 'configuration'}: ${text}`),
  );
}

/** Data sets that no file describes, the first `maxDs` of them.  @throws {ConfigError} that lists every problem of all. */
export function checkDatasetConfigs({ names, configs }: DatasetConfigs, maxDs: number): DatasetConfigs {
  const problems: string[] = names.flatMap((name, at) => {
    if (!kinds.name.is(name)) return [`names.${at}: expected ${kinds.name.wanted}, got ${describeValue(name)}`];
    return names.indexOf(name) === at ? [] : [`names.${at}: expected names of their own, got "${name}" twice`];
  });
  const checked = configs.slice(0, maxDs).flatMap((value, at) => {
    const { config, problems: found } = checkDatasetConfig(value);
    problems.push(...found.map(({ path, text }) => `configs.${[at, ...path].join('.')}: ${text}`));
    return config ? [{ ...config, data_dir: resolve(config.data_dir) }] : [];
  });
  if (names.length === 0) problems.push('names: expected at least one data set, got none');
  if (problems.length > 0) throw new ConfigError('read the data sets', problems);
  return { names: names.slice(0, maxDs), configs: checked };
}

const given = <T>(name: string, value: T | undefined): Record<string, T> =>
  value === undefined ? {} : { [name]: value };

function readNotes(fields: Fields): Record<string, unknown> {
  const lists = UNIT_NOTES.map((key) => [key, fields.optional(key, kinds.unitList)] as const);
  const thresholds = THRESHOLD_NOTES.map((key) => [key, fields.optional(key, kinds.number)] as const);
  return Object.fromEntries([...lists, ...thresholds].filter(([, value]) => value !== undefined));
}

interface LagTarget {
  readonly lags: Record<string, Lags>;
  readonly problems: FieldProblem[];
}

function readLags(
  value: Readonly<Record<string, unknown>> | undefined,
  path: readonly (string | number)[],
  { lags, problems }: LagTarget,
): void {
  for (const [key, each] of Object.entries(value ?? {})) {
    if (kinds.lags.is(each)) lags[key] = each ?? 0;
    else problems.push({ path: [...path, key], text: `expected ${kinds.lags.wanted}, got ${describeValue(each)}` });
  }
}

const TRANSFORM_KEYS = ['source', 'ops', 'expose_as', 'concatenate', 'keys_lags'];

function readTransforms(fields: Fields, lags: Record<string, Lags>): Record<string, TransformConfig> {
  const specs = readSpecs(fields, 'transforms', TRANSFORM_KEYS, lags, checkTransform);
  return Object.fromEntries(
    specs.map(({ name, spec, ops, expose_as }) => {
      const source = spec.optional('source', kinds.name) ?? name;
      const concatenate = spec.optional('concatenate', kinds.flag) ?? false;
      return [name, { source, ops, expose_as, concatenate }];
    }),
  );
}

function readDatafilters(fields: Fields, lags: Record<string, Lags>): Record<string, DatafilterConfig> {
  const specs = readSpecs(fields, 'datafilters', ['ops', 'expose_as', 'keys_lags'], lags, checkDatafilter);
  return Object.fromEntries(specs.map(({ name, ops, expose_as }) => [name, { ops, expose_as }]));
}

type CheckOp = (name: string, params: unknown) => readonly FieldProblem[];

/** What transforms and datafilters have in common: each a name with ops, what it is exposed as, and lags of that. */
function readSpecs(
  fields: Fields,
  section: string,
  keys: readonly string[],
  lags: Record<string, Lags>,
  checkOp: CheckOp,
): { name: string; spec: Fields; ops: readonly OpConfig[]; expose_as: string }[] {
  const { problems } = fields;
  return Object.entries(fields.optional(section, kinds.object) ?? {}).flatMap(([name, value]) => {
    const path = [...fields.path(section), name];
    if (!isObject(value)) {
      problems.push({ path, text: `expected an object with ${keys.join(', ')}, got ${describeValue(value)}` });
      return [];
    }
    const spec = new Fields(value, keys, { path, problems });
    const ops = spec.optional('ops', kinds.list) ?? [];
    const expose_as = spec.optional('expose_as', kinds.name) ?? name;
    if (spec.has('keys_lags')) {
      const own = spec.optional('keys_lags', {
        wanted: kinds.lags.wanted,
        is: (each): each is unknown => kinds.lags.is(each),
      });
      if (own !== undefined) readLags({ [expose_as]: own }, [], { lags, problems });
    }
    return [
      { name, spec, ops: ops.flatMap((op, at) => readOp(op, [...spec.path('ops'), at], problems, checkOp)), expose_as },
    ];
  });
}

/** One op: a name alone, or an object with one key, whose value are its parameters. */
function readOp(
  op: unknown,
  path: readonly (string | number)[],
  problems: FieldProblem[],
  checkOp: CheckOp,
): OpConfig[] {
  const entries = typeof op === 'string' ? [[op, {}] as const] : isObject(op) ? Object.entries(op) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    problems.push({
      path,
      text: `expected one name with its parameters, as { unsqueeze: 1 }, got ${describeValue(op)}`,
    });
    return [];
  }
  const [name, params] = entry;
  const found = checkOp(name, params ?? {});
  for (const problem of found) problems.push({ path: [...path, name, ...problem.path], text: problem.text });
  return found.length > 0 ? [] : [{ [name]: params ?? {} }];
}

function readSampling(fields: Fields): SamplingConfig | undefined {
  const value = fields.optional('sampling', kinds.object);
  if (!value) return undefined;
  const rates = new Fields(value, ['source_rate', 'target_rate'], {
    path: fields.path('sampling'),
    problems: fields.problems,
  });
  const source_rate = rates.required('source_rate', kinds.positive);
  const target_rate = rates.required('target_rate', kinds.positive);
  if (source_rate === undefined || target_rate === undefined) return undefined;
  if (!Number.isInteger(source_rate / target_rate))
    rates.fail(['target_rate'], `expected a rate that divides ${source_rate}, got ${target_rate}`);
  return { source_rate, target_rate };
}
