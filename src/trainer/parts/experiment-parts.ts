// The parts of an experiment that a configuration file describes: which model, data, loss and so on, each with its place in the file.

import { describeUnknown, describeValue } from '../config/problems.ts';
import { readOptimizerConfig } from '../optimization/optimizer-config.ts';
import { schedulerConfigProblems } from '../optimization/scheduler-from-config.ts';
import type { PartKind } from './part-kinds.ts';
import { camelCased, type PartProblem } from './part-options.ts';
import type { PartSpec, Registry } from './registry.ts';

/** A place in a file: keys and places in lists, as they are written there. */
export type FilePath = readonly (string | number)[];

/** A part, and where the file has it. */
export interface PlacedPart {
  readonly spec: PartSpec;
  readonly path: FilePath;
  /** What the file says beside the part's own options, as `optimizer` of a schedule; keys in camelCase. */
  readonly beside: Readonly<Record<string, unknown>>;
  /** Whether it is an optimizer or a schedule of the library, which `optimization/` makes. */
  readonly isOurs: boolean;
}

/** One loader of `data`. */
export interface LoaderParts {
  readonly name: string | undefined;
  readonly path: FilePath;
  readonly dataset: PlacedPart;
  readonly collate: PlacedPart | undefined;
  readonly transforms: readonly PlacedPart[];
  /** Options of `DataLoader` beside those. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Everything of an experiment that is made by name. */
export interface ExperimentParts {
  readonly model: PlacedPart;
  readonly loss: PlacedPart | undefined;
  readonly step: PlacedPart | undefined;
  readonly optimizers: readonly PlacedPart[];
  readonly schedulers: readonly PlacedPart[];
  readonly callbacks: readonly PlacedPart[];
  /** Whether no callbacks are named: then progress is shown. */
  readonly showsProgress: boolean;
  readonly metrics: readonly PlacedPart[];
  /** Those that the training step updates. */
  readonly trainMetrics: readonly PlacedPart[];
  readonly train: readonly LoaderParts[];
  readonly val: readonly LoaderParts[];
  readonly test: readonly LoaderParts[];
  /** The keys of a batch that model and loss take. Default: those that batches usually have. */
  readonly input: string | number | undefined;
  readonly target: string | number | undefined;
}

const LOADER_OPTIONS = [
  ...['batchSize', 'shuffle', 'dropLast', 'seed', 'concurrency', 'prefetchFactor', 'numWorkers'],
  ...['timeout', 'onSampleError', 'pinMemory'],
];
const LOADER_KEYS = ['name', 'dataset', 'transforms', 'collate', ...LOADER_OPTIONS];
const DATA_KEYS = ['train', 'val', 'test', 'input', 'target'];
/** The sections of a file that name parts. */
export const PART_SECTIONS = [
  ...['model', 'loss', 'step', 'optimizer', 'optimizers', 'scheduler', 'schedulers'],
  ...['callbacks', 'metrics', 'trainMetrics', 'data'],
] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Reads the sections of a file that name parts, and checks every part against the registry. Nothing is made.
 *  @param problems - takes what is wrong, by place in the file. */
export function readParts(config: Fields, registry: Registry, problems: PartProblem[]): ExperimentParts | undefined {
  const before = problems.length;
  const reader = new PartReader(registry, problems);
  const trainMetrics = 'train_metrics' in config ? 'train_metrics' : 'trainMetrics'; // as the file writes it
  const data = reader.object(config.data, ['data'], DATA_KEYS);
  const parts = {
    model: reader.part('model', config.model, ['model']),
    loss: config.loss === undefined ? undefined : reader.part('loss', config.loss, ['loss']),
    step: config.step === undefined ? undefined : reader.part('step', config.step, ['step']),
    optimizers: reader.oneOrMore('optimizer', config, { isRequired: true }),
    schedulers: reader.oneOrMore('scheduler', config),
    callbacks: reader.list('callback', config.callbacks, ['callbacks']),
    showsProgress: config.callbacks === undefined,
    metrics: reader.list('metric', config.metrics, ['metrics']),
    trainMetrics: reader.list('metric', config[trainMetrics], [trainMetrics]),
    train: reader.loaders(data?.train, ['data', 'train'], { isRequired: data !== undefined }),
    val: reader.loaders(data?.val, ['data', 'val']),
    test: reader.loaders(data?.test, ['data', 'test']),
    input: reader.key(data?.input, ['data', 'input']),
    target: reader.key(data?.target, ['data', 'target']),
  };
  return problems.length > before ? undefined : (parts as ExperimentParts); // the model is there where there is no problem
}

class PartReader {
  readonly #registry: Registry;
  readonly #problems: PartProblem[];

  constructor(registry: Registry, problems: PartProblem[]) {
    this.#registry = registry;
    this.#problems = problems;
  }

