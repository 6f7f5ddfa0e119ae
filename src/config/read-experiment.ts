// Reads a composed document as an experiment: checks it against the schema, and tells apart what belongs to the trainer and what to registries.

import { basename, dirname, extname, resolve } from 'node:path';
import { FORMER_KEYS } from '../trainer/config/former-keys.ts';
import { describeIssues, describeValue } from '../trainer/config/problems.ts';
import { readConfig } from '../trainer/config/schema.ts';
import { keysAt } from '../trainer/config/schema-keys.ts';
import type { GenericTrainerConfig } from '../trainer/config/types.generated.ts';
import { type ConfigDocument, composeFile, type DocumentOptions } from './document.ts';
import { DocumentSpelling } from './document-spelling.ts';
import { experimentFields, experimentSchema, PART_FIELDS, TRAINING_NAMES } from './experiment-schema.ts';
import { type FieldReading, readFields } from './fields-of-document.ts';
import type { WrittenPath } from './node.ts';
import { showPlace } from './place.ts';
import type { SlurmSettings } from './slurm-settings.ts';

/** What a file says, taken apart. */
export interface ReadExperiment {
  /** For `GenericTrainer`, with the fields of `training` in their places. Without a name, it has that of the file. */
  readonly config: GenericTrainerConfig;
  readonly maxEpochs: number;
  /** Absolute paths of the user's modules. */
  readonly modules: readonly string[];
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly version: string;
  readonly createdBy: string | undefined;
  readonly createdAt: string | undefined;
  readonly customParams: Readonly<Record<string, unknown>>;
  /** With defaults. */
  readonly slurm: SlurmSettings;
  /** `model`, `data` and the other sections that name parts, with keys as they are written. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/** Something that is wrong with a document: a path as it is written there, and what is said of it. */
export interface DocumentProblem {
  readonly path: WrittenPath;
  /** `expected a number above 0, got -1`. */
  readonly text: string;
}

/** An experiment, or what is wrong with it. */
export interface ExperimentReading {
  /** Undefined where there are problems. */
  readonly experiment: ReadExperiment | undefined;
  /** The sections that name parts, even where something else is wrong. */
  readonly parts: ReadExperiment['parts'];
  /** For `document.error()`, beside those of the parts. */
  readonly problems: readonly DocumentProblem[];
  /** What is right and changes nothing. */
  readonly warnings: readonly string[];
  /** Puts the names of settings in a text into the document's spelling. */
  readonly spell: (text: string) => string;
}

export interface ExperimentOptions extends DocumentOptions {
  /** Finds what is wrong with the sections that name parts, to be told with the rest. */
  readonly checkParts?: (parts: ReadExperiment['parts']) => readonly DocumentProblem[];
}

/** Reads a file, with all that it extends, as an experiment.
 *  @throws {ConfigError} that lists every problem with its file, line and column. */
export async function readExperiment(
  name: string,
  options: ExperimentOptions = {},
): Promise<ReadExperiment & { readonly document: ConfigDocument; readonly warnings: readonly string[] }> {
  const { document, problems: own } = await composeFile(name, options);
  const { experiment, problems, warnings, parts } = experimentOf(document);
  // A value that could not be read is not looked at again.
  const broken = new Set(own.map(({ place }) => showPlace(place)));
  const found = [...problems, ...(options.checkParts?.(parts) ?? [])];
  const others = found.filter(({ path }) => !broken.has(document.valuePlace(path)));
  if (!experiment || own.length > 0 || others.length > 0) throw document.error(others, own);
  return { ...experiment, document, warnings };
}

/** Checks a document. The sections that name parts are left to the registry that makes them. */
export function experimentOf(document: ConfigDocument): ExperimentReading {
  const reading = readFields(document.root, experimentSchema);
  const spelling = new DocumentSpelling(document.root, experimentSchema);
  const { own, given, unknown } = split(reading.value);
  given.experimentName ??= basename(document.name, extname(document.name));
  const parsed = experimentFields.safeParse(own);
  const lines = [
    ...unknown.map((key) => `${key}: ${describeKey(key, reading.value[key])}`),
    ...describeIssues(parsed.error?.issues ?? [], own, (path) => keysAt(experimentFields, path)),
    ...dataProblems(own),
    ...foldTraining(given, own.training),
  ];
  const { problems, warnings } = readConfig(given as GenericTrainerConfig); // it finds what is none
  const all = [...reading.problems, ...[...lines, ...problems].map((line) => spelling.problem(line))];
  const experiment = parsed.data && all.length === 0 ? assembled(document, parsed.data, given) : undefined;
  return {
    experiment,
    parts: partsOf(own),
    problems: all,
    warnings: warnings.map((warning) => spelling.text(warning)),
    spell: (text) => spelling.text(text),
  };
}

type Fields = Record<string, unknown>;

/** The experiment's fields, the trainer's, and the keys of neither. */
function split(value: FieldReading['value']): { own: Fields; given: Fields; unknown: string[] } {
  const [own, given, unknown]: [Fields, Fields, string[]] = [{}, {}, []];
  for (const [key, field] of Object.entries(value)) {
    if (Object.hasOwn(experimentFields.shape, key)) own[key] = field;
    else if (Object.hasOwn(experimentSchema.shape, key)) given[key] = field;
    else unknown.push(key);
  }
  return { own, given, unknown };
}

function describeKey(key: string, value: unknown): string {
  const [issue] = describeIssues(
    [{ code: 'unrecognized_keys', keys: [key], path: [], message: '' }],
    { [key]: value },
    () => Object.keys(experimentSchema.shape),
  );
  return issue!.slice(key.length + 2);
}

/** The documented mistake of a file that has the number of workers with its data. The registry knows the rest of `data`. */
function dataProblems(own: Fields): string[] {
  const { data } = own;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  const { numWorkers, num_workers = numWorkers, ...rest } = data as Fields;
  if (num_workers === undefined) return [];
  own.data = rest;
  return [
    `data.numWorkers: expected ${FORMER_KEYS['data.numWorkers']!.instead} in its place, got ${describeValue(num_workers)}`,
  ];
}

/** Puts the fields of `training` in their places. @returns what contradicts a field that is there. */
function foldTraining(given: Fields, training: unknown): string[] {
  if (typeof training !== 'object' || training === null) return [];
  return Object.entries(training).flatMap(([name, value]) => {
    const path = TRAINING_NAMES[name];
    if (!path) return [];
    const [first, second] = path;
    if (second === undefined) return put(given, first, { name, value, whole: first });
    given[first] ??= {};
    const section = given[first];
    if (typeof section !== 'object' || section === null) return [];
    return put(section as Fields, second, { name, value, whole: path.join('.') });
  });
}

function put(
  section: Fields,
  key: string,
  { name, value, whole }: { name: string; value: unknown; whole: string },
): string[] {
  const before = section[key];
  if (before === undefined) {
    section[key] = value;
    return [];
  }
  if (before === value) return [];
  return [
    `training.${name}: expected nothing, or ${describeValue(before)} as ${whole} says, got ${describeValue(value)}; ${whole} alone says it`,
  ];
}

const partsOf = (own: Fields): Fields =>
  Object.fromEntries(Object.entries(own).filter(([key]) => Object.hasOwn(PART_FIELDS, key)));

function assembled(
  document: ConfigDocument,
  own: ReturnType<typeof experimentFields.parse>,
  given: Fields,
): ReadExperiment {
  const { description, tags, version, createdBy, createdAt, customParams = {}, training } = own;
  return {
    config: given as GenericTrainerConfig, // readConfig found nothing wrong
    maxEpochs: training.maxEpochs,
    modules: own.modules.map((path, i) => resolve(dirname(document.fileOf(['modules', i])), path)),
    description,
    tags,
    version,
    createdBy,
    createdAt,
    customParams,
    slurm: own.slurm,
    parts: partsOf(own),
  };
}
