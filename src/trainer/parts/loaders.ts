// The loaders of an experiment: data by name, transforms, and worker threads that make the data again from the run's own program.

import {
  type BatchLoader,
  type BatchTransform,
  DataLoader,
  type DataLoaderOptions,
  datasetModule,
  type ModuleUrl,
} from '../../data/index.ts';
import { type ComposeStep, compose } from '../../data/transforms/compose.ts';
import { Mixing } from '../../data/transforms/mixing.ts';
import { Transform } from '../../data/transforms/transform.ts';
import { ConfigError } from '../../errors.ts';
import type { LoaderParts } from './experiment-parts.ts';
import { libraryParts } from './library.ts';
import type { PartResults } from './part-kinds.ts';
import { type PartSpec, type Parts, Registry } from './registry.ts';

/** The parts of a user's module, and what its configuration calls it. */
export type NamedModule = readonly [parts: Parts, source: string];

/** What a program of a run's exports for worker threads: makes the dataset that `spec` names.
 *  @internal */
export function datasetOf(
  modules: readonly NamedModule[],
  { spec, seed }: { readonly spec: PartSpec; readonly seed: number },
): Promise<PartResults['dataset']> {
  const registry = new Registry().add(libraryParts, 'Sconce');
  for (const [parts, source] of modules) registry.add(parts, source);
  return registry.build('dataset', spec, { seed });
}

/** What loaders are made with. */
export interface LoaderMaking {
  readonly registry: Registry;
  readonly seed: number;
  /** The configuration's defaults for all loaders. */
  readonly performance: {
    readonly dataloaderNumWorkers?: number | undefined;
    readonly prefetchFactor?: number | undefined;
    readonly pinMemory?: boolean | undefined;
  };
  /** A module with `dataset`, an export that does what `datasetOf` does, for worker threads. */
  readonly program: ModuleUrl | undefined;
}

/** Makes a loader.
 *  @throws {ConfigError} that names the place in the file. */
export async function makeLoader(parts: LoaderParts, making: LoaderMaking): Promise<BatchLoader<unknown>> {
  const { registry, seed, performance } = making;
  const options: Partial<DataLoaderOptions<unknown, unknown>> = {
    seed,
    ...defined({
      numWorkers: performance.dataloaderNumWorkers,
      prefetchFactor: performance.prefetchFactor,
      pinMemory: performance.pinMemory,
    }),
    ...parts.options,
  };
  try {
    const dataset = await makeDataset(parts, making, options.numWorkers ?? 0);
    const collate = parts.collate && (await registry.build('collate', parts.collate.spec, {}));
    const transform = await makeTransform(parts, registry);
    return new DataLoader<unknown, unknown>({
      ...options,
      dataset,
      ...(collate ? { collate } : {}),
      ...(transform ? { transform } : {}),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      'make a loader',
      error.problems.map((problem) => `${parts.path.join('.')}: ${problem}`),
      { cause: error },
    );
  }
}

function makeDataset(
  { dataset }: LoaderParts,
  { registry, seed, program }: LoaderMaking,
  numWorkers: number,
): Promise<PartResults['dataset']> {
  if (!(numWorkers > 0) || program === undefined) return registry.build('dataset', dataset.spec, { seed });
  return datasetModule<PartResults['dataset']>(program, { spec: dataset.spec, seed }, { export: 'dataset' });
}

/** Transforms of pictures that follow each other draw as one pipeline; functions of whole batches stand between them. */
async function makeTransform(
  { transforms }: LoaderParts,
  registry: Registry,
): Promise<BatchTransform<unknown, unknown> | undefined> {
  const steps: BatchTransform<unknown, unknown>[] = [];
  let pictures: ComposeStep[] = [];
  const close = (): void => {
    if (pictures.length > 0) steps.push(compose(pictures));
    pictures = [];
  };
  for (const { spec } of transforms) {
    const made = await registry.build('transform', spec, {});
    if (made instanceof Transform || made instanceof Mixing) pictures.push(made);
    else {
      close();
      steps.push(made as BatchTransform<unknown, unknown>); // the only other kind that a builder gives
    }
  }
  close();
  if (steps.length === 0) return undefined;
  return (batch, context) => steps.reduce((changed, step) => step(changed, context), batch);
}

function defined(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