  part(kind: PartKind, value: unknown, path: FilePath): PlacedPart | undefined {
    if (value === undefined) {
      this.#problems.push({ path, text: `expected a ${kind}, got none` });
      return undefined;
    }
    const isOurs = this.#isOurs(kind, value);
    const { spec, beside } = kind === 'scheduler' ? withoutBeside(value, isOurs) : { spec: value, beside: {} };
    const found = isOurs ? optimizationProblems(kind, spec) : this.#registry.check(kind, spec);
    for (const problem of found) this.#problems.push({ ...problem, path: [...path, ...problem.path] });
    return found.length > 0 ? undefined : { spec: spec as PartSpec, path, beside, isOurs }; // the check has looked at it
  }

  /** Optimizers and schedules that no module has registered. */
  #isOurs(kind: PartKind, value: unknown): boolean {
    if (kind !== 'optimizer' && kind !== 'scheduler') return false;
    const type: unknown = typeof value === 'string' ? value : Object(value).type;
    return typeof type !== 'string' || !this.#registry.has(kind, type);
  }

  /** `optimizer`, or `optimizers` with a list. */
  oneOrMore(kind: 'optimizer' | 'scheduler', config: Fields, { isRequired = false } = {}): PlacedPart[] {
    const [one, more] = [config[kind], config[`${kind}s`]];
    if (one !== undefined && more !== undefined)
      this.#problems.push({ path: [kind], text: `expected ${kind} or ${kind}s, got both` });
    if (more !== undefined) return this.list(kind, more, [`${kind}s`]);
    if (one === undefined && !isRequired) return [];
    const part = this.part(kind, one, [kind]);
    return part ? [part] : [];
  }

  list(kind: PartKind, value: unknown, path: FilePath): PlacedPart[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#problems.push({ path, text: `expected a list, got ${describeValue(value)}; put it into one: […]` });
      return [];
    }
    return value.flatMap((each: unknown, i) => this.part(kind, each, [...path, i]) ?? []);
  }

  /** A loader, or a list of them. */
  loaders(value: unknown, path: FilePath, { isRequired = false } = {}): LoaderParts[] {
    if (value === undefined) {
      if (isRequired) this.#problems.push({ path, text: 'expected a loader or a list of them, got none' });
      return [];
    }
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.flatMap((each, i) => this.#loader(each, Array.isArray(value) ? [...path, i] : path) ?? []);
  }

  #loader(value: unknown, path: FilePath): LoaderParts | undefined {
    const fields = this.object(value, path, LOADER_KEYS);
    if (!fields) return undefined;
    const { name, dataset: datasetSpec, collate, transforms, ...options } = fields;
    const isName = name === undefined || (typeof name === 'string' && name !== '');
    if (!isName) this.#problems.push({ path: [...path, 'name'], text: `expected a text, got ${describeValue(name)}` });
    const dataset = this.part('dataset', datasetSpec, [...path, 'dataset']);
    return (
      dataset && {
        name: name as string | undefined,
        path,
        dataset,
        collate: collate === undefined ? undefined : this.part('collate', collate, [...path, 'collate']),
        transforms: this.list('transform', transforms, [...path, 'transforms']),
        options,
      }
    );
  }

  /** An object with known keys, its keys in camelCase. */
  object(value: unknown, path: FilePath, known: readonly string[]): Fields | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#problems.push({ path, text: `expected an object with ${known.join(', ')}, got ${describeValue(value)}` });
      return undefined;
    }
    for (const key of Object.keys(value))
      if (!known.includes(camelCased(key)))
        this.#problems.push({ path: [...path, key], text: describeUnknown(camelCased(key), known) });
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [camelCased(key), entry]));
  }

  key(value: unknown, path: FilePath): string | number | undefined {
    const isKey = value === undefined || typeof value === 'string' || typeof value === 'number';
    if (!isKey) this.#problems.push({ path, text: `expected the key of a batch, got ${describeValue(value)}` });
    return value as string | number | undefined;
  }
}

/** What stands beside the options of a schedule: of ours `optimizer` alone, the others are read with them. */
function withoutBeside(value: unknown, isOurs: boolean): { spec: unknown; beside: Fields } {
  if (typeof value !== 'object' || value === null) return { spec: value, beside: {} };
  const names = isOurs ? ['optimizer'] : ['optimizer', 'interval', 'monitor'];
  const entries = Object.entries(value);
  return {
    spec: Object.fromEntries(entries.filter(([key]) => !names.includes(key))),
    beside: Object.fromEntries(entries.filter(([key]) => names.includes(key))),
  };
}

/** Problems by path, of those that are told in lines. */
function optimizationProblems(kind: PartKind, spec: unknown): PartProblem[] {
  const whole = typeof spec === 'string' ? { type: spec } : spec;
  const lines =
    kind === 'optimizer' ? readOptimizerConfig(whole, 'part').problems : schedulerConfigProblems(whole, 'part');
  return lines.map((line) => {
    const [, keys = '', text = line] = /^part((?:\.[\w-]+)*): (.*)$/s.exec(line) ?? [];
    return { path: keys.split('.').filter((key) => key !== ''), text };
  });
}
